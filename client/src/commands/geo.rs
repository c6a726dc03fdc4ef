//! Commands on places: members of a sorted set that have a longitude and a latitude.

use resp::{Decode, DecodeError, DecodeOwned, Request, ToArg, ToArgs, View};

use super::arguments::finite;
use crate::Commands;
use crate::execute::Execute;

mod search;
pub use search::{GeoCenter, GeoSearch};

/// # Geo
impl<E: Execute> Commands<E> {
    /// `GEOADD`: sets the places of members, and returns how many members are new.
    ///
    /// # Example
    /// ```
    /// use client::GeoPoint;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:geoadd")?;
    /// let towns = [("Palermo", GeoPoint::new(13.361, 38.116)), ("Catania", GeoPoint::new(15.087, 37.503))];
    /// assert_eq!(client.geoadd("doc:geoadd", towns)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn geoadd<M: ToArg>(&self, key: impl ToArg, members: impl AsRef<[(M, GeoPoint)]>) -> E::Output<i64> {
        self.call(places(Request::new("GEOADD").key(&key), members.as_ref()))
    }

    /// `GEOADD` with options: how many members are new; with [`ch`](GeoaddOptions::ch) how many are new or elsewhere
    /// now (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{GeoPoint, GeoaddOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:geoadd_with")?;
    /// client.geoadd("doc:geoadd_with", [("taxi", GeoPoint::new(13.361, 38.116))])?;
    /// let moved = [("taxi", GeoPoint::new(13.5, 38.1)), ("new", GeoPoint::new(0.0, 0.0))];
    /// assert_eq!(client.geoadd_with("doc:geoadd_with", moved, GeoaddOptions::new().xx().ch())?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn geoadd_with<M: ToArg>(
        &self,
        key: impl ToArg,
        members: impl AsRef<[(M, GeoPoint)]>,
        options: GeoaddOptions,
    ) -> E::Output<i64> {
        let request = Request::new("GEOADD").key(&key).with(|r| options.write(r));
        self.call(places(request, members.as_ref()))
    }

    /// `GEODIST`: how far two members are from each other, `None` if one of them is not there.
    ///
    /// # Example
    /// ```
    /// use client::{GeoPoint, GeoUnit};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let towns = [("Palermo", GeoPoint::new(13.361, 38.116)), ("Catania", GeoPoint::new(15.087, 37.503))];
    /// client.geoadd("doc:geodist", towns)?;
    /// let far = client.geodist("doc:geodist", "Palermo", "Catania", GeoUnit::Kilometres)?;
    /// assert_eq!(far.map(f64::round), Some(166.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn geodist(
        &self,
        key: impl ToArg,
        from: impl ToArg,
        to: impl ToArg,
        unit: GeoUnit,
    ) -> E::Output<Option<f64>> {
        self.call(Request::new("GEODIST").key(&key).arg(&from).arg(&to).arg(unit.word()))
    }

    /// `GEOHASH`: the places of members as geohashes of eleven letters, `None` for each that is not there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.geoadd("doc:geohash", [("Palermo", client::GeoPoint::new(13.361389, 38.115556))])?;
    /// let hashes = client.geohash("doc:geohash", ["Palermo", "Atlantis"])?;
    /// assert_eq!(hashes, [Some("sqc8b49rny0".to_owned()), None]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn geohash(&self, key: impl ToArg, members: impl ToArgs) -> E::Output<Vec<Option<String>>> {
        self.call(Request::new("GEOHASH").key(&key).args(&members))
    }

    /// `GEOPOS`: the places of members, `None` for each that is not there. They are less than a metre off from what
    /// was added.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.geoadd("doc:geopos", [("Palermo", client::GeoPoint::new(13.361, 38.116))])?;
    /// let places = client.geopos("doc:geopos", ["Palermo", "Atlantis"])?;
    /// assert!((places[0].unwrap().longitude - 13.361).abs() < 0.00001);
    /// assert_eq!(places[1], None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn geopos(&self, key: impl ToArg, members: impl ToArgs) -> E::Output<Vec<Option<GeoPoint>>> {
        self.call(Request::new("GEOPOS").key(&key).args(&members))
    }

    /// `GEOSEARCH`: the members within a circle, a box or a polygon (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{GeoPoint, GeoSearch, GeoUnit};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let towns = [("Palermo", GeoPoint::new(13.361, 38.116)), ("Catania", GeoPoint::new(15.087, 37.503))];
    /// client.geoadd("doc:geosearch", towns)?;
    /// let here = GeoPoint::new(15.0, 37.0);
    /// let near: Vec<String> = client.geosearch("doc:geosearch", GeoSearch::circle(here, 100, GeoUnit::Kilometres))?;
    /// assert_eq!(near, ["Catania"]);
    /// let all = GeoSearch::circle("Palermo", 200, GeoUnit::Kilometres).desc(); // around a member
    /// assert_eq!(client.geosearch::<String>("doc:geosearch", all)?, ["Catania", "Palermo"]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "georadius")]
    #[doc(alias = "georadius_ro")]
    #[doc(alias = "georadiusbymember")]
    #[doc(alias = "georadiusbymember_ro")]
    pub fn geosearch<M: DecodeOwned>(&self, key: impl ToArg, search: GeoSearch<'_>) -> E::Output<Vec<M>> {
        self.call(Request::new("GEOSEARCH").key(&key).with(|r| search.write(r)))
    }

    /// `GEOSEARCH` with distances: the members, and how far each is from the centre, in the unit of the search (Redis
    /// 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{GeoPoint, GeoSearch, GeoUnit};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.geoadd("doc:geosearch_dist", [("Catania", GeoPoint::new(15.087, 37.503))])?;
    /// let search = GeoSearch::circle(GeoPoint::new(15.0, 37.0), 100, GeoUnit::Kilometres);
    /// let near = client.geosearch_with_distances::<String>("doc:geosearch_dist", search)?;
    /// assert_eq!((&*near[0].0, near[0].1.round()), ("Catania", 56.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn geosearch_with_distances<M: DecodeOwned>(
        &self,
        key: impl ToArg,
        search: GeoSearch<'_>,
    ) -> E::Output<Vec<(M, f64)>> {
        self.call(Request::new("GEOSEARCH").key(&key).with(|r| search.write(r)).arg("WITHDIST"))
    }

    /// `GEOSEARCH` with all that is known of each member: its distance, its hash and its place (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{GeoPoint, GeoSearch, GeoUnit};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.geoadd("doc:geosearch_full", [("Catania", GeoPoint::new(15.087, 37.503))])?;
    /// let search = GeoSearch::rectangle(GeoPoint::new(15.0, 37.0), 200, 150, GeoUnit::Kilometres).count(1);
    /// let near = client.geosearch_with_places::<String>("doc:geosearch_full", search)?;
    /// assert_eq!((&*near[0].member, near[0].distance.round()), ("Catania", 56.0));
    /// assert!((near[0].point.latitude - 37.503).abs() < 0.00001);
    /// # Ok(())
    /// # }
    /// ```
    pub fn geosearch_with_places<M: DecodeOwned>(
        &self,
        key: impl ToArg,
        search: GeoSearch<'_>,
    ) -> E::Output<Vec<GeoMatch<M>>> {
        let request = Request::new("GEOSEARCH").key(&key).with(|r| search.write(r));
        self.call(request.arg("WITHCOORD").arg("WITHDIST").arg("WITHHASH"))
    }

    /// `GEOSEARCHSTORE`: keeps under the key `to` the places that a search finds under the key `from`, and returns how
    /// many there are (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{GeoPoint, GeoSearch, GeoUnit};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.geoadd("{doc:geostore}", [("Catania", GeoPoint::new(15.087, 37.503))])?;
    /// let search = GeoSearch::circle("Catania", 10, GeoUnit::Miles);
    /// assert_eq!(client.geosearchstore("{doc:geostore}:near", "{doc:geostore}", search)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn geosearchstore(&self, to: impl ToArg, from: impl ToArg, search: GeoSearch<'_>) -> E::Output<i64> {
        self.call(Request::new("GEOSEARCHSTORE").key(&to).key(&from).with(|r| search.write(r)))
    }

    /// `GEOSEARCHSTORE … STOREDIST`: as [`geosearchstore`](Self::geosearchstore), but the scores are the distances in
    /// the unit of the search, so that it is no longer a set of places (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{GeoPoint, GeoSearch, GeoUnit};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.geoadd("{doc:geodists}", [("Catania", GeoPoint::new(15.087, 37.503))])?;
    /// let search = GeoSearch::circle(GeoPoint::new(15.0, 37.0), 100, GeoUnit::Kilometres);
    /// client.geosearchstore_distances("{doc:geodists}:near", "{doc:geodists}", search)?;
    /// assert_eq!(client.zscore("{doc:geodists}:near", "Catania")?.map(f64::round), Some(56.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn geosearchstore_distances(
        &self,
        to: impl ToArg,
        from: impl ToArg,
        search: GeoSearch<'_>,
    ) -> E::Output<i64> {
        let request = Request::new("GEOSEARCHSTORE").key(&to).key(&from);
        self.call(request.with(|r| search.write(r)).arg("STOREDIST"))
    }
}

/// A place on the globe, in degrees. The server takes latitudes from −85.05112878 to 85.05112878.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeoPoint {
    /// East of Greenwich, from −180 to 180.
    pub longitude: f64,
    /// North of the equator.
    pub latitude: f64,
}

impl GeoPoint {
    /// The place at these degrees, the longitude first, as Redis has it.
    pub const fn new(longitude: f64, latitude: f64) -> Self {
        Self { longitude, latitude }
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        request.with(|r| finite(r, self.longitude)).with(|r| finite(r, self.latitude))
    }
}

impl Decode<'_> for GeoPoint {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let (longitude, latitude) = view.decode()?;
        Ok(Self { longitude, latitude })
    }
}

/// In what distances are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GeoUnit {
    /// 1 m.
    Metres,
    /// 1,000 m.
    Kilometres,
    /// 0.3048 m.
    Feet,
    /// 1,609.34 m.
    Miles,
}

impl GeoUnit {
    fn word(self) -> &'static str {
        match self {
            Self::Metres => "m",
            Self::Kilometres => "km",
            Self::Feet => "ft",
            Self::Miles => "mi",
        }
    }
}

/// A member that a search has found.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct GeoMatch<M> {
    /// The member.
    pub member: M,
    /// How far it is from the centre, in the unit of the search.
    pub distance: f64,
    /// Its place as the 52 bits that are its score.
    pub hash: u64,
    /// Its place.
    pub point: GeoPoint,
}

impl<M: DecodeOwned> Decode<'_> for GeoMatch<M> {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let (member, distance, hash, point) = view.decode()?;
        Ok(Self { member, distance, hash, point })
    }
}

/// The options of `GEOADD` (Redis 6.2).
///
/// # Example
/// ```
/// use client::{Build, GeoPoint, GeoaddOptions};
///
/// let place = [("m", GeoPoint::new(1.5, 2.5))];
/// let command = Build::new().geoadd_with("k", place, GeoaddOptions::new().nx().ch());
/// assert_eq!(command.args().join(&b' '), b"GEOADD k NX CH 1.5 2.5 m");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeoaddOptions {
    existence: Option<&'static str>,
    changed: Option<&'static str>,
}

impl GeoaddOptions {
    /// No option: members are added, or moved.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only adds members.
    #[must_use]
    pub fn nx(mut self) -> Self {
        self.existence = Some("NX");
        self
    }

    /// Only moves members that are there.
    #[must_use]
    pub fn xx(mut self) -> Self {
        self.existence = Some("XX");
        self
    }

    /// Counts also the members that are elsewhere now.
    #[must_use]
    pub fn ch(mut self) -> Self {
        self.changed = Some("CH");
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        self.existence.into_iter().chain(self.changed).fold(request, Request::arg)
    }
}

/// Adds members, each behind its place; none at all is a flaw.
fn places<'a, M: ToArg>(mut request: Request<'a>, members: &'a [(M, GeoPoint)]) -> Request<'a> {
    if members.is_empty() {
        request.refuse(resp::Flaw::NoPairs);
    }
    members.iter().fold(request, |r, (member, point)| point.write(r).arg(member))
}
