//! How the pool opens connections and judges them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use conn::{Connection, Deadline};
use pool::{Events, Manage, Reason};
use resp::Request;

use super::trace;
use crate::pushes::Pushes;
use crate::{Config, Connect, Observe, RotatingCredentials};

/// The pool of a client's connections. Clients that are to share one take it by [`Client::from_pool`].
///
/// [`Client::from_pool`]: crate::Client::from_pool
pub type ConnectionPool = pool::Pool<Connector>;

/// Opens the connections of a [`ConnectionPool`].
#[derive(Clone, Debug)]
pub struct Connector {
    config: conn::Config,
    pushes: Option<Arc<Pushes>>,
    health_check_interval: Option<Duration>,
    rotation: Option<RotatingCredentials>,
}

/// A connection that was in use so short a time ago is not looked at again: the look costs a system call, and a
/// server that has closed it meanwhile would be noticed by the next send or receive just as well. The pool does not
/// even ask, unless credentials may have been replaced.
const FRESH: Duration = Duration::from_millis(1);

/// A connection that does not answer a PING within this time is replaced, which takes less: a call has 5 s in all
/// by default, and must get its answer from the other one.
const PING_LIMIT: Duration = Duration::from_secs(1);

impl Connector {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            config: config.connection.clone(),
            pushes: config.pushes.is_any().then(|| Arc::new(Pushes::new(config.pushes.clone()))),
            health_check_interval: config.health_check_interval,
            rotation: config.rotation.clone(),
        }
    }

    /// Authenticates the connection anew if the credentials have been replaced; false if it is of no more use.
    #[inline]
    pub(super) fn renew(&self, connection: &mut Connection, deadline: Deadline) -> bool {
        self.rotation.as_ref().is_none_or(|rotation| Self::follow(rotation, connection, deadline))
    }

    fn follow(rotation: &RotatingCredentials, connection: &mut Connection, deadline: Deadline) -> bool {
        let current = rotation.current();
        *connection.credentials() == *current || connection.authenticate(&current, deadline).is_ok()
    }

    /// How long a connection that came back is as good as it was then, without being asked.
    pub(crate) fn fresh(&self) -> Duration {
        if self.rotation.is_none() { FRESH } else { Duration::ZERO }
    }

    /// Whose credentials it follows.
    pub(super) fn rotation(&self) -> Option<&RotatingCredentials> {
        self.rotation.as_ref()
    }

    /// Who takes the pushes.
    pub(crate) fn pushes(&self) -> Option<&Arc<Pushes>> {
        self.pushes.as_ref()
    }

    /// How the connections are opened.
    pub fn config(&self) -> &conn::Config {
        &self.config
    }
}

impl Manage for Connector {
    type Item = Box<Connection>;
    type Error = conn::Error;

    fn open(&self, deadline: Option<Instant>) -> Result<Box<Connection>, conn::Error> {
        let _trace = trace::Span::connect(self.config.address());
        let mut connection = Connection::open(&self.config, Deadline::from(deadline))?;
        if let Some(pushes) = self.pushes.clone() {
            connection.on_push(move |push| pushes.pass_on(push));
        }
        Ok(Box::new(connection))
    }

    fn check(&self, connection: &mut Box<Connection>, idle: Duration, deadline: Option<Instant>) -> bool {
        let deadline = Deadline::from(deadline);
        (idle < FRESH || connection.check())
            && self.renew(connection, deadline)
            && (self.health_check_interval.is_none_or(|interval| idle < interval)
                || answers(connection, deadline))
    }

    fn is_clean(&self, connection: &Box<Connection>) -> bool {
        connection.is_clean()
    }

    /// Dropping a connection closes a descriptor and says nothing to the server, so the parent's goes on working.
    fn forget(&self, connection: Box<Connection>) {
        drop(connection);
    }
}

/// Whether the server answers a PING on this connection, in time.
fn answers(connection: &mut Connection, deadline: Deadline) -> bool {
    let deadline = deadline.earlier(Deadline::after(PING_LIMIT));
    connection.call(&mut Request::new("PING"), deadline).is_ok_and(|reply| reply.server_error().is_none())
}

/// Tells an observer what happens in the pool.
pub(super) struct Listener(pub(super) Arc<dyn Observe>);

impl Events<Connector> for Listener {
    fn opened(&self, connection: &Box<Connection>, took: Duration) {
        self.0.connected(&Connect { address: connection.address(), took, succeeded: true });
    }

    fn open_failed(&self, error: &conn::Error, took: Duration) {
        self.0.connected(&Connect { address: error.address(), took, succeeded: false });
    }

    fn checked_out(&self, _: &Box<Connection>, waited: Duration) {
        if !waited.is_zero() {
            self.0.waited(waited);
        }
    }

    fn closed(&self, _: Reason) {
        self.0.closed();
    }
}
