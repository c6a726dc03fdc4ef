//! `cargo xtask record`: what real servers answer, byte for byte, as data for the tests of `resp`.
//!
//! Knows no RESP (this package may not depend on `resp`): it sends a command as one types it, then an ECHO, and takes
//! what comes before the echo.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::matrix::Matrix;
use crate::server::Server;
use crate::{job, workspace};

/// Write anew what the servers answer: the files in resp/tests/vectors.
///
/// Asks the newest Redis and the newest Valkey of the test matrix what resp/tests/vectors/commands.txt says, in RESP2
/// and in RESP3. Look at the difference before you commit it: times and identifiers differ each time.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Runs the task.
pub(crate) fn run(_: &Args) -> Result<()> {
    let folder = workspace::root().join("resp/tests/vectors");
    let commands = fs::read_to_string(folder.join("commands.txt"))?;
    let matrix = Matrix::fill(&SERVERS.map(str::to_owned))?;
    matrix.require()?;
    for found in matrix.found() {
        for protocol in [2, 3] {
            // A server of its own, so that both begin with nothing.
            let server = Server::start(found)?;
            let recorded = record(&server, protocol, &commands)?;
            let name = format!("{}-resp{protocol}.txt", found.release);
            fs::write(folder.join(&name), &recorded)?;
            println!("{name}: {} replies", recorded.lines().filter(|line| line.starts_with("< ")).count());
        }
    }
    Ok(())
}

/// Each command as a line `> COMMAND`, and its answer as a line `< BYTES`, escaped as in Rust.
fn record(server: &Server, protocol: u8, commands: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut text = format!("# {} in RESP{protocol}. Made by `cargo xtask record`.\n", server.release);
    let hello = format!("HELLO {protocol}");
    let commands = commands.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for command in [hello.as_str()].into_iter().chain(commands) {
        job::check()?;
        let reply = ask(&mut stream, command).with_context(|| format!("no answer to {command}"))?;
        writeln!(text, "> {command}\n< {}", reply.escape_ascii())?;
    }
    Ok(text)
}

/// Sends a command, or several with ` ; ` between, and takes what comes before the echo behind it.
fn ask(stream: &mut TcpStream, command: &str) -> Result<Vec<u8>> {
    let lines = command.replace(" ; ", "\r\n");
    stream.write_all(format!("{lines}\r\nECHO {MARK}\r\n").as_bytes())?;
    let echo = format!("${}\r\n{MARK}\r\n", MARK.len());
    let mut reply = Vec::new();
    let mut piece = [0; 16 << 10];
    loop {
        let read = stream.read(&mut piece)?;
        ensure!(read > 0, "the server closed the connection");
        reply.extend_from_slice(&piece[..read]);
        if let Some(reply) = reply.strip_suffix(echo.as_bytes()) {
            return Ok(reply.to_vec());
        }
    }
}

const SERVERS: [&str; 2] = ["8.10", "valkey"];
const MARK: &str = "--end-of-the-reply--";
const PATIENCE: Duration = Duration::from_secs(5);
