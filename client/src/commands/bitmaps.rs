//! Commands on strings as rows of bits. Bit 0 is the highest of the first byte.

use resp::{DecodeError, Flaw, Request, ToArg, ToArgs, View};

use crate::Commands;
use crate::execute::Execute;

mod field;
pub use field::{BitField, BitfieldOp, Overflow};

/// # Bitmaps and bit fields
impl<E: Execute> Commands<E> {
    /// `SETBIT`: sets the bit at `offset`, and returns what it was. The string grows as far as need be; an offset is
    /// below 2³².
    ///
    /// # Example
    /// ```
    /// use client::Bit;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:setbit")?;
    /// assert_eq!(client.setbit("doc:setbit", 7, Bit::One)?, Bit::Zero);
    /// assert_eq!(client.get("doc:setbit")?, Some(vec![0b0000_0001_u8]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn setbit(&self, key: impl ToArg, offset: u64, bit: Bit) -> E::Output<Bit> {
        self.call_with(Request::new("SETBIT").key(&key).arg(offset).arg(bit.digit()), Bit::read)
    }

    /// `GETBIT`: the bit at `offset`; zero beyond the end.
    ///
    /// # Example
    /// ```
    /// use client::Bit;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:getbit", [0b0100_0000].as_slice())?;
    /// assert_eq!(client.getbit("doc:getbit", 1)?, Bit::One);
    /// assert_eq!(client.getbit("doc:getbit", 1_000)?, Bit::Zero);
    /// # Ok(())
    /// # }
    /// ```
    pub fn getbit(&self, key: impl ToArg, offset: u64) -> E::Output<Bit> {
        self.call_with(Request::new("GETBIT").key(&key).arg(offset), Bit::read)
    }

    /// `BITCOUNT`: how many bits are one.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:bitcount", "foobar")?;
    /// assert_eq!(client.bitcount("doc:bitcount")?, 26);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitcount(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("BITCOUNT").key(&key))
    }

    /// `BITCOUNT` with a range: how many bits in it are one.
    ///
    /// # Example
    /// ```
    /// use client::BitRange;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:bitcount_range", "foobar")?;
    /// assert_eq!(client.bitcount_range("doc:bitcount_range", BitRange::bytes(1, 1))?, 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitcount_range(&self, key: impl ToArg, range: BitRange) -> E::Output<i64> {
        self.call(range.write(Request::new("BITCOUNT").key(&key)))
    }

    /// `BITPOS`: where the first such bit is, `None` if there is none. Of a string of ones the first zero is behind
    /// its end.
    ///
    /// # Example
    /// ```
    /// use client::Bit;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:bitpos", [0xff, 0xf0].as_slice())?;
    /// assert_eq!(client.bitpos("doc:bitpos", Bit::Zero)?, Some(12));
    /// assert_eq!(client.bitpos("doc:bitpos:missing", Bit::One)?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitpos(&self, key: impl ToArg, bit: Bit) -> E::Output<Option<u64>> {
        self.call_with(Request::new("BITPOS").key(&key).arg(bit.digit()), position)
    }

    /// `BITPOS` from a byte on: where the first such bit is, counted from the beginning of the string. A negative
    /// byte counts from the end.
    ///
    /// # Example
    /// ```
    /// use client::Bit;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:bitpos_from", [0xff, 0xff].as_slice())?;
    /// assert_eq!(client.bitpos_from("doc:bitpos_from", Bit::One, -1)?, Some(8));
    /// assert_eq!(client.bitpos_from("doc:bitpos_from", Bit::Zero, 1)?, Some(16)); // behind the end
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitpos_from(&self, key: impl ToArg, bit: Bit, start: i64) -> E::Output<Option<u64>> {
        self.call_with(Request::new("BITPOS").key(&key).arg(bit.digit()).arg(start), position)
    }

    /// `BITPOS` with a range: where the first such bit in it is, counted from the beginning of the string.
    ///
    /// # Example
    /// ```
    /// use client::{Bit, BitRange};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:bitpos_range", [0xff, 0xff].as_slice())?;
    /// assert_eq!(client.bitpos_range("doc:bitpos_range", Bit::One, BitRange::bytes(1, -1))?, Some(8));
    /// assert_eq!(client.bitpos_range("doc:bitpos_range", Bit::Zero, BitRange::bytes(0, -1))?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitpos_range(&self, key: impl ToArg, bit: Bit, range: BitRange) -> E::Output<Option<u64>> {
        self.call_with(range.write(Request::new("BITPOS").key(&key).arg(bit.digit())), position)
    }

    /// `BITOP`: combines strings bit by bit, keeps the result under the key `to`, and returns its length in bytes.
    /// Shorter strings count as filled up with zeros.
    ///
    /// # Example
    /// ```
    /// use client::BitOp;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("{doc:bitop}:a", [0b1100].as_slice())?;
    /// client.set("{doc:bitop}:b", [0b1010].as_slice())?;
    /// assert_eq!(client.bitop(BitOp::Xor, "{doc:bitop}", ["{doc:bitop}:a", "{doc:bitop}:b"])?, 1);
    /// assert_eq!(client.get("{doc:bitop}")?, Some(vec![0b0110_u8]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitop(&self, operation: BitOp, to: impl ToArg, keys: impl ToArgs) -> E::Output<i64> {
        let mut request = Request::new("BITOP").arg(operation.word()).key(&to).keys(&keys);
        if operation == BitOp::Not && request.len() > 4 {
            request.refuse(Flaw::Argument("takes one key with NOT"));
        }
        self.call(request)
    }

    /// `BITFIELD`: reads and changes whole numbers anywhere in a string, all at once, and returns what each operation
    /// gives: the number that it read, the one that was there before it was set, or the sum; `None` for one that
    /// [`Overflow::Fail`] kept from being done.
    ///
    /// # Example
    /// ```
    /// use client::{BitField, BitfieldOp, Overflow};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:bitfield")?;
    /// let level = BitField::unsigned(4).at(0);
    /// let results = client.bitfield(
    ///     "doc:bitfield",
    ///     [
    ///         BitfieldOp::set(level, 14),
    ///         BitfieldOp::incrby(level, 5).overflow(Overflow::Saturate),
    ///         BitfieldOp::incrby(level, 1).overflow(Overflow::Fail),
    ///         BitfieldOp::get(level),
    ///     ],
    /// )?;
    /// assert_eq!(results, [Some(0), Some(15), None, Some(15)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitfield(
        &self,
        key: impl ToArg,
        operations: impl AsRef<[BitfieldOp]>,
    ) -> E::Output<Vec<Option<i64>>> {
        let request = Request::new("BITFIELD").key(&key);
        self.call(field::write_all(request, operations.as_ref()))
    }

    /// `BITFIELD_RO`: the whole numbers at these places of a string.
    ///
    /// # Example
    /// ```
    /// use client::BitField;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:bitfield_ro", [0xff, 0x01].as_slice())?;
    /// let fields = [BitField::signed(8).at(0), BitField::unsigned(8).nth(1)];
    /// assert_eq!(client.bitfield_ro("doc:bitfield_ro", fields)?, [-1, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitfield_ro(&self, key: impl ToArg, fields: impl AsRef<[BitField]>) -> E::Output<Vec<i64>> {
        let fields = fields.as_ref().iter();
        self.call(fields.fold(Request::new("BITFIELD_RO").key(&key), |r, field| field.write(r.arg("GET"))))
    }
}

/// A bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bit {
    /// 0.
    Zero,
    /// 1.
    One,
}

impl Bit {
    fn digit(self) -> u32 {
        u32::from(bool::from(self))
    }

    fn read(view: View<'_>) -> Result<Self, DecodeError> {
        view.decode::<bool>().map(Self::from)
    }
}

/// One is true.
impl From<bool> for Bit {
    fn from(is_one: bool) -> Self {
        if is_one { Self::One } else { Self::Zero }
    }
}

/// One is true.
impl From<Bit> for bool {
    fn from(bit: Bit) -> Self {
        bit == Bit::One
    }
}

/// Where to look for bits: from one byte or bit to another, both included. Negative ones count from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitRange {
    start: i64,
    end: i64,
    unit: Option<&'static str>,
}

impl BitRange {
    /// From one byte to another.
    pub fn bytes(start: i64, end: i64) -> Self {
        Self { start, end, unit: None }
    }

    /// From one bit to another (Redis 7.0).
    pub fn bits(start: i64, end: i64) -> Self {
        Self { start, end, unit: Some("BIT") }
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        self.unit.into_iter().fold(request.arg(self.start).arg(self.end), Request::arg)
    }
}

/// How `BITOP` combines strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BitOp {
    /// One where all strings are one.
    And,
    /// One where any string is one.
    Or,
    /// One where an odd number of strings are one.
    Xor,
    /// One where the string is zero; it takes only one.
    Not,
    /// One where the first string is one and all the others are zero (Redis 8.2).
    Diff,
    /// One where the first string is zero and any of the others is one (Redis 8.2).
    Diff1,
    /// One where the first string is one and any of the others is (Redis 8.2).
    AndOr,
    /// One where just one string is one (Redis 8.2).
    One,
}

impl BitOp {
    fn word(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
            Self::Xor => "XOR",
            Self::Not => "NOT",
            Self::Diff => "DIFF",
            Self::Diff1 => "DIFF1",
            Self::AndOr => "ANDOR",
            Self::One => "ONE",
        }
    }
}

/// A position, or −1 for none.
fn position(view: View<'_>) -> Result<Option<u64>, DecodeError> {
    match view.decode::<i64>()? {
        -1 => Ok(None),
        at => u64::try_from(at)
            .map(Some)
            .map_err(|_| DecodeError::because("a position or -1", view, " below that")),
    }
}
