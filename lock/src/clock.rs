//! The clock by which a holder knows that his time is over. Never the wall clock, which people set.

use std::fmt;
use std::time::Duration;

/// Says how much time has passed since some moment, which stays the same while the process lives.
///
/// A lock needs a clock that goes on while the system sleeps: the server's does too. `std::time::Instant` stands
/// still then on Linux and macOS. The default, [`BootClock`], does not; another one is for tests.
///
/// # Example
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
/// use std::sync::Arc;
/// use std::time::Duration;
/// use lock::{Clock, Locks};
///
/// /// Stands still until it is told to go on.
/// #[derive(Clone, Default)]
/// struct Hand(Arc<AtomicU64>);
/// impl Clock for Hand {
///     fn now(&self) -> Duration {
///         Duration::from_secs(self.0.load(SeqCst))
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// # client.del("doc:clock")?;
/// let hand = Hand::default();
/// let locks = Locks::builder().clock(hand.clone()).build(&client)?;
/// let guard = locks.lock("doc:clock").timeout(Duration::from_secs(60)).acquire()?;
/// assert!(guard.is_valid());
/// hand.0.store(3600, SeqCst); // the lid of the notebook was closed for an hour
/// assert!(!guard.is_valid());
/// # Ok(())
/// # }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The time since then.
    fn now(&self) -> Duration;
}

/// The system's clock that nobody sets and that goes on while the system sleeps: `CLOCK_BOOTTIME` on Linux,
/// `CLOCK_MONOTONIC` on other Unix systems (on macOS it goes on, too), `std::time::Instant` elsewhere (on Windows it
/// goes on).
///
/// # Example
/// ```
/// use lock::{BootClock, Clock};
///
/// let then = BootClock.now();
/// assert!(BootClock.now() >= then);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct BootClock;

impl Clock for BootClock {
    fn now(&self) -> Duration {
        system::now()
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    pub(super) fn now() -> std::time::Duration {
        super::unix::read(rustix::time::ClockId::Boottime)
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
mod system {
    pub(super) fn now() -> std::time::Duration {
        super::unix::read(rustix::time::ClockId::Monotonic)
    }
}

#[cfg(unix)]
mod unix {
    use std::time::Duration;

    /// Neither clock is ever negative.
    pub(super) fn read(clock: rustix::time::ClockId) -> Duration {
        let time = rustix::time::clock_gettime(clock);
        Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
    }
}

#[cfg(not(unix))]
mod system {
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    /// There is no fork here that could meet it half set.
    static BEGIN: OnceLock<Instant> = OnceLock::new();

    pub(super) fn now() -> Duration {
        BEGIN.get_or_init(Instant::now).elapsed()
    }
}

impl fmt::Debug for dyn Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}
