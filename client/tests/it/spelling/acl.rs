//! How the commands on users are spelt, and what their replies become.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use client::{AclReason, AclRules, AclVerdict, Build};

use super::{check, decodes, fails, refused};

const HASH: &str = "30c952fab122c3f9759f02a6d95c3758b246b4fee239957b2d4fee46e26170c4";
const NO_ARGS: [&str; 0] = [];

#[test]
pub(super) fn users() {
    let b = Build::new();
    check(b.acl_setuser("ann", AclRules::new()), "ACL SETUSER ann", "");
    check(b.acl_setuser("ann", "on  >pw ~a*\n(+get ~b)"), "ACL SETUSER ann on >pw ~a* (+get ~b)", "");
    check(b.acl_getuser("ann"), "ACL GETUSER ann", "");
    check(b.acl_deluser(["ann", "bob"]), "ACL DELUSER ann bob", "");
    check(b.acl_users(), "ACL USERS", "");
    check(b.acl_list(), "ACL LIST", "");
    check(b.acl_whoami(), "ACL WHOAMI", "");
    check(b.acl_cat(), "ACL CAT", "");
    check(b.acl_cat_commands("read"), "ACL CAT read", "");
    check(b.acl_dryrun("ann", ("GET", "k")), "ACL DRYRUN ann GET k", "");
    check(b.acl_dryrun("ann", b.config_get("maxmemory")), "ACL DRYRUN ann CONFIG GET maxmemory", "");
    check(b.acl_genpass(), "ACL GENPASS", "");
    check(b.acl_genpass_bits(4_096), "ACL GENPASS 4096", "");
    check(b.acl_log(3), "ACL LOG 3", "");
    check(b.acl_log(usize::MAX), "ACL LOG 9223372036854775807", "");
    check(b.acl_log_reset(), "ACL LOG RESET", "");
    check(b.acl_load(), "ACL LOAD", "");
    check(b.acl_save(), "ACL SAVE", "");

    refused(b.acl_genpass_bits(0), "needs a password of 1 to 4096 bits");
    refused(b.acl_genpass_bits(4_097), "needs a password of 1 to 4096 bits");
    refused(b.acl_deluser(NO_ARGS), "needs at least one argument");
    refused(b.acl_dryrun("ann", NO_ARGS), "needs at least one argument");
    decodes(b.acl_dryrun("ann", "PING"), "+OK\r\n", AclVerdict::Allowed);
    let denied = AclVerdict::Denied("User ann has no permissions to run the 'ping' command".into());
    let reply = "$53\r\nUser ann has no permissions to run the 'ping' command\r\n";
    decodes(b.acl_dryrun("ann", "PING"), reply, denied);
    decodes(b.acl_users(), "*1\r\n$3\r\nann\r\n", vec!["ann".to_owned()]);
}

#[test]
pub(super) fn rules() {
    let new = AclRules::new;
    let spelt = |rules: AclRules, args: &str| {
        check(Build::new().acl_setuser("ann", rules), &format!("ACL SETUSER ann {args}"), "");
    };
    spelt(new().reset().on().nopass().off(), "reset on nopass off");
    spelt(new().password("a b").remove_password("c"), ">a b <c");
    spelt(new().password_hash(HASH).remove_password_hash(HASH), &format!("#{HASH} !{HASH}"));
    spelt(new().reset_passwords().sanitize_payload(), "resetpass sanitize-payload");
    spelt(new().skip_sanitize_payload().clear_selectors(), "skip-sanitize-payload clearselectors");
    spelt(new().allow_command("config|get").deny_command("del"), "+config|get -del");
    spelt(new().allow_category("read").deny_category("dangerous"), "+@read -@dangerous");
    spelt(new().no_commands().all_commands(), "-@all +@all");
    spelt(new().keys("a*").read_keys("b").write_keys("c"), "~a* %R~b %W~c");
    spelt(new().reset_keys().all_keys(), "resetkeys ~*");
    spelt(new().reset_channels().channels("a").all_channels(), "resetchannels &a &*");
    spelt(new().databases([0, 3]).all_databases(), "db=0,3 alldbs");
    spelt(new().rule("%RW~x"), "%RW~x");
    spelt(new().selector(new().allow_command("get").keys("a").channels("c")), "(+get ~a &c)");
    spelt(new().selector(new()), "()");

    let wrong = |rules: AclRules, why: &str| refused(Build::new().acl_setuser("ann", rules), why);
    for rules in [new().on(), new().nopass(), new().password("x"), new().selector(new()), new().reset()] {
        wrong(new().selector(rules), "needs selectors of commands, keys and channels only");
    }
    for pattern in ["a b", "a\tb", "a\0", "a\x0b"] {
        wrong(new().keys(pattern), "needs names and patterns without spaces");
        wrong(new().selector(new().keys(pattern)), "needs names and patterns without spaces");
    }
    wrong(new().allow_command("config get"), "needs names and patterns without spaces");
    for hash in ["", "x", &HASH[1..], &HASH.to_uppercase()] {
        wrong(new().password_hash(hash), "needs a hash of 64 hexadecimal digits in lower case");
        wrong(new().remove_password_hash(hash), "needs a hash of 64 hexadecimal digits in lower case");
    }
    let secret = new().password("s3cret").remove_password("s3cret").password_hash(HASH).rule(">s3cret");
    assert_eq!(format!("{secret:?}"), "AclRules(>*** <*** #*** >***)");
}

/// Maps of RESP3 where RESP2 has flat lists.
fn resp2(reply: &str) -> String {
    let twice = |line: &str| match line.strip_prefix('%') {
        Some(count) => format!("*{}", count.parse::<usize>().unwrap() * 2),
        None => match line.strip_prefix('~') {
            Some(count) if count.parse::<usize>().is_ok() => format!("*{count}"),
            _ => line.to_owned(),
        },
    };
    reply.split("\r\n").map(twice).collect::<Vec<_>>().join("\r\n")
}

/// The same reply in both versions of the protocol.
fn both<R>(command: &client::Command<R>, reply: &str) -> [R; 2] {
    [reply.to_owned(), resp2(reply)].map(|reply| {
        let reply = client::Reply::from_bytes(reply).unwrap();
        command.decode(&reply).unwrap()
    })
}

/// A reply, written with spaces and `$` for the lengths: `%1 $flags ~1 $on`.
fn reply(text: &str) -> String {
    let word = |word: &str| match word.strip_prefix('$') {
        Some(text) => {
            let text = text.replace('_', " ");
            format!("${}\r\n{text}\r\n", text.len())
        }
        None => format!("{word}\r\n"),
    };
    text.split(' ').map(word).collect()
}

#[test]
fn users_decode_alike() {
    let command = Build::new().acl_getuser("ann");
    let text = "%7 $flags ~2 $on $sanitize-payload $passwords *1 $abc $commands $-@all_+get $keys $~a*_%R~b \
        $channels $&c $databases $db=0 $selectors *1 %4 $commands $-@all_+set $keys $~s $channels $ $databases $alldbs";
    for user in both(&command, &reply(text)).map(Option::unwrap) {
        assert!(user.is_on() && !user.is_nopass());
        assert_eq!(
            (&*user.flags, &*user.passwords),
            (&["on", "sanitize-payload"].map(Into::into)[..], &["abc".into()][..])
        );
        assert_eq!((user.commands.join(" "), user.keys.join(" ")), ("-@all +get".into(), "~a* %R~b".into()));
        assert_eq!((user.channels.join(" "), user.databases.as_deref()), ("&c".into(), Some("db=0")));
        let selector = &user.selectors[0];
        assert_eq!(
            (selector.commands.join(" "), selector.keys.join(" ")),
            ("-@all +set".into(), "~s".into())
        );
        assert_eq!((selector.channels.len(), selector.databases.as_deref()), (0, Some("alldbs")));
        assert_eq!(
            (user.get::<String>("keys"), selector.get::<String>("keys")),
            (Some("~a* %R~b".into()), Some("~s".into()))
        );
        assert_eq!(user.get::<i64>("keys"), None);
        assert!(!format!("{user:?}").contains("abc"));
    }
    // Redis 6.2 has lists of patterns, and no selectors.
    let old = "%5 $flags ~2 $off $nopass $passwords *0 $commands $+@all $keys *2 $a* $b $channels *1 $*";
    for user in both(&command, &reply(old)).map(Option::unwrap) {
        assert!(!user.is_on() && user.is_nopass() && user.selectors.is_empty() && user.databases.is_none());
        assert_eq!((user.keys.join(" "), user.channels.join(" ")), ("~a* ~b".into(), "&*".into()));
    }
    for none in ["_\r\n", "*-1\r\n", "$-1\r\n"] {
        assert!(command.decode(&client::Reply::from_bytes(none.as_bytes()).unwrap()).unwrap().is_none());
    }
    fails(Build::new().acl_getuser("ann"), "%0\r\n", "expected flags, found nothing");
    fails(Build::new().acl_getuser("ann"), "+OK\r\n", "expected flags, found nothing");
}

#[test]
fn the_log_decodes_alike() {
    let command = Build::new().acl_log(10);
    // The entry of redis-py's test_parse_acl_log, whose client lacks a database; the age is a double in RESP3.
    let head = "$count :1 $reason $auth $context $toplevel $object $AUTH $username $someuser $age-seconds";
    let client = "$client-info $id=3_addr=127.0.0.1:52654_name=_age=0_user=someuser";
    let tail = "$entry-id :0 $timestamp-created :1700000000000 $timestamp-last-updated :1700000000001";
    let at = |millis: u64| Some(UNIX_EPOCH + Duration::from_millis(millis));
    for age in ["$8.038", ",8.038"] {
        for log in both(&command, &reply(&format!("*1 %10 {head} {age} {client} {tail}"))) {
            let entry = &log[0];
            assert_eq!((entry.count, &entry.reason, &*entry.context), (1, &AclReason::Auth, "toplevel"));
            assert_eq!((&*entry.object, &*entry.username), ("AUTH", "someuser"));
            assert_eq!((entry.age, entry.entry_id), (Duration::from_millis(8_038), Some(0)));
            assert_eq!((entry.created, entry.last_updated), (at(1_700_000_000_000), at(1_700_000_000_001)));
            assert!(entry.client.is_none());
            assert!(entry.get::<String>("client-info").unwrap().starts_with("id=3 "));
        }
    }
    // Before Redis 7.2; a reason that nobody knows yet.
    let head = head.replace("$auth", "$weather");
    let client = "$client-info $id=3_addr=/a_b.sock:0_name=_db=7";
    for log in both(&command, &reply(&format!("*1 %7 {head} $0 {client}"))) {
        let entry = &log[0];
        assert_eq!((&entry.reason, entry.age), (&AclReason::Other("weather".into()), Duration::ZERO));
        assert_eq!((entry.entry_id, entry.created, entry.last_updated), (None, None::<SystemTime>, None));
        let client = entry.client.as_ref().unwrap();
        assert_eq!((client.id(), client.db(), client.addr()), (3, 7, "/a b.sock:0"));
    }
    for age in ["$-1", "$nan", ",inf", "$1e300"] {
        let reply = reply(&format!("*1 %7 {head} {age} {client}"));
        let error = command.decode(&client::Reply::from_bytes(reply).unwrap()).unwrap_err();
        assert!(error.to_string().contains("element 0, field age-seconds: expected a time"), "{error}");
    }
}
