//! Requests as a server reads them: arrays and inline commands, however they are cut.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;
use resp::{LARGE_ARGUMENT, Request, RequestError, RequestErrorKind as Kind, RequestLimits, RequestParser};

type Outcome = (Vec<Vec<Vec<u8>>>, Option<RequestError>);

/// Feeds `bytes` in pieces of the given sizes, the rest as one.
///
/// Checks on the way that `needed` never asks for more than the command that is half read still lacks.
fn feed(limits: RequestLimits, bytes: &[u8], sizes: impl IntoIterator<Item = usize>) -> Outcome {
    let mut parser = RequestParser::new(limits);
    let mut buffer = BytesMut::new();
    let (mut commands, mut asked) = (Vec::new(), Vec::new());
    let (mut rest, mut sizes) = (bytes, sizes.into_iter());
    while !rest.is_empty() {
        let size = sizes.next().unwrap_or(rest.len()).clamp(1, rest.len());
        let (piece, after) = rest.split_at(size);
        buffer.extend_from_slice(piece);
        rest = after;
        loop {
            match parser.parse(&mut buffer) {
                Ok(Some(command)) => {
                    assert_eq!((parser.needed(), parser.is_idle()), (0, true));
                    let taken = bytes.len() - rest.len() - buffer.len();
                    asked.drain(..).for_each(|end| assert!(end <= taken, "{end} of {taken} in {bytes:?}"));
                    assert_eq!(command.args().len(), command.len());
                    let args: Vec<_> = command.args().map(<[u8]>::to_vec).collect();
                    assert_eq!(args.len(), command.len());
                    assert_eq!(command.share_args().collect::<Vec<_>>(), args);
                    let again = feed_packed(command.as_bytes());
                    assert_eq!(again, args, "{bytes:?}");
                    commands.push(args);
                }
                Ok(None) => {
                    assert_eq!(parser.is_idle(), buffer.is_empty());
                    assert_eq!(parser.needed() == 0, buffer.is_empty());
                    if parser.needed() > 1 {
                        asked.push(bytes.len() - rest.len() + parser.needed());
                    }
                    break;
                }
                Err(error) => {
                    assert!(!parser.is_idle());
                    assert_eq!(parser.parse(&mut buffer).unwrap_err(), error, "an error stays");
                    return (commands, Some(error));
                }
            }
        }
    }
    (commands, None)
}

/// The packed form is what a server takes, too.
fn feed_packed(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut buffer = BytesMut::from(bytes);
    let limits = RequestLimits::default().arguments(usize::MAX);
    let command = RequestParser::new(limits).parse(&mut buffer).unwrap().unwrap();
    assert!(buffer.is_empty() && command.as_bytes() == bytes);
    command.args().map(<[u8]>::to_vec).collect()
}

/// Whole, cut in two everywhere and byte by byte; all must be the same, which is returned.
fn feed_all_ways(limits: RequestLimits, bytes: &[u8]) -> Outcome {
    let whole = feed(limits, bytes, []);
    for cut in 1..bytes.len() {
        assert_eq!(feed(limits, bytes, [cut]), whole, "cut at {cut}: {}", bytes.escape_ascii());
    }
    assert_eq!(feed(limits, bytes, std::iter::repeat(1)), whole, "byte by byte: {}", bytes.escape_ascii());
    whole
}

/// Checks the commands in the bytes, each a list of arguments.
fn is(bytes: impl AsRef<[u8]>, commands: &[&[&[u8]]]) {
    let bytes = bytes.as_ref();
    let expected: Vec<Vec<Vec<u8>>> =
        commands.iter().map(|args| args.iter().map(|arg| arg.to_vec()).collect()).collect();
    assert_eq!(feed_all_ways(RequestLimits::default(), bytes), (expected, None), "{}", bytes.escape_ascii());
}

fn fails_with(limits: RequestLimits, bytes: impl AsRef<[u8]>, kind: Kind, offset: usize) {
    let bytes = bytes.as_ref();
    let (commands, error) = feed_all_ways(limits, bytes);
    let found = (commands.len(), error.map(|error| (error.kind(), error.offset())));
    assert_eq!(found, (0, Some((kind, offset))), "{}", bytes.escape_ascii());
}

fn fails(bytes: impl AsRef<[u8]>, kind: Kind, offset: usize) {
    fails_with(RequestLimits::default(), bytes, kind, offset);
}

/// Checks that the bytes are neither a command nor wrong yet.
fn waits(bytes: &[u8]) {
    is(bytes, &[]);
}

#[test]
fn arrays_of_bulks() {
    is("*1\r\n$4\r\nPING\r\n", &[&[b"PING"]]);
    is("*2\r\n$3\r\nGET\r\n$0\r\n\r\n", &[&[b"GET", b""]]);
    is(b"*2\r\n$3\r\n\0\xff\n\r\n$2\r\n\r\n\r\n", &[&[b"\0\xff\n", b"\r\n"]]);
    is("*1\r\n$7\r\n$1\r\na\r\n\r\n", &[&[b"$1\r\na\r\n"]]);
    is("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nQUIT\r\n", &[&[b"PING"], &[b"QUIT"]]);
    is("*1\r\n$10\r\n0123456789\r\n", &[&[b"0123456789"]]);
    // An empty name is one, to the parser.
    is("*1\r\n$0\r\n\r\n", &[&[b""]]);
    for half in ["*", "*1", "*1\r", "*1\r\n", "*1\r\n$", "*1\r\n$1\r", "*1\r\n$1\r\n", "*1\r\n$1\r\na\r"] {
        waits(half.as_bytes());
    }
}

#[test]
fn what_says_nothing_is_skipped() {
    is("\r\n\r\n\n*0\r\n*-1\r\n*-5\r\n \t\r\n*1\r\n$1\r\na\r\n\r\n", &[&[b"a"]]);
    is("\r\n", &[]);
    is("*0\r\n", &[]);
}

#[test]
fn what_is_no_array_of_bulks() {
    fails("*x\r\n", Kind::Count, 1);
    fails("*\r\n", Kind::Count, 1);
    fails("*01\r\n", Kind::Count, 1);
    fails("*+1\r\n", Kind::Count, 1);
    fails("*-0\r\n", Kind::Count, 2);
    fails("*1 \r\n", Kind::Count, 2);
    fails("*1\n", Kind::Count, 2);
    fails("*1\rx", Kind::Count, 3);
    fails("*?\r\n", Kind::Count, 1);
    fails("*9223372036854775808\r\n", Kind::Count, 1);
    for other in b"+-:*%~|>_#,(!=\r\n x\0\xff" {
        fails([b"*1\r\n", &[*other][..]].concat(), Kind::NoBulk(*other), 4);
        fails([b"*2\r\n$1\r\na\r\n", &[*other][..]].concat(), Kind::NoBulk(*other), 11);
    }
    fails("*1\r\n$-1\r\n", Kind::BulkLength, 4);
    fails("*1\r\n$x\r\n", Kind::BulkLength, 5);
    fails("*1\r\n$?\r\n", Kind::BulkLength, 5);
    fails("*1\r\n$01\r\n", Kind::BulkLength, 5);
    fails("*1\r\n$+1\r\n", Kind::BulkLength, 5);
    fails("*1\r\n$1\nab", Kind::BulkLength, 6);
    fails("*1\r\n$1\r\nabc", Kind::Crlf, 9);
    fails("*1\r\n$1\r\na\n\n", Kind::Crlf, 9);
    fails("*1\r\n$0\r\n$1\r\n", Kind::Crlf, 8);
}

#[test]
fn inline_commands() {
    is("PING\r\n", &[&[b"PING"]]);
    is("PING\n", &[&[b"PING"]]);
    is("  set\tk   v \r\n", &[&[b"set", b"k", b"v"]]);
    is("GET k\r\nGET l\n*1\r\n$1\r\na\r\nQUIT\r\n", &[&[b"GET", b"k"], &[b"GET", b"l"], &[b"a"], &[b"QUIT"]]);
    is("+OK\r\n", &[&[b"+OK"]]);
    is("$1\r\n", &[&[b"$1"]]);
    is(" *1\r\n", &[&[b"*1"]]);
    is("GET / HTTP/1.1\r\n", &[&[b"GET", b"/", b"HTTP/1.1"]]);
    is(b"\xff\x01 \xc3\xa9\r\n", &[&[b"\xff\x01", b"\xc3\xa9"]]);
    waits(b"PING");
    waits(b"PING\r");
    // One CR is dropped at the end; another one is a blank, and so is one in between.
    is("a\r\r\n", &[&[b"a"]]);
    is("a\rb\n", &[&[b"a", b"b"]]);
    // Before an argument these are blanks, inside it they are not.
    is("\x0b\x0ca\x0bb \x0cc\n", &[&[b"a\x0bb", b"c"]]);
    fails("a b\0c d\n", Kind::Zero, 3);
    fails("\"\0\r\n", Kind::Zero, 1);
}

#[test]
fn inline_quotes() {
    is(r#"SET "a b" 'c d'"#.to_owned() + "\n", &[&[b"SET", b"a b", b"c d"]]);
    is("\"\" ''\n", &[&[b"", b""]]);
    is(r#""\n\r\t\b\a\\\"\q\'""#.to_owned() + "\n", &[&[b"\n\r\t\x08\x07\\\"q'"]]);
    is(r#""\x00\xfF\x4a""#.to_owned() + "\n", &[&[b"\0\xffJ"]]);
    // Not two hexadecimal digits: an escaped x.
    is(r#""\x0g\xg0\x1""#.to_owned() + "\n", &[&[b"x0gxg0x1"]]);
    is(r"'a\'b\n\x41\\ '".to_owned() + "\n", &[&[br"a'b\n\x41\\ "]]);
    is(r#"'"' "'""#.to_owned() + "\n", &[&[b"\"", b"'"]]);
    // A backslash outside of quotes is one.
    is("a\\n \\\n", &[&[b"a\\n", b"\\"]]);
    // A quote may begin inside a word.
    is(r#"foo"bar baz" k'v'"#.to_owned() + "\n", &[&[b"foobar baz", b"kv"]]);
    // Blanks of any kind may follow the closing one.
    is("\"a\"\t'b'\x0b\"c\"\r\n", &[&[b"a", b"b", b"c"]]);
}

#[test]
fn unbalanced_quotes() {
    fails("\"\n", Kind::Quotes, 0);
    fails("'\n", Kind::Quotes, 0);
    fails("set \"a\r\n", Kind::Quotes, 4);
    fails("set k 'a\r\n", Kind::Quotes, 6);
    fails("\"a\"b\n", Kind::Quotes, 0);
    fails("'a'b\n", Kind::Quotes, 0);
    fails("x 'a'\"b\"\n", Kind::Quotes, 2);
    fails("foo\"bar\n", Kind::Quotes, 3);
    fails("\"a\\\"\n", Kind::Quotes, 0);
    fails("\"\\\n", Kind::Quotes, 0);
    fails("'a\\'\n", Kind::Quotes, 0);
    fails("'a\\\\'\n", Kind::Quotes, 0); // no backslash before a single quote is spared
}

#[test]
fn limits() {
    let limits = RequestLimits::default().arguments(2).bulk(3).inline(8).request(24);
    let fits = |bytes: &str| {
        let (commands, error) = feed_all_ways(limits, bytes.as_bytes());
        assert_eq!((commands.len(), error), (1, None), "{bytes:?}");
    };
    fits("*2\r\n$3\r\nabc\r\n$3\r\nabc\r\n");
    fails_with(limits, "*3\r\n", Kind::TooManyArguments { limit: 2 }, 0);
    fails_with(limits, "*9223372036854775807\r\n", Kind::TooManyArguments { limit: 2 }, 0);
    fails_with(limits, "*2\r\n$1\r\na\r\n$4\r\n", Kind::BulkTooLong { limit: 3 }, 11);
    fails_with(limits.request(20), "*2\r\n$3\r\nabc\r\n$3\r\n", Kind::RequestTooLong { limit: 20 }, 13);
    fits("abc def\r\n");
    fits("abc  def\n");
    fits("abc  def\r\n");
    fails_with(limits, "abc   def\n", Kind::InlineTooLong { limit: 8 }, 0);
    fails_with(limits, "abc   def\r\n", Kind::InlineTooLong { limit: 8 }, 0);
    fails_with(limits, "          and no end", Kind::InlineTooLong { limit: 8 }, 0);
    fails_with(limits, "a b c\n", Kind::TooManyArguments { limit: 2 }, 4);
    fails_with(limits, "a bcde\n", Kind::BulkTooLong { limit: 3 }, 2);
    fails_with(limits.request(4), "abcde\n", Kind::InlineTooLong { limit: 4 }, 0);
    let default = RequestLimits::default();
    fails_with(default, "*1048577\r\n", Kind::TooManyArguments { limit: 1 << 20 }, 0);
    fails_with(default, "*1\r\n$536870913\r\n", Kind::BulkTooLong { limit: 512 << 20 }, 4);
    let stranger = RequestLimits::unauthenticated();
    fails_with(stranger, "*11\r\n", Kind::TooManyArguments { limit: 10 }, 0);
    fails_with(stranger, "*1\r\n$16385\r\n", Kind::BulkTooLong { limit: 16_384 }, 4);
}

#[test]
fn long_inline_commands() {
    let most = [b"a".repeat(64 << 10), b"\r\n".to_vec()].concat();
    for sizes in [vec![], vec![1; 100], vec![64 << 10], vec![(64 << 10) + 1]] {
        assert_eq!(feed(RequestLimits::default(), &most, sizes.clone()).0.len(), 1);
        let more = [b"a", &most[..]].concat();
        let (_, error) = feed(RequestLimits::default(), &more, sizes);
        assert_eq!(error.map(|error| error.kind()), Some(Kind::InlineTooLong { limit: 64 << 10 }));
    }
}

#[test]
fn other_limits_after_a_password() {
    let mut parser = RequestParser::new(RequestLimits::unauthenticated().arguments(2));
    let mut buffer = BytesMut::from(&b"AUTH pw\r\n*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n"[..]);
    assert!(parser.parse(&mut buffer).unwrap().unwrap().is("auth"));
    parser.set_limits(RequestLimits::default());
    assert_eq!(parser.parse(&mut buffer).unwrap().unwrap().len(), 3);
}

#[test]
fn a_parser_can_begin_again() {
    let mut parser = RequestParser::default();
    let mut buffer = BytesMut::from(&b"*x"[..]);
    assert!(parser.parse(&mut buffer).is_err() && parser.parse(&mut BytesMut::new()).is_err());
    parser.reset();
    let mut buffer = BytesMut::from(&b"*2\r\n$1\r\na\r\n$5\r\nhe"[..]);
    assert!(parser.parse(&mut buffer).unwrap().is_none());
    assert_eq!(parser.needed(), 5);
    parser.reset();
    assert!(parser.is_idle() && parser.needed() == 0);
    assert!(parser.parse(&mut BytesMut::from(&b"PING\r\n"[..])).unwrap().is_some());
}

#[test]
fn arguments_lie_in_what_came() {
    let mut buffer = BytesMut::from(&b"*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"[..]);
    let memory = buffer.as_ptr_range();
    let command = RequestParser::default().parse(&mut buffer).unwrap().unwrap();
    assert!(command.args().all(|arg| memory.contains(&arg.as_ptr())));
    assert!(command.share_args().all(|arg| memory.contains(&arg.as_ptr())));
    assert_eq!((command.arg(1), command.arg(2)), (Some(&b"key"[..]), None));
    assert_eq!(format!("{command:?}"), "Command { name: \"GET\", arguments: 2, .. }");
}

#[test]
fn errors_in_the_words_of_redis() {
    let error = |bytes| feed(RequestLimits::default(), bytes, []).1.unwrap();
    assert_eq!(error(b"*x").reply().to_string(), "ERR Protocol error: invalid multibulk length");
    assert_eq!(error(b"*1\r\n$x").reply().to_string(), "ERR Protocol error: invalid bulk length");
    assert_eq!(error(b"'\n").reply().to_string(), "ERR Protocol error: unbalanced quotes in request");
    assert_eq!(error(b"*1\r\n\n").reply().to_string(), "ERR Protocol error: expected '$', got '\\n'");
    assert_eq!(error(b"*1\r\n$1\r\nabc").to_string(), "missing CRLF at byte 9 of the request");
}

/// As one types it, with more quotes than needed.
fn quote(arg: &[u8]) -> String {
    format!("\"{}\"", arg.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>())
}

/// As redis-cli prints it, which can be typed in again.
fn single(arg: &str) -> String {
    format!("'{}'", arg.replace('\'', "\\'"))
}

proptest! {
    #[test]
    fn what_a_client_packs_a_server_reads(
        name in "[A-Z]{1,9}( [A-Z]{1,9})?",
        args in vec(vec(any::<u8>(), 0..40), 0..8),
        large in 0_usize..2,
        sizes in vec(1_usize..30, 0..90),
    ) {
        let value = vec![b'x'; LARGE_ARGUMENT + large];
        let mut request = Request::new(&name).args(&value);
        for arg in &args {
            request = request.arg(arg);
        }
        let wire = request.wire().to_vec();
        let expected: Vec<Vec<u8>> = request.args_iter().map(<[u8]>::to_vec).collect();
        prop_assert_eq!(feed(RequestLimits::default(), &wire, sizes), (vec![expected], None));
    }

    #[test]
    fn quoted_arguments_survive(args in vec(vec(any::<u8>(), 0..20), 1..6), sizes in vec(1_usize..9, 0..30)) {
        let line = args.iter().map(|arg| quote(arg)).collect::<Vec<_>>().join(" ") + "\r\n";
        prop_assert_eq!(feed(RequestLimits::default(), line.as_bytes(), sizes), (vec![args], None));
    }

    #[test]
    fn single_quotes_keep_all_but_themselves(args in vec("[^\\\\\0\n]{0,9}", 1..6)) {
        let line = args.iter().map(|arg| single(arg)).collect::<Vec<_>>().join(" ") + "\n";
        let expected = args.iter().map(|arg| arg.as_bytes().to_vec()).collect();
        prop_assert_eq!(feed(RequestLimits::default(), line.as_bytes(), []), (vec![expected], None));
    }

    #[test]
    fn garbage_never_hurts(
        words in vec(prop_oneof![
            4 => "[*$][-?0-9]{0,2}\r\n".prop_map(String::into_bytes),
            2 => "[a-c\"'\\\\x \t]{0,6}\r?\n".prop_map(String::into_bytes),
            1 => vec(any::<u8>(), 1..6),
        ], 0..12),
        sizes in vec(1_usize..9, 0..60),
    ) {
        let bytes = words.concat();
        for limits in [RequestLimits::default(), RequestLimits::default().arguments(3).bulk(4).inline(9).request(30)] {
            let whole = feed(limits, &bytes, []);
            prop_assert_eq!(&feed(limits, &bytes, sizes.clone()), &whole);
            prop_assert_eq!(&feed(limits, &bytes, std::iter::repeat(1)), &whole);
        }
    }
}
