//! A thread that reads, for handlers: redis-py's `run_in_thread`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use super::{Event, PubSub, PubSubHandle, Topic};
use crate::Error;

/// A thread that reads messages for their handlers, made by [`PubSub::run_in_thread`].
///
/// It runs until it is stopped or dropped, or the subscriber ends by itself.
#[derive(Debug)]
pub struct PubSubThread {
    handle: PubSubHandle,
    panics: Arc<AtomicU64>,
    /// `None` once it was waited for.
    thread: Option<JoinHandle<Option<Error>>>,
}

impl PubSub {
    /// Starts a thread that reads, and returns what stops it. Every channel and pattern must have a handler by now.
    ///
    /// `on_event` gets what is for no handler: gaps, errors, messages of channels that are subscribed to later without
    /// one. A handler that panics ends nothing but itself.
    ///
    /// # Errors
    /// [`Error`] when a channel or a pattern has no handler, or there is no thread to be had.
    ///
    /// # Example
    /// ```
    /// use std::sync::mpsc;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let (sender, seen) = mpsc::channel();
    /// let pubsub = client.pubsub()?;
    /// pubsub.subscribe_with("doc:thread", move |message| drop(sender.send(message.payload_bytes())))?;
    /// let thread = pubsub.run_in_thread(|event| eprintln!("{event:?}"))?;
    /// client.publish("doc:thread", "x")?;
    /// assert_eq!(seen.recv()?, "x");
    /// thread.stop()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn run_in_thread(
        mut self,
        mut on_event: impl FnMut(Result<Event, Error>) + Send + 'static,
    ) -> Result<PubSubThread, Error> {
        let has_handlers = self.hub().ask(|state| {
            let topics = [Topic::Channel, Topic::Pattern, Topic::Shard].map(|topic| topic as usize);
            topics
                .iter()
                .all(|at| state.wanted[*at].keys().all(|name| state.handlers[*at].contains_key(name)))
        })?;
        if !has_handlers {
            return Err(Error::usage(
                "a channel or a pattern has no handler: subscribe to it by subscribe_with",
            ));
        }
        let (handle, panics) = (self.handle(), Arc::<AtomicU64>::default());
        let counted = Arc::clone(&panics);
        let read = move || {
            let mut last = None;
            loop {
                // What a handler has left half done is its own; the subscriber has handed the message over before.
                match catch_unwind(AssertUnwindSafe(|| self.next())) {
                    Ok(None) => return last,
                    Ok(Some(event)) => {
                        last = event.as_ref().err().cloned();
                        if catch_unwind(AssertUnwindSafe(|| on_event(event))).is_err() {
                            counted.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    Err(_) => drop(counted.fetch_add(1, Ordering::Relaxed)),
                }
            }
        };
        let made = thread::Builder::new().name("redisy-pubsub".into()).spawn(read);
        let thread = made.map_err(|error| Error::config(format!("cannot start a thread: {error}")))?;
        Ok(PubSubThread { handle, panics, thread: Some(thread) })
    }
}

impl PubSubThread {
    /// What subscribes and unsubscribes while the thread reads.
    pub fn handle(&self) -> &PubSubHandle {
        &self.handle
    }

    /// How often a handler has panicked.
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Whether it has ended, by itself or because it was stopped.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Closes the subscriber and waits until the handler that runs has returned. Called by a handler it does not wait.
    ///
    /// # Errors
    /// The [`Error`] that had ended it before.
    pub fn stop(mut self) -> Result<(), Error> {
        self.end().map_or(Ok(()), Err)
    }

    fn end(&mut self) -> Option<Error> {
        self.handle.close();
        let thread = self.thread.take().filter(|thread| {
            // In a child of a fork there is no such thread.
            thread.thread().id() != thread::current().id() && !self.handle.hub().is_inherited()
        })?;
        thread.join().ok().flatten()
    }
}

impl Drop for PubSubThread {
    fn drop(&mut self) {
        self.end();
    }
}
