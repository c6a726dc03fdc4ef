//! Places.

use std::fmt::Debug;

use client::{GeoPoint, GeoSearch, GeoUnit, GeoaddOptions};

use crate::kit;

const PALERMO: GeoPoint = GeoPoint::new(13.361389, 38.115556);
const CATANIA: GeoPoint = GeoPoint::new(15.087269, 37.502669);
const KM: GeoUnit = GeoUnit::Kilometres;

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

fn near(a: GeoPoint, b: GeoPoint) -> bool {
    (a.longitude - b.longitude).abs() < 0.000_01 && (a.latitude - b.latitude).abs() < 0.000_01
}

#[test]
fn members() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("g"));
        assert_eq!(client.geoadd(&key, [(&b"\xff"[..], PALERMO), (b"C", CATANIA)]).unwrap(), 2);
        assert_eq!(client.geoadd(&key, vec![("C", CATANIA)]).unwrap(), 0);
        let far = |unit| client.geodist(&key, b"\xff", "C", unit).unwrap().unwrap();
        assert!((far(KM) - 166.274).abs() < 0.01, "{}", far(KM));
        assert!((far(GeoUnit::Metres) / far(KM) - 1_000.0).abs() < 0.01);
        assert!((far(GeoUnit::Miles) / far(GeoUnit::Feet) - 1.0 / 5_280.0).abs() < 0.000_01);
        assert_eq!(client.geodist(&key, "C", "missing", KM).unwrap(), None);
        assert_eq!(client.geodist(on.key("missing"), "C", "D", KM).unwrap(), None);
        let hashes = client.geohash(&key, [&b"\xff"[..], b"x"]).unwrap();
        assert_eq!(hashes, [Some("sqc8b49rny0".to_owned()), None]);
        let places = client.geopos(&key, ["C", "x"]).unwrap();
        assert!(near(places[0].unwrap(), CATANIA) && places[1].is_none());
        assert_eq!(client.geopos(on.key("missing"), "x").unwrap(), [None]);
        assert_eq!(
            client.geoadd(&key, [("pole", GeoPoint::new(0.0, 90.0))]).unwrap_err().code(),
            Some("ERR")
        );

        if on.has("GEOADD with options", (6, 2), (7, 2)) {
            let both = [("C", PALERMO), ("D", PALERMO)];
            assert_eq!(client.geoadd_with(&key, both, GeoaddOptions::new().xx().ch()).unwrap(), 1);
            assert_eq!(client.geoadd_with(&key, both, GeoaddOptions::new().nx().ch()).unwrap(), 1);
            assert_eq!(client.geoadd_with(&key, both, GeoaddOptions::new()).unwrap(), 0);
        }
        let text = on.key("text");
        client.set(&text, "text").unwrap();
        wrong_type(client.geoadd(&text, [("C", CATANIA)]));
        wrong_type(client.geodist(&text, "a", "b", KM));
        wrong_type(client.geohash(&text, "a"));
        wrong_type(client.geopos(&text, "a"));
        wrong_type(client.geosearch::<String>(&text, GeoSearch::circle(CATANIA, 1, KM)));
        wrong_type(client.geosearchstore(on.key("to"), &text, GeoSearch::circle(CATANIA, 1, KM)));
    });
}

#[test]
fn searches() {
    kit::each(|on| {
        let (client, key, to) = (&on.client, on.key("g"), on.key("to"));
        client.geoadd(&key, [("P", PALERMO), ("C", CATANIA)]).unwrap();
        let here = GeoPoint::new(15.0, 37.0);
        let circle = GeoSearch::circle(here, 200, KM);
        assert_eq!(client.geosearch::<String>(&key, circle.asc()).unwrap(), ["C", "P"]);
        assert_eq!(client.geosearch::<String>(&key, circle.desc()).unwrap(), ["P", "C"]);
        assert_eq!(client.geosearch::<String>(&key, circle.asc().count(1)).unwrap(), ["C"]);
        assert_eq!(client.geosearch::<String>(&key, circle.count(1).any()).unwrap().len(), 1);
        assert_eq!(client.geosearch::<Vec<u8>>(&key, GeoSearch::circle("P", 1, KM)).unwrap(), [b"P"]);
        assert_eq!(client.geosearch::<String>(&key, GeoSearch::rectangle(here, 20, 400, KM)).unwrap(), ["C"]);
        assert!(client.geosearch::<String>(on.key("missing"), circle).unwrap().is_empty());
        assert_eq!(
            client.geosearch::<String>(&key, GeoSearch::circle("x", 1, KM)).unwrap_err().code(),
            Some("ERR")
        );

        let distances = client.geosearch_with_distances::<String>(&key, circle.asc()).unwrap();
        assert_eq!(distances, [("C".to_owned(), 56.4413), ("P".to_owned(), 190.4424)]);
        let all = client.geosearch_with_places::<String>(&key, circle.asc()).unwrap();
        assert_eq!((&*all[0].member, all[0].distance, all[0].hash), ("C", 56.4413, 3_479_447_370_796_909));
        assert!(near(all[0].point, CATANIA) && near(all[1].point, PALERMO));
        assert_eq!(client.zscore(&key, "C").unwrap(), Some(3_479_447_370_796_909.0));

        assert_eq!(client.geosearchstore(&to, &key, circle.count(1)).unwrap(), 1);
        assert!(near(client.geopos(&to, "C").unwrap()[0].unwrap(), CATANIA));
        assert_eq!(client.geosearchstore_distances(&to, &key, circle).unwrap(), 2);
        assert!((client.zscore(&to, "C").unwrap().unwrap() - 56.4413).abs() < 0.000_1);
        assert_eq!(client.geosearchstore(&to, on.key("missing"), circle).unwrap(), 0);
        assert_eq!(client.exists(&to).unwrap(), 0);
    });
}

#[test]
fn polygons() {
    kit::each(|on| {
        if !on.has("GEOSEARCH BYPOLYGON", None, (9, 0)) {
            return;
        }
        let (client, key, to) = (&on.client, on.key("g"), on.key("to"));
        client.geoadd(&key, [(&b"\xff"[..], PALERMO), (b"C", CATANIA)]).unwrap();
        let corners = [(14.0, 37.0), (16.0, 37.0), (16.0, 38.0), (14.0, 38.0)];
        let east = corners.map(|(longitude, latitude)| GeoPoint::new(longitude, latitude));
        let search = GeoSearch::polygon(&east);
        assert_eq!(client.geosearch::<String>(&key, search).unwrap(), ["C"]);
        let both = [(12.0, 36.0), (17.0, 36.0), (14.5, 42.0)];
        let both = both.map(|(longitude, latitude)| GeoPoint::new(longitude, latitude));
        assert_eq!(client.geosearch::<Vec<u8>>(&key, GeoSearch::polygon(&both)).unwrap().len(), 2);
        let any = GeoSearch::polygon(&both).count(1).any();
        assert_eq!(client.geosearch::<Vec<u8>>(&key, any).unwrap().len(), 1);
        assert!(client.geosearch::<String>(on.key("missing"), search).unwrap().is_empty());

        // In metres, from the middle: 15 and 37.5 degrees are 7.7 km from Catania.
        let distances = client.geosearch_with_distances::<String>(&key, search.asc()).unwrap();
        assert!((distances[0].1 - 7_700.0).abs() < 100.0, "{distances:?}");
        let found = client.geosearch_with_places::<String>(&key, search.desc()).unwrap();
        assert!(found.len() == 1 && near(found[0].point, CATANIA), "{found:?}");

        assert_eq!(client.geosearchstore(&to, &key, search).unwrap(), 1);
        assert!(near(client.geopos(&to, "C").unwrap()[0].unwrap(), CATANIA));
        assert_eq!(client.geosearchstore_distances(&to, &key, search).unwrap(), 1);
        assert!((client.zscore(&to, "C").unwrap().unwrap() - distances[0].1).abs() < 0.001);

        let beyond = [PALERMO, CATANIA, GeoPoint::new(15.0, 90.0)];
        let error = client.geosearch::<String>(&key, GeoSearch::polygon(&beyond)).unwrap_err();
        assert_eq!(error.code(), Some("ERR"));
        client.set(&to, "text").unwrap();
        wrong_type(client.geosearch::<String>(&to, search));
    });
}
