//! A server for one test alone: with a password, or to be paused and killed.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of a test's own, gone when the value is dropped.
pub(crate) struct Private {
    pub(crate) port: u16,
    child: Child,
    binary: PathBuf,
    arguments: Vec<String>,
    dir: tempfile::TempDir,
}

impl Private {
    /// Starts `binary` with more arguments, such as `["--requirepass", "secret"]`, and waits until it listens.
    pub(crate) fn start(binary: &Path, arguments: &[&str]) -> Self {
        Self::start_with(binary, || arguments.iter().map(ToString::to_string).collect())
    }

    /// The same, with arguments that may differ from one try to the next.
    pub(crate) fn start_with(binary: &Path, mut arguments: impl FnMut() -> Vec<String>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        // Another process may take the port between the look and the start: then the next one is tried.
        for _ in 0..20 {
            let (port, arguments) = (free_port(), arguments());
            if let Some(child) = spawn(binary, port, dir.path(), &arguments) {
                return Self { port, child, binary: binary.into(), arguments, dir };
            }
        }
        panic!("{} does not start", binary.display());
    }

    /// Sends a signal, such as `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
    }

    /// Waits until it has ended, and starts it again on its port and in its folder.
    pub(crate) fn restart(&mut self) {
        self.child.wait().unwrap();
        // The port is its own, but for the moment in which another process may use it for a connection.
        let again = (0..20).find_map(|_| spawn(&self.binary, self.port, self.dir.path(), &self.arguments));
        self.child = again.expect("the server starts again");
    }

    /// The URL of its TCP port.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody has just now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts a server and waits until it listens; `None` if it does not.
fn spawn(binary: &Path, port: u16, dir: &Path, arguments: &[String]) -> Option<Child> {
    let mut child = Command::new(binary)
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
        ])
        .arg(dir)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(10) && child.try_wait().unwrap().is_none() {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(child);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}
