//! What a server knows of a command: how many words it takes, what it does, where its keys are.

use resp::{Decode, DecodeError, View};

use crate::commands::info::text;
use crate::commands::reply::{element, find, optional, texts};

/// What a server knows of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandInfo {
    /// Its name in lower case, as `get`, or `config|get` for a sub-command.
    pub name: String,
    /// How many words it takes, its name included; `-2` for two or more.
    pub arity: i64,
    /// What it does: `write`, `readonly`, `blocking`, `admin`, …
    pub flags: Vec<String>,
    /// Which word is the first key; 0 if there is none, or the [`key_specs`](Self::key_specs) say where.
    pub first_key: i64,
    /// Which word is the last key; counted from the end if below zero: `-1` is the last word.
    pub last_key: i64,
    /// From one key to the next.
    pub key_step: i64,
    /// Its categories in the access list, such as `@string`.
    pub acl_categories: Vec<String>,
    /// What a client may know of it, such as `nondeterministic_output` (Redis 7.0).
    pub tips: Vec<String>,
    /// Where its keys are (Redis 7.0).
    pub key_specs: Vec<KeySpec>,
    /// Its sub-commands (Redis 7.0).
    pub subcommands: Vec<Self>,
}

impl CommandInfo {
    /// Whether it has this flag.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|own| own == flag)
    }
}

impl Decode<'_> for CommandInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let at = |at| element(view, at);
        let list = |at| view.get(at).map_or(Ok(Vec::new()), texts);
        Ok(Self {
            name: text(at(0)?)?.into(),
            arity: at(1)?.decode()?,
            flags: texts(at(2)?)?,
            first_key: at(3)?.decode()?,
            last_key: at(4)?.decode()?,
            key_step: at(5)?.decode()?,
            acl_categories: list(6)?,
            tips: list(7)?,
            key_specs: view.get(8).map_or(Ok(Vec::new()), View::decode)?,
            subcommands: view.get(9).map_or(Ok(Vec::new()), View::decode)?,
        })
    }
}

/// Where some keys of a command are: from where to search, and how many from there on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySpec {
    /// What the server's manual says of it, if anything.
    pub notes: Option<String>,
    /// What the command does to the keys: `RO`, `RW`, `OW` or `RM`, `access`, `update`, `insert`, `delete`, and others.
    pub flags: Vec<String>,
    /// From where to search.
    pub begin: KeyBegin,
    /// Which of the words from there on are keys.
    pub find: KeyFind,
}

impl Decode<'_> for KeySpec {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            notes: optional(view, "notes")?,
            flags: texts(find(view, "flags")?)?,
            begin: KeyBegin::read(find(view, "begin_search")?)?,
            find: KeyFind::read(find(view, "find_keys")?)?,
        })
    }
}

/// From where to search for keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyBegin {
    /// From this word.
    Index(i64),
    /// From the word behind this one.
    Keyword {
        /// The word.
        keyword: String,
        /// Where to begin to search for it; from the end, and backwards, if below zero.
        startfrom: i64,
    },
    /// The server cannot say.
    Unknown,
}

impl KeyBegin {
    fn read(view: View<'_>) -> Result<Self, DecodeError> {
        let number = |name| find(find(view, "spec")?, name)?.decode();
        Ok(match &*text(find(view, "type")?)? {
            "index" => Self::Index(number("index")?),
            "keyword" => Self::Keyword {
                keyword: text(find(find(view, "spec")?, "keyword")?)?.into(),
                startfrom: number("startfrom")?,
            },
            _ => Self::Unknown,
        })
    }
}

/// Which words, counted from where the search began, are keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFind {
    /// All up to a last one.
    Range {
        /// The last one; from the end if below zero.
        lastkey: i64,
        /// From one key to the next.
        keystep: i64,
        /// If the last word is the last key: the keys are the first of so many equal parts of the words, 0 and 1 for
        /// all of them.
        limit: i64,
    },
    /// As many as a word says.
    Keynum {
        /// The word that says it.
        keynumidx: i64,
        /// The first key.
        firstkey: i64,
        /// From one key to the next.
        keystep: i64,
    },
    /// The server cannot say.
    Unknown,
}

impl KeyFind {
    fn read(view: View<'_>) -> Result<Self, DecodeError> {
        let number = |name| find(find(view, "spec")?, name)?.decode();
        Ok(match &*text(find(view, "type")?)? {
            "range" => Self::Range {
                lastkey: number("lastkey")?,
                keystep: number("keystep")?,
                limit: number("limit")?,
            },
            "keynum" => Self::Keynum {
                keynumidx: number("keynumidx")?,
                firstkey: number("firstkey")?,
                keystep: number("keystep")?,
            },
            _ => Self::Unknown,
        })
    }
}
