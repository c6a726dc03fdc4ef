//! No I/O, clock or thread in `resp`: bytes in, values out (STYLE, "Rooms"; DESIGN, the table of rooms).
//!
//! What is pure in `std` is listed, not what is not: a new door is closed until somebody opens it here.

use super::code::{self, Token};
use super::{File, Finding};

/// Reports each name under `resp/src` through which the world outside could be reached.
pub(super) fn check(file: &File) -> Vec<Finding> {
    if !file.path.starts_with("resp/src/") {
        return Vec::new();
    }
    let tokens = code::tokens(&file.text);
    let named = code::paths(&tokens).into_iter().filter_map(|(line, path)| Some((line, impure(&path)?)));
    named
        .chain(printed(&tokens))
        .map(|(line, what)| {
            file.finding(line, "pure", format!("{what}: resp does no I/O and has no clock or thread"))
        })
        .collect()
}

/// What is wrong with a path.
fn impure(path: &[&str]) -> Option<String> {
    let what = match *path {
        [krate, ..] if CRATES.contains(&krate) => "another crate's door to the system",
        ["std" | "core", "net", ..] => "a socket",
        ["std", "os" | "fs" | "process" | "env", ..] => "the operating system",
        ["std", "thread", ..] => "a thread",
        ["std" | "core", "time", "Duration", ..] => return None,
        ["std", "time", ..] => "a clock",
        ["std", "sync", "Arc" | "Weak" | "atomic", ..] => return None,
        ["std", "sync", ..] => "a lock or a channel",
        ["std", "io", "IoSlice", ..] => return None,
        ["std", "io", ..] => "I/O",
        ["std", "*"] => "everything at once",
        _ => return None,
    };
    Some(format!("{} is {what}", path.join("::")))
}

/// Uses of `println!` and its like.
fn printed(tokens: &[Token]) -> impl Iterator<Item = (usize, String)> {
    tokens
        .windows(2)
        .filter(|pair| pair[1].1 == "!" && PRINTERS.contains(&pair[0].1.as_str()))
        .map(|pair| (pair[0].0, format!("{}! is I/O", pair[0].1)))
}

const CRATES: [&str; 7] =
    ["libc", "socket2", "rustix", "crossbeam_channel", "crossbeam_utils", "once_cell", "parking_lot"];
const PRINTERS: [&str; 4] = ["print", "println", "eprint", "eprintln"];

#[cfg(test)]
mod tests {
    use super::super::tests::file;
    use super::*;

    fn count(path: &str, source: &str) -> usize {
        check(&file(path, source)).len()
    }

    #[test]
    fn each_door_is_closed() {
        let doors = [
            "use std::net::TcpStream;",
            "use std::os::unix::net::UnixStream;",
            "use core::net::IpAddr;",
            "use std::{fs, fmt};",
            "use std::io;",
            "use std::io::{IoSlice, Read};",
            "use std::io::{self, IoSlice};",
            "fn f(mut w: impl std::io::Write) {}",
            "use std::time::{Duration, Instant};",
            "let now = ::std::time::SystemTime::now();",
            "use std::time;",
            "std::thread::sleep(x);",
            "use std::sync::{Arc, Mutex};",
            "use std::sync::mpsc;",
            "use std::process::Command;",
            "let home = std::env::var(\"HOME\");",
            "use std::*;",
            "use socket2::Socket;",
            "libc::close(1);",
            "println!(\"x\");",
        ];
        for door in doors {
            assert_eq!(count("resp/src/a.rs", door), 1, "{door}");
        }
    }

    #[test]
    fn what_is_pure_passes() {
        let pure = "
            //! std::net::TcpStream
            use std::{borrow::Cow, collections::HashMap, fmt, io::IoSlice, str};
            use std::sync::{Arc, atomic::AtomicU64};
            use core::time::Duration; use std::time::Duration as D;
            /* std::thread::spawn */ fn f(time: u8, io: Io) -> &str { \"std::fs::read\" }
            use crate::time::Instant; use super::io; use bytes::Bytes; write!(f, \"println!\");
        ";
        assert_eq!(count("resp/src/deep/a.rs", pure), 0);
    }

    #[test]
    fn only_resp_is_meant() {
        for path in ["resp/tests/it/main.rs", "conn/src/socket.rs", "client/src/resp/src/a.rs"] {
            assert_eq!(count(path, "use std::net::TcpStream;"), 0, "{path}");
        }
    }
}
