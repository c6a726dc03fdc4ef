//! Commands about the users of a server and what they may do: its access control list (Redis 6.0).

use resp::{Decode, DecodeError, Flaw, Request, ToArg, ToArgs, View};

use super::arguments::at_most;
use super::info::text;
use super::reply::texts;
use crate::Commands;
use crate::execute::Execute;

mod rules;
pub use rules::AclRules;
mod user;
pub use user::{AclSelector, AclUser};
mod log;
pub use log::{AclLogEntry, AclReason};

/// # Users
impl<E: Execute> Commands<E> {
    /// `ACL SETUSER`: makes a user, or changes one: the rules are added to those it has, in their order. A new user is
    /// off, has no password and may do nothing.
    ///
    /// # Example
    /// ```
    /// use client::AclRules;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let rules = AclRules::new().reset().on().password("s3cret").keys("app:*").allow_category("read");
    /// client.acl_setuser("doc:acl_setuser", rules)?;
    /// assert!(client.acl_getuser("doc:acl_setuser")?.is_some_and(|user| user.is_on()));
    ///
    /// client.acl_setuser("doc:acl_setuser", "off resetpass")?; // the server's own words
    /// assert!(client.acl_getuser("doc:acl_setuser")?.is_some_and(|user| !user.is_on()));
    /// # client.acl_deluser("doc:acl_setuser")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_setuser(&self, user: impl ToArg, rules: impl Into<AclRules>) -> E::Output<()> {
        let rules = rules.into();
        self.call(Request::new("ACL SETUSER").arg(&user).with(|r| rules.write(r)))
    }

    /// `ACL GETUSER`: what a user is and may do; `None` if there is none of that name.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.acl_setuser("doc:acl_getuser", "reset on ~app:* +@read")?;
    /// let user = client.acl_getuser("doc:acl_getuser")?.expect("it was just made");
    /// assert!(user.is_on() && user.passwords.is_empty());
    /// assert_eq!((user.keys, user.commands), (vec!["~app:*".to_owned()], vec!["-@all".into(), "+@read".into()]));
    /// # client.acl_deluser("doc:acl_getuser")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_getuser(&self, user: impl ToArg) -> E::Output<Option<AclUser>> {
        self.call(Request::new("ACL GETUSER").arg(&user))
    }

    /// `ACL DELUSER`: how many of the users were there and are gone now, with their connections.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.acl_setuser("doc:acl_deluser", "off")?;
    /// assert_eq!(client.acl_deluser(["doc:acl_deluser", "doc:acl_deluser:missing"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_deluser(&self, users: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("ACL DELUSER").args(&users))
    }

    /// `ACL USERS`: the names of all users.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.acl_users()?.iter().any(|user| user == "default"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_users(&self) -> E::Output<Vec<String>> {
        self.call_with(Request::new("ACL USERS"), texts)
    }

    /// `ACL LIST`: all users with their rules, a line each, as in the server's file of them. They hold the hashes of
    /// passwords.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.acl_list()?.iter().any(|line| line.starts_with("user default on ")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_list(&self) -> E::Output<Vec<String>> {
        self.call_with(Request::new("ACL LIST"), texts)
    }

    /// `ACL WHOAMI`: the user as whom the connection is logged in.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.acl_whoami()?, "default");
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_whoami(&self) -> E::Output<String> {
        self.call_with(Request::new("ACL WHOAMI"), |view| text(view).map(Into::into))
    }

    /// `ACL CAT`: the names of all categories of commands, without the `@`.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.acl_cat()?.iter().any(|category| category == "dangerous"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_cat(&self) -> E::Output<Vec<String>> {
        self.call(Request::new("ACL CAT"))
    }

    /// `ACL CAT` of a category: the commands in it, in lower case, with a `|` before a sub-command.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let commands = client.acl_cat_commands("connection")?;
    /// assert!(commands.iter().any(|command| command == "client|id"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_cat_commands(&self, category: &str) -> E::Output<Vec<String>> {
        self.call(Request::new("ACL CAT").arg(category))
    }

    /// `ACL DRYRUN`: whether a user may run a command, which is not run (Redis 7.0). A user or a command that does not
    /// exist is an error.
    ///
    /// # Example
    /// ```
    /// use client::{AclVerdict, Build};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.acl_setuser("doc:acl_dryrun", "reset ~app:* +@read")?;
    /// assert_eq!(client.acl_dryrun("doc:acl_dryrun", ("GET", "app:1"))?, AclVerdict::Allowed);
    /// let verdict = client.acl_dryrun("doc:acl_dryrun", Build::new().set("app:1", "x"))?;
    /// assert!(matches!(verdict, AclVerdict::Denied(why) if why.contains("'set'")));
    /// # client.acl_deluser("doc:acl_dryrun")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_dryrun(&self, user: impl ToArg, command: impl ToArgs) -> E::Output<AclVerdict> {
        self.call(Request::new("ACL DRYRUN").arg(&user).args(&command))
    }

    /// `ACL GENPASS`: a password that the server makes up: 64 hexadecimal digits, which is 256 bits.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.acl_genpass()?.len(), 64);
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_genpass(&self) -> E::Output<String> {
        self.call(Request::new("ACL GENPASS"))
    }

    /// `ACL GENPASS` of so many bits, from 1 to 4,096: a password of a hexadecimal digit for each four, rounded up.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.acl_genpass_bits(33)?.len(), 9);
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_genpass_bits(&self, bits: u32) -> E::Output<String> {
        let mut request = Request::new("ACL GENPASS").arg(bits);
        if !(1..=4_096).contains(&bits) {
            request.refuse(Flaw::Argument("needs a password of 1 to 4096 bits"));
        }
        self.call(request)
    }

    /// `ACL LOG`: what was denied to whom, the newest first, at most `count` entries.
    ///
    /// # Example
    /// ```
    /// use client::{AclReason, Client, Config};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// # let client = Client::open(&url)?;
    /// let ann = url.parse::<Config>()?.username("doc:acl_log").password("wrong");
    /// assert!(Client::new(&ann)?.ping().is_err());
    /// let log = client.acl_log(100)?;
    /// let entry = log.iter().find(|entry| entry.username == "doc:acl_log").expect("it has just happened");
    /// assert_eq!(entry.reason, AclReason::Auth);
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_log(&self, count: usize) -> E::Output<Vec<AclLogEntry>> {
        self.call(Request::new("ACL LOG").arg(at_most(count)))
    }

    /// `ACL LOG RESET`: empties the log of what was denied.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().acl_log_reset().args(), [&b"ACL"[..], b"LOG", b"RESET"]);
    /// ```
    pub fn acl_log_reset(&self) -> E::Output<()> {
        self.call(Request::new("ACL LOG").arg("RESET"))
    }

    /// `ACL LOAD`: reads the users from the server's `aclfile` again, all of them or, if one is malformed, none. It is an
    /// error if the server has no such file.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.acl_load().is_err()); // this server has no such file
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_load(&self) -> E::Output<()> {
        self.call(Request::new("ACL LOAD"))
    }

    /// `ACL SAVE`: writes the users to the server's `aclfile`. It is an error if the server has no such file.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.acl_save().is_err()); // this server has no such file
    /// # Ok(())
    /// # }
    /// ```
    pub fn acl_save(&self) -> E::Output<()> {
        self.call(Request::new("ACL SAVE"))
    }
}

/// What [`acl_dryrun`](Commands::acl_dryrun) found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AclVerdict {
    /// The user may run the command.
    Allowed,
    /// He may not; the server says why.
    Denied(String),
}

impl Decode<'_> for AclVerdict {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let text = text(view)?;
        Ok(if text == "OK" { Self::Allowed } else { Self::Denied(text.into()) })
    }
}
