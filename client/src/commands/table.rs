//! What the servers say about each command: table.tsv, made by `cargo xtask commands`, as a table to look things up in.
//!
//! The text is read by the compiler: a line that makes no sense does not compile, and nothing but names and flags ends
//! up in a program. A look-up hashes the name once, compares one name as a rule, and allocates nothing.

use std::fmt;

use resp::Request;

mod text;
use text::{ROWS, SLOT_COUNT, SLOTS};

/// What the table knows about a command: what it may do, and so how one may treat it.
///
/// It has the commands of Redis 8.10 and Valkey 9.1, and container commands with their sub-commands (`CONFIG GET`).
/// Nothing is known about those of modules, and those of newer servers.
///
/// # Example
/// ```
/// use client::CommandFacts;
///
/// let get = CommandFacts::of("get").ok_or("no such command")?;
/// assert_eq!(get.name(), "GET");
/// assert!(get.is_read_only() && get.is_repeatable());
///
/// // A predicate of one's own: what reads, and what one knows to be harmless if it runs twice.
/// let repeat = |name: &str| name == "SADD" || CommandFacts::of(name).is_some_and(|facts| facts.is_repeatable());
/// assert!(repeat("SADD") && repeat("HGETALL") && repeat("CONFIG GET"));
/// assert!(!repeat("INCR") && !repeat("BLPOP") && !repeat("JSON.GET"));
/// # Ok::<_, &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CommandFacts {
    name: &'static str,
    flags: u8,
}

impl CommandFacts {
    /// The facts about a command by its name, in upper or lower case, with its sub-command if it has one; `None` if
    /// the table lacks it.
    ///
    /// # Example
    /// ```
    /// use client::CommandFacts;
    ///
    /// assert_eq!(CommandFacts::of("Config Get").map(CommandFacts::name), Some("CONFIG GET"));
    /// assert_eq!(CommandFacts::of("FT.SEARCH"), None);
    /// ```
    #[inline]
    pub fn of(name: &str) -> Option<Self> {
        find(name.as_bytes(), b"")
    }

    /// The facts about what a request asks for. A sub-command may be part of its name or its first argument, and an
    /// `XREAD` blocks only if it says `BLOCK`.
    ///
    /// # Example
    /// ```
    /// use client::{CommandFacts, Request};
    ///
    /// let request = Request::new("CLIENT").arg("LIST");
    /// assert_eq!(CommandFacts::of_request(&request).map(CommandFacts::name), Some("CLIENT LIST"));
    ///
    /// let tail = Request::new("XREAD").arg("BLOCK").arg(0).arg("STREAMS").key("s").arg("$");
    /// assert_eq!(CommandFacts::of_request(&tail).map(CommandFacts::is_blocking), Some(true));
    /// ```
    pub fn of_request(request: &Request<'_>) -> Option<Self> {
        let name = request.name().as_bytes();
        let facts = find(name, b"")?;
        if facts.is_container() {
            return request.args_iter().nth(1).map_or(Some(facts), |sub| find(name, sub));
        }
        if facts.has(BLOCKING) && facts.name.starts_with("XREAD") && !says_block(request) {
            return Some(Self { flags: facts.flags & !BLOCKING, ..facts });
        }
        Some(facts)
    }

    /// All commands of the table, by their names in alphabetical order.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        ROWS.into_iter()
    }

    /// Which of [`all`](Self::all) has this name.
    pub(crate) fn index(name: &str) -> Option<usize> {
        row(name.as_bytes(), b"")
    }

    /// The name in upper case, with the sub-command: `CONFIG GET`.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Whether it reads keys and changes none.
    pub fn is_read_only(self) -> bool {
        self.has(READ_ONLY)
    }

    /// Whether it may change keys or functions. What is neither this nor read-only touches none itself, as `PING`,
    /// `CONFIG SET` or `PUBLISH`, or depends on what it is given, as `EVAL`.
    pub fn is_write(self) -> bool {
        self.has(WRITE)
    }

    /// Whether the server may hold back its answer until something happens.
    pub fn is_blocking(self) -> bool {
        self.has(BLOCKING)
    }

    /// Whether it is about the server rather than about data: `CONFIG`, `CLIENT KILL`, `DEBUG`.
    pub fn is_admin(self) -> bool {
        self.has(ADMIN)
    }

    /// Whether nobody can tell if it ran once or twice: it is read-only, or it only tells about the server or the
    /// connection, as `PING`, `INFO` or `CONFIG GET`.
    ///
    /// A blocking command is never repeatable: what came between two `XREAD BLOCK … $` would be missed.
    pub fn is_repeatable(self) -> bool {
        self.has(TELLS) || (self.has(READ_ONLY) && !self.has(BLOCKING))
    }

    /// Whether it has sub-commands.
    pub(crate) fn is_container(self) -> bool {
        self.has(CONTAINER)
    }

    fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

impl fmt::Debug for CommandFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = FLAGS.iter().filter(|(_, flag)| self.has(*flag)).map(|(word, _)| *word);
        write!(f, "{} ({})", self.name, said.collect::<Vec<_>>().join(" "))
    }
}

fn says_block(request: &Request<'_>) -> bool {
    request.args_iter().any(|word| word.eq_ignore_ascii_case(b"BLOCK"))
}

/// Finds a command by its name and, if that is not part of it, its sub-command.
fn find(name: &[u8], sub: &[u8]) -> Option<CommandFacts> {
    ROWS.get(row(name, sub)?).copied()
}

/// The row of that command.
fn row(name: &[u8], sub: &[u8]) -> Option<usize> {
    let mut slot = hash(name, sub);
    loop {
        let row = usize::from(SLOTS[slot]);
        let facts = ROWS.get(row)?;
        let own = facts.name.as_bytes();
        let is_it = match own.split_at_checked(name.len()) {
            Some((own, b"")) => sub.is_empty() && own.eq_ignore_ascii_case(name),
            Some((own, [b' ', rest @ ..])) => {
                own.eq_ignore_ascii_case(name) && rest.eq_ignore_ascii_case(sub)
            }
            _ => false,
        };
        if is_it {
            return Some(row);
        }
        slot = (slot + 1) % SLOTS.len();
    }
}

/// Where the search for a name begins: FNV-1a over its letters, upper and lower case alike.
const fn hash(name: &[u8], sub: &[u8]) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    let mut i = 0;
    while i < name.len() {
        hash = (hash ^ fold(name[i])).wrapping_mul(0x0100_0193);
        i += 1;
    }
    if !sub.is_empty() {
        hash = (hash ^ fold(b' ')).wrapping_mul(0x0100_0193);
    }
    i = 0;
    while i < sub.len() {
        hash = (hash ^ fold(sub[i])).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (hash ^ (hash >> 15)) as usize % SLOT_COUNT
}

const fn fold(byte: u8) -> u32 {
    byte.to_ascii_uppercase() as u32
}

/// The flags that anybody asks for, by their words in the table.
const FLAGS: [(&str, u8); 6] = [
    ("readonly", READ_ONLY),
    ("write", WRITE),
    ("blocking", BLOCKING),
    ("admin", ADMIN),
    ("container", CONTAINER),
    ("tells", TELLS),
];
const READ_ONLY: u8 = 1;
const WRITE: u8 = 1 << 1;
const BLOCKING: u8 = 1 << 2;
const ADMIN: u8 = 1 << 3;
/// It has sub-commands in the table.
const CONTAINER: u8 = 1 << 4;
/// It is in [`ONLY_TELL`].
const TELLS: u8 = 1 << 5;

/// What is not flagged as read-only, since it reads no keys, but only tells something and may be asked twice.
///
/// Written by hand: there is no rule for it. "Neither a write nor barred from scripts" comes near, but `SELECT`,
/// `READONLY` and `HIMPORT DISCARD` pass it too, and the next version's commands would without anybody having looked.
/// `ACL LOG`, `CLUSTER MIGRATION` and `MEMORY PURGE` are not here because they, or a form of them, change something.
/// `SCRIPT LOAD` is, because a script that is there stays what it is.
#[rustfmt::skip]
const ONLY_TELL: [&str; 69] = [
    "ACL CAT", "ACL DRYRUN", "ACL GENPASS", "ACL GETUSER", "ACL LIST", "ACL USERS", "ACL WHOAMI",
    "BACKUP LIST", "BACKUP STATUS",
    "CLIENT GETNAME", "CLIENT GETREDIR", "CLIENT ID", "CLIENT INFO", "CLIENT LIST", "CLIENT TRACKINGINFO",
    "CLUSTER COUNT-FAILURE-REPORTS", "CLUSTER COUNTKEYSINSLOT", "CLUSTER GETKEYSINSLOT",
    "CLUSTER GETSLOTMIGRATIONS", "CLUSTER INFO", "CLUSTER KEYSLOT", "CLUSTER LINKS", "CLUSTER MYID",
    "CLUSTER MYSHARDID", "CLUSTER NODES", "CLUSTER REPLICAS", "CLUSTER SHARDS", "CLUSTER SLAVES",
    "CLUSTER SLOT-STATS", "CLUSTER SLOTS",
    "COMMAND", "COMMAND COUNT", "COMMAND DOCS", "COMMAND GETKEYS", "COMMAND GETKEYSANDFLAGS",
    "COMMAND INFO", "COMMAND LIST",
    "COMMANDLOG GET", "COMMANDLOG LEN",
    "CONFIG GET",
    "ECHO",
    "FUNCTION DUMP", "FUNCTION LIST", "FUNCTION STATS",
    "HOTKEYS GET",
    "INFO", "LASTSAVE",
    "LATENCY DOCTOR", "LATENCY GRAPH", "LATENCY HISTOGRAM", "LATENCY HISTORY", "LATENCY LATEST",
    "MEMORY DOCTOR", "MEMORY MALLOC-STATS", "MEMORY STATS",
    "MODULE LIST",
    "PING",
    "PUBSUB CHANNELS", "PUBSUB NUMPAT", "PUBSUB NUMSUB", "PUBSUB SHARDCHANNELS", "PUBSUB SHARDNUMSUB",
    "ROLE",
    "SCRIPT EXISTS", "SCRIPT LOAD", "SCRIPT SHOW",
    "SLOWLOG GET", "SLOWLOG LEN",
    "TIME",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_found_in_any_case_and_spelling() {
        for facts in ROWS {
            let lower = facts.name.to_lowercase();
            assert_eq!(CommandFacts::of(facts.name), Some(facts));
            assert_eq!(CommandFacts::of(&lower), Some(facts));
            if let Some((name, sub)) = lower.split_once(' ') {
                assert_eq!(find(name.as_bytes(), sub.as_bytes()), Some(facts));
                assert_eq!(CommandFacts::of_request(&Request::new(name).arg(sub)), Some(facts));
                assert_eq!(CommandFacts::of_request(&Request::new(&lower).arg("x")), Some(facts));
                assert!(CommandFacts::of(name).is_some_and(|facts| facts.has(CONTAINER)), "{name}");
            }
        }
        assert_eq!(ROWS.iter().filter(|facts| facts.has(CONTAINER)).count(), 19);
    }

    #[test]
    fn what_is_not_in_the_table_is_not_found() {
        for name in ["", " ", "GE", "GETT", "CONFIG ", "CONFIG GE", "CONFIG GETT", "FT.SEARCH", "\0", "é"] {
            assert_eq!(CommandFacts::of(name), None, "{name:?}");
        }
        assert_eq!(CommandFacts::of_request(&Request::new("CONFIG").arg("FOO")), None);
        assert_eq!(find(b"CONFIG GET", b"GET"), None);
        assert_eq!(find(b"GET", b"GET"), None);
    }

    #[test]
    fn a_search_is_short() {
        let steps = |row: usize| {
            let slot = SLOTS.iter().position(|&at| usize::from(at) == row).unwrap();
            (slot + SLOT_COUNT - hash(ROWS[row].name.as_bytes(), b"")) % SLOT_COUNT
        };
        let steps: Vec<_> = (0..ROWS.len()).map(steps).collect();
        assert!(steps.iter().max() <= Some(&10), "{:?}", steps.iter().max());
        assert!(steps.iter().sum::<usize>() <= ROWS.len() / 2, "{}", steps.iter().sum::<usize>());
    }

    #[test]
    fn facts_are_those_of_the_table() {
        let said = |name: &str| format!("{:?}", CommandFacts::of(name).unwrap());
        assert_eq!(said("get"), "GET (readonly)");
        assert_eq!(said("bzpopmin"), "BZPOPMIN (write blocking)");
        assert_eq!(said("xread"), "XREAD (readonly blocking)");
        assert_eq!(said("config set"), "CONFIG SET (admin)");
        assert_eq!(said("config get"), "CONFIG GET (admin tells)");
        assert_eq!(said("command"), "COMMAND (container tells)");
        assert_eq!(said("eval"), "EVAL ()");
    }

    #[test]
    fn what_may_run_twice() {
        let repeats = |name| CommandFacts::of(name).unwrap().is_repeatable();
        for name in
            ["GET", "MGET", "SCAN", "TOUCH", "SORT_RO", "EVAL_RO", "FCALL_RO", "GEORADIUS_RO", "PFCOUNT"]
        {
            assert!(repeats(name), "{name}");
        }
        for name in
            ["PING", "ECHO", "TIME", "INFO", "CLIENT LIST", "CONFIG GET", "XINFO STREAM", "ACL WHOAMI"]
        {
            assert!(repeats(name), "{name}");
        }
        for name in ["SET", "GETEX", "GETDEL", "XREADGROUP", "SORT", "GEORADIUS", "EVAL", "EVALSHA", "FCALL"]
        {
            assert!(!repeats(name), "{name}");
        }
        for name in
            ["PUBLISH", "BLPOP", "WAIT", "XREAD", "SELECT", "READONLY", "MULTI", "EXEC", "HIMPORT DISCARD"]
        {
            assert!(!repeats(name), "{name}");
        }
    }

    #[test]
    fn xread_blocks_if_it_says_so() {
        let now = Request::new("XREAD").arg("STREAMS").key("s").arg("0");
        let facts = CommandFacts::of_request(&now).unwrap();
        assert!(!facts.is_blocking() && facts.is_repeatable());
        let later = Request::new("xread").arg("block").arg(5).arg("STREAMS").key("s").arg("0");
        let facts = CommandFacts::of_request(&later).unwrap();
        assert!(facts.is_blocking() && !facts.is_repeatable());
        let group =
            Request::new("XREADGROUP").arg("GROUP").arg("g").arg("c").arg("STREAMS").key("s").arg(">");
        let facts = CommandFacts::of_request(&group).unwrap();
        assert!(!facts.is_blocking() && facts.is_write() && !facts.is_repeatable());
        assert!(CommandFacts::of_request(&Request::new("BLPOP").key("k").arg(0)).unwrap().is_blocking());
    }
}
