//! What servers say of their own sub-commands: one method for all of them.

use resp::{Flaw, Request};

use crate::execute::Execute;
use crate::{CommandFacts, Commands};

/// # Help
impl<E: Execute> Commands<E> {
    /// `HELP` of a command that has sub-commands, such as `CONFIG`: what they are, line by line, for people to read.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.help("CONFIG")?.iter().any(|line| line.starts_with("RESETSTAT")));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "acl_help")]
    #[doc(alias = "backup_help")]
    #[doc(alias = "client_help")]
    #[doc(alias = "cluster_help")]
    #[doc(alias = "command_help")]
    #[doc(alias = "commandlog_help")]
    #[doc(alias = "config_help")]
    #[doc(alias = "function_help")]
    #[doc(alias = "hotkeys_help")]
    #[doc(alias = "latency_help")]
    #[doc(alias = "memory_help")]
    #[doc(alias = "module_help")]
    #[doc(alias = "object_help")]
    #[doc(alias = "pubsub_help")]
    #[doc(alias = "script_help")]
    #[doc(alias = "slowlog_help")]
    #[doc(alias = "xgroup_help")]
    #[doc(alias = "xinfo_help")]
    pub fn help(&self, command: &str) -> E::Output<Vec<String>> {
        let mut request = Request::new(command).arg("HELP");
        if !CommandFacts::of(command).is_some_and(CommandFacts::is_container) {
            // Another command would take HELP for a key.
            request.refuse(Flaw::Argument("has no sub-commands that are known"));
        }
        self.call(request)
    }
}
