//! What the peers do wrong, and we don't: one named test for each clause of the list at the end of the design.
//!
//! `live::` is in `client/tests/it/live/`, the others here unless a crate is named.
//!
//! | defect of a peer | test |
//! |---|---|
//! | a late reply is handed to the next caller | `live::defects::a_reply_that_comes_after_its_timeout_is_never_the_next_answer`, `faults::a_late_reply_is_never_the_next_answer`, `live::chaos` |
//! | … a surplus reply | `live::defects::a_reply_that_comes_twice_is_never_the_next_answer`, conn: `replies::a_reply_too_many_is_never_the_next_answer` and `replies::a_reply_too_many_behind_a_large_one_is_never_the_next_answer` |
//! | … or one shifted by a push in a pipeline | `live::defects::pushes_in_a_pipeline_shift_no_reply` |
//! | a timeout is multiplied by the length of a pipeline | `live::defects::a_pipeline_of_100_whose_server_stalls_ends_at_its_one_deadline`, `live::defects::a_pipeline_whose_replies_trickle_ends_at_its_one_deadline`, conn: `silence::one_deadline_covers_all_replies_of_a_flight` |
//! | "Resource temporarily unavailable (os error 11)" is the text of a timeout | [`no_timeout_shows_an_error_of_the_operating_system`] |
//! | INCR is sent twice after a lost reply | `live::defects::an_incr_whose_reply_is_lost_runs_once_and_is_unknown`, `live::chaos` |
//! | a wrong password is sent eleven times | `live::defects::a_wrong_password_is_sent_once`, `retries::a_wrong_password_is_sent_once` |
//! | BLPOP is sent again because the socket timeout was shorter | `live::defects::a_blpop_that_waits_longer_than_the_timeout_is_sent_once` |
//! | WATCH is left behind on a pooled connection | `live::defects::a_watch_never_goes_back_to_the_pool`, `live::transactions::whichever_way_out_nothing_stays_watched` |
//! | a panic, or an index of 2⁶⁴−1, when MULTI itself fails | [`when_multi_fails_the_error_is_its_own`], `live::transactions::a_server_without_multi_is_an_error_and_no_answer` |
//! | a PING for every checkout | `live::defects::a_checkout_sends_nothing_of_its_own`, `live::costs::a_get_is_one_send_and_one_receive` |
//! | four to six round trips before the first command | `live::defects::one_round_trip_comes_before_the_first_command`, conn: `handshake::everything_first_goes_in_one_flight` |
//! | trust roots are loaded for every connect | `live::defects_tls::the_trust_roots_are_loaded_once_and_not_for_each_connection` |
//! | a 20 KB nested reply overflows the stack | [`a_nested_reply_of_20_kilobytes_is_an_error_on_a_small_stack`], resp: `deep::values_of_every_allowed_depth_fit_on_a_small_stack` |
//! | a reply costs the square of its pieces | [`a_reply_in_pieces_costs_what_its_length_costs`], bar `split` of `cargo xtask bench resp` |
//! | nobody checks a CRLF | `live::defects::a_broken_line_end_is_an_error_and_the_end_of_the_connection`, resp: `malformed::payloads_end_with_crlf` |
//! | a child hangs because another thread held the pool's lock at the fork | `live::fork::children_work_while_the_parents_threads_hold_whatever_they_hold`, pool: `fork::two_hundred_children_of_a_busy_parent` |
//! | `decode_responses=False` means on, `/1/2` means 12, an unknown option fails only at connect | [`traps_in_a_url_are_errors_when_it_is_parsed`] |
//! | a call does not end by its deadline when the pool is exhausted, the resolver slow, the server or the TLS peer silent | [`a_call_on_an_exhausted_pool_ends_at_its_deadline`], [`a_call_whose_resolver_is_slow_ends_at_its_deadline`], `faults::a_server_that_accepts_and_never_speaks`, `live::defects_tls::a_call_whose_tls_peer_is_silent_ends_at_its_deadline` |
//! | `get_message(timeout=None)` before any subscription fails when another thread subscribes | `live::subscriber::others_subscribe_while_one_reads` |
//! | … no PING is sent while a read blocks, so that a peer that vanished is never noticed | `live::subscriber_faults::a_server_that_vanishes_is_noticed_in_time` |
//! | … messages that were missed in a reconnect are not told of | `live::subscriber_faults::messages_come_once_in_order_and_each_gap_is_told` |
//! | … there is no limit for a slow reader | `live::subscriber::a_slow_reader_who_drops_is_told_how_many_were_lost`, `a_slow_reader_may_fail`, `a_slow_reader_who_blocks_loses_nothing` |
//! | … an exception in a handler ends the thread of `run_in_thread` | `live::subscriber::a_thread_reads_for_handlers_until_it_is_stopped` |
//! | … a subscription that follows an unsubscription loses its handler or is lost itself (races #764, #1150) | `live::subscriber_faults::ten_threads_subscribe_and_unsubscribe_while_one_reads`, `live::subscriber::handlers_take_messages_and_the_reader_the_rest` |
//! | … commands cannot be mixed with subscriptions although RESP3 can | `live::subscriber::commands_run_beside_subscriptions_in_resp3` |
//! | … a blocked read cannot be stopped (redis-rs) | `live::subscriber::it_is_closed_from_another_thread`, `live::subscriber::a_canceller_ends_it` |
//! | … a wait that times out loses what had begun to come (redis-rs) | conn: `listening::time_that_runs_out_loses_nothing_of_what_has_begun` |
//! | MONITOR's escapes other than `\"` stay as they are, and a path with a colon is taken apart | client: `monitor::line::tests`, `live::monitor` |
//! | a slow handler of pushes holds up replies | `live::pushes::a_slow_handler_holds_up_no_reply_and_what_it_misses_is_counted` |

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use client::{Client, Commands, Config, Error, Outcome, Request};

use crate::scripted::{Peer, Scripted};

const LIMIT: Duration = Duration::from_millis(200);

fn client(script: impl Fn(Peer) + Send + Clone + 'static) -> Client {
    let config: Config = Scripted::start(script).url().parse().unwrap();
    Client::new(&config.timeout(LIMIT)).unwrap()
}

/// The call ends with a timeout at its limit, 50 ms more or less.
#[track_caller]
fn times_out<T: std::fmt::Debug>(call: impl FnOnce() -> Result<T, Error>) -> Error {
    let begin = Instant::now();
    let error = call().unwrap_err();
    let took = begin.elapsed();
    assert!(error.is_timeout(), "{error}");
    assert!(took + Duration::from_millis(50) > LIMIT && took < LIMIT + Duration::from_millis(50), "{took:?}");
    error
}

#[test]
fn no_timeout_shows_an_error_of_the_operating_system() {
    let silent = client(Peer::stay_silent);
    let greets = client(|mut peer| {
        peer.greet();
        peer.stay_silent();
    });
    let never_reads = client(|mut peer| {
        peer.greet();
        peer.wait(60_000);
    });
    let large = vec![b'x'; 64 << 20];
    let errors = [
        times_out(|| silent.ping()),
        times_out(|| greets.ping()),
        times_out(|| greets.pipeline(|p| (p.ping(), p.ping()))),
        times_out(|| never_reads.set("k", &large)),
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.contains("timed out"), "{text}");
        assert!(!text.contains("os error") && !text.contains("Resource"), "{text}");
    }
}

#[test]
fn a_call_on_an_exhausted_pool_ends_at_its_deadline() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.stay_silent();
    });
    let config: Config = server.url().parse().unwrap();
    let client = Client::new(&config.timeout(LIMIT).max_connections(1)).unwrap();
    let held = client.dedicated().unwrap();
    assert!(times_out(|| client.ping()).is_pool_exhausted());
    assert!(times_out(|| client.pipeline(Commands::ping)).is_pool_exhausted());
    // What is left of the time after the pool was waited for is all that the server has.
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(LIMIT / 2);
            drop(held);
        });
        assert!(!times_out(|| client.ping()).is_pool_exhausted());
    });
}

#[test]
fn a_call_whose_resolver_is_slow_ends_at_its_deadline() {
    let config: Config = "redis://slow.example:6379".parse().unwrap();
    let config = config.timeout(LIMIT).resolver(|_, _| {
        thread::sleep(Duration::from_secs(5));
        Err(io::ErrorKind::NotFound.into())
    });
    let client = Client::new(&config).unwrap();
    let error = times_out(|| client.ping());
    assert_eq!(error.to_string(), "PING: timed out looking up the host of slow.example:6379");
    assert_eq!(error.outcome(), Outcome::NotSent);
    times_out(|| client.pipeline(|p| (p.ping(), p.ping())));
}

#[test]
fn when_multi_fails_the_error_is_its_own() {
    let client = client(|mut peer| {
        peer.greet();
        while peer.request().is_some() {
            peer.say("-LOADING Redis is loading the dataset in memory\r\n");
        }
    });
    let client = client.retry(client::Retry::NEVER);
    let run = |p: &client::Pipeline| {
        (
            p.run::<()>(Request::new("MULTI")),
            p.run::<String>(Request::new("INCR").key("k")),
            p.run::<Vec<i64>>(Request::new("EXEC")),
        )
    };
    let error = client.pipeline(run).unwrap_err();
    assert_eq!(error.to_string(), "MULTI: LOADING Redis is loading the dataset in memory");
}

#[test]
fn a_nested_reply_of_20_kilobytes_is_an_error_on_a_small_stack() {
    let work = || {
        let client = client(|mut peer| {
            peer.greet();
            while peer.request().is_some() {
                peer.say("*1\r\n".repeat(5_000));
            }
        });
        let error = client.get::<String>("k").unwrap_err();
        assert!(
            error.to_string().contains("broke the protocol: more than 128 aggregates inside one another"),
            "{error}"
        );
    };
    thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap().join().unwrap();
}

/// In pieces it must cost about what it costs in one: it comes in 1,200 of them, whose square would be 600 times that.
#[test]
fn a_reply_in_pieces_costs_what_its_length_costs() {
    const ELEMENTS: usize = 160_000;
    /// A piece is what a network brings at once.
    const PIECE: usize = 1_448;
    let reply = format!("*{ELEMENTS}\r\n{}", "$5\r\nhello\r\n".repeat(ELEMENTS));
    let time = |piece: usize| {
        let (mut parser, mut buffer) = (resp::Parser::default(), BytesMut::with_capacity(reply.len()));
        let begin = Instant::now();
        let mut replies = 0;
        for piece in reply.as_bytes().chunks(piece) {
            buffer.extend_from_slice(piece);
            replies += usize::from(parser.parse(&mut buffer).unwrap().is_some());
        }
        assert_eq!(replies, 1);
        begin.elapsed()
    };
    // Others may be busy on the same processors: the quickest of some counts.
    let quickest = |piece| (0..5).map(|_| time(piece)).min().unwrap();
    let (whole, pieces) = (quickest(reply.len()), quickest(PIECE));
    assert!(pieces < whole * 5, "{whole:?} in one, {pieces:?} in pieces");
}

#[test]
fn traps_in_a_url_are_errors_when_it_is_parsed() {
    for (url, text) in [
        (
            "redis://h?decode_responses=False",
            "unknown option \"decode_responses\" in the URL: each call says ",
        ),
        ("redis://h/1/2", "the db in the URL is \"1/2\", which is not a number"),
        ("redis://h?no_such_option=1", "unknown option \"no_such_option\" in the URL; known are "),
        ("redis://h?retry_on_error=abc", "unknown option \"retry_on_error\" in the URL: write attempts"),
    ] {
        let error = url.parse::<Config>().unwrap_err();
        assert!(error.to_string().starts_with(text), "{url}: {error}");
        assert!(error.is_usage() && !error.to_string().contains('\n'));
        assert_eq!(Client::open(url).unwrap_err().to_string(), error.to_string());
    }
}
