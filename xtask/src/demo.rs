//! `cargo xtask demo`: the client at work on a machine that has nothing but Rust.

use std::env;

use anyhow::{Result, ensure};

use crate::job;
use crate::server::Server;
use crate::servers;
use crate::workspace::cargo;

/// Show the client at work: runs the tour against your server or one of its own.
///
/// Without an URL it starts a private server that nobody else sees: the program that $REDISY_SERVER names, one that is
/// installed (7.0 or newer), or Redis 8.10.2, which it builds first in about a minute. It is stopped afterwards, and
/// nothing is left behind.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Use this server, such as redis://127.0.0.1:6379, instead of a private one [default: $REDIS_URL]
    #[arg(long)]
    url: Option<String>,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Result<()> {
    let url = args.url.clone().or_else(|| env::var("REDIS_URL").ok()).filter(|url| !url.is_empty());
    if let Some(url) = url {
        return tour(&url);
    }
    let found = servers::any()?;
    let server = Server::start(&found)?;
    eprintln!("{} ({}) listens on {}", server.release, found.origin, server.url());
    tour(&server.url())
}

fn tour(url: &str) -> Result<()> {
    let mut cargo = cargo();
    cargo.args(["run", "--release", "--package", "client", "--example", "tour"]).env("REDIS_URL", url);
    let status = job::run(&mut cargo)?;
    ensure!(status.success(), "the tour failed ({status})");
    Ok(())
}
