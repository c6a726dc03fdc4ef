//! The steps of a lock that must be one step, as Lua on the server. Each may be sent again when its reply was lost.

use std::time::Duration;

use client::{Execute, Script};

use crate::Token;
use crate::keys::{Keys, Kind};

static ACQUIRE: Script = Script::new(include_str!("scripts/acquire.lua"));
static EXTEND: Script = Script::new(include_str!("scripts/extend.lua"));
static RELEASE: Script = Script::new(include_str!("scripts/release.lua"));
static PERMIT_ACQUIRE: Script = Script::new(include_str!("scripts/permit_acquire.lua"));
static PERMIT_EXTEND: Script = Script::new(include_str!("scripts/permit_extend.lua"));
static PERMIT_RELEASE: Script = Script::new(include_str!("scripts/permit_release.lua"));
pub(crate) static GUARDED: Script = Script::new(include_str!("scripts/guarded.lua"));

/// A waiter that has not been heard of for so long has lost his place. Two round trips a second keep it.
pub(crate) const ALIVE: Duration = Duration::from_secs(2);

/// Who is handed the lock has so long to claim it, a hundred times what it takes in one data centre. The scripts know it
/// as the half of the other.
const CLAIM: Duration = Duration::from_millis(ALIVE.as_millis() as u64 / 2);

/// How an acquirer waits, if he does not get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Not at all, or by looking again.
    Try,
    /// In line.
    Queue,
    /// For a signal, together with others.
    Signal,
}

/// What the script for acquiring says: 1 and the fence; or 0, the milliseconds that are left, the holder, and 1 if nobody
/// waits before us.
pub(crate) type Acquired = (i64, i64, Vec<u8>, i64);

/// What became of a compare-and-something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// It was ours, and it is done.
    Ours,
    /// Somebody else has it.
    Other,
    /// Nobody has it.
    Gone,
}

pub(crate) fn acquire<E: Execute>(
    on: &client::Commands<E>,
    keys: &Keys,
    token: &Token,
    ttl: Option<Duration>,
    fenced: bool,
    style: Style,
) -> E::Output<Acquired> {
    let ttl = ttl.map_or(0, millis);
    if let Kind::Permits(permits) = keys.kind {
        let args = (token.as_bytes(), ttl, permits, millis(ALIVE));
        return on.call_script(&PERMIT_ACQUIRE, [&keys.lock, &keys.marker], args);
    }
    let names = [&keys.lock, &keys.fence, &keys.queue, &keys.alive, &keys.marker];
    let style = match style {
        Style::Try => "try",
        Style::Queue => "queue",
        Style::Signal => "signal",
    };
    let args = (token.as_bytes(), ttl, u64::from(fenced), style, millis(ALIVE), &keys.mailboxes);
    on.call_script(&ACQUIRE, names, args)
}

/// How a time that is left is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Even if it is less than what is left.
    Shorten,
    /// Only if it is more.
    Lengthen,
    /// What is more of the two, but written in any case: others are to confirm it.
    Write,
}

/// Sets the time that is left. [`Compared::of`] reads the answer.
pub(crate) fn extend<E: Execute>(
    on: &client::Commands<E>,
    keys: &Keys,
    token: &Token,
    ttl: Duration,
    how: How,
) -> E::Output<i64> {
    let how = match how {
        How::Shorten => "shorten",
        How::Lengthen => "lengthen",
        How::Write => "write",
    };
    let script = if keys.kind == Kind::Lock { &EXTEND } else { &PERMIT_EXTEND };
    on.call_script(script, &keys.lock, (token.as_bytes(), millis(ttl), how))
}

/// Lets go of the lock; who leaves does not wait for it any more either. [`Compared::of`] reads the answer.
pub(crate) fn release<E: Execute>(
    on: &client::Commands<E>,
    keys: &Keys,
    token: &Token,
    leave: bool,
) -> E::Output<i64> {
    if keys.kind != Kind::Lock {
        let names = [&keys.lock, &keys.marker, &keys.signal];
        return on.call_script(&PERMIT_RELEASE, names, (token.as_bytes(), millis(CLAIM)));
    }
    let names = [&keys.lock, &keys.queue, &keys.alive, &keys.marker, &keys.signal];
    on.call_script(&RELEASE, names, (token.as_bytes(), u64::from(leave), millis(CLAIM), &keys.mailboxes))
}

impl Compared {
    pub(crate) fn of(reply: i64) -> Self {
        match reply {
            -1 => Self::Gone,
            0 => Self::Other,
            _ => Self::Ours,
        }
    }
}

/// Whole milliseconds; a part of one counts as one.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
