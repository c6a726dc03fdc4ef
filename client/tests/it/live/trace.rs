//! The spans of the feature `tracing`: their names and fields, and no value of anybody's.

use std::fmt;
use std::sync::{Arc, Mutex};

use client::Client;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::kit::newest;

/// Writes down what is entered, with all fields.
#[derive(Clone, Default)]
struct Book(Arc<Mutex<String>>);

impl Visit for Book {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        *self.0.lock().unwrap() += &format!(" {field}={value:?}");
    }
}

impl Subscriber for Book {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("client")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        *self.0.lock().unwrap() += &format!("\n{}", span.metadata().name());
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        *self.0.lock().unwrap() += "\n...";
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a_call_a_checkout_and_a_connect_have_spans_without_values() {
    let server = newest();
    let client = Client::open(&server.url()).unwrap();
    let book = Book::default();
    tracing::subscriber::with_default(book.clone(), || {
        client.set("trace:key", "a secret").unwrap();
        client.incr("trace:key").unwrap_err();
    });
    let told = book.0.lock().unwrap().clone();
    let lines = [
        "",
        "call command=\"SET\"",
        "checkout",
        &format!("connect address=127.0.0.1:{}", server.port),
        "call command=\"INCR\"",
        "checkout",
        "... attempts=1",
        "... outcome=Answered",
        "... code=\"ERR\"",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), lines);
}
