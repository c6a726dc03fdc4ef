//! Spans for `tracing`: a call, the checkout of a connection, the opening of one. Without the feature there is nothing.
//!
//! They tell a command's name, an outcome, a server's code; never a key, a value, or the server's words, which may quote
//! them.

#[cfg(feature = "tracing")]
use tracing::{debug_span, field::Empty};

use crate::{Address, Error};

/// A span that was entered, until it is dropped.
#[derive(Debug)]
pub(super) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::span::EnteredSpan,
}

#[cfg(feature = "tracing")]
impl Span {
    pub(super) fn call(command: &str) -> Self {
        let span = debug_span!("call", command, attempts = Empty, outcome = Empty, code = Empty);
        Self { span: span.entered() }
    }

    pub(super) fn checkout() -> Self {
        Self { span: debug_span!("checkout").entered() }
    }

    pub(super) fn connect(address: &Address) -> Self {
        Self { span: debug_span!("connect", %address).entered() }
    }

    pub(super) fn failed(&self, error: &Error) {
        self.span.record("attempts", error.attempts());
        self.span.record("outcome", tracing::field::debug(error.outcome()));
        if let Some(code) = error.code() {
            self.span.record("code", code);
        }
    }
}

#[cfg(not(feature = "tracing"))]
impl Span {
    pub(super) fn call(_command: &str) -> Self {
        Self {}
    }

    pub(super) fn checkout() -> Self {
        Self {}
    }

    pub(super) fn connect(_address: &Address) -> Self {
        Self {}
    }

    pub(super) fn failed(&self, _error: &Error) {}
}
