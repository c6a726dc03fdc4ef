//! Users and what they may do, on a server of their own: they are the whole server's.

use std::time::{Duration, SystemTime};

use client::{AclReason, AclRules, AclVerdict, Build, Client, Config};

use crate::kit::{self, each_private};

fn login(server: &kit::Private, user: &str, password: &str) -> Client {
    let config: Config = server.url().parse().unwrap();
    Client::new(&config.username(user).password(password)).unwrap()
}

#[test]
fn users() {
    each_private(&[], |_, own, client| {
        let rules =
            AclRules::new().reset().on().password("one").password("two words").keys("app:*").keys("app:*");
        client
            .acl_setuser("ann", rules.allow_category("all").deny_category("dangerous").allow_command("acl"))
            .unwrap();
        let user = client.acl_getuser("ann").unwrap().unwrap();
        assert!(user.is_on() && !user.is_nopass() && user.passwords.len() == 2, "{user:?}");
        assert_eq!(user.keys, ["~app:*"]);
        assert_eq!(user.commands[..2], ["+@all", "-@dangerous"]);
        assert!(user.selectors.is_empty());
        for password in ["one", "two words"] {
            let ann = login(own, "ann", password);
            assert_eq!(ann.acl_whoami().unwrap(), "ann");
            ann.set("app:1", 1).unwrap();
            assert_eq!(ann.set("other", 1).unwrap_err().code(), Some("NOPERM"));
            assert_eq!(ann.config_get("*").unwrap_err().code(), Some("NOPERM"));
        }
        let hash = &user.passwords[0];
        client
            .acl_setuser("ann", AclRules::new().remove_password("one").remove_password("two words"))
            .unwrap();
        assert!(login(own, "ann", "one").ping().unwrap_err().is_auth());
        let error = client.acl_setuser("ann", AclRules::new().remove_password("one")).unwrap_err();
        assert_eq!(error.code(), Some("ERR"));
        client.acl_setuser("ann", AclRules::new().password_hash(hash)).unwrap();
        assert!(["one", "two words"].iter().any(|password| login(own, "ann", password).ping().is_ok()));
        client.acl_setuser("ann", AclRules::new().remove_password_hash(hash).nopass()).unwrap();
        assert!(client.acl_getuser("ann").unwrap().unwrap().is_nopass());
        assert_eq!(login(own, "ann", "anything").acl_whoami().unwrap(), "ann");

        assert_eq!(client.acl_whoami().unwrap(), "default");
        let default = client.acl_getuser("default").unwrap().unwrap();
        assert!(default.is_on() && default.is_nopass());
        assert_eq!((default.commands.join(" "), default.keys.join(" ")), ("+@all".into(), "~*".into()));
        assert_eq!(default.channels, ["&*"]);
        client.acl_setuser(b"\xff", "off").unwrap();
        assert_eq!(client.acl_users().unwrap(), ["ann", "default", "\u{fffd}"]);
        let list = client.acl_list().unwrap();
        assert!(list.len() == 3 && list[0].starts_with("user ann on nopass "), "{list:?}");
        assert!(!client.acl_getuser(b"\xff").unwrap().unwrap().is_on());
        assert!(client.acl_getuser("nobody").unwrap().is_none());
        assert_eq!(client.acl_deluser(("ann", b"\xff", "nobody")).unwrap(), 2);
        assert_eq!(client.acl_deluser("default").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.acl_setuser("a b", "on").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.acl_setuser("ann", "nonsense").unwrap_err().code(), Some("ERR"));
        assert!(client.acl_getuser("ann").unwrap().is_none(), "all rules or none");
    });
}

#[test]
fn rules() {
    each_private(&[], |server, own, client| {
        let get = |rules: AclRules| {
            client.acl_setuser("bob", AclRules::new().reset()).unwrap();
            client.acl_setuser("bob", rules).unwrap();
            client.acl_getuser("bob").unwrap().unwrap()
        };
        let new = AclRules::new;
        let user = get(new().on().nopass().all_keys().all_channels().all_commands());
        assert_eq!((user.keys.join(" "), user.channels.join(" ")), ("~*".into(), "&*".into()));
        assert_eq!(user.commands, ["+@all"]);
        let user = get(new().all_keys().reset_keys().keys("a").all_channels().reset_channels().channels("c"));
        assert_eq!((user.keys.join(" "), user.channels.join(" ")), ("~a".into(), "&c".into()));
        let user = get(new().all_commands().no_commands().allow_command("get").deny_command("set").off());
        assert!(user.commands.starts_with(&["-@all".into(), "+get".into()]) && !user.is_on());
        let user = get(new().nopass().reset_passwords().skip_sanitize_payload().sanitize_payload());
        assert!(!user.is_nopass() && user.passwords.is_empty());
        let user = get(new().keys(b"\xfe*"));
        assert_eq!(user.keys, ["~\u{fffd}*"]);

        if server.has("ACL selectors and %R~", (7, 0), (7, 2)) {
            let selector = new().allow_command("get").keys("s:*");
            let rules =
                new().on().nopass().allow_command("set").read_keys("r").write_keys("w").selector(selector);
            let user = get(rules.allow_command("config|get"));
            assert_eq!(user.keys, ["%R~r", "%W~w"]);
            let mut commands = user.commands;
            commands.sort(); // Redis 7.0 has them in any order
            assert_eq!(commands, ["+config|get", "+set", "-@all"]);
            let selector = &user.selectors[0];
            assert_eq!(
                (&*selector.commands, &*selector.keys),
                (&["-@all".into(), "+get".into()][..], &["~s:*".into()][..])
            );
            assert!(selector.channels.is_empty());
            let bob = login(own, "bob", "");
            bob.set("w", 1).unwrap();
            assert_eq!(bob.set("r", 1).unwrap_err().code(), Some("NOPERM"));
            assert_eq!(bob.get::<String>("s:1").unwrap(), None);
            assert_eq!(bob.get::<String>("w").unwrap_err().code(), Some("NOPERM"));
            client.acl_setuser("bob", new().clear_selectors()).unwrap();
            assert_eq!(bob.get::<String>("s:1").unwrap_err().code(), Some("NOPERM"));
        }
        if server.has("ACL rules on databases", None, (9, 1)) {
            assert_eq!(get(new().databases([0, 3])).databases.as_deref(), Some("db=0,3"));
            assert_eq!(get(new().databases([0]).all_databases()).databases.as_deref(), Some("alldbs"));
        }
        client.acl_deluser("bob").unwrap();
    });
}

#[test]
fn dry_runs() {
    each_private(&[], |server, _, client| {
        if !server.has("ACL DRYRUN", (7, 0), (7, 2)) {
            return;
        }
        client.acl_setuser("ann", "reset ~a* +@read").unwrap();
        assert_eq!(client.acl_dryrun("ann", ("GET", "a")).unwrap(), AclVerdict::Allowed);
        assert_eq!(client.acl_dryrun("ann", Build::new().get::<String>("a")).unwrap(), AclVerdict::Allowed);
        let AclVerdict::Denied(why) = client.acl_dryrun("ann", ("GET", "x")).unwrap() else {
            panic!("allowed")
        };
        assert!(why.contains("'x'"), "{why}");
        let AclVerdict::Denied(why) = client.acl_dryrun("ann", ("CONFIG", "GET", "*")).unwrap() else {
            panic!("allowed")
        };
        assert!(why.contains("config|get"), "{why}");
        assert_eq!(client.acl_dryrun("nobody", ("GET", "a")).unwrap_err().code(), Some("ERR"));
        assert_eq!(client.acl_dryrun("ann", "GET").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.get::<String>("a").unwrap(), None);
    });
}

#[test]
fn the_log() {
    each_private(&[], |server, own, client| {
        client.acl_log_reset().unwrap();
        assert_eq!(client.acl_log(10).unwrap().len(), 0);
        client.acl_setuser("ann", "reset on >pw ~a* resetchannels +@all -del").unwrap();
        let before = SystemTime::now() - Duration::from_secs(1);
        login(own, "ann", "wrong").ping().unwrap_err();
        let ann = login(own, "ann", "pw");
        for error in [
            ann.del("a").unwrap_err(),
            ann.get::<String>(b"\xff").unwrap_err(),
            ann.publish("c", "x").unwrap_err(),
        ] {
            assert_eq!(error.code(), Some("NOPERM"));
        }
        let log = client.acl_log(10).unwrap();
        let all: Vec<_> = log.iter().map(|entry| (&entry.reason, &*entry.object)).collect();
        let denied =
            [(&AclReason::Channel, "c"), (&AclReason::Key, "\u{fffd}"), (&AclReason::Command, "del")];
        assert_eq!(all[..3], denied);
        assert_eq!(all[3].0, &AclReason::Auth);
        for entry in &log {
            assert_eq!((entry.count, &*entry.username, &*entry.context), (1, "ann", "toplevel"));
            assert!(entry.age < Duration::from_secs(60));
            assert!(entry.client.as_ref().unwrap().addr().starts_with("127.0.0.1:"));
        }
        assert_eq!(client.acl_log(2).unwrap().len(), 2);
        assert_eq!(client.acl_log(0).unwrap().len(), 0);
        if server.has("entry-id in ACL LOG", (7, 2), (7, 2)) {
            let (newest, oldest) = (&log[0], &log[3]);
            assert_eq!(newest.entry_id.unwrap() - oldest.entry_id.unwrap(), 3);
            assert!(newest.created.unwrap() > before && newest.last_updated >= newest.created);
        }
        client.acl_log_reset().unwrap();
        assert_eq!(client.acl_log(10).unwrap().len(), 0);
        client.acl_deluser("ann").unwrap();
    });
}

#[test]
fn words_and_passwords() {
    kit::each(|on| {
        let client = &on.client;
        let categories = client.acl_cat().unwrap();
        assert!(categories.len() > 20 && categories.iter().any(|name| name == "dangerous"));
        assert!(client.acl_cat_commands("string").unwrap().iter().any(|name| name == "getrange"));
        assert_eq!(client.acl_cat_commands("no such category").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.acl_genpass().unwrap().len(), 64);
        assert_ne!(client.acl_genpass().unwrap(), client.acl_genpass().unwrap());
        for (bits, digits) in [(1, 1), (4, 1), (5, 2), (4_096, 1_024)] {
            assert_eq!(client.acl_genpass_bits(bits).unwrap().len(), digits);
        }
        assert!(client.acl_genpass_bits(0).unwrap_err().is_usage());
        assert_eq!(client.acl_load().unwrap_err().code(), Some("ERR"));
        assert_eq!(client.acl_save().unwrap_err().code(), Some("ERR"));
    });
}

#[test]
fn files() {
    for server in kit::servers() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("users.acl");
        std::fs::write(&path, "user bob on >pw ~* +@all\n").unwrap();
        let own = kit::Private::start(&server.binary, &["--aclfile", path.to_str().unwrap()]);
        let client = Client::open(&own.url()).unwrap();
        client.acl_setuser("ann", "off").unwrap();
        client.acl_save().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("user ann off") && text.contains("user bob on"), "{text}");
        client.acl_deluser("ann").unwrap();
        client.acl_load().unwrap();
        assert!(client.acl_getuser("ann").unwrap().is_some());
        std::fs::write(&path, "user ann nonsense\n").unwrap();
        assert_eq!(client.acl_load().unwrap_err().code(), Some("ERR"));
        assert!(client.acl_getuser("bob").unwrap().is_some(), "all users or none");
    }
}
