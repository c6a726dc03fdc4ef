//! Where to search for places, and which of those that are found.

use resp::{Flaw, Request};

use super::{GeoPoint, GeoUnit};
use crate::commands::arguments::{count_above_zero, finite};

/// A search: a circle or a box around a centre, or a polygon, and how many of the members in it, in which order.
///
/// # Example
/// ```
/// use client::{Build, GeoPoint, GeoSearch, GeoUnit};
///
/// let search = GeoSearch::circle("Palermo", 1.5, GeoUnit::Miles).asc().count(10).any();
/// let command = Build::new().geosearch::<String>("k", search);
/// assert_eq!(command.args()[2..].join(&b' '), b"FROMMEMBER Palermo BYRADIUS 1.5 mi ASC COUNT 10 ANY");
///
/// let search = GeoSearch::rectangle(GeoPoint::new(15.5, 37.5), 400, 200, GeoUnit::Metres);
/// let command = Build::new().geosearch::<String>("k", search);
/// assert_eq!(command.args()[2..].join(&b' '), b"FROMLONLAT 15.5 37.5 BYBOX 400.0 200.0 m");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct GeoSearch<'a> {
    area: Area<'a>,
    order: Option<&'static str>,
    count: Option<usize>,
    any: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Area<'a> {
    Circle(GeoCenter<'a>, f64, GeoUnit),
    Rectangle(GeoCenter<'a>, [f64; 2], GeoUnit),
    Polygon(&'a [GeoPoint]),
}

impl<'a> GeoSearch<'a> {
    /// A circle of this radius around a place or a member.
    pub fn circle(center: impl Into<GeoCenter<'a>>, radius: impl Into<f64>, unit: GeoUnit) -> Self {
        Self::within(Area::Circle(center.into(), radius.into(), unit))
    }

    /// A box of this width and height, with a place or a member in its middle.
    pub fn rectangle(
        center: impl Into<GeoCenter<'a>>,
        width: impl Into<f64>,
        height: impl Into<f64>,
        unit: GeoUnit,
    ) -> Self {
        Self::within(Area::Rectangle(center.into(), [width.into(), height.into()], unit))
    }

    /// A polygon with these corners, at least three; the last is joined to the first (only Valkey, 9.0). Distances are
    /// in metres, from its middle as the server reckons it.
    ///
    /// # Example
    /// ```
    /// use client::{Build, GeoPoint, GeoSearch};
    ///
    /// let corners = [(12, 37), (16, 37), (14, 39)].map(|(x, y)| GeoPoint::new(x.into(), y.into()));
    /// let command = Build::new().geosearch::<String>("k", GeoSearch::polygon(&corners));
    /// assert_eq!(command.args()[2..].join(&b' '), b"BYPOLYGON 3 12.0 37.0 16.0 37.0 14.0 39.0");
    /// ```
    pub fn polygon(corners: &'a [GeoPoint]) -> Self {
        Self::within(Area::Polygon(corners))
    }

    fn within(area: Area<'a>) -> Self {
        Self { area, order: None, count: None, any: false }
    }

    /// The nearest first.
    pub fn asc(mut self) -> Self {
        self.order = Some("ASC");
        self
    }

    /// The farthest first.
    pub fn desc(mut self) -> Self {
        self.order = Some("DESC");
        self
    }

    /// Only so many members, those that come first. Zero is an error.
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }

    /// Only as many as [`count`](Self::count) says, but those that the server finds first, which need not be the
    /// nearest.
    pub fn any(mut self) -> Self {
        self.any = true;
        self
    }

    pub(super) fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        if self.any && self.count.is_none() {
            request.refuse(Flaw::Argument("takes any members only with a count"));
        }
        let request = self.order.into_iter().fold(self.area.write(request), Request::arg);
        let request = self.count.into_iter().fold(request, count_above_zero);
        if self.any { request.arg("ANY") } else { request }
    }
}

impl<'a> Area<'a> {
    fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        match self {
            Self::Circle(center, radius, unit) => {
                finite(center.write(request).arg("BYRADIUS"), radius).arg(unit.word())
            }
            Self::Rectangle(center, sides, unit) => {
                sides.into_iter().fold(center.write(request).arg("BYBOX"), finite).arg(unit.word())
            }
            Self::Polygon(corners) => {
                if corners.len() < 3 {
                    request.refuse(Flaw::Argument("needs at least three corners"));
                }
                let request = request.arg("BYPOLYGON").arg(corners.len());
                corners.iter().fold(request, |r, corner| corner.write(r))
            }
        }
    }
}

/// The middle of a search: a place, or where a member is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GeoCenter<'a> {
    /// Where this member is. It is an error if it is not there.
    Member(&'a [u8]),
    /// This place.
    Point(GeoPoint),
}

impl<'a> GeoCenter<'a> {
    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        match self {
            Self::Member(member) => request.arg("FROMMEMBER").arg(member),
            Self::Point(point) => point.write(request.arg("FROMLONLAT")),
        }
    }
}

impl From<GeoPoint> for GeoCenter<'_> {
    fn from(point: GeoPoint) -> Self {
        Self::Point(point)
    }
}

impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for GeoCenter<'a> {
    fn from(member: &'a T) -> Self {
        Self::Member(member.as_ref())
    }
}
