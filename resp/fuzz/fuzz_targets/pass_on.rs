//! A proxy: whatever parses is written again, as a view and as a value, in both protocols, and means the same.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use resp::{Kind, Parser, Reply, ReplyWriter, Value};

fuzz_target!(|input: &[u8]| {
    let mut parser = Parser::default();
    let mut buffer = BytesMut::from(&*resp_fuzz::stream(input));
    while let Ok(Some(reply)) = parser.parse(&mut buffer) {
        let value: Value = reply.decode().unwrap();
        let written = |write: &dyn Fn(&mut ReplyWriter<'_>), new| {
            let mut out = Vec::new();
            write(&mut if new { ReplyWriter::resp3(&mut out) } else { ReplyWriter::resp2(&mut out) });
            Reply::from_bytes(out).unwrap_or_else(|error| panic!("{error} in what {reply} became"))
        };
        let as_view = |writer: &mut ReplyWriter<'_>| {
            writer.view(reply.view());
        };
        let as_value = |writer: &mut ReplyWriter<'_>| {
            writer.value(&value);
        };
        // NaN is not equal to itself, its text is.
        let debug = |reply: Reply| format!("{:?}", reply.decode::<Value>().unwrap());
        let before = format!("{value:?}");
        assert_eq!(debug(written(&as_view, true)), before);
        assert_eq!(debug(written(&as_value, true)), before);
        for old in [written(&as_view, false), written(&as_value, false)] {
            old_only(&old);
        }
    }
});

/// Nothing that RESP2 does not know.
fn old_only(reply: &Reply) {
    let mut open = vec![reply.view()];
    while let Some(view) = open.pop() {
        let old =
            [Kind::SimpleString, Kind::SimpleError, Kind::Integer, Kind::BulkString, Kind::Null, Kind::Array];
        assert!(old.contains(&view.kind()) && view.attributes().next().is_none(), "{}", view.kind());
        open.extend(view.iter());
    }
}
