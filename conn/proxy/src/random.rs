//! Faults by chance, the same again for the same seed.

use std::time::Duration;

use crate::Fault;
use crate::plan::{Blow, Place};

/// Draws faults at random.
///
/// Each connection has a generator of its own, made from the seed and the number of the connection, so that what
/// befalls the requests of a connection depends on these two alone, not on what threads do meanwhile.
///
/// After a fault that miscounts (see [`Fault::miscounts`]) nothing more is drawn for the connection, and a push only
/// where the client has said `HELLO 3`.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use proxy::{Fault, Random};
///
/// let all = Random::new(7).one_in(100);
/// let some = Random::new(7).one_in(20).faults([Fault::DropReply, Fault::DelayReply]).delays(Duration::from_millis(5));
/// ```
#[derive(Debug, Clone)]
pub struct Random {
    seed: u64,
    one_in: u64,
    pub(crate) faults: Vec<Fault>,
    longest: Duration,
}

impl Random {
    /// Every fault, for one of 1,000 requests, with delays up to 10 ms.
    pub fn new(seed: u64) -> Self {
        Self { seed, one_in: 1_000, faults: Fault::ALL.to_vec(), longest: Duration::from_millis(10) }
    }

    /// How rare a fault is: one of so many requests suffers one.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub fn one_in(mut self, requests: u64) -> Self {
        assert!(requests > 0, "one in 0 requests");
        self.one_in = requests;
        self
    }

    /// Which faults there are; one that is named twice comes twice as often.
    #[must_use]
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults = faults.into_iter().collect();
        self
    }

    /// How long a delay is at most.
    #[must_use]
    pub fn delays(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// The generator of one connection.
    pub(crate) fn dice(&self, connection: u64) -> Dice {
        let mut dice = Dice::new(self.seed);
        Dice::new(dice.roll() ^ connection)
    }

    /// What befalls the next request of the connection whose generator that is.
    pub(crate) fn draw(&self, dice: &mut Dice) -> Option<Blow> {
        if self.faults.is_empty() || dice.below(self.one_in) > 0 {
            return None;
        }
        let fault = *dice.pick(&self.faults);
        let micros = u64::try_from(self.longest.as_micros()).unwrap_or(u64::MAX);
        let delay = Duration::from_micros(dice.below(micros.saturating_add(1)));
        Some(Blow { fault, delay, place: Place::Drawn(dice.roll()) })
    }
}

/// A small generator of pseudo-random numbers: Steele, Lea and Flood's SplitMix64.
///
/// # Example
/// ```
/// use proxy::Dice;
///
/// let (mut a, mut b) = (Dice::new(1), Dice::new(1));
/// assert_eq!(a.roll(), b.roll());
/// assert!(a.below(6) < 6);
/// assert!([1, 2].contains(a.pick(&[1, 2])));
/// ```
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// A generator; the same seed gives the same numbers.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        // The constants are those of the paper ("Fast splittable pseudorandom number generators", 2014).
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number below `end`.
    ///
    /// # Panics
    /// If `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// One of the items.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[(self.roll() % items.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_has_its_own_luck_and_always_the_same() {
        let random = Random::new(1).one_in(10);
        let draw = |connection| {
            let mut dice = random.dice(connection);
            (0..1_000).map(|_| random.draw(&mut dice)).collect::<Vec<_>>()
        };
        assert_eq!(draw(0), draw(0));
        assert_ne!(draw(0), draw(1));
        let hits = draw(0).iter().flatten().count();
        assert!((60..150).contains(&hits), "{hits} of 1,000 at one in 10");
    }

    #[test]
    fn only_the_faults_that_were_named() {
        let random = Random::new(3).one_in(1).faults([Fault::Flip]).delays(Duration::ZERO);
        let mut dice = random.dice(5);
        assert!((0..100).all(|_| random.draw(&mut dice).is_some_and(|blow| blow.fault == Fault::Flip)));
        assert!(Random::new(3).one_in(1).faults([]).draw(&mut dice).is_none());
    }
}
