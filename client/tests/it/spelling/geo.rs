//! How the commands on places are spelt, which of their arguments are keys, and what their replies become.

use client::{Build, GeoPoint, GeoSearch, GeoUnit, GeoaddOptions};

use super::{check, decodes, refused};

const POINT: GeoPoint = GeoPoint::new(1.5, -2.5);

#[test]
pub(super) fn geo() {
    let b = Build::new();
    let (place, none) = ([("m", POINT)], Vec::<(&str, GeoPoint)>::new());
    check(b.geoadd("k", place), "GEOADD k 1.5 -2.5 m", "k");
    check(b.geoadd("k", vec![(1, POINT), (2, POINT)]), "GEOADD k 1.5 -2.5 1 1.5 -2.5 2", "k");
    check(b.geoadd_with("k", place, GeoaddOptions::new().nx().xx().ch()), "GEOADD k XX CH 1.5 -2.5 m", "k");
    check(b.geoadd_with("k", place, GeoaddOptions::new().nx()), "GEOADD k NX 1.5 -2.5 m", "k");
    check(b.geodist("k", "a", "b", GeoUnit::Feet), "GEODIST k a b ft", "k");
    check(b.geohash("k", ["a", "b"]), "GEOHASH k a b", "k");
    check(b.geopos("k", "a"), "GEOPOS k a", "k");
    let circle = GeoSearch::circle("m", 5, GeoUnit::Kilometres);
    check(b.geosearch::<String>("k", circle), "GEOSEARCH k FROMMEMBER m BYRADIUS 5.0 km", "k");
    let area = GeoSearch::rectangle(POINT, 0.5, 7, GeoUnit::Miles).desc().count(3).any();
    let words = "FROMLONLAT 1.5 -2.5 BYBOX 0.5 7.0 mi DESC COUNT 3 ANY";
    check(b.geosearch::<String>("k", area), &format!("GEOSEARCH k {words}"), "k");
    check(b.geosearch_with_distances::<String>("k", area), &format!("GEOSEARCH k {words} WITHDIST"), "k");
    let all = format!("GEOSEARCH k {words} WITHCOORD WITHDIST WITHHASH");
    check(b.geosearch_with_places::<String>("k", area), &all, "k");
    check(b.geosearchstore("to", "k", area), &format!("GEOSEARCHSTORE to k {words}"), "to k");
    let distances = format!("GEOSEARCHSTORE to k {words} STOREDIST");
    check(b.geosearchstore_distances("to", "k", area), &distances, "to k");

    let corners = [POINT, GeoPoint::new(3.0, 0.0), GeoPoint::new(0.0, 4.0)];
    let area = GeoSearch::polygon(&corners).asc().count(2);
    let words = "BYPOLYGON 3 1.5 -2.5 3.0 0.0 0.0 4.0 ASC COUNT 2";
    check(b.geosearch::<String>("k", area), &format!("GEOSEARCH k {words}"), "k");
    check(b.geosearchstore("to", "k", area), &format!("GEOSEARCHSTORE to k {words}"), "to k");
    refused(b.geosearch::<String>("k", GeoSearch::polygon(&corners[..2])), "needs at least three corners");
    let nowhere = [POINT, POINT, GeoPoint::new(0.0, f64::NAN)];
    refused(b.geosearch::<String>("k", GeoSearch::polygon(&nowhere)), "needs a finite number");

    refused(b.geoadd("k", &none), "needs at least one pair");
    refused(b.geoadd("k", [("m", GeoPoint::new(f64::NAN, 0.0))]), "needs a finite number");
    refused(
        b.geosearch::<String>("k", GeoSearch::circle("m", f64::INFINITY, GeoUnit::Feet)),
        "needs a finite number",
    );
    refused(b.geosearch::<String>("k", circle.any()), "takes any members only with a count");
    refused(b.geosearch::<String>("k", circle.count(0)), "needs a count above zero");
    for place in ["*2\r\n*2\r\n$3\r\n1.5\r\n$4\r\n-2.5\r\n*-1\r\n", "*2\r\n*2\r\n,1.5\r\n,-2.5\r\n_\r\n"] {
        decodes(b.geopos("k", ["a", "b"]), place, vec![Some(POINT), None]);
    }
}
