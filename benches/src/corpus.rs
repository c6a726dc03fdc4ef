//! Replies in the shapes that cost differently: one small thing, one large thing, many things, things in things.
//!
//! The small ones are kept as files, so that anyone can look at them or feed them to another parser; a test makes
//! them again. The large ones are made when they are needed.

/// A reply and what it is called in the results.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// Its name in the results, and of its file.
    pub name: &'static str,
    /// The reply.
    pub bytes: Vec<u8>,
}

impl Corpus {
    /// Those for which one parser is compared with another: the ones of a file, then two larger ones.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let kept = FILES.iter().map(|(name, bytes)| Self { name, bytes: bytes.to_vec() });
        let made =
            [("bulk_1m", bulk(&text(1 << 20))), ("mget_100_1k", aggregate('*', 100, |_| bulk(&text(1_024))))];
        kept.chain(made.map(|(name, bytes)| Self { name, bytes }))
    }

    /// The one of that name.
    pub(crate) fn named(name: &str) -> Self {
        Self::all().find(|corpus| corpus.name == name).unwrap_or_else(|| panic!("no corpus is called {name}"))
    }
}

/// A list of strings of 200 bytes, as long as it takes to fill so many KiB.
pub(crate) fn list_of_kib(kib: usize) -> Vec<u8> {
    let element = bulk(&text(200));
    aggregate('*', (kib << 10).div_ceil(element.len()), |_| element.clone())
}

/// Some text of that length.
pub(crate) fn text(len: usize) -> String {
    "abcdefghijklmnopqrstuvwxyz".chars().cycle().take(len).collect()
}

fn aggregate(sign: char, count: usize, element: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = format!("{sign}{count}\r\n").into_bytes();
    bytes.extend((0..count).flat_map(element));
    bytes
}

fn bulk(text: &str) -> Vec<u8> {
    format!("${}\r\n{text}\r\n", text.len()).into_bytes()
}

macro_rules! files {
    ($($name:literal),*) => { [$(($name, include_bytes!(concat!("../corpora/", $name, ".resp")).as_slice())),*] };
}

const FILES: [(&str, &[u8]); 8] = files![
    "status",
    "integer",
    "bulk_16",
    "bulk_1k",
    "strings_1000",
    "integers_1000",
    "xrange_100",
    "map_100"
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What the file of a corpus holds.
    fn made(name: &str) -> Vec<u8> {
        let pair = |at| [bulk(&format!("field{at}")), bulk(&text(16))].concat();
        match name {
            "status" => b"+OK\r\n".to_vec(),
            "integer" => b":1234567\r\n".to_vec(),
            "bulk_16" => bulk(&text(16)),
            "bulk_1k" => bulk(&text(1_024)),
            // As LRANGE sends it.
            "strings_1000" => aggregate('*', 1_000, |at| bulk(&format!("value:{at:07}"))),
            "integers_1000" => aggregate('*', 1_000, |at| format!(":{}\r\n", at * 7_919).into_bytes()),
            "xrange_100" => aggregate('*', 100, entry),
            "map_100" => aggregate('%', 100, pair),
            _ => panic!("nobody makes {name}"),
        }
    }

    /// An entry of a stream: its id and three fields with their values.
    fn entry(at: usize) -> Vec<u8> {
        let id = bulk(&format!("17000000{at:05}-0"));
        let part = |at: usize| if at % 2 == 0 { bulk(&format!("field{at}")) } else { bulk(&text(10)) };
        let fields = aggregate('*', 6, part);
        aggregate('*', 2, |at| if at == 0 { id.clone() } else { fields.clone() })
    }

    /// With `BLESS=1` it writes the files again.
    #[test]
    fn the_files_are_what_the_code_makes() {
        for (name, bytes) in FILES {
            if std::env::var_os("BLESS").is_some() {
                let path = format!("{}/corpora/{name}.resp", env!("CARGO_MANIFEST_DIR"));
                std::fs::write(path, made(name)).unwrap();
            } else {
                assert!(bytes == made(name), "corpora/{name}.resp is stale");
            }
        }
    }

    #[test]
    fn every_corpus_is_one_reply() {
        for Corpus { name, bytes } in Corpus::all() {
            assert!(resp::Reply::from_bytes(bytes).is_ok(), "{name}");
        }
        let list = resp::Reply::from_bytes(list_of_kib(1 << 10)).unwrap();
        assert!(list.to_bytes().len() >= 1 << 20);
    }
}
