//! What happens to locks when nobody is there to be told: for logs.

use crate::LostReason;

/// Something that happened behind a holder's back, for [`LocksBuilder::on_event`](crate::LocksBuilder::on_event).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A holder has lost a lock.
    Lost {
        /// The lock's name.
        name: String,
        /// Why.
        reason: LostReason,
    },
    /// The keeper has released what a guard could not, or what a lost reply may have left behind.
    Released {
        /// The lock's name.
        name: String,
        /// Whether the server has answered; if not, it lets go by itself, because the time is over.
        confirmed: bool,
    },
}
