//! How the commands on arrays are spelt, which of their arguments are keys, what their replies become, and what is
//! refused before it is sent.

use client::{ArrayBound, ArrayMatch, ArraySearch, Build, Reply};

use super::{check, decodes, fails, refused};

const LAST: u64 = u64::MAX - 1;

#[test]
pub(super) fn arrays() {
    let b = Build::new();
    check(b.arset("k", 5, "a"), "ARSET k 5 a", "k");
    check(b.arset("k", LAST, ["a", "b"]), "ARSET k 18446744073709551614 a b", "k");
    check(b.armset("k", [(5, "a"), (9, "b")]), "ARMSET k 5 a 9 b", "k");
    check(b.arget::<String>("k", 5), "ARGET k 5", "k");
    check(b.armget::<Vec<Option<String>>>("k", [5, LAST]), "ARMGET k 5 18446744073709551614", "k");
    check(b.argetrange::<String>("k", 9, 5), "ARGETRANGE k 9 5", "k");
    check(b.ardel("k", 5), "ARDEL k 5", "k");
    check(b.ardelrange("k", [(5, 6), (9, 7)]), "ARDELRANGE k 5 6 9 7", "k");
    check(b.arlen("k"), "ARLEN k", "k");
    check(b.arcount("k"), "ARCOUNT k", "k");
    check(b.arinsert("k", [1.5]), "ARINSERT k 1.5", "k");
    check(b.arring("k", 3, ("a", 1)), "ARRING k 3 a 1", "k");
    check(b.arring("k", u64::MAX, "a"), "ARRING k 9223372036854775807 a", "k");
    check(b.arlastitems::<String>("k", 3), "ARLASTITEMS k 3", "k");
    check(b.arlastitems_rev::<String>("k", usize::MAX), "ARLASTITEMS k 9223372036854775807 REV", "k");
    check(b.arnext("k"), "ARNEXT k", "k");
    check(b.arseek("k", u64::MAX), "ARSEEK k 18446744073709551615", "k");
    check(b.arinfo("k"), "ARINFO k", "k");
    check(b.arinfo_full("k"), "ARINFO k FULL", "k");

    refused(b.arset("k", 5, [""; 0]), "needs at least one argument");
    refused(b.armset("k", [(0, ""); 0]), "needs at least one pair");
    refused(b.ardelrange("k", [(0, 0); 0]), "needs at least one pair");
    refused(b.arring("k", 0, "a"), "needs a number above zero");
    for last in ["(18446744073709551614\r\n", "$20\r\n18446744073709551614\r\n"] {
        decodes(b.arinsert("k", "a"), last, LAST);
        decodes(b.arnext("k"), last, Some(LAST));
    }
    decodes(b.arnext("k"), "_\r\n", None);
    decodes(b.argetrange("k", 0, 1), "*2\r\n$-1\r\n$1\r\na\r\n", vec![None, Some("a".to_owned())]);
}

#[test]
pub(super) fn array_searches() {
    let (b, glob) = (Build::new(), ArrayMatch::glob("a*"));
    let (first, last) = (ArrayBound::First, ArrayBound::Last);
    check(b.arscan::<String>("k", 9, 0), "ARSCAN k 9 0", "k");
    check(b.arscan_limit::<String>("k", 0, LAST, 7), "ARSCAN k 0 18446744073709551614 LIMIT 7", "k");
    check(b.argrep("k", first, last, glob), "ARGREP k - + GLOB a*", "k");
    let both = [ArrayMatch::exact("a"), ArrayMatch::regex("^b"), ArrayMatch::contains("EXACT")];
    let words = "ARGREP k + 0 EXACT a RE ^b MATCH EXACT AND LIMIT 5 NOCASE";
    check(b.argrep("k", last, 0, ArraySearch::all(&both).nocase().limit(5)), words, "k");
    let words = "ARGREP k 5 6 EXACT a RE ^b MATCH EXACT OR WITHVALUES";
    check(b.argrep_with_values::<String>("k", 5, ArrayBound::Index(6), ArraySearch::any(&both)), words, "k");

    refused(b.arscan_limit::<String>("k", 0, 1, 0), "needs a number above zero");
    refused(b.argrep("k", 0, 1, ArraySearch::from(glob).limit(0)), "needs a number above zero");
    let many = "needs from 1 to 250 matches";
    refused(b.argrep("k", 0, 1, ArraySearch::any(&[])), many);
    refused(b.argrep("k", 0, 1, ArraySearch::all(&[glob; 251])), many);
    assert_eq!(b.argrep("k", 0, 1, ArraySearch::all(&[glob; 250])).flaw(), None);
    let pairs = vec![(5, "a".to_owned()), (LAST, "b".to_owned())];
    for reply in [
        "*2\r\n*2\r\n:5\r\n$1\r\na\r\n*2\r\n(18446744073709551614\r\n$1\r\nb\r\n",
        "*2\r\n*2\r\n:5\r\n$1\r\na\r\n*2\r\n$20\r\n18446744073709551614\r\n$1\r\nb\r\n",
    ] {
        decodes(b.arscan("k", 0, LAST), reply, pairs.clone());
    }
    decodes(b.arscan::<String>("k", 0, LAST), "*0\r\n", vec![]);
}

#[test]
pub(super) fn array_sums() {
    let b = Build::new();
    check(b.arop_sum("k", 0, 9), "AROP k 0 9 SUM", "k");
    check(b.arop_min("k", 0, 9), "AROP k 0 9 MIN", "k");
    check(b.arop_max("k", 0, 9), "AROP k 0 9 MAX", "k");
    check(b.arop_and("k", 0, 9), "AROP k 0 9 AND", "k");
    check(b.arop_or("k", 0, 9), "AROP k 0 9 OR", "k");
    check(b.arop_xor("k", 9, 0), "AROP k 9 0 XOR", "k");
    check(b.arop_match("k", 0, LAST, 5), "AROP k 0 18446744073709551614 MATCH 5", "k");
    check(b.arop_used("k", 0, 9), "AROP k 0 9 USED", "k");
    decodes(b.arop_sum("k", 0, 9), "$22\r\n1.8446744073709552e+19\r\n", Some(18_446_744_073_709_551_616.0));
    decodes(b.arop_sum("k", 0, 9), "$3\r\ninf\r\n", Some(f64::INFINITY));
    decodes(b.arop_sum("k", 0, 9), "_\r\n", None);
    decodes(b.arop_and("k", 0, 9), "*-1\r\n", None);
}

#[test]
fn what_an_array_is_like() {
    let b = Build::new();
    let info =
        |reply: &'static str| b.arinfo("k").decode(&Reply::from_bytes(reply.as_bytes()).unwrap()).unwrap();
    for reply in [
        "*8\r\n$5\r\ncount\r\n:8\r\n$3\r\nlen\r\n$20\r\n18446744073709551615\r\n$6\r\nslices\r\n:2\r\n$3\r\nnew\r\n:7\r\n",
        "%4\r\n$5\r\ncount\r\n:8\r\n$3\r\nlen\r\n(18446744073709551615\r\n$6\r\nslices\r\n:2\r\n$3\r\nnew\r\n:7\r\n",
    ] {
        let info = info(reply);
        assert_eq!((info.count, info.len, info.slices), (8, u64::MAX, 2));
        assert_eq!((info.dense_slices, info.sparse_slices), (None, None));
        assert_eq!((info.get::<u64>("new"), info.get::<u64>("old")), (Some(7), None));
    }
    fails(b.arinfo("k"), "*0\r\n", "expected count, found nothing");
    fails(
        b.arinfo("k"),
        "*2\r\n$5\r\ncount\r\n$1\r\nx\r\n",
        "field count: expected an integer, found a bulk string that is not a number",
    );
}
