//! Whole numbers of any width in a string, and what to do with them.

use resp::{Flaw, Request};

/// A whole number of some width at some place of a string.
///
/// # Example
/// ```
/// use client::{BitField, Build};
///
/// let fields = [BitField::unsigned(5).at(100), BitField::signed(64).nth(2)];
/// let command = Build::new().bitfield_ro("k", fields);
/// assert_eq!(command.args()[2..].join(&b' '), b"GET u5 100 GET i64 #2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct BitField {
    is_signed: bool,
    width: u8,
    is_nth: bool,
    offset: u64,
}

impl BitField {
    /// A number from 0 on, of 1 to 63 bits, at the beginning of the string.
    pub const fn unsigned(width: u8) -> Self {
        Self { is_signed: false, width, is_nth: false, offset: 0 }
    }

    /// A number that may be negative, of 1 to 64 bits, at the beginning of the string.
    pub const fn signed(width: u8) -> Self {
        Self { is_signed: true, ..Self::unsigned(width) }
    }

    /// The same at this bit.
    pub const fn at(self, bit: u64) -> Self {
        Self { is_nth: false, offset: bit, ..self }
    }

    /// The same behind so many of its kind: where the element `index` of an array of them is.
    pub const fn nth(self, index: u64) -> Self {
        Self { is_nth: true, offset: index, ..self }
    }

    pub(super) fn write(self, mut request: Request<'_>) -> Request<'_> {
        let Self { is_signed, width, is_nth, offset } = self;
        if width == 0 || width > 63 + u8::from(is_signed) {
            request.refuse(Flaw::Argument("needs a number of 1 to 64 bits, to 63 if it is unsigned"));
        }
        let request = request.arg(format!("{}{width}", if is_signed { 'i' } else { 'u' }));
        if is_nth { request.arg(format!("#{offset}")) } else { request.arg(offset) }
    }
}

/// What to do with a number in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct BitfieldOp {
    field: BitField,
    change: Change,
    overflow: Overflow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Change {
    None,
    Set(i64),
    IncrBy(i64),
}

impl BitfieldOp {
    /// Reads the number.
    pub const fn get(field: BitField) -> Self {
        Self { field, change: Change::None, overflow: Overflow::Wrap }
    }

    /// Sets the number, and returns what it was.
    pub const fn set(field: BitField, value: i64) -> Self {
        Self { change: Change::Set(value), ..Self::get(field) }
    }

    /// Adds to the number, and returns the sum.
    pub const fn incrby(field: BitField, by: i64) -> Self {
        Self { change: Change::IncrBy(by), ..Self::get(field) }
    }

    /// What happens when the number does not fit; it wraps unless this says something else.
    pub const fn overflow(self, overflow: Overflow) -> Self {
        Self { overflow, ..self }
    }
}

/// What happens when a number does not fit into its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// The highest bits are lost.
    Wrap,
    /// It is the largest or the smallest number that fits.
    Saturate,
    /// Nothing is done.
    Fail,
}

impl Overflow {
    fn word(self) -> &'static str {
        match self {
            Self::Wrap => "WRAP",
            Self::Saturate => "SAT",
            Self::Fail => "FAIL",
        }
    }
}

/// Adds all operations. To the server an `OVERFLOW` is for all that come behind it, so that only changes are sent.
pub(super) fn write_all<'a>(request: Request<'a>, operations: &[BitfieldOp]) -> Request<'a> {
    let mut overflow = Overflow::Wrap;
    operations.iter().fold(request, |mut request, operation| {
        let is_change = operation.change != Change::None;
        if is_change && operation.overflow != overflow {
            overflow = operation.overflow;
            request = request.arg("OVERFLOW").arg(overflow.word());
        }
        match operation.change {
            Change::None => operation.field.write(request.arg("GET")),
            Change::Set(value) => operation.field.write(request.arg("SET")).arg(value),
            Change::IncrBy(by) => operation.field.write(request.arg("INCRBY")).arg(by),
        }
    })
}
