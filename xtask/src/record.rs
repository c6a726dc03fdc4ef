//! `cargo xtask record`: what real servers answer, byte for byte, as data for the tests of `resp`.
//!
//! Reads no RESP but the list of commands (this package may not depend on `resp`): it sends a command as one types it,
//! then an ECHO, and takes what comes before the echo.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::commands::answer::Answer;
use crate::matrix::Matrix;
use crate::server::Server;
use crate::{job, workspace};

/// Write anew what the servers answer: the files in resp/tests/vectors.
///
/// Asks the newest Redis and the newest Valkey of the test matrix what resp/tests/vectors/commands.txt says, in RESP2
/// and in RESP3, and then each command that the server's own COMMAND lists and the file has not, but for those that
/// not-run.txt names. Look at the difference before you commit it: times and identifiers differ each time.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Runs the task.
pub(crate) fn run(_: &Args) -> Result<()> {
    let (commands, not_run) = (lines_of("commands.txt")?, lines_of("not-run.txt")?);
    let matrix = Matrix::fill(&SERVERS.map(str::to_owned))?;
    matrix.require()?;
    for found in matrix.found() {
        for protocol in ["2", "3"] {
            // A server of its own, so that both begin with nothing.
            let server = Server::start(found)?;
            let listed = listed(&Answer::read(&mut &*Session::start(&server, "2")?.ask("COMMAND")?)?);
            let mut session = Session::start(&server, protocol)?;
            commands
                .iter()
                .try_for_each(|command| session.record(&command.replace("{protocol}", protocol)))?;
            let left = missing(&listed, &commands, &not_run);
            left.iter().try_for_each(|command| session.record(command))?;
            session.write(&format!("{}-resp{protocol}.txt", found.release))?;
            if protocol == "2" {
                let names: BTreeSet<_> = listed.iter().map(|(name, _)| format!("{name}\n")).collect();
                let head = format!("# What COMMAND lists on {}.\n", server.release);
                let names: String = names.into_iter().collect();
                fs::write(file(&format!("{}-commands.txt", found.release)), head + &names)?;
            }
            println!(
                "{} in RESP{protocol}: {} answers, {} of them with the fewest arguments; {} commands listed",
                found.release,
                session.count,
                left.len(),
                listed.len()
            );
        }
    }
    Ok(())
}

/// A connection, and what was asked and answered on it.
struct Session {
    stream: TcpStream,
    text: String,
    count: usize,
}

impl Session {
    fn start(server: &Server, protocol: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", server.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let text = format!("# {} in RESP{protocol}. Made by `cargo xtask record`.\n", server.release);
        let mut session = Self { stream, text, count: 0 };
        session.record(&format!("HELLO {protocol}"))?;
        Ok(session)
    }

    /// Keeps a command as a line `> COMMAND`, and its answer as a line `< BYTES`, escaped as in Rust.
    fn record(&mut self, command: &str) -> Result<()> {
        job::check()?;
        let reply = self.ask(command)?;
        let len = reply.len();
        ensure!(len <= LARGEST, "{command} answers {len} bytes: ask for less, {LARGEST} at most");
        writeln!(self.text, "> {command}\n< {}", reply.escape_ascii())?;
        self.count += 1;
        Ok(())
    }

    /// Sends a command, or several with ` ; ` between, and takes what comes before the echo behind it.
    fn ask(&mut self, command: &str) -> Result<Vec<u8>> {
        let lines = command.replace(" ; ", "\r\n");
        self.stream.write_all(format!("{lines}\r\nECHO {MARK}\r\n").as_bytes())?;
        let echo = format!("${}\r\n{MARK}\r\n", MARK.len());
        let mut reply = Vec::new();
        let mut piece = [0; 16 << 10];
        loop {
            let read = self.stream.read(&mut piece).with_context(|| format!("no answer to {command}"))?;
            ensure!(read > 0, "the server closed the connection over {command}");
            reply.extend_from_slice(&piece[..read]);
            if let Some(reply) = reply.strip_suffix(echo.as_bytes()) {
                return Ok(reply.to_vec());
            }
        }
    }

    fn write(&self, name: &str) -> Result<()> {
        fs::write(file(name), &self.text).with_context(|| format!("cannot write {name}"))
    }
}

/// The names and arities in the answer to COMMAND. A subcommand is named with its command, `config|get`, and a command
/// that has some is not named itself.
fn listed(answer: &Answer) -> Vec<(String, i64)> {
    let entries = answer.list().iter().map(|entry| match entry.list() {
        [name, arity, .., subcommands] if subcommands.list().is_empty() => {
            vec![(name.text().to_lowercase(), arity.number())]
        }
        [.., subcommands] => listed(subcommands),
        [] => Vec::new(),
    });
    entries.flatten().collect()
}

/// The commands that nobody has written a line for, each with as few arguments as it takes.
fn missing(listed: &[(String, i64)], commands: &[String], not_run: &[String]) -> Vec<String> {
    let asked: BTreeSet<_> = commands.iter().flat_map(|line| line.split(" ; ")).flat_map(names).collect();
    let named: BTreeSet<_> = not_run.iter().filter_map(|line| line.split_whitespace().next()).collect();
    let left = listed.iter().filter(|(name, _)| !asked.contains(name) && !named.contains(name.as_str()));
    let mut left: Vec<_> = left
        .map(|(name, arity)| {
            let words = name.to_uppercase().replace('|', " ");
            let least = usize::try_from(arity.unsigned_abs()).unwrap_or_default();
            words.clone() + &" x".repeat(least.saturating_sub(words.split(' ').count()))
        })
        .collect();
    left.sort();
    left
}

/// What a line may be the name of: `config` and `config|get`.
fn names(command: &str) -> [String; 2] {
    let mut words = command.split_whitespace().map(str::to_lowercase);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    [first.clone(), format!("{first}|{second}")]
}

/// The lines of a file, without comments.
fn lines_of(name: &str) -> Result<Vec<String>> {
    let text = fs::read_to_string(file(name)).with_context(|| format!("cannot read {name}"))?;
    Ok(text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}

fn file(name: &str) -> PathBuf {
    workspace::root().join("resp/tests/vectors").join(name)
}

const SERVERS: [&str; 2] = ["8.10", "valkey"];
const MARK: &str = "--end-of-the-reply--";
/// PFSELFTEST alone takes seconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// An answer is a line of a file that people look at.
const LARGEST: usize = 8 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(lines: &[&str]) -> Vec<String> {
        lines.iter().copied().map(str::to_owned).collect()
    }

    #[test]
    fn what_nobody_wrote_down_is_sent_with_the_fewest_arguments() {
        let listed =
            [("get", 2), ("zadd", -4), ("config|get", -3), ("acl|log", -2), ("sync", 1), ("ping", -1)];
        let listed = listed.map(|(name, arity)| (name.to_owned(), arity));
        let commands = owned(&["MULTI ; Get k ; EXEC", "CONFIG SET a b"]);
        let left = missing(&listed, &commands, &owned(&["sync  a stream"]));
        assert_eq!(left, ["ACL LOG", "CONFIG GET x", "PING", "ZADD x x x"]);
    }

    #[test]
    fn commands_are_listed_with_their_subcommands_and_without_containers() {
        let entry = |name: &str, arity: i64, below: &str| {
            let head = format!("*10\r\n${}\r\n{name}\r\n:{arity}\r\n", name.len());
            head + &"*0\r\n".repeat(7) + below
        };
        let below = format!("*1\r\n{}", entry("config|get", -3, "*0\r\n"));
        let entries = [entry("get", 2, "*0\r\n"), entry("config", -2, &below), entry("VADD", -5, "*0\r\n")];
        let answer = Answer::read(&mut format!("*3\r\n{}", entries.concat()).as_bytes()).unwrap();
        let expected = [("get", 2), ("config|get", -3), ("vadd", -5)];
        assert_eq!(listed(&answer), expected.map(|(name, arity)| (name.to_owned(), arity)));
    }
}
