//! Replies in the shapes that cost differently: one small thing, one large thing, many things, things in things.

/// A reply and what it is called in the results.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// Its name in the results.
    pub name: &'static str,
    /// The reply.
    pub bytes: Vec<u8>,
}

/// All replies, the smallest first.
pub fn corpora() -> Vec<Corpus> {
    let corpus = |name, bytes| Corpus { name, bytes };
    vec![
        corpus("status", b"+OK\r\n".to_vec()),
        corpus("integer", b":1234567\r\n".to_vec()),
        corpus("bulk_16", bulk(&text(16))),
        corpus("bulk_1k", bulk(&text(1_024))),
        corpus("map_100", aggregate('%', 100, |at| [bulk(&field(at)), bulk(&text(16))].concat())),
        corpus("xrange_100", aggregate('*', 100, entry)),
        corpus("strings_1000", strings(1_000)),
    ]
}

/// A list of strings of 13 bytes, as `LRANGE` sends it.
fn strings(count: usize) -> Vec<u8> {
    aggregate('*', count, |at| bulk(&format!("value:{at:07}")))
}

/// An entry of a stream: its id and three fields with their values.
fn entry(at: usize) -> Vec<u8> {
    let id = bulk(&format!("17000000{at:05}-0"));
    let fields = aggregate('*', 6, |at| if at % 2 == 0 { bulk(&field(at)) } else { bulk(&text(10)) });
    aggregate('*', 2, |at| if at == 0 { id.clone() } else { fields.clone() })
}

fn aggregate(sign: char, count: usize, element: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = format!("{sign}{count}\r\n").into_bytes();
    bytes.extend((0..count).flat_map(element));
    bytes
}

fn bulk(text: &str) -> Vec<u8> {
    format!("${}\r\n{text}\r\n", text.len()).into_bytes()
}

fn field(at: usize) -> String {
    format!("field{at}")
}

fn text(len: usize) -> String {
    "abcdefghijklmnopqrstuvwxyz".chars().cycle().take(len).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_corpus_is_one_reply() {
        for Corpus { name, bytes } in corpora() {
            assert!(resp::Reply::from_bytes(bytes).is_ok(), "{name}");
        }
    }
}
