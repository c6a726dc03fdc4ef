//! A real server on loopback that lives as long as a value: started on free ports in a folder of its own, stopped on
//! `Drop`. Nothing is left behind, neither a process nor a file.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::found::Found;
use crate::job;
use crate::release::Release;

/// A running server.
pub(crate) struct Server {
    pub(crate) release: Release,
    pub(crate) binary: PathBuf,
    pub(crate) port: u16,
    child: Child,
    folder: TempDir,
}

impl Server {
    /// Starts a server and waits until it answers.
    pub(crate) fn start(found: &Found) -> Result<Self> {
        let mut attempt = 1;
        loop {
            match Self::try_start(found)? {
                Ok(server) => return Ok(server),
                // A port that was free a moment ago may be somebody else's by now.
                Err(log) if log.contains("Address already in use") && attempt < ATTEMPTS => attempt += 1,
                Err(log) => bail!("{} ended at once; its log:\n{}", found.release, log.trim_end()),
            }
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The Unix socket that it listens on beside the port.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// The inner error is the log of a server that gave up.
    fn try_start(found: &Found) -> Result<Result<Self, String>> {
        let folder = tempfile::Builder::new().prefix("redisy-").tempdir()?;
        let log = File::create(folder.path().join(LOG))?;
        let port = free_port()?;
        let mut command = Command::new(&found.binary);
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
        command.arg("--unixsocket").arg(folder.path().join("redis.sock"));
        command.args(["--save", "", "--appendonly", "no", "--dir"]).arg(folder.path());
        if found.release.version >= [7, 0, 0] {
            command.args(["--enable-debug-command", "local"]);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        // In a group of its own: Ctrl-C on a terminal must not stop it before those who use it.
        let child = command.process_group(0).spawn();
        let child = child.with_context(|| format!("cannot start {}", found.binary.display()))?;
        let mut server = Self { release: found.release, binary: found.binary.clone(), port, child, folder };
        match server.wait_until_ready()? {
            true => Ok(Ok(server)),
            false => Ok(Err(server.log())),
        }
    }

    /// False if it ended. Asks through the Unix socket, where nobody else can answer; the port is open before it.
    fn wait_until_ready(&mut self) -> Result<bool> {
        let deadline = Instant::now() + START_TIMEOUT;
        while self.ask(b"PING\r\n", b"+PONG\r\n").is_err() {
            job::check()?;
            if self.child.try_wait()?.is_some() {
                return Ok(false);
            }
            ensure!(Instant::now() < deadline, "{} does not answer; its log:\n{}", self.release, self.log());
            thread::sleep(Duration::from_millis(5));
        }
        Ok(true)
    }

    fn ask(&self, request: &[u8], answer: &[u8]) -> Result<()> {
        let mut stream = UnixStream::connect(self.socket())?;
        stream.set_read_timeout(Some(STOP_TIMEOUT))?;
        stream.set_write_timeout(Some(STOP_TIMEOUT))?;
        stream.write_all(request)?;
        let mut reply = vec![0; answer.len()];
        stream.read_exact(&mut reply)?;
        ensure!(reply == answer, "an unexpected answer");
        Ok(())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join(LOG)).unwrap_or_default()
    }

    /// Whether it ended by itself in time.
    fn shut_down(&mut self) -> bool {
        // A clean shutdown answers by closing.
        let _ = self.ask(b"SHUTDOWN NOSAVE\r\n", b"+");
        let deadline = Instant::now() + STOP_TIMEOUT;
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.shut_down() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
    Ok(listener.local_addr()?.port())
}

const LOG: &str = "redis.log";
const ATTEMPTS: u32 = 5;
const START_TIMEOUT: Duration = Duration::from_secs(10);
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
