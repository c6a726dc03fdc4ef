//! What a client tells of itself while it works.
//!
//! ```text
//!   a call ends ───────────────▶ ┌─────────┐      ┌─────────┐   samples()   Prometheus, OpenTelemetry,
//!   a connection opens, ends ──▶ │ Observe │ ◀─── │ Metrics │ ────────────▶ a page of one's own
//!   a call waits for the pool ─▶ └─────────┘      └─────────┘
//! ```
//! Without an observer none of it costs anything: no clock is read for it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{Address, Error};

mod histogram;
pub use histogram::Histogram;
mod metrics;
pub use metrics::{CommandMetrics, Metrics};

/// Is told what a client does; [`Metrics`] counts it. Each method does nothing unless implemented.
///
/// It is called on the thread to which the thing happens, and holds it up: it should be quick. It learns the names of
/// commands, never a key or a value.
///
/// # Example
/// ```
/// use std::sync::mpsc::{Sender, channel};
/// use client::{Call, Client, Config, Observe};
///
/// struct Diary(Sender<String>);
///
/// impl Observe for Diary {
///     fn called(&self, call: &Call<'_>) {
///         let _ = self.0.send(format!("{} {}", call.command, call.error.map_or("ok", |_| "failed")));
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let url = std::env::var("REDISY_URL")?;
/// let (send, diary) = channel();
/// let client = Client::new(&url.parse::<Config>()?.observer(Diary(send)))?;
/// client.set("doc:observed", "a secret")?;
/// client.incr("doc:observed").unwrap_err();
/// assert_eq!(diary.try_iter().collect::<Vec<_>>(), ["SET ok", "INCR failed"]);
/// # Ok(())
/// # }
/// ```
pub trait Observe: Send + Sync + 'static {
    /// A call has ended, well or not.
    fn called(&self, call: &Call<'_>) {
        let _ = call;
    }

    /// A connection was opened, or could not be.
    fn connected(&self, connect: &Connect<'_>) {
        let _ = connect;
    }

    /// A connection was closed.
    fn closed(&self) {}

    /// A call had to wait so long for a connection of the pool to come free.
    fn waited(&self, time: Duration) {
        let _ = time;
    }
}

/// A call that has ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The name of its command, or `pipeline`.
    pub command: &'a str,
    /// How many commands it was: one, or those of a pipeline.
    pub commands: usize,
    /// How long it took, from waiting for the pool to the last reply, with all attempts.
    pub took: Duration,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it failed, if it did.
    pub error: Option<&'a Error>,
}

/// An attempt to open a connection.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Connect<'a> {
    /// Where the server listens.
    pub address: &'a Address,
    /// How long it took, from the lookup to the end of the handshake.
    pub took: Duration,
    /// Whether there is a connection now.
    pub succeeded: bool,
}

/// The observer of a client, if it has one.
#[derive(Clone, Default)]
pub(crate) struct Observer(pub(crate) Option<Arc<dyn Observe>>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "own" } else { "none" })
    }
}
