//! Commands on vector sets: elements with a vector each, found by how near they are (Redis 8.0).
//!
//! Vectors are `f32`s and travel as such, four bytes each, so that a slice of them is all that is needed. Searches are
//! in a file of their own.

use resp::{DecodeOwned, Flaw, Request, ToArg};

use super::LexBound;
use super::arguments::at_most;
use crate::Commands;
use crate::execute::Execute;

mod options;
pub use options::{Quantization, VaddOptions};
mod search;
pub use search::{VectorMatch, VectorSearch};
mod about;
pub use about::{RawVector, VectorSetInfo};

/// # Vector sets
impl<E: Execute> Commands<E> {
    /// `VADD`: adds an element with its vector, or gives it another vector. Returns whether it is new (Redis 8.0).
    ///
    /// The first element decides how many dimensions there are. The numbers must be finite, and there must be some.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vadd")?;
    /// let embedding: Vec<f32> = vec![0.1, 0.7];
    /// assert!(client.vadd("doc:vadd", &embedding, "apple")?);
    /// assert!(!client.vadd("doc:vadd", &[0.2, 0.6], "apple")?);
    /// assert_eq!(client.vcard("doc:vadd")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vadd(&self, key: impl ToArg, vector: &[f32], element: impl ToArg) -> E::Output<bool> {
        self.vadd_with(key, vector, element, VaddOptions::new())
    }

    /// `VADD` with options: as [`vadd`](Self::vadd), with attributes, or with a say in how vectors are kept.
    ///
    /// # Example
    /// ```
    /// use client::{Quantization, VaddOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vadd_with")?;
    /// let options = VaddOptions::new().quantization(Quantization::F32).setattr(r#"{"year": 1979}"#);
    /// client.vadd_with("doc:vadd_with", &[3.0, 4.0], "alien", options)?;
    /// let json: Option<String> = client.vgetattr("doc:vadd_with", "alien")?;
    /// assert_eq!(json.as_deref(), Some(r#"{"year": 1979}"#));
    /// # Ok(())
    /// # }
    /// ```
    pub fn vadd_with<'o>(
        &self,
        key: impl ToArg,
        vector: &[f32],
        element: impl ToArg,
        options: impl Into<VaddOptions<'o>>,
    ) -> E::Output<bool> {
        let options = options.into();
        let request = Request::new("VADD").key(&key).with(|r| options.reduction(r)).with(|r| fp32(r, vector));
        self.call(request.arg(&element).with(|r| options.write(r)))
    }

    /// `VREM`: takes out an element. Returns whether it was there (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.vadd("doc:vrem", &[1.0], "a")?;
    /// assert!(client.vrem("doc:vrem", "a")?);
    /// assert!(!client.vrem("doc:vrem", "a")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vrem(&self, key: impl ToArg, element: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("VREM").key(&key).arg(&element))
    }

    /// `VCARD`: the number of elements, 0 if the set does not exist (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vcard")?;
    /// client.vadd("doc:vcard", &[1.0], "a")?;
    /// assert_eq!(client.vcard("doc:vcard")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vcard(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("VCARD").key(&key))
    }

    /// `VDIM`: how many dimensions the vectors have that are kept. It is an error if the set does not exist (Redis
    /// 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vdim")?;
    /// client.vadd("doc:vdim", &[1.0, 2.0, 3.0], "a")?;
    /// assert_eq!(client.vdim("doc:vdim")?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vdim(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("VDIM").key(&key))
    }

    /// `VISMEMBER`: whether the set has this element (Redis 8.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.vadd("doc:vismember", &[1.0], "a")?;
    /// assert!(client.vismember("doc:vismember", "a")?);
    /// assert!(!client.vismember("doc:vismember", "b")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vismember(&self, key: impl ToArg, element: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("VISMEMBER").key(&key).arg(&element))
    }

    /// `VEMB`: about the vector that the element was given, `None` if it is not there: what the server has kept of it
    /// (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vemb")?;
    /// client.vadd("doc:vemb", &[3.0, 4.0], "a")?;
    /// let vector = client.vemb("doc:vemb", "a")?.unwrap();
    /// assert!((vector[0] - 3.0).abs() < 0.1 && (vector[1] - 4.0).abs() < 0.1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vemb(&self, key: impl ToArg, element: impl ToArg) -> E::Output<Option<Vec<f32>>> {
        self.call(Request::new("VEMB").key(&key).arg(&element))
    }

    /// `VEMB … RAW`: an element's vector as the server keeps it, `None` if the element is not there (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// use client::Quantization;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vemb_raw")?;
    /// client.vadd("doc:vemb_raw", &[3.0, 4.0], "a")?;
    /// let raw = client.vemb_raw("doc:vemb_raw", "a")?.unwrap();
    /// assert_eq!((raw.quantization, raw.data.len(), raw.norm), (Quantization::Int8, 2, 5.0));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "vemb")]
    pub fn vemb_raw(&self, key: impl ToArg, element: impl ToArg) -> E::Output<Option<RawVector>> {
        self.call(Request::new("VEMB").key(&key).arg(&element).arg("RAW"))
    }

    /// `VGETATTR`: the attributes of an element, which are JSON if a filter is to read them; `None` if it has none or
    /// is not there (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vgetattr")?;
    /// client.vadd("doc:vgetattr", &[1.0], "a")?;
    /// assert_eq!(client.vgetattr::<String>("doc:vgetattr", "a")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vgetattr<T: DecodeOwned>(&self, key: impl ToArg, element: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("VGETATTR").key(&key).arg(&element))
    }

    /// `VSETATTR`: sets the attributes of an element, or takes them away if the text is empty. Returns whether the
    /// element is there (Redis 8.0).
    ///
    /// The server takes any text; a filter finds only what is in JSON.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.vadd("doc:vsetattr", &[1.0], "a")?;
    /// assert!(client.vsetattr("doc:vsetattr", "a", r#"{"year": 1979}"#)?);
    /// assert!(client.vgetattr::<String>("doc:vsetattr", "a")?.is_some());
    /// assert!(client.vsetattr("doc:vsetattr", "a", "")?);
    /// assert_eq!(client.vgetattr::<String>("doc:vsetattr", "a")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vsetattr(&self, key: impl ToArg, element: impl ToArg, attributes: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("VSETATTR").key(&key).arg(&element).arg(&attributes))
    }

    /// `VLINKS`: the neighbours of an element in the graph that searches walk, layer by layer, the topmost first;
    /// `None` if it is not there (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vlinks")?;
    /// client.vadd("doc:vlinks", &[1.0, 0.0], "a")?;
    /// client.vadd("doc:vlinks", &[1.0, 1.0], "b")?;
    /// let layers: Vec<Vec<String>> = client.vlinks("doc:vlinks", "a")?.unwrap();
    /// assert_eq!(layers.last().unwrap(), &["b"]); // the lowest has all elements
    /// # Ok(())
    /// # }
    /// ```
    pub fn vlinks<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        element: impl ToArg,
    ) -> E::Output<Option<VectorLinks<T>>> {
        self.call(Request::new("VLINKS").key(&key).arg(&element))
    }

    /// `VLINKS … WITHSCORES`: as [`vlinks`](Self::vlinks), each neighbour with how similar it is, from 0 to 1
    /// (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vlinks_scores")?;
    /// client.vadd("doc:vlinks_scores", &[1.0, 0.0], "a")?;
    /// client.vadd("doc:vlinks_scores", &[0.0, 1.0], "b")?;
    /// let layers: Vec<Vec<(String, f64)>> = client.vlinks_with_scores("doc:vlinks_scores", "a")?.unwrap();
    /// assert_eq!(layers.last().unwrap()[0], ("b".to_owned(), 0.5));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "vlinks")]
    pub fn vlinks_with_scores<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        element: impl ToArg,
    ) -> E::Output<Option<VectorLinks<(T, f64)>>> {
        self.call(Request::new("VLINKS").key(&key).arg(&element).arg("WITHSCORES"))
    }

    /// `VRANDMEMBER`: a random element, `None` if the set does not exist (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vrandmember")?;
    /// client.vadd("doc:vrandmember", &[1.0], 7)?;
    /// assert_eq!(client.vrandmember("doc:vrandmember")?, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub fn vrandmember<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("VRANDMEMBER").key(&key))
    }

    /// `VRANDMEMBER` with a count: up to so many random elements, each once (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vrandmember_count")?;
    /// client.vadd("doc:vrandmember_count", &[1.0], 7)?;
    /// assert_eq!(client.vrandmember_count::<i64>("doc:vrandmember_count", 5)?, [7]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vrandmember_count<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<T>> {
        self.call(Request::new("VRANDMEMBER").key(&key).arg(at_most(count)))
    }

    /// `VRANDMEMBER` with a negative count: just so many random elements, any of them again and again. None if the set
    /// does not exist (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vrandmember_again")?;
    /// client.vadd("doc:vrandmember_again", &[1.0], 7)?;
    /// assert_eq!(client.vrandmember_repeating::<i64>("doc:vrandmember_again", 3)?, [7, 7, 7]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vrandmember_repeating<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<T>> {
        self.call(Request::new("VRANDMEMBER").key(&key).arg(-at_most(count)))
    }

    /// `VRANGE`: the elements from `start` to `end`, in the order of their bytes (Redis 8.4).
    ///
    /// # Example
    /// ```
    /// use client::LexBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vrange")?;
    /// for element in ["a", "b", "c"] {
    ///     client.vadd("doc:vrange", &[1.0], element)?;
    /// }
    /// let some: Vec<String> = client.vrange("doc:vrange", LexBound::exclusive("a"), LexBound::Max)?;
    /// assert_eq!(some, ["b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vrange<'b, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: impl Into<LexBound<'b>>,
        end: impl Into<LexBound<'b>>,
    ) -> E::Output<Vec<T>> {
        let (start, end) = (start.into(), end.into());
        self.call(Request::new("VRANGE").key(&key).with(|r| start.write(r)).with(|r| end.write(r)))
    }

    /// `VRANGE` with a count: the first so many of the elements from `start` to `end`. Whoever goes on behind the last
    /// one has them all in the end, page by page (Redis 8.4).
    ///
    /// # Example
    /// ```
    /// use client::LexBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vrange_count")?;
    /// for element in ["a", "b", "c"] {
    ///     client.vadd("doc:vrange_count", &[1.0], element)?;
    /// }
    /// let page = |start| client.vrange_count::<String>("doc:vrange_count", start, LexBound::Max, 2);
    /// assert_eq!(page(LexBound::Min)?, ["a", "b"]);
    /// assert_eq!(page(LexBound::exclusive("b"))?, ["c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vrange_count<'b, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: impl Into<LexBound<'b>>,
        end: impl Into<LexBound<'b>>,
        count: usize,
    ) -> E::Output<Vec<T>> {
        let (start, end) = (start.into(), end.into());
        let request = Request::new("VRANGE").key(&key).with(|r| start.write(r)).with(|r| end.write(r));
        self.call(request.arg(at_most(count)))
    }
}

/// The neighbours of an element, layer by layer, the topmost first. All elements are in the last one.
pub type VectorLinks<T> = Vec<Vec<T>>;

/// Adds `FP32` and the bytes of a vector. The server takes NaN and infinity too, and then compares them with anything:
/// they are a flaw, and so is a vector of no dimension.
fn fp32<'a>(mut request: Request<'a>, vector: &[f32]) -> Request<'a> {
    if vector.is_empty() || !vector.iter().all(|number| number.is_finite()) {
        request.refuse(Flaw::Argument("needs a vector of finite numbers, and at least one of them"));
    }
    // The server copies them as they are; the machines it runs on are little-endian.
    request.arg("FP32").arg(vector.iter().copied().flat_map(f32::to_le_bytes).collect::<Vec<u8>>())
}
