//! What a view lends: its kind, its parts, its attributes, its memory.

use bytes::Bytes;
use resp::{Kind, Reply, View};

fn reply(bytes: &'static [u8]) -> Reply {
    Reply::from_bytes(bytes).unwrap()
}

fn names<'a>(pairs: impl Iterator<Item = (View<'a>, View<'a>)>) -> Vec<(&'a str, &'a str)> {
    pairs.map(|(name, value)| (name.as_str().unwrap(), value.as_str().unwrap())).collect()
}

#[test]
fn attributes_stay_with_what_they_speak_of() {
    let reply = reply(
        b"|1\r\n+a\r\n+1\r\n|0\r\n|2\r\n+b\r\n+2\r\n+c\r\n+3\r\n*3\r\n:1\r\n|1\r\n+d\r\n+4\r\n%1\r\n+k\r\n|1\r\n+e\r\n+5\r\n+v\r\n:3\r\n",
    );
    let view = reply.view();
    assert_eq!(names(view.attributes()), [("a", "1"), ("b", "2"), ("c", "3")]);
    assert_eq!((view.kind(), view.len(), view.iter().len()), (Kind::Array, 3, 3));
    let [one, map, three] = [0, 1, 2].map(|index| view.get(index).unwrap());
    assert_eq!((one.attributes().count(), three.attributes().count()), (0, 0));
    assert_eq!((one.as_integer(), three.as_integer()), (Some(1), Some(3)));
    assert_eq!(names(map.attributes()), [("d", "4")]);
    assert_eq!(names(map.find("k").unwrap().attributes()), [("e", "5")]);
    assert!(view.get(3).is_none());
}

#[test]
fn an_element_taken_out_keeps_its_attributes_and_its_memory() {
    let whole = reply(b"*3\r\n|1\r\n+d\r\n+4\r\n%1\r\n+k\r\n|1\r\n+e\r\n+5\r\n+v\r\n|0\r\n+x\r\n$1\r\ny\r\n");
    let [map, x, y] = [0, 1, 2].map(|index| whole.view().get(index).unwrap().to_reply());
    assert_eq!(names(map.view().attributes()), [("d", "4")]);
    assert_eq!(names(map.view().find("k").unwrap().attributes()), [("e", "5")]);
    assert_eq!(
        (map.to_string(), x.to_string(), y.to_string()),
        ("1# k => v".into(), "x".into(), "\"y\"".into())
    );
    for part in [&map, &x, &y, &map.view().to_reply()] {
        assert_eq!(part.to_bytes().as_ptr(), whole.to_bytes().as_ptr());
    }
}

#[test]
fn an_integer_taken_out_is_a_reply_of_its_own() {
    let whole = reply(b"*2\r\n:-12\r\n+OK\r\n");
    for part in [whole.view().get(0).unwrap().to_reply(), reply(b":-12\r\n").view().to_reply()] {
        assert_eq!((part.to_string(), &part.to_bytes()[..]), ("(integer) -12".into(), &b":-12\r\n"[..]));
    }
    let ok = reply(b"+OK\r\n").view().to_reply();
    assert_eq!((ok.to_string(), &ok.to_bytes()[..]), ("OK".into(), &b"+OK\r\n"[..]));
}

#[test]
fn a_view_is_one_thing_only() {
    let cases: [(&[u8], Kind, &str); 9] = [
        (b"+s\r\n", Kind::SimpleString, "s"),
        (b"-e\r\n", Kind::SimpleError, "e"),
        (b"$1\r\nb\r\n", Kind::BulkString, "b"),
        (b",1.50\r\n", Kind::Double, "1.50"),
        (b"(12\r\n", Kind::BigNumber, "12"),
        (b"!1\r\nE\r\n", Kind::BulkError, "E"),
        (b"=5\r\nmkd:v\r\n", Kind::VerbatimString, "v"),
        (b"$?\r\n;0\r\n", Kind::StreamedString, ""),
        (b"$?\r\n;1\r\nc\r\n;0\r\n", Kind::StreamedString, "c"),
    ];
    for (bytes, kind, text) in cases {
        let reply = reply(bytes);
        let view = reply.view();
        assert_eq!((view.kind(), view.as_str(), view.is_null()), (kind, Some(text), false));
        assert_eq!(view.to_bytes().unwrap(), text.as_bytes());
        assert_eq!(view.share_bytes().unwrap(), text);
        assert_eq!((view.as_integer(), view.as_boolean()), (None, None));
        assert_eq!(view.as_double(), (kind == Kind::Double).then_some(1.5));
        assert_eq!(view.format(), (kind == Kind::VerbatimString).then_some("mkd"));
        assert_eq!(
            view.server_error().map(|error| error.to_string()),
            kind.is_error().then(|| text.to_owned())
        );
        assert_eq!((view.pairs().count(), view.has_pairs()), (0, false));
    }
    for bytes in [&b":1\r\n"[..], b"#t\r\n", b"_\r\n", b"*0\r\n", b"%0\r\n", b"~1\r\n+x\r\n"] {
        let reply = reply(bytes);
        assert_eq!((reply.view().as_bytes(), reply.view().format()), (None, None));
        assert!(reply.view().to_bytes().is_none() && reply.view().share_bytes().is_none());
    }
    assert!(reply(b"_\r\n").view().is_null());
    assert!(reply(b">1\r\n+x\r\n").is_push());
}

#[test]
fn chunks_are_elements_and_join() {
    let reply = reply(b"$?\r\n;2\r\nab\r\n;1\r\nc\r\n;0\r\n");
    let view = reply.view();
    assert_eq!((view.len(), view.as_bytes()), (2, None));
    assert_eq!(view.iter().map(|chunk| chunk.as_str().unwrap()).collect::<Vec<_>>(), ["ab", "c"]);
    assert_eq!(view.share_bytes().unwrap(), "abc");
}

#[test]
fn shared_bytes_lie_in_the_reply() {
    let source = Bytes::from_static(b"*2\r\n$5\r\nhello\r\n$0\r\n\r\n");
    let reply = Reply::from_bytes(source.clone()).unwrap();
    let shared = reply.view().get(0).unwrap().share_bytes().unwrap();
    assert_eq!((shared.as_ptr(), &shared[..]), (source[8..].as_ptr(), &b"hello"[..]));
    assert_eq!(reply.view().get(1).unwrap().share_bytes().unwrap(), "");
}
