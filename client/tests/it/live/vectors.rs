//! Vector sets.

use std::fmt::Debug;

use client::{KeyType, LexBound, Quantization, VaddOptions, VectorSearch};

use crate::kit::{self, Subject};

const BINARY: &[u8] = b"\0\xff\r\n";

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

fn has_vectors(on: &Subject) -> bool {
    on.has("VADD", (8, 0), None)
}

/// Four elements, three of which are near to one another.
fn plane(on: &Subject) -> String {
    let (client, key) = (&on.client, on.key("v"));
    let json = VaddOptions::new().setattr(r#"{"year": 1927}"#);
    client.vadd_with(&key, &[1.0, 0.0], "east", json).unwrap();
    client.vadd(&key, &[0.0, 1.0], "north").unwrap();
    client.vadd(&key, &[1.0, 1.0], BINARY).unwrap();
    client.vadd(&key, &[-1.0, 0.0], "west").unwrap();
    key
}

#[test]
fn elements() {
    kit::each(|on| {
        if !has_vectors(on) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("v"), on.key("missing"));
        assert!(client.vadd(&key, &[3.0, 4.0], BINARY).unwrap());
        assert!(!client.vadd(&key, &[3.0, 4.0], BINARY).unwrap());
        assert_eq!(client.vadd(&key, &[3.0], "x").unwrap_err().code(), Some("ERR"));
        assert!(client.vadd(&key, &[f32::NAN, 1.0], "x").unwrap_err().is_usage());
        assert_eq!((client.vcard(&key).unwrap(), client.vdim(&key).unwrap()), (1, 2));
        assert_eq!(client.key_type(&key).unwrap(), KeyType::VectorSet);
        let vector = client.vemb(&key, BINARY).unwrap().unwrap();
        assert!((vector[0] - 3.0).abs() < 0.05 && (vector[1] - 4.0).abs() < 0.05, "{vector:?}");
        let raw = client.vemb_raw(&key, BINARY).unwrap().unwrap();
        assert_eq!((raw.quantization, raw.norm), (Quantization::Int8, 5.0));
        assert_eq!((raw.data, raw.range.map(|range| range as f32)), (vec![95, 127], Some(0.8)));

        assert_eq!(client.vgetattr::<String>(&key, BINARY).unwrap(), None);
        assert!(client.vsetattr(&key, BINARY, BINARY).unwrap());
        assert_eq!(client.vgetattr::<Vec<u8>>(&key, BINARY).unwrap().unwrap(), BINARY);
        assert!(client.vsetattr(&key, BINARY, "").unwrap());
        assert_eq!(client.vgetattr::<String>(&key, BINARY).unwrap(), None);
        assert!(!client.vsetattr(&key, "x", "{}").unwrap());
        assert!(client.vrem(&key, BINARY).unwrap());
        assert!(!client.vrem(&key, BINARY).unwrap());
        assert_eq!(client.exists(&key).unwrap(), 0);

        assert_eq!(client.vcard(&missing).unwrap(), 0);
        assert_eq!(client.vdim(&missing).unwrap_err().code(), Some("ERR"));
        assert_eq!(client.vemb(&missing, "a").unwrap(), None);
        assert_eq!(client.vemb_raw(&missing, "a").unwrap(), None);
        assert_eq!(client.vgetattr::<String>(&missing, "a").unwrap(), None);
        assert!(!client.vsetattr(&missing, "a", "{}").unwrap());
        assert!(!client.vrem(&missing, "a").unwrap());
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.vadd(on.key("s"), &[1.0], "a"));
        wrong_type(client.vcard(on.key("s")));
        wrong_type(client.vemb(on.key("s"), "a"));
        wrong_type(client.vgetattr::<String>(on.key("s"), "a"));
    });
}

#[test]
fn how_vectors_are_kept() {
    kit::each(|on| {
        if !has_vectors(on) {
            return;
        }
        let (client, whole, bits, less) = (&on.client, on.key("whole"), on.key("bits"), on.key("less"));
        let exact = VaddOptions::new().quantization(Quantization::F32).cas().ef(10).m(4);
        assert!(client.vadd_with(&whole, &[3.0, 4.0], "a", exact).unwrap());
        let raw = client.vemb_raw(&whole, "a").unwrap().unwrap();
        assert_eq!((raw.quantization, raw.norm, raw.range), (Quantization::F32, 5.0, None));
        assert_eq!(raw.data, [0.6_f32, 0.8].map(f32::to_le_bytes).concat());
        let other = exact.quantization(Quantization::Int8);
        assert_eq!(client.vadd_with(&whole, &[3.0, 4.0], "b", other).unwrap_err().code(), Some("ERR"));

        let binary = VaddOptions::new().quantization(Quantization::Binary);
        client.vadd_with(&bits, &[3.0, -4.0, 5.0], "a", binary).unwrap();
        let raw = client.vemb_raw(&bits, "a").unwrap().unwrap();
        assert_eq!((raw.quantization, raw.data), (Quantization::Binary, vec![0b101, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(client.vemb(&bits, "a").unwrap(), Some(vec![1.0, -1.0, 1.0]));

        client.vadd_with(&less, &[1.0, 2.0, 3.0], "a", exact.reduce(2)).unwrap();
        assert_eq!(client.vdim(&less).unwrap(), 2);
        let itself: Vec<(String, f64)> = client.vsim_with_scores(&less, &[1.0, 2.0, 3.0]).unwrap();
        assert!(itself[0].0 == "a" && itself[0].1 > 0.99, "{itself:?}");

        let info = client.vinfo(&less).unwrap().unwrap();
        assert_eq!((info.size, info.dimensions, info.quantization), (1, 2, Some(Quantization::F32)));
        assert_eq!((info.reduced_from, info.get::<u64>("hnsw-m")), (Some(3), Some(4)));
        assert_eq!(info.get::<u64>("none"), None);
        let info = client.vinfo(&bits).unwrap().unwrap();
        assert_eq!((info.quantization, info.reduced_from), (Some(Quantization::Binary), None));
        assert!(client.vinfo(on.key("missing")).unwrap().is_none());
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.vinfo(on.key("s")));
    });
}

#[test]
fn searches() {
    kit::each(|on| {
        if !has_vectors(on) {
            return;
        }
        let (client, key, missing) = (&on.client, plane(on), on.key("missing"));
        let found: Vec<Vec<u8>> = client.vsim(&key, &[0.9, 0.1]).unwrap();
        assert_eq!(found, [b"east", BINARY, b"north", b"west"]);
        let two: Vec<Vec<u8>> = client.vsim(&key, VectorSearch::element(BINARY).count(1)).unwrap();
        assert_eq!(two, [BINARY]);
        let scores: Vec<(Vec<u8>, f64)> = client.vsim_with_scores(&key, "east").unwrap();
        assert_eq!((&*scores[0].0, scores[0].1, scores[3].1), (&b"east"[..], 1.0, 0.0));
        let all =
            VectorSearch::vector(&[1.0, 0.0]).ef(100).filter(".year > 1900").filter_ef(10).truth().nothread();
        let found = client.vsim_with_attributes::<String, String>(&key, all).unwrap();
        assert_eq!((found.len(), &*found[0].element, found[0].score), (1, "east", 1.0));
        assert_eq!(found[0].attributes.as_deref(), Some(r#"{"year": 1927}"#));
        let found = client.vsim_with_attributes::<Vec<u8>, String>(&key, "east").unwrap();
        assert_eq!((found.len(), &*found[1].element, &found[1].attributes), (4, BINARY, &None));
        assert!(client.vsim::<String>(&missing, "east").unwrap().is_empty());
        assert!(client.vsim_with_attributes::<String, String>(&missing, &[1.0]).unwrap().is_empty());
        assert_eq!(client.vsim::<String>(&key, "nobody").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.vsim::<String>(&key, &[1.0]).unwrap_err().code(), Some("ERR"));
        let broken = VectorSearch::element("east").filter("(");
        assert_eq!(client.vsim::<String>(&key, broken).unwrap_err().code(), Some("ERR"));
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.vsim::<String>(on.key("s"), "a"));

        if on.has("VSIM … EPSILON", (8, 2), None) {
            let near = VectorSearch::element("east").epsilon(0.2);
            assert_eq!(client.vsim::<Vec<u8>>(&key, near).unwrap(), [b"east", BINARY]);
        }
    });
}

#[test]
fn neighbours_and_random_ones() {
    kit::each(|on| {
        if !has_vectors(on) {
            return;
        }
        let (client, key, missing) = (&on.client, plane(on), on.key("missing"));
        let layers: Vec<Vec<Vec<u8>>> = client.vlinks(&key, "east").unwrap().unwrap();
        assert_eq!(layers.last().unwrap().len(), 3);
        let scored: Vec<Vec<(Vec<u8>, f64)>> = client.vlinks_with_scores(&key, "east").unwrap().unwrap();
        assert_eq!(scored.len(), layers.len());
        let north = scored.last().unwrap().iter().find(|(element, _)| element == b"north").unwrap();
        assert!((north.1 - 0.5).abs() < 0.01);
        assert!(client.vlinks::<String>(&key, "nobody").unwrap().is_none());
        assert!(client.vlinks_with_scores::<String>(&missing, "a").unwrap().is_none());

        assert!(client.vrandmember::<Vec<u8>>(&key).unwrap().is_some());
        assert_eq!(client.vrandmember::<String>(&missing).unwrap(), None);
        let mut all: Vec<Vec<u8>> = client.vrandmember_count(&key, usize::MAX).unwrap();
        all.sort();
        assert_eq!(all, [BINARY, b"east", b"north", b"west"]);
        assert!(client.vrandmember_count::<String>(&key, 0).unwrap().is_empty());
        assert!(client.vrandmember_count::<String>(&missing, 5).unwrap().is_empty());
        assert_eq!(client.vrandmember_repeating::<Vec<u8>>(&key, 9).unwrap().len(), 9);
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.vlinks::<String>(on.key("s"), "a"));
        wrong_type(client.vrandmember::<String>(on.key("s")));
    });
}

#[test]
fn members_and_ranges() {
    kit::each(|on| {
        if !on.has("VRANGE", (8, 4), None) {
            return;
        }
        let (client, key, missing) = (&on.client, plane(on), on.key("missing"));
        assert!(client.vismember(&key, BINARY).unwrap());
        assert!(!client.vismember(&key, "nobody").unwrap());
        assert!(!client.vismember(&missing, BINARY).unwrap());
        let all: Vec<Vec<u8>> = client.vrange(&key, LexBound::Min, LexBound::Max).unwrap();
        assert_eq!(all, [BINARY, b"east", b"north", b"west"]);
        let some: Vec<String> = client.vrange(&key, "east", LexBound::exclusive("west")).unwrap();
        assert_eq!(some, ["east", "north"]);
        let first: Vec<Vec<u8>> = client.vrange_count(&key, BINARY, LexBound::Max, 1).unwrap();
        assert_eq!(first, [BINARY]);
        assert!(client.vrange_count::<String>(&key, "a", "b", 0).unwrap().is_empty());
        assert!(client.vrange::<String>(&missing, LexBound::Min, LexBound::Max).unwrap().is_empty());
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.vismember(on.key("s"), "a"));
        wrong_type(client.vrange::<String>(on.key("s"), LexBound::Min, LexBound::Max));
    });
}
