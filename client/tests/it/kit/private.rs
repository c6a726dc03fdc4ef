//! A server for one test alone: with a password, or to be paused and killed.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of a test's own, gone when the value is dropped.
pub(crate) struct Private {
    pub(crate) port: u16,
    child: Child,
    _dir: tempfile::TempDir,
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
            let port = free_port();
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
                .arg(dir.path())
                .args(arguments())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_secs(10) && child.try_wait().unwrap().is_none() {
                if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return Self { port, child, _dir: dir };
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("{} does not start", binary.display());
    }

    /// The URL of its TCP port.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

/// A port that nobody has just now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Drop for Private {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
