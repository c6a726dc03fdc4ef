//! A server's side: any bytes as commands, whole and in pieces; what comes out packs and reads back the same.
//!
//! Sizes of pieces stand in the input as in `cut`.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use resp::{Request, RequestError, RequestLimits, RequestParser};

fuzz_target!(|input: &[u8]| {
    let (sizes, bytes) = match input {
        [count @ ..32, rest @ ..] => rest.split_at(usize::from(*count).min(rest.len())),
        _ => (&[1][..], input),
    };
    let bytes = &*resp_fuzz::stream(bytes);
    let whole = feed(RequestLimits::default(), bytes, &[]);
    assert_eq!(feed(RequestLimits::default(), bytes, sizes), whole);
    if let [arguments, bulk, inline, request, ..] = *sizes {
        let limits = RequestLimits::default().arguments(arguments.into()).bulk(bulk.into());
        let limits = limits.inline(inline.into()).request(usize::from(request) * 4);
        assert_eq!(feed(limits, bytes, sizes), feed(limits, bytes, &[]));
    }
});

type Outcome = (Vec<Vec<Vec<u8>>>, Option<RequestError>);

/// Feeds the bytes in pieces of these sizes, again and again; whole if there are none.
fn feed(limits: RequestLimits, bytes: &[u8], sizes: &[u8]) -> Outcome {
    let (mut parser, mut buffer) = (RequestParser::new(limits), BytesMut::new());
    let mut commands = Vec::new();
    let mut sizes = sizes.iter().copied().map(usize::from).cycle();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(sizes.next().unwrap_or(rest.len()).clamp(1, rest.len()));
        buffer.extend_from_slice(piece);
        rest = after;
        loop {
            match parser.parse(&mut buffer) {
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(parser.parse(&mut buffer).unwrap_err(), error, "an error stays");
                    assert!(!error.reply().to_string().contains(['\r', '\n']));
                    return (commands, Some(error));
                }
                Ok(Some(command)) => {
                    let args: Vec<Vec<u8>> = command.args().map(<[u8]>::to_vec).collect();
                    assert_eq!((args.len(), command.name()), (command.len(), &args[0][..]));
                    assert_eq!(command.share_args().collect::<Vec<_>>(), args);
                    again(&args);
                    commands.push(args);
                }
            }
        }
        assert_eq!(parser.is_idle(), buffer.is_empty());
    }
    (commands, None)
}

/// A client that sends these arguments is understood.
fn again(args: &[Vec<u8>]) {
    let mut request = args.iter().fold(Request::new(""), |request, arg| request.arg(arg));
    let mut buffer = BytesMut::from(&request.wire().to_vec()[..]);
    let mut parser = RequestParser::new(RequestLimits::default().arguments(usize::MAX));
    let command = parser.parse(&mut buffer).unwrap().unwrap();
    assert!(buffer.is_empty() && command.args().eq(args.iter().map(|arg| &arg[..])));
}
