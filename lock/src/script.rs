//! The steps of a lock that must be one step, as Lua on the server. Each may be sent again when its reply was lost.

use client::{Client, DecodeOwned, Pipeline, Ticket};

/// A script with the digest by which the server knows it.
#[derive(Debug)]
pub(crate) struct Script {
    text: &'static str,
    sha: &'static str,
}

/// One run of a script: its keys and arguments.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) script: &'static Script,
    pub(crate) keys: &'a [&'a str],
    pub(crate) args: &'a [&'a [u8]],
}

/// What became of a compare-and-something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// It was ours, and it is done.
    Ours,
    /// Somebody else has it.
    Other,
    /// Nobody has it.
    Gone,
}

impl Compared {
    pub(crate) fn of(reply: i64) -> Self {
        match reply {
            -1 => Self::Gone,
            0 => Self::Other,
            _ => Self::Ours,
        }
    }
}

impl Call<'_> {
    /// Runs it by its digest, and in full where the server does not know it (any more).
    pub(crate) fn run<R: DecodeOwned>(&self, client: &Client) -> Result<R, client::Error> {
        match client.evalsha(self.script.sha, self.keys, self.args) {
            Err(error) if error.code() == Some("NOSCRIPT") => {
                client.eval(self.script.text, self.keys, self.args)
            }
            done => done,
        }
    }

    /// Runs it in a pipeline, in full: nobody could come back to a digest that the server does not know.
    pub(crate) fn queue(&self, pipeline: &Pipeline) -> Ticket<i64> {
        pipeline.eval(self.script.text, self.keys, self.args)
    }
}

/// Milliseconds as an argument; a part of one counts as a whole.
pub(crate) fn millis(time: std::time::Duration) -> String {
    time.as_nanos().div_ceil(1_000_000).to_string()
}

macro_rules! scripts {
    ($($name:ident = $file:literal, $sha:literal;)*) => {
        $(pub(crate) static $name: Script = Script { text: include_str!($file), sha: $sha };)*

        #[cfg(test)]
        static ALL: &[(&str, &Script)] = &[$(($file, &$name)),*];
    };
}

scripts! {
    ACQUIRE = "scripts/acquire.lua", "b49cace1135570f01c732bbc3a95899eb71ab95b";
    EXTEND = "scripts/extend.lua", "5449a18ef17525c200447c3acb5915b0c269b025";
    RELEASE = "scripts/release.lua", "652dc59fe93166b14e66cfa163306efb2d90a7f8";
}

#[cfg(test)]
mod live {
    use super::*;

    #[test]
    fn each_digest_is_that_of_its_text() {
        let url = std::env::var("REDISY_URL").expect("tests in `live` need servers: run `cargo xtask test`");
        let client = Client::open(&url).unwrap();
        for (file, script) in ALL {
            assert_eq!(client.script_load(script.text).unwrap(), script.sha, "{file}");
        }
    }
}
