//! The rules by which a user is made or changed, in their order.

use std::fmt;

use resp::{Flaw, Request};
use zeroize::Zeroizing;

/// Rules for [`acl_setuser`](crate::Commands::acl_setuser). They hold in the order in which they are added: a later one
/// may take back what an earlier one gave. A text is rules with a space between, in the server's own words.
///
/// Rules with passwords are overwritten when they are dropped, and never printed.
///
/// # Example
/// ```
/// use client::{AclRules, Build};
///
/// let rules = AclRules::new()
///     .on()
///     .password("s3cret")
///     .allow_category("all")
///     .deny_category("dangerous")
///     .allow_command("config|get")
///     .keys("app:*")
///     .selector(AclRules::new().allow_command("get").read_keys("shared:*"));
/// assert_eq!(
///     format!("{rules:?}"),
///     "AclRules(on >*** +@all -@dangerous +config|get ~app:* (+get %R~shared:*))"
/// );
/// assert_eq!(Build::new().acl_setuser("ann", rules).args()[4], b">s3cret");
/// assert_eq!(Build::new().acl_setuser("ann", "on nopass").args()[3..], [&b"on"[..], b"nopass"]);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct AclRules {
    rules: Vec<Zeroizing<Vec<u8>>>,
    /// One of them is about the user as a whole, so that they are no selector.
    is_for_users: bool,
    flaw: Option<Flaw>,
}

impl AclRules {
    /// No rule: an existing user stays as it is.
    pub fn new() -> Self {
        Self::default()
    }

    /// A rule in the server's own words, such as `~app:*`.
    pub fn rule(mut self, rule: impl AsRef<[u8]>) -> Self {
        self.push("", rule.as_ref());
        self
    }

    /// The user may log in.
    pub fn on(self) -> Self {
        self.of_user("on", "")
    }

    /// The user may not log in. Connections that are logged in stay so.
    pub fn off(self) -> Self {
        self.of_user("off", "")
    }

    /// Any password is right, and those that were set are gone.
    pub fn nopass(self) -> Self {
        self.of_user("nopass", "")
    }

    /// One more password is right.
    pub fn password(self, password: impl AsRef<[u8]>) -> Self {
        self.of_user(">", password)
    }

    /// A password is wrong from now on. If it was not right before, the server's error quotes it.
    pub fn remove_password(self, password: impl AsRef<[u8]>) -> Self {
        self.of_user("<", password)
    }

    /// One more password is right, of which this is the SHA-256 hash: 64 hexadecimal digits in lower case.
    pub fn password_hash(self, hash: &str) -> Self {
        self.of_hash("#", hash)
    }

    /// The password with this SHA-256 hash is wrong from now on.
    pub fn remove_password_hash(self, hash: &str) -> Self {
        self.of_hash("!", hash)
    }

    /// No password is right any more, and `nopass` is over.
    #[doc(alias = "resetpass")]
    pub fn reset_passwords(self) -> Self {
        self.of_user("resetpass", "")
    }

    /// The user is as a new one: off, without a password, and may do nothing.
    pub fn reset(self) -> Self {
        self.of_user("reset", "")
    }

    /// What the user gives to `RESTORE` is looked through, which is the default (Redis 6.2).
    pub fn sanitize_payload(self) -> Self {
        self.of_user("sanitize-payload", "")
    }

    /// What the user gives to `RESTORE` is trusted (Redis 6.2).
    pub fn skip_sanitize_payload(self) -> Self {
        self.of_user("skip-sanitize-payload", "")
    }

    /// The user may also do what these rules say together: the commands with those keys and channels (Redis 7.0).
    pub fn selector(mut self, rules: Self) -> Self {
        let flaw = rules
            .is_for_users
            .then_some(Flaw::Argument("needs selectors of commands, keys and channels only"));
        self.flaw = self.flaw.or(rules.flaw).or(flaw);
        let list: Vec<_> = rules.rules.iter().map(|rule| rule.as_slice()).collect();
        self.of_user("(", [&*list.join(&b' '), b")"].concat())
    }

    /// All selectors are gone (Redis 7.0).
    pub fn clear_selectors(self) -> Self {
        self.of_user("clearselectors", "")
    }

    /// A command is allowed. A sub-command follows behind a bar: `config|get` (Redis 7.0).
    pub fn allow_command(self, command: &str) -> Self {
        self.of("+", command)
    }

    /// A command is denied. A sub-command follows behind a bar: `config|set` (Redis 7.0).
    pub fn deny_command(self, command: &str) -> Self {
        self.of("-", command)
    }

    /// All commands of a category are allowed, such as `read`; [`acl_cat`](crate::Commands::acl_cat) lists them.
    pub fn allow_category(self, category: &str) -> Self {
        self.of("+@", category)
    }

    /// All commands of a category are denied, such as `dangerous`.
    pub fn deny_category(self, category: &str) -> Self {
        self.of("-@", category)
    }

    /// All commands are allowed, those of modules to come too.
    #[doc(alias = "allcommands")]
    pub fn all_commands(self) -> Self {
        self.of("+@all", "")
    }

    /// All commands are denied.
    #[doc(alias = "nocommands")]
    pub fn no_commands(self) -> Self {
        self.of("-@all", "")
    }

    /// Keys that match a pattern are allowed.
    pub fn keys(self, pattern: impl AsRef<[u8]>) -> Self {
        self.of("~", pattern)
    }

    /// Keys that match a pattern may be read (Redis 7.0).
    pub fn read_keys(self, pattern: impl AsRef<[u8]>) -> Self {
        self.of("%R~", pattern)
    }

    /// Keys that match a pattern may be written (Redis 7.0).
    pub fn write_keys(self, pattern: impl AsRef<[u8]>) -> Self {
        self.of("%W~", pattern)
    }

    /// All keys are allowed.
    #[doc(alias = "allkeys")]
    pub fn all_keys(self) -> Self {
        self.of("~*", "")
    }

    /// No key is allowed.
    #[doc(alias = "resetkeys")]
    pub fn reset_keys(self) -> Self {
        self.of("resetkeys", "")
    }

    /// Channels that match a pattern are allowed (Redis 6.2).
    pub fn channels(self, pattern: impl AsRef<[u8]>) -> Self {
        self.of("&", pattern)
    }

    /// All channels are allowed (Redis 6.2).
    #[doc(alias = "allchannels")]
    pub fn all_channels(self) -> Self {
        self.of("&*", "")
    }

    /// No channel is allowed (Redis 6.2).
    #[doc(alias = "resetchannels")]
    pub fn reset_channels(self) -> Self {
        self.of("resetchannels", "")
    }

    /// These databases are allowed, and no others (only Valkey, 9.1).
    pub fn databases(self, dbs: impl IntoIterator<Item = u32>) -> Self {
        let dbs: Vec<_> = dbs.into_iter().map(|db| db.to_string()).collect();
        self.of("db=", dbs.join(","))
    }

    /// All databases are allowed (only Valkey, 9.1).
    #[doc(alias = "alldbs")]
    pub fn all_databases(self) -> Self {
        self.of("alldbs", "")
    }

    /// Adds the rules. Passwords stay where they are.
    pub(super) fn write<'a>(&'a self, mut request: Request<'a>) -> Request<'a> {
        if let Some(flaw) = &self.flaw {
            request.refuse(flaw.clone());
        }
        self.rules.iter().fold(request, |request, rule| match secret(rule) {
            Some(_) => request.secret(rule),
            None => request.arg(rule.as_slice()),
        })
    }

    /// Adds a rule about the user as a whole.
    fn of_user(mut self, word: &str, rest: impl AsRef<[u8]>) -> Self {
        self.is_for_users = true;
        self.push(word, rest.as_ref());
        self
    }

    /// Adds a rule about a hash.
    fn of_hash(mut self, word: &str, hash: &str) -> Self {
        if hash.len() != 64 || !hash.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            self.flaw.get_or_insert(Flaw::Argument("needs a hash of 64 hexadecimal digits in lower case"));
        }
        self.of_user(word, hash)
    }

    /// Adds a rule that a selector may have too.
    fn of(mut self, word: &str, rest: impl AsRef<[u8]>) -> Self {
        // The server refuses them, but for selectors, in which they would begin another rule.
        if rest.as_ref().iter().any(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x0b)) {
            self.flaw.get_or_insert(Flaw::Argument("needs names and patterns without spaces"));
        }
        self.push(word, rest.as_ref());
        self
    }

    fn push(&mut self, word: &str, rest: &[u8]) {
        // In memory that does not move, so that no copy of a password stays behind.
        let mut rule = Zeroizing::new(Vec::with_capacity(word.len() + rest.len()));
        rule.extend_from_slice(word.as_bytes());
        rule.extend_from_slice(rest);
        self.rules.push(rule);
    }
}

impl From<&str> for AclRules {
    fn from(text: &str) -> Self {
        text.split_ascii_whitespace().fold(Self::new(), Self::rule)
    }
}

impl fmt::Debug for AclRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.rules.iter().map(|rule| match secret(rule) {
            Some(kind) => format!("{}***", char::from(kind)),
            None => String::from_utf8_lossy(rule).into_owned(),
        });
        write!(f, "AclRules({})", shown.collect::<Vec<_>>().join(" "))
    }
}

/// The sign by which a rule has a password or its hash.
fn secret(rule: &[u8]) -> Option<u8> {
    rule.first().copied().filter(|sign| matches!(sign, b'>' | b'<' | b'#' | b'!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_sent_from_where_they_are_overwritten() {
        let rules = AclRules::new().on().password("s3cret").password_hash(&"0".repeat(64)).keys("a");
        let mut request = rules.write(Request::new("ACL SETUSER").arg("ann"));
        let segments: Vec<_> = request.wire().segments().map(<[u8]>::as_ptr).collect();
        let lent = rules.rules.iter().map(|rule| segments.contains(&rule.as_ptr()));
        assert_eq!(lent.collect::<Vec<_>>(), [false, true, true, false]);
        assert!(rules.rules.iter().all(|rule| rule.capacity() == rule.len()), "no copy was left behind");
    }
}
