//! Any bytes: no panic, memory bounded by what has come, and an error that stays.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use resp::{ParseErrorKind, Parser, Reply};

fuzz_target!(|input: &[u8]| {
    let data = &*resp_fuzz::stream(input);
    let mut parser = Parser::default();
    let mut buffer = BytesMut::from(data);
    let mut first = None;
    let mut outcome = Ok(None);
    let memory = allocation_counter::measure(|| {
        loop {
            outcome = parser.parse(&mut buffer);
            let Ok(Some(reply)) = &outcome else { break };
            first.get_or_insert(reply.to_bytes().len());
        }
    });
    let bound = DATA * data.len() as u64 + BASE;
    assert!(memory.bytes_max <= bound, "{} bytes for {} of input", memory.bytes_max, data.len());
    match outcome {
        Ok(_) => assert_eq!(parser.is_idle(), buffer.is_empty()),
        Err(error) => {
            assert!(error.offset() <= data.len() && !parser.is_idle());
            buffer.extend_from_slice(b"+OK\r\n");
            assert_eq!(parser.parse(&mut buffer).unwrap_err(), error, "an error stays");
            parser.reset();
            assert!(parser.parse(&mut BytesMut::from(&b"+OK\r\n"[..])).unwrap().is_some());
        }
    }

    // The way that takes exactly one reply says the same of the first one.
    match (Reply::from_bytes(data.to_vec()), first) {
        (Ok(reply), Some(len)) => assert_eq!(reply.to_bytes().len(), len),
        (Ok(_), None) => panic!("only one of two ways finds a reply"),
        (Err(error), Some(len)) => assert_eq!(error.offset(), len, "what stands behind the first reply"),
        (Err(error), None) => match outcome {
            Err(other) => assert_eq!(error, other),
            Ok(_) => assert_eq!((error.kind(), error.offset()), (ParseErrorKind::Incomplete, data.len())),
        },
    }
});

/// A node of 16 bytes stands for at least 3 of input. A list of them that grows holds the old one and the new one,
/// twice as long: 48 bytes.
const DATA: u64 = 16;
/// The stack of 128 levels, growing, and the first, small lists.
const BASE: u64 = 16 << 10;
