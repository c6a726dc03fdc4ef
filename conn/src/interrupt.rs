//! A connection that waits in one thread is woken from another.
//!
//! The socket is shut down, not closed: its descriptor stays taken until the connection itself is dropped, so that no
//! other file of the process can be hit by mistake. Who may interrupt it does not keep it open.

use crate::socket::Cutter;

/// Ends whatever a [`Connection`](crate::Connection) is doing, from another thread; it is of no more use then.
///
/// Cheap to clone. After a fork the socket is the parent's as much as the child's: a child must not use it.
///
/// # Example
/// ```no_run
/// use std::{thread, time::Duration};
/// use conn::{Config, Connection, Deadline, ErrorKind};
/// use resp::Request;
///
/// # fn main() -> Result<(), conn::Error> {
/// let mut connection = Connection::open(&Config::tcp("127.0.0.1", 6379), Deadline::NEVER)?;
/// let interrupter = connection.interrupter();
/// thread::spawn(move || {
///     thread::sleep(Duration::from_secs(1));
///     interrupter.interrupt();
/// });
/// let mut request = Request::new("BLPOP").key("jobs").arg(0);
/// let error = connection.call(&mut request, Deadline::NEVER).unwrap_err();
/// assert_eq!(*error.kind(), ErrorKind::Closed);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Interrupter(pub(crate) Cutter);

impl Interrupter {
    /// Shuts the connection down. A thread that is sending or receiving on it wakes at once with
    /// [`ErrorKind::Closed`](crate::ErrorKind::Closed), and so does whoever uses it later.
    pub fn interrupt(&self) {
        self.0.cut();
    }
}
