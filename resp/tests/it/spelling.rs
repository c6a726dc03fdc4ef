//! A small encoder: the many ways in which a server may spell one value.

use resp::Value;

/// Where an encoder that may choose takes its choices from; zeros in the end, which are the plainest ones.
pub(crate) struct Choices(std::vec::IntoIter<u8>);

impl Choices {
    pub(crate) fn new(choices: Vec<u8>) -> Self {
        Self(choices.into_iter())
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % count
    }
}

/// Appends `value`, with attributes, streams and nulls as the choices want them.
pub(crate) fn encode(value: &Value, choices: &mut Choices, out: &mut Vec<u8>) {
    if choices.below(8) == 1 {
        let attribute =
            Value::Map(vec![(Value::SimpleString("ttl".into()), Value::Array(vec![Value::Integer(1)]))]);
        encode_plain(b'|', &attribute, choices, out);
    }
    match value {
        Value::Null => out.extend([&b"_\r\n"[..], b"$-1\r\n", b"*-1\r\n"][choices.below(3)]),
        Value::Boolean(value) => out.extend(if *value { b"#t\r\n" } else { b"#f\r\n" }),
        Value::Integer(value) => line(b':', &value.to_string(), out),
        Value::Double(value) if choices.below(2) == 1 => line(b',', &format!("{value:e}"), out),
        Value::Double(value) => line(b',', &value.to_string(), out),
        Value::BigNumber(digits) => line(b'(', digits, out),
        Value::SimpleString(text) => line(b'+', text, out),
        Value::Error(error) => {
            let text = error.to_string();
            if choices.below(2) == 1 || text.contains(['\r', '\n']) {
                sized(b'!', text.as_bytes(), out);
            } else {
                line(b'-', &text, out);
            }
        }
        Value::BulkString(bytes) if choices.below(4) == 1 => {
            out.extend(b"$?\r\n");
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (chunk, after) = rest.split_at(1 + choices.below(rest.len()));
                sized(b';', chunk, out);
                rest = after;
            }
            out.extend(b";0\r\n");
        }
        Value::BulkString(bytes) => sized(b'$', bytes, out),
        Value::VerbatimString { format, text } => sized(b'=', &[format.as_bytes(), b":", text].concat(), out),
        Value::Array(_) => encode_plain(b'*', value, choices, out),
        Value::Map(_) => encode_plain(b'%', value, choices, out),
        Value::Set(_) => encode_plain(b'~', value, choices, out),
        Value::Push(_) => encode_plain(b'>', value, choices, out),
        other => unreachable!("{other:?}"),
    }
}

fn encode_plain(sign: u8, value: &Value, choices: &mut Choices, out: &mut Vec<u8>) {
    let (count, elements): (usize, Vec<&Value>) = match value {
        Value::Map(pairs) => (pairs.len(), pairs.iter().flat_map(|(key, value)| [key, value]).collect()),
        Value::Array(list) | Value::Set(list) | Value::Push(list) => (list.len(), list.iter().collect()),
        other => unreachable!("{other:?}"),
    };
    let streamed = b"*%~".contains(&sign) && choices.below(4) == 1;
    line(sign, &if streamed { "?".to_owned() } else { count.to_string() }, out);
    elements.into_iter().for_each(|element| encode(element, choices, out));
    if streamed {
        out.extend(b".\r\n");
    }
}

fn line(sign: u8, text: &str, out: &mut Vec<u8>) {
    out.push(sign);
    out.extend(text.as_bytes());
    out.extend(b"\r\n");
}

fn sized(sign: u8, bytes: &[u8], out: &mut Vec<u8>) {
    line(sign, &bytes.len().to_string(), out);
    out.extend(bytes);
    out.extend(b"\r\n");
}
