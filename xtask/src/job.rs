//! Child processes that end when they should, also on Ctrl-C.
//!
//! ```text
//! Ctrl-C ─▶ handler: flag, INT to every group ─▶ child ends ─▶ wait() says "interrupted" ─▶ `?` ─▶ Drop stops servers
//!                     └─ again, or 5 s later: KILL
//! ```
//! A child leads a process group of its own, so that one signal reaches whatever it started (cargo's rustc and tests)
//! even when only this process was signalled. The handler must never exit: leaving nothing behind is the work of
//! `Drop`, on the one way out that success, failure and Ctrl-C share.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// Which of its two outputs a child wrote to.
#[derive(Clone, Copy)]
pub(crate) enum Output {
    Stdout,
    Stderr,
}

/// Turns Ctrl-C (also SIGTERM and SIGHUP) from sudden death into an error that unwinds.
pub(crate) fn watch_for_ctrl_c() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, SeqCst) {
            return signal_all("KILL");
        }
        signal_all("INT");
        thread::spawn(|| {
            thread::sleep(PATIENCE);
            signal_all("KILL");
        });
    })
    .context("cannot watch for Ctrl-C")
}

/// Whether Ctrl-C was pressed.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(SeqCst)
}

/// Fails if Ctrl-C was pressed: for loops that wait.
pub(crate) fn check() -> Result<()> {
    ensure!(!interrupted(), "interrupted");
    Ok(())
}

/// Runs a command that talks to the terminal itself.
pub(crate) fn run(command: &mut Command) -> Result<ExitStatus> {
    Job::spawn(command.stdin(Stdio::null()))?.wait()
}

/// Runs a command and hands each line of its output over as it comes.
pub(crate) fn stream(command: &mut Command, mut on_line: impl FnMut(Output, &str)) -> Result<ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut job = Job::spawn(command)?;
    let (sender, lines) = mpsc::channel();
    forward(job.child.stdout.take(), Output::Stdout, sender.clone());
    forward(job.child.stderr.take(), Output::Stderr, sender);
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok((output, line)) => on_line(output, &line),
            Err(RecvTimeoutError::Disconnected) => break,
            // Whoever still holds the pipe was left behind by the child: nothing to wait for.
            Err(RecvTimeoutError::Timeout) if job.child.try_wait()?.is_some() => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    job.wait()
}

/// Runs a command silently and returns what it wrote to stdout; a failure quotes the end of what it wrote.
pub(crate) fn quiet(command: &mut Command) -> Result<String> {
    let (mut stdout, mut all) = (String::new(), Vec::new());
    let status = stream(command, |output, line| {
        if let Output::Stdout = output {
            let _ = writeln!(stdout, "{line}");
        }
        all.push(line.to_owned());
    })?;
    if !status.success() {
        let tail = all.split_off(all.len().saturating_sub(QUOTED_LINES)).join("\n    ");
        bail!("{} failed ({status}):\n    {tail}", program(command));
    }
    Ok(stdout)
}

/// A child and the right to signal its group; ends with it.
struct Job {
    child: Child,
}

impl Job {
    fn spawn(command: &mut Command) -> Result<Self> {
        // Under the lock, so that the handler either sees this child or was here before it.
        let mut groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
        check()?;
        let child =
            command.process_group(0).spawn().with_context(|| format!("cannot start {}", program(command)))?;
        groups.push(child.id());
        Ok(Self { child })
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait().context("cannot wait for a child")?;
        check()?;
        Ok(status)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        // After Ctrl-C whatever the child left in its group goes too.
        if interrupted() || !matches!(self.child.try_wait(), Ok(Some(_))) {
            signal(self.child.id(), "KILL");
            let _ = self.child.wait();
        }
        let mut groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
        groups.retain(|&group| group != self.child.id());
    }
}

fn forward(pipe: Option<impl Read + Send + 'static>, output: Output, lines: Sender<(Output, String)>) {
    let Some(pipe) = pipe else { return };
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line);
            if lines.send((output, text.trim_end_matches(['\r', '\n']).to_owned())).is_err() {
                return;
            }
            line.clear();
        }
    });
}

fn signal_all(name: &str) {
    for &group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        signal(group, name);
    }
}

/// The standard library can only send SIGKILL, and only to one process; every shell can do better.
fn signal(group: u32, name: &str) {
    let _ = Command::new("sh")
        .args(["-c", &format!("kill -s {name} -- -{group}")])
        .process_group(0)
        .stderr(Stdio::null())
        .status();
}

fn program(command: &Command) -> String {
    let args = command.get_args().take(2);
    let words: Vec<_> =
        std::iter::once(command.get_program()).chain(args).map(|w| w.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// The process groups that a signal must reach.
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// How long a child may take to end after a polite signal.
const PATIENCE: Duration = Duration::from_secs(5);
const QUOTED_LINES: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn quiet_returns_stdout_only() {
        assert_eq!(quiet(&mut sh("echo out; echo err >&2")).unwrap(), "out\n");
    }

    #[test]
    fn quiet_quotes_the_end_of_a_failure() {
        let error = quiet(&mut sh("echo first; echo why >&2; exit 3")).unwrap_err().to_string();
        assert!(error.contains("why") && error.contains("exit status: 3"), "{error}");
    }

    #[test]
    fn a_pipe_left_open_by_a_grandchild_does_not_hang_us() {
        let started = std::time::Instant::now();
        assert_eq!(quiet(&mut sh("sleep 5 & echo done")).unwrap(), "done\n");
        assert!(started.elapsed() < Duration::from_secs(4));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = quiet(&mut Command::new("no-such-program")).unwrap_err();
        assert!(format!("{error:#}").contains("cannot start `no-such-program`"));
    }
}
