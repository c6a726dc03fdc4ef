//! What those take of a client who talk over a connection of their own: a subscriber, a monitor.
//!
//! The connection is made as those of the pool are, with its credentials, its TLS and its resolver. It is none of the
//! pool's: it takes no place in it, and never goes there.

use std::sync::Arc;

use conn::{Connection, Deadline};
use pool::Manage;

use super::ConnectionPool;
use super::terms::{Attempts, Terms};
use crate::pushes::Pushes;
use crate::{Canceller, Client, Error};

/// A client's way to its server, and its terms.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pool: ConnectionPool,
    terms: Terms,
}

impl Client {
    pub(crate) fn way(&self) -> Way {
        Way { pool: self.pool().clone(), terms: self.executor.terms.clone() }
    }
}

impl Way {
    /// A connection, with the retries of a call.
    ///
    /// # Errors
    /// [`Error`] when there is none in the time of a call.
    pub(crate) fn open(&self, what: &str) -> Result<Box<Connection>, Error> {
        let mut attempts = Attempts::begin(&self.terms, what);
        loop {
            match self.connect(attempts.span().deadline) {
                Ok(connection) => return Ok(connection),
                Err(error) => attempts.again(error, || true).map_err(|error| error.of(what))?,
            }
        }
    }

    /// A connection at the first attempt.
    ///
    /// # Errors
    /// [`Error`] when there is none by the deadline, or the client is closed.
    pub(crate) fn connect(&self, deadline: Deadline) -> Result<Box<Connection>, Error> {
        self.terms.check()?;
        if self.pool.is_closed() {
            return Err(pool::Error::<conn::Error>::Closed.into());
        }
        Ok(self.pool.manage().open(deadline.instant())?)
    }

    /// By when a call that begins now must have ended.
    pub(crate) fn deadline(&self) -> Deadline {
        self.terms.begin().deadline
    }

    /// Who takes pushes that are nobody else's.
    pub(crate) fn pushes(&self) -> Option<Arc<Pushes>> {
        self.pool.manage().pushes().cloned()
    }

    pub(super) fn terms(&self) -> &Terms {
        &self.terms
    }

    pub(crate) fn canceller(&self) -> Option<&Canceller> {
        self.terms.canceller.as_ref()
    }
}
