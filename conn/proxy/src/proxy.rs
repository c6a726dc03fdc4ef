//! What a test holds: it starts the proxy, gives it orders, and reads what it has done.

use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use socket2::Socket;

use crate::counts::Counters;
use crate::endpoint::prepare;
use crate::link::Link;
use crate::plan::Plan;
use crate::{Counts, Endpoint, Random, Rule};

/// A proxy on loopback, until it is dropped: then its connections are closed.
///
/// Without orders it passes everything on as it came. Inline commands become arrays on the way.
///
/// Each command is taken to have one reply. `SUBSCRIBE` and its like have none of their own, and whatever comes
/// without being awaited is passed on as it is, so a subscription works; `CLIENT REPLY` does not.
///
/// # Example
/// See [the crate](crate).
#[derive(Debug)]
pub struct Proxy {
    shared: Arc<Shared>,
    at: Endpoint,
    port: u16,
}

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) plan: Plan,
    pub(crate) counters: Counters,
    pub(crate) is_opaque: bool,
    upstream: Mutex<Endpoint>,
    links: Mutex<Vec<Weak<Link>>>,
    next: AtomicU64,
    is_over: AtomicBool,
}

impl Proxy {
    /// A proxy on a free port of 127.0.0.1, in front of a server that speaks RESP.
    ///
    /// # Errors
    /// When the port cannot be had. Whether there is a server is only seen when somebody connects.
    pub fn start(upstream: impl Into<Endpoint>) -> io::Result<Self> {
        Self::listen(Endpoint::any(), upstream.into(), false)
    }

    /// A proxy on a Unix socket of this path, in front of a server that speaks RESP.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn start_unix(path: &Path, upstream: impl Into<Endpoint>) -> io::Result<Self> {
        Self::listen(Endpoint::from(path), upstream.into(), false)
    }

    /// A proxy on a free port of 127.0.0.1 that looks at nothing and knows only chunks of bytes, as they were
    /// received: for a server that speaks TLS. Only [blind](crate::Fault::is_blind) faults can be done; a chunk on
    /// its way to the server is what the rules call a request, one on its way back is a reply.
    ///
    /// # Errors
    /// When the port cannot be had.
    pub fn opaque(upstream: impl Into<Endpoint>) -> io::Result<Self> {
        Self::listen(Endpoint::any(), upstream.into(), true)
    }

    fn listen(at: Endpoint, upstream: Endpoint, is_opaque: bool) -> io::Result<Self> {
        let listener = at.listen()?;
        let port = listener.local_addr()?.as_socket().map_or(0, |address| address.port());
        let shared = Arc::new(Shared {
            plan: Plan::default(),
            counters: Counters::default(),
            is_opaque,
            upstream: Mutex::new(upstream),
            links: Mutex::default(),
            next: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::Builder::new().name("proxy".into()).spawn(move || accepting.accept(&listener))?;
        Ok(Self { shared, at, port })
    }

    /// The port it listens on, or 0 if that is a Unix socket.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of it, `redis://127.0.0.1:port` or `unix:///path`, for a server without TLS.
    pub fn url(&self) -> String {
        match &self.at {
            Endpoint::Tcp(_) => format!("redis://127.0.0.1:{}", self.port),
            Endpoint::Unix(path) => format!("unix://{}", path.display()),
        }
    }

    /// Gives an order. Of several for the same request the first one is carried out.
    ///
    /// # Panics
    /// If the proxy is opaque and would have to know requests for it.
    pub fn rule(&self, rule: Rule) {
        if self.shared.is_opaque {
            assert!(rule.fault.is_blind(), "an opaque proxy cannot do this: {}", rule.fault);
            assert!(rule.command.is_none(), "an opaque proxy knows no commands");
        }
        self.shared.plan.add(rule);
    }

    /// Lets chance choose for requests that no rule is for. An opaque proxy draws only blind faults.
    ///
    /// # Panics
    /// If the proxy is opaque and none of the faults is blind.
    pub fn random(&self, mut random: Random) {
        if self.shared.is_opaque {
            random.faults.retain(|fault| fault.is_blind());
            assert!(!random.faults.is_empty(), "an opaque proxy can do none of these faults");
        }
        self.shared.plan.set_random(Some(random));
    }

    /// Takes back all orders: what comes from now on is passed on as it is.
    pub fn calm(&self) {
        self.shared.plan.clear();
    }

    /// Sends the connections that come from now on to another server.
    pub fn redirect(&self, upstream: impl Into<Endpoint>) {
        *lock(&self.shared.upstream) = upstream.into();
    }

    /// Closes every connection that is open, on both sides.
    pub fn close_all(&self) {
        self.shared.open_links().iter().for_each(|link| link.close());
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.shared.open_links().len()
    }

    /// What it has done so far.
    pub fn counts(&self) -> Counts {
        self.shared.counters.snapshot()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Relaxed);
        // Wakes the thread that accepts.
        match &self.at {
            Endpoint::Tcp(_) => drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))),
            Endpoint::Unix(path) => drop(UnixStream::connect(path)),
        }
        self.close_all();
    }
}

impl Shared {
    fn accept(self: &Arc<Self>, listener: &Socket) {
        while let Ok((client, _)) = listener.accept() {
            if self.is_over.load(Relaxed) {
                return;
            }
            prepare(&client);
            self.counters.connections.fetch_add(1, Relaxed);
            let number = self.next.fetch_add(1, Relaxed);
            let shared = Arc::clone(self);
            let spawned = thread::Builder::new().name(format!("proxy-{number}"));
            spawned.spawn(move || shared.serve(number, client)).expect("a thread for a connection");
        }
    }

    /// Plays one connection to its end. Without a server it is closed at once.
    fn serve(self: Arc<Self>, number: u64, client: Socket) {
        let upstream = lock(&self.upstream).clone();
        let Ok(server) = upstream.connect() else { return };
        let link = Arc::new(Link::new(number, client, server, Arc::clone(&self)));
        lock(&self.links).push(Arc::downgrade(&link));
        if self.is_over.load(Relaxed) {
            return;
        }
        link.run();
    }

    fn open_links(&self) -> Vec<Arc<Link>> {
        let mut links = lock(&self.links);
        links.retain(|link| link.strong_count() > 0);
        links.iter().filter_map(Weak::upgrade).collect()
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
