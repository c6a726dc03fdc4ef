//! Transactions, word by word.

use client::Build;

use super::{check, decodes, refused};

#[test]
pub(super) fn transactions() {
    let build = Build::new();
    check(build.watch("k"), "WATCH k", "k");
    check(build.watch(["a", "b"]), "WATCH a b", "a b");
    refused(build.watch([""; 0]), "needs at least one key");
    check(build.unwatch(), "UNWATCH", "");
    check(build.multi(), "MULTI", "");
    check(build.exec::<(i64, String)>(), "EXEC", "");
    check(build.discard(), "DISCARD", "");
    decodes(build.exec(), "*2\r\n:1\r\n$1\r\nx\r\n", Some((1_i64, "x".to_owned())));
    decodes(build.exec::<(i64,)>(), "*-1\r\n", None);
    decodes(build.exec::<(i64,)>(), "_\r\n", None);
}
