//! What a server's manual says of a command.

use std::collections::HashMap;

use resp::{Decode, DecodeError, View};

use crate::commands::reply::{optional, text_field, texts};

/// What a server's manual says of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandDocs {
    /// What it does.
    pub summary: String,
    /// The version that brought it.
    pub since: String,
    /// What it is about: `string`, `server`, …
    pub group: String,
    /// How its time grows.
    pub complexity: Option<String>,
    /// The module it belongs to, if it does.
    pub module: Option<String>,
    /// `deprecated`, `syscmd`.
    pub doc_flags: Vec<String>,
    /// The version from which on one should not use it.
    pub deprecated_since: Option<String>,
    /// What to use instead.
    pub replaced_by: Option<String>,
    /// What changed, each with its version.
    pub history: Vec<(String, String)>,
    /// Its arguments.
    pub arguments: Vec<CommandArgument>,
    /// Its sub-commands, by their names: `config|get`.
    pub subcommands: HashMap<String, Self>,
}

impl Decode<'_> for CommandDocs {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            summary: optional(view, "summary")?.unwrap_or_default(),
            since: optional(view, "since")?.unwrap_or_default(),
            group: optional(view, "group")?.unwrap_or_default(),
            complexity: optional(view, "complexity")?,
            module: optional(view, "module")?,
            doc_flags: view.find("doc_flags").map_or(Ok(Vec::new()), texts)?,
            deprecated_since: optional(view, "deprecated_since")?,
            replaced_by: optional(view, "replaced_by")?,
            history: optional(view, "history")?.unwrap_or_default(),
            arguments: optional(view, "arguments")?.unwrap_or_default(),
            subcommands: optional(view, "subcommands")?.unwrap_or_default(),
        })
    }
}

/// An argument of a command, as the manual describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandArgument {
    /// Its name in the manual.
    pub name: String,
    /// What it is: `string`, `integer`, `key`, `pure-token`, `oneof`, `block`, …
    pub kind: String,
    /// How the manual writes it (Redis 7.2).
    pub display_text: Option<String>,
    /// The word that stands before it, or that it is.
    pub token: Option<String>,
    /// Which of the [`key_specs`](super::CommandInfo::key_specs) it belongs to, if it is a key.
    pub key_spec_index: Option<i64>,
    /// What it does.
    pub summary: Option<String>,
    /// The version that brought it, if the command is older.
    pub since: Option<String>,
    /// The version from which on one should not use it.
    pub deprecated_since: Option<String>,
    /// `optional`, `multiple`, `multiple_token`.
    pub flags: Vec<String>,
    /// The arguments it is made of, if it is a `block`, or one of which it is, if it is a `oneof`.
    pub arguments: Vec<Self>,
}

impl Decode<'_> for CommandArgument {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            name: text_field(view, "name")?,
            kind: optional(view, "type")?.unwrap_or_default(),
            display_text: optional(view, "display_text")?,
            token: optional(view, "token")?,
            key_spec_index: optional(view, "key_spec_index")?,
            summary: optional(view, "summary")?,
            since: optional(view, "since")?,
            deprecated_since: optional(view, "deprecated_since")?,
            flags: view.find("flags").map_or(Ok(Vec::new()), texts)?,
            arguments: optional(view, "arguments")?.unwrap_or_default(),
        })
    }
}
