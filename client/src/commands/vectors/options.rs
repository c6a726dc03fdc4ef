//! How a vector set keeps its vectors.

use resp::{Decode, DecodeError, Flaw, Request, View};

/// The options of `VADD`.
///
/// # Example
/// ```
/// use client::{Build, Quantization, VaddOptions};
///
/// let options = VaddOptions::new().reduce(2).cas().quantization(Quantization::Int8).ef(300).m(32);
/// let command = Build::new().vadd_with("k", &[1.0, 2.0, 3.0], "a", options);
/// assert_eq!(command.args()[2..4], [&b"REDUCE"[..], b"2"]);
/// assert_eq!(command.args()[6..].join(&b' '), b"a CAS Q8 EF 300 M 32");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VaddOptions<'a> {
    reduce: Option<u32>,
    cas: Option<&'static str>,
    quantization: Option<Quantization>,
    ef: Option<u32>,
    attributes: Option<&'a [u8]>,
    m: Option<u32>,
}

impl<'a> VaddOptions<'a> {
    /// No option: vectors are kept with a byte for each number, and elements have no attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Vectors are kept with this many dimensions only, by a random projection. All elements of a set must be added
    /// with the same number, and searches go on with whole vectors. Zero is an error.
    #[must_use]
    pub fn reduce(mut self, dimensions: u32) -> Self {
        self.reduce = Some(dimensions);
        self
    }

    /// The server looks for neighbours in a thread of its own, and answers others meanwhile.
    #[must_use]
    pub fn cas(mut self) -> Self {
        self.cas = Some("CAS");
        self
    }

    /// In what form vectors are kept. The first element decides; another form is then an error.
    #[doc(alias = "noquant")]
    #[doc(alias = "bin")]
    #[doc(alias = "q8")]
    #[must_use]
    pub fn quantization(mut self, quantization: Quantization) -> Self {
        self.quantization = Some(quantization);
        self
    }

    /// How many candidates are looked at for neighbours, from 1 to 1,000,000: more make better searches, and slower
    /// additions. The server's own choice is 200.
    #[must_use]
    pub fn ef(mut self, candidates: u32) -> Self {
        self.ef = Some(candidates);
        self
    }

    /// The element's attributes: JSON, if a filter is to read them.
    #[must_use]
    pub fn setattr(mut self, attributes: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.attributes = Some(attributes.as_ref());
        self
    }

    /// How many neighbours an element is linked to in each layer, from 4 to 4096; in the lowest twice as many. The
    /// server's own choice is 16. The first element decides; another number is then an error.
    #[must_use]
    pub fn m(mut self, links: u32) -> Self {
        self.m = Some(links);
        self
    }

    /// What stands before the vector.
    pub(super) fn reduction(self, mut request: Request<'_>) -> Request<'_> {
        if self.reduce == Some(0) {
            request.refuse(Flaw::Argument("needs at least one dimension"));
        }
        self.reduce.into_iter().fold(request, |r, dimensions| r.arg("REDUCE").arg(dimensions))
    }

    /// What stands behind the element.
    pub(super) fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        if self.m.is_some_and(|links| !(4..=4096).contains(&links)) {
            request.refuse(Flaw::Argument("needs from 4 to 4096 links"));
        }
        let quantization = self.quantization.map(Quantization::word);
        let request = self.cas.into_iter().chain(quantization).fold(request, Request::arg);
        let request = self.ef.into_iter().fold(request, effort);
        let request = self.attributes.into_iter().fold(request, |r, text| r.arg("SETATTR").arg(text));
        self.m.into_iter().fold(request, |r, links| r.arg("M").arg(links))
    }
}

/// Adds `EF` and how many candidates are to be looked at. Redis 8.10 answers "invalid EF" beyond these limits.
pub(super) fn effort(mut request: Request<'_>, candidates: u32) -> Request<'_> {
    if !(1..=1_000_000).contains(&candidates) {
        request.refuse(Flaw::Argument("needs from 1 to 1000000 candidates"));
    }
    request.arg("EF").arg(candidates)
}

/// In what form a vector set keeps its vectors. All are kept as of length 1, and their own length beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantization {
    /// Four bytes for each number, as they came.
    F32,
    /// A byte for each number.
    Int8,
    /// A bit for each number: whether it is above zero.
    Binary,
}

impl Quantization {
    /// The word of `VADD`.
    fn word(self) -> &'static str {
        match self {
            Self::F32 => "NOQUANT",
            Self::Int8 => "Q8",
            Self::Binary => "BIN",
        }
    }
}

impl Decode<'_> for Quantization {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match view.decode()? {
            "f32" => Ok(Self::F32),
            "int8" => Ok(Self::Int8),
            "bin" => Ok(Self::Binary),
            _ => Err(DecodeError::because("f32, int8 or bin", view, " of another value")),
        }
    }
}
