//! What is near, and how near it is.

use resp::{DecodeError, DecodeOwned, Flaw, Kind, Request, ToArg, View};

use super::fp32;
use super::options::effort;
use crate::Commands;
use crate::commands::arguments::count_above_zero;
use crate::execute::Execute;

/// # Vector sets: search
impl<E: Execute> Commands<E> {
    /// `VSIM`: the elements whose vectors are most similar to a vector, or to that of an element, the most similar
    /// first (Redis 8.0).
    ///
    /// A set that does not exist has none. An element that is not there is an error.
    ///
    /// # Example
    /// ```
    /// use client::VectorSearch;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vsim")?;
    /// client.vadd("doc:vsim", &[1.0, 0.1], "apple")?;
    /// client.vadd("doc:vsim", &[0.9, 0.2], "pear")?;
    /// client.vadd("doc:vsim", &[0.1, 1.0], "hammer")?;
    /// assert_eq!(client.vsim::<String>("doc:vsim", "apple")?, ["apple", "pear", "hammer"]);
    /// let embedding: Vec<f32> = vec![0.2, 1.0];
    /// let nearest = VectorSearch::vector(&embedding).count(1);
    /// assert_eq!(client.vsim::<String>("doc:vsim", nearest)?, ["hammer"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vsim<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        search: impl Into<VectorSearch<'o>>,
    ) -> E::Output<Vec<T>> {
        let search = search.into();
        self.call(Request::new("VSIM").key(&key).with(|r| search.write(r)))
    }

    /// `VSIM … WITHSCORES`: as [`vsim`](Self::vsim), each element with its score: 1 for the same direction, 0 for the
    /// opposite one (Redis 8.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vsim_scores")?;
    /// client.vadd("doc:vsim_scores", &[1.0, 0.0], "east")?;
    /// client.vadd("doc:vsim_scores", &[-1.0, 0.0], "west")?;
    /// let found: Vec<(String, f64)> = client.vsim_with_scores("doc:vsim_scores", &[2.0, 0.0])?;
    /// assert_eq!(found, [("east".to_owned(), 1.0), ("west".to_owned(), 0.0)]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "vsim")]
    pub fn vsim_with_scores<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        search: impl Into<VectorSearch<'o>>,
    ) -> E::Output<Vec<(T, f64)>> {
        let search = search.into();
        self.call(Request::new("VSIM").key(&key).with(|r| search.write(r)).arg("WITHSCORES"))
    }

    /// `VSIM … WITHSCORES WITHATTRIBS`: as [`vsim`](Self::vsim), each element with its score and its attributes
    /// (Redis 8.2).
    ///
    /// # Example
    /// ```
    /// use client::{VaddOptions, VectorSearch};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:vsim_attributes")?;
    /// let old = VaddOptions::new().setattr(r#"{"year": 1927}"#);
    /// client.vadd_with("doc:vsim_attributes", &[1.0, 0.0], "Metropolis", old)?;
    /// client.vadd("doc:vsim_attributes", &[1.0, 0.0], "Alien")?;
    /// let search = VectorSearch::element("Alien").filter(".year < 1950");
    /// let found = client.vsim_with_attributes::<String, String>("doc:vsim_attributes", search)?;
    /// assert_eq!((found.len(), &*found[0].element, found[0].score), (1, "Metropolis", 1.0));
    /// assert_eq!(found[0].attributes.as_deref(), Some(r#"{"year": 1927}"#));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "vsim")]
    pub fn vsim_with_attributes<'o, T: DecodeOwned, A: DecodeOwned>(
        &self,
        key: impl ToArg,
        search: impl Into<VectorSearch<'o>>,
    ) -> E::Output<Vec<VectorMatch<T, A>>> {
        let search = search.into();
        let request = Request::new("VSIM").key(&key).with(|r| search.write(r));
        self.call_with(request.arg("WITHSCORES").arg("WITHATTRIBS"), matches)
    }
}

/// A search in a vector set: similar to what, and with how much effort. A text alone is an element, a list of `f32`s a
/// vector.
///
/// # Example
/// ```
/// use client::{Build, VectorSearch};
///
/// let search = VectorSearch::element("apple").count(3).epsilon(0.2).filter(".price < 5").ef(500);
/// let command = Build::new().vsim::<String>("k", search);
/// assert_eq!(command.args()[2..].join(&b' '), b"ELE apple COUNT 3 EPSILON 0.2 EF 500 FILTER .price < 5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct VectorSearch<'a> {
    like: Like<'a>,
    count: Option<usize>,
    epsilon: Option<f64>,
    ef: Option<u32>,
    filter: Option<&'a str>,
    filter_ef: Option<u32>,
    truth: Option<&'static str>,
    nothread: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Like<'a> {
    Element(&'a [u8]),
    Vector(&'a [f32]),
}

impl<'a> VectorSearch<'a> {
    /// What is similar to this element, itself included.
    #[doc(alias = "ele")]
    pub fn element(element: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::like(Like::Element(element.as_ref()))
    }

    /// What is similar to this vector, which must have as many dimensions as those that were added.
    #[doc(alias = "fp32")]
    pub fn vector(vector: &'a [f32]) -> Self {
        Self::like(Like::Vector(vector))
    }

    fn like(like: Like<'a>) -> Self {
        Self {
            like,
            count: None,
            epsilon: None,
            ef: None,
            filter: None,
            filter_ef: None,
            truth: None,
            nothread: None,
        }
    }

    /// Only so many elements, those that come first; 10, if nobody says. Zero is an error.
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }

    /// Only elements whose score is at least 1 less this (Redis 8.2). Zero is an error, and so is less.
    pub fn epsilon(mut self, distance: f64) -> Self {
        self.epsilon = Some(distance);
        self
    }

    /// How many candidates are looked at, from 1 to 1,000,000: more find better, and take longer.
    pub fn ef(mut self, candidates: u32) -> Self {
        self.ef = Some(candidates);
        self
    }

    /// Only elements whose attributes fulfil this expression, such as `.year > 1950 and .genre == "noir"`.
    pub fn filter(mut self, expression: &'a str) -> Self {
        self.filter = Some(expression);
        self
    }

    /// How many candidates are looked at for a filter that lets few of them pass. Zero is an error.
    pub fn filter_ef(mut self, candidates: u32) -> Self {
        self.filter_ef = Some(candidates);
        self
    }

    /// All elements are looked at, which finds the best ones for sure, and takes longer with each that is added.
    pub fn truth(mut self) -> Self {
        self.truth = Some("TRUTH");
        self
    }

    /// The search runs in the server's main thread, which answers nobody else meanwhile.
    pub fn nothread(mut self) -> Self {
        self.nothread = Some("NOTHREAD");
        self
    }

    fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        if self.epsilon.is_some_and(|distance| distance.is_nan() || distance <= 0.0) {
            request.refuse(Flaw::Argument("needs a distance above zero"));
        }
        if self.filter_ef == Some(0) {
            request.refuse(Flaw::Argument("needs at least one candidate"));
        }
        let request = match self.like {
            Like::Element(element) => request.arg("ELE").arg(element),
            Like::Vector(vector) => fp32(request, vector),
        };
        let request = self.count.into_iter().fold(request, count_above_zero);
        let request = self.epsilon.into_iter().fold(request, |r, distance| r.arg("EPSILON").arg(distance));
        let request = self.ef.into_iter().fold(request, effort);
        let request = self.filter.into_iter().fold(request, |r, expression| r.arg("FILTER").arg(expression));
        let request =
            self.filter_ef.into_iter().fold(request, |r, candidates| r.arg("FILTER-EF").arg(candidates));
        self.truth.into_iter().chain(self.nothread).fold(request, Request::arg)
    }
}

impl<'a> From<&'a str> for VectorSearch<'a> {
    fn from(element: &'a str) -> Self {
        Self::element(element)
    }
}

impl<'a> From<&'a String> for VectorSearch<'a> {
    fn from(element: &'a String) -> Self {
        Self::element(element)
    }
}

impl<'a> From<&'a [f32]> for VectorSearch<'a> {
    fn from(vector: &'a [f32]) -> Self {
        Self::vector(vector)
    }
}

impl<'a> From<&'a Vec<f32>> for VectorSearch<'a> {
    fn from(vector: &'a Vec<f32>) -> Self {
        Self::vector(vector)
    }
}

impl<'a, const N: usize> From<&'a [f32; N]> for VectorSearch<'a> {
    fn from(vector: &'a [f32; N]) -> Self {
        Self::vector(vector)
    }
}

/// An element that a search has found.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct VectorMatch<T, A> {
    /// The element.
    pub element: T,
    /// How similar it is, from 0 to 1.
    pub score: f64,
    /// Its attributes, if it has any.
    pub attributes: Option<A>,
}

/// RESP3 has a map to lists of two, RESP2 a flat list.
fn matches<T: DecodeOwned, A: DecodeOwned>(view: View<'_>) -> Result<Vec<VectorMatch<T, A>>, DecodeError> {
    match view.kind() {
        Kind::Map => {
            let found = view.decode::<Vec<(T, (f64, Option<A>))>>()?.into_iter();
            Ok(found
                .map(|(element, (score, attributes))| VectorMatch { element, score, attributes })
                .collect())
        }
        Kind::Array if view.len() % 3 == 0 => {
            (0..view.len()).step_by(3).zip(triples(view)).map(triple).collect()
        }
        Kind::Array => Err(DecodeError::because(MATCHES, view, " whose length is no multiple of 3")),
        _ => Err(DecodeError::kind(MATCHES, view)),
    }
}

const MATCHES: &str = "elements with scores and attributes";

fn triples(view: View<'_>) -> impl Iterator<Item = [View<'_>; 3]> {
    let mut parts = view.iter();
    std::iter::from_fn(move || Some([parts.next()?, parts.next()?, parts.next()?]))
}

fn triple<T: DecodeOwned, A: DecodeOwned>(
    (index, [element, score, attributes]): (usize, [View<'_>; 3]),
) -> Result<VectorMatch<T, A>, DecodeError> {
    Ok(VectorMatch {
        element: element.decode().map_err(|error| error.at(index))?,
        score: score.decode().map_err(|error| error.at(index.saturating_add(1)))?,
        attributes: attributes.decode().map_err(|error| error.at(index.saturating_add(2)))?,
    })
}
