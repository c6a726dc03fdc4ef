//! Bitmaps, bit fields and HyperLogLogs.

use std::fmt::Debug;

use client::{Bit, BitField, BitOp, BitRange, BitfieldOp, Overflow};

use crate::kit;

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

#[test]
fn bits() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("b"), on.key("missing"));
        assert_eq!(client.setbit(&key, 9, Bit::One).unwrap(), Bit::Zero);
        assert_eq!(client.setbit(&key, 9, true.into()).unwrap(), Bit::One);
        assert_eq!(client.get::<Vec<u8>>(&key).unwrap(), Some(vec![0, 0b0100_0000]));
        assert_eq!(client.getbit(&key, 9).unwrap(), Bit::One);
        assert_eq!(client.getbit(&missing, u64::from(u32::MAX)).unwrap(), Bit::Zero);
        assert_eq!(client.setbit(&key, 1 << 32, Bit::One).unwrap_err().code(), Some("ERR"));

        client.set(&key, [0xff, 0xf0, 0x00].as_slice()).unwrap();
        assert_eq!(client.bitcount(&key).unwrap(), 12);
        assert_eq!(client.bitcount(&missing).unwrap(), 0);
        assert_eq!(client.bitcount_range(&key, BitRange::bytes(-2, -1)).unwrap(), 4);
        assert_eq!(client.bitpos(&key, Bit::Zero).unwrap(), Some(12));
        assert_eq!(client.bitpos(&key, Bit::One).unwrap(), Some(0));
        assert_eq!(client.bitpos(&missing, Bit::One).unwrap(), None);
        assert_eq!(client.bitpos(&missing, Bit::Zero).unwrap(), Some(0));
        assert_eq!(client.bitpos_from(&key, Bit::One, 1).unwrap(), Some(8));
        assert_eq!(client.bitpos_range(&key, Bit::One, BitRange::bytes(2, -1)).unwrap(), None);
        if on.has("ranges of bits", (7, 0), (7, 2)) {
            assert_eq!(client.bitcount_range(&key, BitRange::bits(6, 9)).unwrap(), 4);
            assert_eq!(client.bitpos_range(&key, Bit::Zero, BitRange::bits(8, -1)).unwrap(), Some(12));
        }

        client.lpush(on.key("l"), "x").unwrap();
        wrong_type(client.setbit(on.key("l"), 0, Bit::One));
        wrong_type(client.getbit(on.key("l"), 0));
        wrong_type(client.bitcount(on.key("l")));
        wrong_type(client.bitpos(on.key("l"), Bit::One));
        wrong_type(client.bitop(BitOp::Not, on.key("to"), on.key("l")));
        wrong_type(client.bitfield(on.key("l"), [BitfieldOp::get(BitField::unsigned(8))]));
    });
}

#[test]
fn operations() {
    kit::each(|on| {
        let (client, a, b, to) = (&on.client, on.key("a"), on.key("b"), on.key("to"));
        client.set(&a, [0b1100, 0xff].as_slice()).unwrap();
        client.set(&b, [0b1010].as_slice()).unwrap();
        let run = |operation, keys: &[&String]| {
            assert_eq!(client.bitop(operation, &to, keys).unwrap(), 2, "{operation:?}");
            client.get::<Vec<u8>>(&to).unwrap().unwrap()
        };
        assert_eq!(run(BitOp::And, &[&a, &b]), [0b1000, 0]);
        assert_eq!(run(BitOp::Or, &[&a, &b]), [0b1110, 0xff]);
        assert_eq!(run(BitOp::Xor, &[&a, &b]), [0b0110, 0xff]);
        assert_eq!(run(BitOp::Not, &[&a]), [0b1111_0011, 0]);
        if on.has("BITOP DIFF, DIFF1, ANDOR and ONE", (8, 2), None) {
            assert_eq!(run(BitOp::Diff, &[&a, &b]), [0b0100, 0xff]);
            assert_eq!(run(BitOp::Diff1, &[&a, &b]), [0b0010, 0]);
            assert_eq!(run(BitOp::AndOr, &[&a, &b]), [0b1000, 0]);
            assert_eq!(run(BitOp::One, &[&a, &b]), [0b0110, 0xff]);
        }
        assert_eq!(client.bitop(BitOp::Or, &to, on.key("missing")).unwrap(), 0);
        assert_eq!(client.exists(&to).unwrap(), 0);
    });
}

#[test]
fn fields() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("f"));
        let (small, wide) = (BitField::unsigned(4).at(4), BitField::signed(64).nth(1));
        let results = client.bitfield(
            &key,
            [
                BitfieldOp::set(small, 17),
                BitfieldOp::incrby(small, 20).overflow(Overflow::Saturate),
                BitfieldOp::incrby(small, 1).overflow(Overflow::Fail),
                BitfieldOp::incrby(small, 2),
                BitfieldOp::set(wide, i64::MIN),
                BitfieldOp::get(wide),
            ],
        );
        assert_eq!(results.unwrap(), [Some(0), Some(15), None, Some(1), Some(0), Some(i64::MIN)]);
        assert!(client.bitfield(&key, []).unwrap().is_empty());
        let read = client.bitfield_ro(&key, [small, wide, BitField::unsigned(63).nth(99)]).unwrap();
        assert_eq!(read, [1, i64::MIN, 0]);
        assert_eq!(client.bitfield_ro(on.key("missing"), [small]).unwrap(), [0]);
    });
}

#[test]
fn hyperloglogs() {
    kit::each(|on| {
        let (client, a, b, to) = (&on.client, on.key("a"), on.key("b"), on.key("to"));
        assert!(client.pfadd(&a, ()).unwrap());
        assert!(!client.pfadd(&a, ()).unwrap());
        assert_eq!(client.pfcount(&a).unwrap(), 0);
        assert!(client.pfadd(&a, [&b"\xff"[..], b"\0\r\n"]).unwrap());
        assert!(!client.pfadd(&a, b"\xff").unwrap());
        assert!(client.pfadd(&b, (0..1_000).collect::<Vec<_>>()).unwrap());
        let many = client.pfcount([&a, &b, &on.key("missing")]).unwrap();
        assert!((950..=1_050).contains(&many), "{many}");
        client.pfmerge(&to, [&a, &b]).unwrap();
        assert_eq!(client.pfcount(&to).unwrap(), many);
        client.set(on.key("text"), "text").unwrap();
        wrong_type(client.pfadd(on.key("text"), "x"));
        wrong_type(client.pfcount(on.key("text")));
        wrong_type(client.pfmerge(&to, on.key("text")));
    });
}
