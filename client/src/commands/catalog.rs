//! The commands that a server knows.

use std::collections::HashMap;

use resp::{DecodeOwned, Request, ToArgs};

use crate::Commands;
use crate::execute::Execute;

mod docs;
pub use docs::{CommandArgument, CommandDocs};
mod info;
pub use info::{CommandInfo, KeyBegin, KeyFind, KeySpec};

/// # The commands of a server
impl<E: Execute> Commands<E> {
    /// `COMMAND`: all commands that the server knows.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let commands = client.command()?;
    /// let writes = |name: &str| commands.iter().any(|c| c.name == name && c.has_flag("write"));
    /// assert!(writes("set") && !writes("get"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn command(&self) -> E::Output<Vec<CommandInfo>> {
        self.call(Request::new("COMMAND"))
    }

    /// `COMMAND COUNT`: how many commands the server knows.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.command_count()? > 200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn command_count(&self) -> E::Output<i64> {
        self.call(Request::new("COMMAND COUNT"))
    }

    /// `COMMAND INFO`: what the server knows of each of these commands; `None` for one it does not know. From Redis 7.0
    /// on a sub-command is one too: `config|get`.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let infos = client.command_info(["get", "config|get", "no such command"])?;
    /// let get = infos[0].as_ref().ok_or("every server has it")?;
    /// assert_eq!((get.arity, get.first_key, get.has_flag("readonly")), (2, 1, true));
    /// assert_eq!((infos[1].is_some(), infos[2].is_some()), (true, false));
    /// # Ok(())
    /// # }
    /// ```
    pub fn command_info(&self, commands: impl ToArgs) -> E::Output<Vec<Option<CommandInfo>>> {
        self.call(Request::new("COMMAND INFO").args(&commands))
    }

    /// `COMMAND DOCS`: what the server's manual says of these commands, by their names; one it does not know is not in
    /// it (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let docs = client.command_docs(["set", "no such command"])?;
    /// assert_eq!(docs.len(), 1);
    /// assert_eq!((&*docs["set"].since, &*docs["set"].group), ("1.0.0", "string"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn command_docs(&self, commands: impl ToArgs) -> E::Output<HashMap<String, CommandDocs>> {
        self.call(Request::new("COMMAND DOCS").args(&commands))
    }

    /// `COMMAND LIST`: the names of all commands that the server knows (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.command_list()?.iter().any(|name| name == "get"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn command_list(&self) -> E::Output<Vec<String>> {
        self.call(Request::new("COMMAND LIST"))
    }

    /// `COMMAND LIST FILTERBY`: the names of the commands that pass a filter (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::CommandFilter;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let mut names = client.command_list_with(CommandFilter::Pattern("lpu*"))?;
    /// names.sort();
    /// assert_eq!(names, ["lpush", "lpushx"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn command_list_with(&self, filter: CommandFilter<'_>) -> E::Output<Vec<String>> {
        let [word, value] = filter.words();
        self.call(Request::new("COMMAND LIST").arg("FILTERBY").arg(word).arg(value))
    }

    /// `COMMAND GETKEYS`: the keys among the words of a command. It is an error if there are none.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let keys: Vec<String> = client.command_getkeys(["MSET", "a", "1", "b", "2"])?;
    /// assert_eq!(keys, ["a", "b"]);
    /// let keys: Vec<String> = client.command_getkeys(Build::new().get::<String>("c"))?;
    /// assert_eq!(keys, ["c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn command_getkeys<T: DecodeOwned>(&self, command: impl ToArgs) -> E::Output<Vec<T>> {
        self.call(Request::new("COMMAND GETKEYS").args(&command))
    }

    /// `COMMAND GETKEYSANDFLAGS`: the keys among the words of a command, each with what the command does to it, in the
    /// words of [`KeySpec::flags`] (Redis 7.0). It is an error if there are none.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let keys = client.command_getkeysandflags::<String>(["GETDEL", "a"])?;
    /// assert_eq!(keys[0].0, "a");
    /// assert!(keys[0].1.iter().any(|flag| flag == "delete"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn command_getkeysandflags<T: DecodeOwned>(
        &self,
        command: impl ToArgs,
    ) -> E::Output<Vec<(T, Vec<String>)>> {
        self.call(Request::new("COMMAND GETKEYSANDFLAGS").args(&command))
    }
}

/// Which commands a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandFilter<'o> {
    /// Those of a module.
    Module(&'o str),
    /// Those of a category of the access list, such as `string`.
    Aclcat(&'o str),
    /// Those whose names match a pattern, such as `xr*`.
    Pattern(&'o str),
}

impl<'o> CommandFilter<'o> {
    fn words(self) -> [&'o str; 2] {
        match self {
            Self::Module(name) => ["MODULE", name],
            Self::Aclcat(name) => ["ACLCAT", name],
            Self::Pattern(pattern) => ["PATTERN", pattern],
        }
    }
}
