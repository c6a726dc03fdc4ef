//! The system packages that building a server or running the tests needs: installed when we may, else named with the command to type.
//!
//! Must never change a system that is not Debian-like, or that we do not own.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::job;
use crate::progress::Line;

/// Makes sure that what is needed is there.
pub(crate) fn ensure(needs: &[Need], line: &Line) -> Result<()> {
    let lacking: Vec<_> = needs.iter().filter(|need| !need.is_met()).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = lacking.iter().map(|need| need.package).collect();
    let list = packages.join(" ");
    if !is_debian_like() {
        let things: Vec<_> = lacking.iter().map(|need| need.thing).collect();
        bail!("install {} first", things.join(", "));
    }
    if !is_root() {
        bail!("type `sudo apt-get update && sudo apt-get install {list}` first");
    }
    line.step(format!("installing {list}"));
    // An old index is better than none: the install below has the last word.
    let _ = job::quiet(&mut apt(&["update"]));
    job::quiet(apt(&["install", "--yes", "--no-install-recommends"]).args(packages))
        .with_context(|| format!("cannot install {list}"))?;
    Ok(())
}

/// What must be there, how to tell, and where Debian keeps it.
pub(crate) struct Need {
    thing: &'static str,
    package: &'static str,
    /// A shell command that succeeds when it is there.
    probe: &'static str,
}

impl Need {
    fn is_met(&self) -> bool {
        job::quiet(Command::new("sh").args(["-c", self.probe])).is_ok()
    }
}

/// For downloading and building a server.
pub(crate) const SERVERS: [Need; 6] = [
    Need {
        thing: "a C and C++ compiler",
        package: "build-essential",
        probe: "cc --version && c++ --version && strip --version",
    },
    Need { thing: "make", package: "make", probe: "make --version" },
    Need {
        thing: "the headers of OpenSSL",
        package: "libssl-dev",
        probe: "echo '#include <openssl/ssl.h>' | cc -E -xc -",
    },
    Need { thing: "Python 3", package: "python3", probe: "python3 --version" },
    Need { thing: "pip", package: "python3-pip", probe: "python3 -m pip --version" },
    Need { thing: "tar with xz", package: "xz-utils", probe: "tar --version && xz --version" },
];

/// For running the tests: one of them counts system calls.
pub(crate) const TESTS: [Need; 1] = [Need { thing: "strace", package: "strace", probe: "strace --version" }];

/// For fuzzing: libFuzzer is written in C++.
pub(crate) const FUZZ: [Need; 1] =
    [Need { thing: "a C++ compiler", package: "build-essential", probe: "c++ --version" }];

fn is_debian_like() -> bool {
    Path::new("/etc/debian_version").exists() && job::quiet(Command::new("apt-get").arg("--version")).is_ok()
}

fn is_root() -> bool {
    job::quiet(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt(args: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(args)
        .args(["-qq", "-o", "DPkg::Lock::Timeout=300"])
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}
