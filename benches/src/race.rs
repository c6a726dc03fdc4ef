//! A race: one job and the contenders who do it.

use std::fmt;
use std::hint::black_box;

use crate::Meter;

/// Does the job so many times under a meter.
pub type Run = Box<dyn FnMut(u64, &mut dyn Meter)>;

/// One job, such as decoding a list of strings, and all who do it.
pub struct Race {
    /// The table in which it is shown.
    pub group: &'static str,
    /// Its name there.
    pub case: String,
    contenders: Box<dyn Fn() -> Vec<Contender>>,
}

/// Somebody who does the job.
pub struct Contender {
    /// Who it is.
    pub name: &'static str,
    /// What it is compared with.
    pub role: Role,
    /// How it does the job.
    pub run: Run,
    /// Whether it takes its memory from C, where the program `allocations` cannot count.
    pub is_c: bool,
}

/// What a contender is in a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `resp`, doing the job as a connection does. Always the first.
    Ours,
    /// `resp` under a peer's conditions: what the peer after it is compared with.
    OursLikeNext,
    /// Another crate, or another way of ours, compared with `Ours`.
    Peer,
    /// The same, compared with the `OursLikeNext` before it.
    PeerLikeLast,
}

impl Race {
    pub(crate) fn new(
        group: &'static str,
        case: impl Into<String>,
        contenders: impl Fn() -> Vec<Contender> + 'static,
    ) -> Self {
        Self { group, case: case.into(), contenders: Box::new(contenders) }
    }

    /// The contenders, each ready to start.
    pub fn contenders(&self) -> Vec<Contender> {
        (self.contenders)()
    }
}

impl fmt::Debug for Race {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.group, self.case)
    }
}

impl Contender {
    /// A contender whose job needs no preparation. The job says whether it went well, so that nobody wins by failing.
    pub(crate) fn new(name: &'static str, role: Role, mut job: impl FnMut() -> bool + 'static) -> Self {
        assert!(job(), "{name} cannot do its job");
        let run: Run = Box::new(move |times, meter| {
            meter.measure(&mut || {
                for _ in 0..times {
                    black_box(job());
                }
            });
        });
        Self { name, role, run, is_c: false }
    }

    /// A contender who does the job up to `most` times at once, and measures of it what counts.
    pub(crate) fn in_flights(
        name: &'static str,
        role: Role,
        most: usize,
        mut flight: impl FnMut(usize, &mut dyn Meter) + 'static,
    ) -> Self {
        let run: Run = Box::new(move |times, meter| {
            let mut left = usize::try_from(times).unwrap_or(usize::MAX);
            while left > 0 {
                let count = left.min(most);
                flight(count, meter);
                left -= count;
            }
        });
        Self { name, role, run, is_c: false }
    }

    /// `resp` itself.
    pub(crate) fn ours(job: impl FnMut() -> bool + 'static) -> Self {
        Self::new(OURS, Role::Ours, job)
    }

    /// Another crate.
    pub(crate) fn peer(name: &'static str, job: impl FnMut() -> bool + 'static) -> Self {
        Self::new(name, Role::Peer, job)
    }
}

impl fmt::Debug for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?})", self.name, self.role)
    }
}

/// How `resp` is called in the results.
pub(crate) const OURS: &str = "resp";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use crate::{Clock, Contender, Role, races};

    #[test]
    fn everybody_can_do_every_job() {
        for race in races() {
            for Contender { mut run, .. } in race.contenders() {
                let mut clock = Clock::default();
                run(2, &mut clock);
                assert!(clock.elapsed > Duration::ZERO, "{race:?}");
            }
        }
    }

    #[test]
    fn a_row_is_found_by_its_names() {
        let mut names = HashSet::new();
        for race in races() {
            let contenders = race.contenders();
            assert_eq!(contenders[0].role, Role::Ours, "{race:?}");
            for Contender { name, role, .. } in contenders {
                let is_like = role == Role::OursLikeNext;
                assert!(is_like || names.insert((race.group, race.case.clone(), name)), "{race:?} {name}");
            }
        }
    }
}
