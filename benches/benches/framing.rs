//! How long `resp` takes for bytes that are all there: framing, decoding, packing.
//!
//! `cargo bench -p benches --bench framing`, on a machine that does nothing else.

use std::hint::black_box;
use std::time::Duration;

use benches::{Corpus, corpora};
use bytes::{Bytes, BytesMut};
use criterion::{BatchSize, Criterion, Throughput};
use resp::{Decode, DecodeOwned, Parser, Reply, Request};

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    framing(&mut criterion);
    decoding(&mut criterion);
    packing(&mut criterion);
    criterion.final_summary();
}

/// Bytes to `Reply`, in a buffer that holds many of them, as the buffer of a pipeline does.
fn framing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("framing");
    for Corpus { name, bytes } in corpora() {
        let copies = 65_536_usize.div_ceil(bytes.len());
        let many = bytes.repeat(copies);
        group.throughput(Throughput::Elements(copies as u64));
        group.bench_function(name, |bencher| {
            let mut parser = Parser::default();
            let buffer = || BytesMut::from(&many[..]);
            let parse_all = |buffer: &mut BytesMut| {
                while let Ok(Some(reply)) = parser.parse(buffer) {
                    black_box(reply);
                }
            };
            bencher.iter_batched_ref(buffer, parse_all, BatchSize::LargeInput);
        });
    }
}

/// `Reply` to the caller's types.
fn decoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decoding");
    let mut bench = |name: &str, to: &str, decode: fn(&Reply)| {
        let corpus = corpora().into_iter().find(|corpus| corpus.name == name);
        let reply = corpus.and_then(|corpus| Reply::from_bytes(corpus.bytes).ok());
        let reply = reply.unwrap_or_else(|| panic!("no corpus is called {name}"));
        group.bench_function(format!("{name}/{to}"), |bencher| bencher.iter(|| decode(black_box(&reply))));
    };
    bench("bulk_16", "str", |reply| lent::<&str>(reply));
    bench("bulk_16", "String", owned::<String>);
    bench("strings_1000", "Vec<&str>", |reply| lent::<Vec<&str>>(reply));
    bench("strings_1000", "Vec<String>", owned::<Vec<String>>);
    bench("strings_1000", "Vec<Bytes>", owned::<Vec<Bytes>>);
    bench("map_100", "HashMap", owned::<std::collections::HashMap<String, String>>);
    bench(
        "xrange_100",
        "Vec<(String, Vec<(String, String)>)>",
        owned::<Vec<(String, Vec<(String, String)>)>>,
    );
}

fn owned<T: DecodeOwned>(reply: &Reply) {
    black_box(reply.decode::<T>().ok());
}

fn lent<'a, T: Decode<'a>>(reply: &'a Reply) {
    black_box(reply.view().decode::<T>().ok());
}

/// A command to bytes.
fn packing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("packing");
    for (name, len) in [("set_16", 16), ("set_1k", 1_024), ("set_1m", 1 << 20)] {
        let value = vec![b'x'; len];
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut request = Request::new("SET").key(black_box("user:1000")).arg(black_box(&value));
                black_box(request.wire().len());
            });
        });
    }
}
