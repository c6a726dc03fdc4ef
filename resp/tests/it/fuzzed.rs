//! What fuzzing starts from and what it found: the seeds of `resp/fuzz`, and each finding under a name that says what
//! was wrong.

use std::fs;
use std::path::Path;

use bytes::BytesMut;
use resp::{Limits, Parser, Reply, ReplyWriter, Value};

use crate::arrivals::feed_all_ways;

/// Parses the bytes however they arrive, prints the replies and makes values of them.
fn survives(bytes: &[u8]) {
    feed_all_ways(Limits::default(), bytes);
    let (mut parser, mut buffer) = (Parser::new(Limits::default().depth(1_024)), BytesMut::from(bytes));
    while let Ok(Some(reply)) = parser.parse(&mut buffer) {
        assert!(!reply.to_string().is_empty() || reply.view().as_bytes() == Some(b""));
        assert!(reply.decode::<Value>().is_ok());
    }
}

#[test]
fn every_seed_survives_and_every_type_has_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/replies");
    let mut types = b"+-:$_#,(!=*%~|>;.".to_vec();
    for entry in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        survives(&bytes);
        types.retain(|byte| {
            !bytes.split_inclusive(|byte| *byte == b'\n').any(|line| line.starts_with(&[*byte]))
        });
    }
    assert_eq!(types.escape_ascii().to_string(), "");
}

/// Found by `pass_on`: the value had no format at all, which is none that could be written.
#[test]
fn a_verbatim_string_with_a_format_that_is_not_text() {
    let bytes = b"=5\r\ntx\xa9:a\r\n";
    survives(bytes);
    let value: Value = Reply::from_bytes(&bytes[..]).unwrap().decode().unwrap();
    assert_eq!(value, Value::VerbatimString { format: "txt".into(), text: b"a".into() });
    let mut written = Vec::new();
    ReplyWriter::resp3(&mut written).value(&value);
    assert_eq!(Reply::from_bytes(written).unwrap().decode::<Value>().unwrap(), value);
}

/// Found by `structs`: a push was a list to every type but bytes.
#[test]
fn a_push_of_numbers_is_bytes_as_an_array_of_them_is() {
    for bytes in ["*2\r\n:1\r\n$1\r\n2\r\n", "~2\r\n:1\r\n$1\r\n2\r\n", ">2\r\n:1\r\n$1\r\n2\r\n"] {
        let reply = Reply::from_bytes(bytes).unwrap();
        assert_eq!(reply.decode::<Vec<u8>>().unwrap(), [1, 2], "{bytes:?}");
        assert_eq!(reply.decode::<[u8; 2]>().unwrap(), [1, 2], "{bytes:?}");
    }
}
