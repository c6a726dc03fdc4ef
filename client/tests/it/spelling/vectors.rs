//! How the commands on vector sets are spelt, which of their arguments are keys, what their replies become, and what is
//! refused before it is sent.

use client::{Build, LexBound, Quantization, Reply, VaddOptions, VectorSearch};

use super::{check, decodes, fails, refused};

/// 1.0 and 2.0 are ASCII in no byte order; these two are, so that `check` can show them.
const ABCD: f32 = f32::from_le_bytes(*b"ABCD");
const EFGH: f32 = f32::from_le_bytes(*b"EFGH");
const NONE: &[f32] = &[];

#[test]
pub(super) fn vector_sets() {
    let b = Build::new();
    check(b.vadd("k", &[ABCD, EFGH], "e"), "VADD k FP32 ABCDEFGH e", "k");
    let one = &[ABCD];
    let options = VaddOptions::new().reduce(3).cas().quantization(Quantization::Binary).ef(7).m(4096);
    let words = "VADD k REDUCE 3 FP32 ABCD e CAS BIN EF 7 SETATTR {} M 4096";
    check(b.vadd_with("k", one, "e", options.setattr("{}")), words, "k");
    let form = |form| VaddOptions::new().quantization(form);
    check(b.vadd_with("k", one, "e", form(Quantization::F32)), "VADD k FP32 ABCD e NOQUANT", "k");
    check(b.vadd_with("k", one, 5, form(Quantization::Int8)), "VADD k FP32 ABCD 5 Q8", "k");
    check(b.vrem("k", "e"), "VREM k e", "k");
    check(b.vcard("k"), "VCARD k", "k");
    check(b.vdim("k"), "VDIM k", "k");
    check(b.vismember("k", "e"), "VISMEMBER k e", "k");
    check(b.vemb("k", "e"), "VEMB k e", "k");
    check(b.vemb_raw("k", "e"), "VEMB k e RAW", "k");
    check(b.vgetattr::<String>("k", "e"), "VGETATTR k e", "k");
    check(b.vsetattr("k", "e", "{}"), "VSETATTR k e {}", "k");
    check(b.vlinks::<String>("k", "e"), "VLINKS k e", "k");
    check(b.vlinks_with_scores::<String>("k", "e"), "VLINKS k e WITHSCORES", "k");
    check(b.vrandmember::<String>("k"), "VRANDMEMBER k", "k");
    check(b.vrandmember_count::<String>("k", 5), "VRANDMEMBER k 5", "k");
    check(b.vrandmember_repeating::<String>("k", 5), "VRANDMEMBER k -5", "k");
    check(b.vrange::<String>("k", LexBound::Min, LexBound::Max), "VRANGE k - +", "k");
    check(b.vrange_count::<String>("k", "a", LexBound::exclusive("b"), 5), "VRANGE k [a (b 5", "k");
    check(b.vinfo("k"), "VINFO k", "k");

    let vector = "needs a vector of finite numbers, and at least one of them";
    refused(b.vadd("k", NONE, "e"), vector);
    refused(b.vadd("k", &[1.0, f32::NAN], "e"), vector);
    refused(b.vadd("k", &[f32::INFINITY], "e"), vector);
    refused(b.vadd_with("k", one, "e", VaddOptions::new().reduce(0)), "needs at least one dimension");
    for ef in [0, 1_000_001] {
        refused(b.vadd_with("k", one, "e", VaddOptions::new().ef(ef)), "needs from 1 to 1000000 candidates");
    }
    for links in [3, 4097] {
        refused(b.vadd_with("k", one, "e", VaddOptions::new().m(links)), "needs from 4 to 4096 links");
    }
}

#[test]
pub(super) fn vector_searches() {
    let (b, e) = (Build::new(), VectorSearch::element("e"));
    check(b.vsim::<String>("k", "e"), "VSIM k ELE e", "k");
    check(b.vsim::<String>("k", &"e".to_owned()), "VSIM k ELE e", "k");
    check(b.vsim::<String>("k", VectorSearch::element(b"e")), "VSIM k ELE e", "k");
    check(b.vsim::<String>("k", &[ABCD, EFGH]), "VSIM k FP32 ABCDEFGH", "k");
    check(b.vsim::<String>("k", &vec![ABCD]), "VSIM k FP32 ABCD", "k");
    check(b.vsim::<String>("k", &[ABCD][..]), "VSIM k FP32 ABCD", "k");
    check(b.vsim_with_scores::<String>("k", e.count(3)), "VSIM k ELE e COUNT 3 WITHSCORES", "k");
    let all = VectorSearch::vector(&[ABCD]).epsilon(0.5).ef(9).filter(".a").filter_ef(8).truth().nothread();
    let words =
        "VSIM k FP32 ABCD EPSILON 0.5 EF 9 FILTER .a FILTER-EF 8 TRUTH NOTHREAD WITHSCORES WITHATTRIBS";
    check(b.vsim_with_attributes::<String, String>("k", all), words, "k");

    refused(b.vsim::<String>("k", e.count(0)), "needs a count above zero");
    for distance in [0.0, -1.0, f64::NAN] {
        refused(b.vsim::<String>("k", e.epsilon(distance)), "needs a distance above zero");
    }
    refused(b.vsim::<String>("k", e.ef(0)), "needs from 1 to 1000000 candidates");
    refused(b.vsim::<String>("k", e.filter_ef(0)), "needs at least one candidate");
    refused(b.vsim::<String>("k", &[f32::NAN]), "needs a vector of finite numbers, and at least one of them");
}

#[test]
fn replies() {
    let b = Build::new();
    for reply in ["*2\r\n$3\r\n0.5\r\n$2\r\n-1\r\n", "*2\r\n,0.5\r\n,-1\r\n"] {
        decodes(b.vemb("k", "e"), reply, Some(vec![0.5, -1.0]));
    }
    for reply in ["*2\r\n*0\r\n*2\r\n$1\r\na\r\n$3\r\n0.5\r\n", "*2\r\n%0\r\n%1\r\n$1\r\na\r\n,0.5\r\n"] {
        decodes(b.vlinks_with_scores("k", "e"), reply, Some(vec![vec![], vec![("a".to_owned(), 0.5)]]));
    }
    decodes(b.vlinks::<String>("k", "e"), "_\r\n", None);

    let search = || b.vsim_with_attributes::<String, String>("k", "e");
    for reply in [
        "*6\r\n$1\r\na\r\n$1\r\n1\r\n$2\r\n{}\r\n$1\r\nb\r\n$3\r\n0.5\r\n$-1\r\n",
        "%2\r\n$1\r\na\r\n*2\r\n,1\r\n$2\r\n{}\r\n$1\r\nb\r\n*2\r\n,0.5\r\n_\r\n",
    ] {
        let found = search().decode(&Reply::from_bytes(reply.as_bytes()).unwrap()).unwrap();
        let found: Vec<_> = found.iter().map(|m| (&*m.element, m.score, m.attributes.as_deref())).collect();
        assert_eq!(found, [("a", 1.0, Some("{}")), ("b", 0.5, None)]);
    }
    decodes(search(), "*0\r\n", vec![]);
    decodes(search(), "%0\r\n", vec![]);
    let wanted = "expected elements with scores and attributes, found";
    fails(search(), "*1\r\n$1\r\na\r\n", &format!("{wanted} an array whose length is no multiple of 3"));
    fails(search(), ":1\r\n", &format!("{wanted} an integer"));
    fails(
        search(),
        "*3\r\n$1\r\na\r\n$1\r\nx\r\n_\r\n",
        "element 1: expected a number, found a bulk string that is not a number",
    );

    let raw = |reply: &'static str| {
        b.vemb_raw("k", "e").decode(&Reply::from_bytes(reply.as_bytes()).unwrap()).unwrap().unwrap()
    };
    let byte = raw("*4\r\n+int8\r\n$2\r\n\x7f\0\r\n,5\r\n,0.8\r\n");
    assert_eq!((byte.quantization, &*byte.data), (Quantization::Int8, &b"\x7f\0"[..]));
    assert_eq!((byte.norm, byte.range), (5.0, Some(0.8)));
    let bits = raw("*3\r\n+bin\r\n$8\r\n\x07\0\0\0\0\0\0\0\r\n$1\r\n5\r\n");
    assert_eq!((bits.quantization, bits.norm, bits.range), (Quantization::Binary, 5.0, None));
    decodes(b.vemb_raw("k", "e"), "*-1\r\n", None);
    fails(
        b.vemb_raw("k", "e"),
        "*1\r\n+f32\r\n",
        "expected a vector with its form, data and norm, found an array without them",
    );
    fails(
        b.vemb_raw("k", "e"),
        "*3\r\n+f8\r\n$0\r\n\r\n,1\r\n",
        "element 0: expected f32, int8 or bin, found a simple string of another value",
    );

    let info = |reply: &'static str| {
        b.vinfo("k").decode(&Reply::from_bytes(reply.as_bytes()).unwrap()).unwrap().unwrap()
    };
    // What the manual of Redis 8.0 shows, and a server to come.
    let old =
        info("*8\r\n+quant-type\r\n+int8\r\n+vector-dim\r\n:300\r\n+size\r\n:7\r\n+max-level\r\n:12\r\n");
    assert_eq!((old.size, old.dimensions, old.quantization), (7, 300, Some(Quantization::Int8)));
    assert_eq!((old.reduced_from, old.with_attributes, old.get::<u64>("max-level")), (None, None, Some(12)));
    let new = info(
        "%4\r\n+quant-type\r\n+f8\r\n+vector-dim\r\n:2\r\n+projection-input-dim\r\n:3\r\n+size\r\n:1\r\n",
    );
    assert_eq!((new.quantization, new.reduced_from), (None, Some(3)));
    assert_eq!(new.get::<String>("quant-type").as_deref(), Some("f8"));
    fails(b.vinfo("k"), "*0\r\n", "expected size, found nothing");
}
