//! How a subscriber behaves when the server is silent, the connection is lost, or the reader is slow.

use std::time::Duration;

use crate::Retry;

/// How a [`PubSub`](super::PubSub) behaves; by default as each setter says.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{PubSubOptions, WhenSlow};
///
/// let options = PubSubOptions::new().silence(Duration::from_secs(5)).when_slow(WhenSlow::DropOldest);
/// assert!(format!("{options:?}").contains("DropOldest"));
/// ```
#[derive(Clone, Debug)]
pub struct PubSubOptions {
    pub(super) buffer: usize,
    pub(super) when_slow: WhenSlow,
    pub(super) silence: Option<Duration>,
    pub(super) retry: Retry,
    pub(super) confirmations: bool,
}

/// What a subscriber does when its buffer is full, because messages come faster than they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenSlow {
    /// It stops receiving, so that messages heap up at the server. That one closes the connection when they are too
    /// many (`client-output-buffer-limit pubsub`, by default 32 MB, or 8 MB for a minute), which is told as a gap.
    #[default]
    Block,
    /// It throws the oldest message away, counts it, and tells how many were lost. A thread of the subscriber's own
    /// receives.
    DropOldest,
    /// It ends with an error. A thread of the subscriber's own receives.
    Fail,
}

/// 16 MiB, twice what rustis holds for a stream (0.27).
const BUFFER: usize = 16 << 20;

/// Half of the time after which Linux looks for a silent peer is not noticed by anybody.
const SILENCE: Duration = Duration::from_secs(30);

impl PubSubOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            buffer: BUFFER,
            when_slow: WhenSlow::default(),
            silence: Some(SILENCE),
            retry: Retry::attempts(u32::MAX),
            confirmations: false,
        }
    }

    /// Sets how many bytes of messages that nobody has read yet it may hold, by default 16 MiB. What is received at once
    /// may go over it by 64 KiB, or by one message.
    #[must_use]
    pub fn buffer(mut self, bytes: usize) -> Self {
        self.buffer = bytes;
        self
    }

    /// Sets what it does when that is full, by default [`WhenSlow::Block`].
    #[must_use]
    pub fn when_slow(mut self, when_slow: WhenSlow) -> Self {
        self.when_slow = when_slow;
        self
    }

    /// Sets after how long a silence the connection is given up, by default 30 s; `None` waits for ever. After half of it
    /// a PING is sent. It is noticed while somebody waits for messages, or a thread of its own receives.
    #[must_use]
    pub fn silence(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.silence = limit.into();
        self
    }

    /// Sets how often it tries to connect again before it gives up, and with what pauses: by default for ever, with
    /// random pauses of up to 10 ms, 20 ms, 40 ms and so on up to 1 s. Wrong credentials end it at once.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Makes each confirmation of the server's an [`Event::Confirmed`](super::Event::Confirmed), as redis-py does.
    #[must_use]
    pub fn with_confirmations(mut self) -> Self {
        self.confirmations = true;
        self
    }
}

impl Default for PubSubOptions {
    fn default() -> Self {
        Self::new()
    }
}
