//! How the commands on bits and HyperLogLogs are spelt, which of their arguments are keys, and what their replies
//! become.

use client::{Bit, BitField, BitOp, BitRange, BitfieldOp, Build, Overflow};

use super::{check, decodes, fails, refused};

#[test]
pub(super) fn bitmaps() {
    let b = Build::new();
    check(b.setbit("k", 1 << 31, Bit::One), "SETBIT k 2147483648 1", "k");
    check(b.getbit("k", 0), "GETBIT k 0", "k");
    check(b.bitcount("k"), "BITCOUNT k", "k");
    check(b.bitcount_range("k", BitRange::bytes(0, -1)), "BITCOUNT k 0 -1", "k");
    check(b.bitcount_range("k", BitRange::bits(0, -1)), "BITCOUNT k 0 -1 BIT", "k");
    check(b.bitpos("k", Bit::Zero), "BITPOS k 0", "k");
    check(b.bitpos_from("k", Bit::One, -2), "BITPOS k 1 -2", "k");
    check(b.bitpos_range("k", Bit::One, BitRange::bits(1, 9)), "BITPOS k 1 1 9 BIT", "k");
    check(b.bitop(BitOp::Not, "to", "a"), "BITOP NOT to a", "to a");
    check(b.bitop(BitOp::AndOr, "to", ["a", "b"]), "BITOP ANDOR to a b", "to a b");
    let operations = [
        (BitOp::And, "AND"),
        (BitOp::Or, "OR"),
        (BitOp::Xor, "XOR"),
        (BitOp::Diff, "DIFF"),
        (BitOp::Diff1, "DIFF1"),
        (BitOp::One, "ONE"),
    ];
    for (operation, word) in operations {
        check(b.bitop(operation, "to", ["a", "b"]), &format!("BITOP {word} to a b"), "to a b");
    }
    let (level, byte) = (BitField::unsigned(4).at(7), BitField::signed(8).nth(2));
    let operations = [
        BitfieldOp::get(level),
        BitfieldOp::set(byte, -1),
        BitfieldOp::incrby(byte, 5).overflow(Overflow::Fail),
        BitfieldOp::get(byte),
        BitfieldOp::set(level, 99).overflow(Overflow::Fail),
        BitfieldOp::incrby(level, i64::MIN).overflow(Overflow::Saturate),
        BitfieldOp::incrby(level, 1),
    ];
    check(
        b.bitfield("k", operations),
        "BITFIELD k GET u4 7 SET i8 #2 -1 OVERFLOW FAIL INCRBY i8 #2 5 GET i8 #2 SET u4 7 99 \
         OVERFLOW SAT INCRBY u4 7 -9223372036854775808 OVERFLOW WRAP INCRBY u4 7 1",
        "k",
    );
    check(b.bitfield_ro("k", vec![level, byte]), "BITFIELD_RO k GET u4 7 GET i8 #2", "k");

    refused(b.bitop(BitOp::Not, "to", ["a", "b"]), "takes one key with NOT");
    refused(b.bitop(BitOp::And, "to", [""; 0]), "needs at least one key");
    for field in [BitField::unsigned(0), BitField::unsigned(64), BitField::signed(65)] {
        refused(b.bitfield_ro("k", [field]), "needs a number of 1 to 64 bits, to 63 if it is unsigned");
    }
    check(
        b.bitfield_ro("k", [BitField::signed(64), BitField::unsigned(63)]),
        "BITFIELD_RO k GET i64 0 GET u63 0",
        "k",
    );
    decodes(b.bitpos("k", Bit::One), ":-1\r\n", None);
    decodes(b.bitpos("k", Bit::One), ":9\r\n", Some(9));
    fails(b.bitpos("k", Bit::One), ":-2\r\n", "expected a position or -1, found an integer below that");
    decodes(b.bitfield("k", operations), "*2\r\n:-7\r\n_\r\n", vec![Some(-7), None]);
}

#[test]
pub(super) fn hyperloglogs() {
    let b = Build::new();
    check(b.pfadd("k", ["a", "b"]), "PFADD k a b", "k");
    check(b.pfadd("k", ()), "PFADD k", "k");
    check(b.pfcount(["a", "b"]), "PFCOUNT a b", "a b");
    check(b.pfmerge("to", ["a", "b"]), "PFMERGE to a b", "to a b");
    refused(b.pfcount([""; 0]), "needs at least one key");
    refused(b.pfmerge("to", [""; 0]), "needs at least one key");
}
