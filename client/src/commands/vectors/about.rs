//! What a server tells about a vector set, and how it keeps a vector.

use std::fmt;

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, ToArg, View};

use super::Quantization;
use crate::Commands;
use crate::commands::reply::{field, optional};
use crate::execute::Execute;

/// # Vector sets: what they are
impl<E: Execute> Commands<E> {
    /// `VINFO`: what the server knows of a vector set, `None` if it does not exist (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// use client::Quantization;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vinfo")?;
    /// client.vadd("doc:vinfo", &[1.0, 2.0], "a")?;
    /// let info = client.vinfo("doc:vinfo")?.unwrap();
    /// assert_eq!((info.size, info.dimensions, info.quantization), (1, 2, Some(Quantization::Int8)));
    /// assert_eq!(info.get::<u64>("hnsw-m"), Some(16)); // any field that the server has
    /// # Ok(())
    /// # }
    /// ```
    pub fn vinfo(&self, key: impl ToArg) -> E::Output<Option<VectorSetInfo>> {
        self.call(Request::new("VINFO").key(&key))
    }
}

/// What a server knows of a vector set.
#[derive(Clone)]
#[non_exhaustive]
pub struct VectorSetInfo {
    /// The number of elements.
    pub size: u64,
    /// How many dimensions the vectors have that are kept.
    pub dimensions: u64,
    /// In what form they are kept; `None` if it is a new one.
    pub quantization: Option<Quantization>,
    /// How many dimensions they have before [`reduce`](crate::VaddOptions::reduce), if that is done.
    pub reduced_from: Option<u64>,
    /// How many elements have attributes, if the server tells.
    pub with_attributes: Option<u64>,
    all: Reply,
}

impl VectorSetInfo {
    /// Any field, by the name the server gives it: `hnsw-m`, `max-level`, `vset-uid`, … `None` if there is no such
    /// field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for VectorSetInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            size: field(view, "size")?,
            dimensions: field(view, "vector-dim")?,
            quantization: view.find("quant-type").and_then(|name| name.decode().ok()),
            reduced_from: optional(view, "projection-input-dim")?.filter(|dimensions| *dimensions > 0),
            with_attributes: optional(view, "attributes-count")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for VectorSetInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VectorSetInfo").field(&self.all).finish()
    }
}

/// A vector as the server keeps it: of length 1, and in fewer bits.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RawVector {
    /// How to read `data`.
    pub quantization: Quantization,
    /// The numbers: little-endian `f32`s, `i8`s, or bits in little-endian words of 64, the lowest first.
    pub data: Vec<u8>,
    /// How long the vector was.
    pub norm: f64,
    /// What 127 stands for, with [`Quantization::Int8`] only.
    pub range: Option<f64>,
}

impl Decode<'_> for RawVector {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let mut parts = view.iter();
        let (Some(quantization), Some(data), Some(norm)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(DecodeError::because("a vector with its form, data and norm", view, " without them"));
        };
        Ok(Self {
            quantization: quantization.decode().map_err(|error| error.at(0))?,
            data: data.decode().map_err(|error| error.at(1))?,
            norm: norm.decode().map_err(|error| error.at(2))?,
            range: parts.next().map(View::decode).transpose().map_err(|error| error.at(3))?,
        })
    }
}
