//! Which fault befalls which request: rules first, then chance.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::random::Dice;
use crate::{Fault, Random, Rule};

/// One fault that is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blow {
    pub(crate) fault: Fault,
    pub(crate) delay: Duration,
    pub(crate) place: Place,
}

/// Where among the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// There, or at the end when there are fewer.
    At(usize),
    /// Anywhere.
    Drawn(u64),
}

impl Place {
    /// Whether chance has chosen it.
    pub(crate) fn is_drawn(self) -> bool {
        matches!(self, Self::Drawn(_))
    }

    /// A number from 0 to `most`, both included.
    pub(crate) fn among(self, most: usize) -> usize {
        match self {
            Self::At(at) => at.min(most),
            Self::Drawn(number) => (number % (most as u64).saturating_add(1)) as usize,
        }
    }
}

/// What all connections of a proxy are to suffer.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    orders: Mutex<Orders>,
}

#[derive(Debug, Default)]
struct Orders {
    rules: Vec<Rule>,
    random: Option<Random>,
    /// Counts how often chance was set anew.
    edition: u64,
}

/// A connection's own luck.
#[derive(Debug, Default)]
pub(crate) struct Luck {
    dice: Option<(u64, Dice)>,
    /// A fault that miscounts has befallen it: no further one by chance.
    is_spent: bool,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    /// The number of the connection.
    pub(crate) connection: u64,
    /// The command, where requests are known.
    pub(crate) name: Option<&'a [u8]>,
    /// Whether a push would be understood.
    pub(crate) takes_pushes: bool,
    /// Where only chunks are known: whether this one goes to the server.
    pub(crate) chunk_up: Option<bool>,
}

impl Plan {
    pub(crate) fn add(&self, rule: Rule) {
        self.orders().rules.push(rule);
    }

    pub(crate) fn set_random(&self, random: Option<Random>) {
        let mut orders = self.orders();
        orders.random = random;
        orders.edition += 1;
    }

    pub(crate) fn clear(&self) {
        self.orders().rules.clear();
        self.set_random(None);
    }

    /// What is to befall this request, or this chunk.
    pub(crate) fn judge(&self, case: Case<'_>, luck: &mut Luck) -> Option<Blow> {
        let mut orders = self.orders();
        let is_of_this_side = |fault: Fault| case.chunk_up.is_none_or(|up| up == fault.is_of_request());
        let mut ruled = None;
        for rule in orders.rules.iter_mut().filter(|rule| is_of_this_side(rule.fault)) {
            // Each rule counts what it is meant for, whichever has its way.
            let blow = rule.judge(case.name);
            ruled = ruled.or(blow);
        }
        let blow = ruled.or_else(|| {
            let random = orders.random.as_ref().filter(|_| !luck.is_spent)?;
            let dice = luck.dice_for(random, orders.edition, case.connection);
            random.draw(dice).filter(|blow| is_of_this_side(blow.fault)).filter(|blow| {
                case.takes_pushes || !matches!(blow.fault, Fault::PushBefore | Fault::PushAfter)
            })
        });
        luck.is_spent |= blow.is_some_and(|blow| blow.fault.miscounts());
        blow
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Luck {
    fn dice_for(&mut self, random: &Random, edition: u64, connection: u64) -> &mut Dice {
        if self.dice.as_ref().is_none_or(|(of, _)| *of != edition) {
            self.dice = None;
        }
        &mut self.dice.get_or_insert_with(|| (edition, random.dice(connection))).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str) -> Case<'_> {
        Case { connection: 0, name: Some(name.as_bytes()), takes_pushes: true, chunk_up: None }
    }

    #[test]
    fn rules_come_before_chance_and_each_counts() {
        let plan = Plan::default();
        plan.set_random(Some(Random::new(1).one_in(1).faults([Fault::SplitReply])));
        plan.add(Rule::new(Fault::DelayReply).command("GET").nth(1));
        plan.add(Rule::new(Fault::PushAfter).command("GET").nth(2));
        let mut luck = Luck::default();
        let mut judge = || plan.judge(case("GET"), &mut luck).unwrap().fault;
        assert_eq!([judge(), judge(), judge()], [Fault::DelayReply, Fault::PushAfter, Fault::SplitReply]);
    }

    #[test]
    fn nothing_more_by_chance_after_a_miscount() {
        let plan = Plan::default();
        plan.set_random(Some(Random::new(1).one_in(1).faults([Fault::Twice])));
        let mut luck = Luck::default();
        assert!(plan.judge(case("GET"), &mut luck).is_some());
        assert!((0..100).all(|_| plan.judge(case("GET"), &mut luck).is_none()));
        plan.clear();
        assert!(plan.judge(case("GET"), &mut Luck::default()).is_none());
    }

    #[test]
    fn no_push_where_it_is_not_understood_and_no_reply_fault_on_the_way_up() {
        let plan = Plan::default();
        plan.set_random(Some(Random::new(1).one_in(1).faults([Fault::PushAfter])));
        let old = Case { takes_pushes: false, ..case("GET") };
        assert!(plan.judge(old, &mut Luck::default()).is_none());
        plan.set_random(Some(Random::new(1).one_in(1).faults([Fault::CutReply])));
        let chunk = |up| Case { name: None, chunk_up: Some(up), ..case("") };
        assert!(plan.judge(chunk(true), &mut Luck::default()).is_none());
        assert!(plan.judge(chunk(false), &mut Luck::default()).is_some());
    }

    #[test]
    fn places() {
        assert_eq!((Place::At(3).among(9), Place::At(3).among(2)), (3, 2));
        assert!((0..100).all(|n| Place::Drawn(n).among(4) <= 4));
        assert_eq!(Place::Drawn(u64::MAX).among(0), 0);
    }
}
