//! What the manuals of the servers name.

use crate::kit;
use crate::spelling::words;

#[test]
fn every_word_is_spelt() {
    let unspelt = words::unspelt();
    kit::each(|on| {
        if !on.has("COMMAND DOCS", (7, 0), (7, 2)) {
            return;
        }
        let manual = on.client.command_docs(words::names()).unwrap();
        assert!(manual.len() > 200, "only {} commands are described", manual.len());
        let all = manual.iter().flat_map(|(name, docs)| docs.subcommands.iter().chain([(name, docs)]));
        let mut missing: Vec<_> = all.flat_map(|(name, docs)| unspelt(name, docs)).collect();
        missing.sort();
        assert_eq!(missing, [""; 0], "no test spells these words");
    });
}
