//! The chores of this workspace: `cargo xtask --help`.
//!
//! Only parses the command line and hands over; each chore is a file of its own. Nothing here may depend on a crate
//! of ours: the chores must run when those do not build.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;

mod bench;
mod ci;
mod commands;
mod demo;
mod fuzz;
mod hiredis;
mod record;
mod servers;
mod test;
mod tidy;

mod deny;
mod msrv;

mod cache;
mod count;
mod debian;
mod found;
mod job;
mod matrix;
mod packages;
mod pip;
mod progress;
mod recipe;
mod release;
mod server;
mod workspace;

/// The chores of this workspace.
///
/// New here? `cargo xtask demo` shows the client at work on a machine that has nothing but Rust;
/// `cargo xtask test` runs every test against real servers; `cargo xtask ci` is what CI runs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    Demo(demo::Args),
    Test(test::Args),
    Servers(servers::Args),
    Bench(bench::Args),
    Hiredis(hiredis::Args),
    Fuzz(fuzz::Args),
    Record(record::Args),
    Commands(commands::Args),
    Ci(ci::Args),
    /// Check the rules of the house that no compiler knows.
    Tidy,
}

fn main() -> ExitCode {
    let task = Task::parse();
    let outcome = job::watch_for_ctrl_c().and_then(|()| match task {
        Task::Demo(args) => demo::run(&args).map(|()| true),
        Task::Test(args) => test::run(&args),
        Task::Servers(args) => servers::run(&args).map(|()| true),
        Task::Bench(args) => bench::run(&args).map(|()| true),
        Task::Hiredis(args) => hiredis::run(&args),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Record(args) => record::run(&args).map(|()| true),
        Task::Commands(args) => commands::run(&args),
        Task::Ci(args) => ci::run(&args),
        Task::Tidy => tidy::run(),
    });
    match outcome {
        _ if job::interrupted() => ExitCode::from(INTERRUPTED),
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What a shell expects of a program that Ctrl-C ended: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Task::command().debug_assert();
    }
}
