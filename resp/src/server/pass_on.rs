//! Replies of another server, and value trees, written out again: what a proxy passes on.
//!
//! Without recursion: the tape lies in the order of the wire, and a tree is walked with a stack.

use super::{ReplyBuffer, ReplyWriter};
use crate::value::Parts;
use crate::{Kind, Value, View};

impl<B: ReplyBuffer> ReplyWriter<'_, B> {
    /// Writes an element of a reply with all that is in it, its attributes too, in this writer's protocol.
    ///
    /// What came as a stream goes out whole, and RESP2's `*-1` goes out as `$-1`.
    ///
    /// # Example
    /// ```
    /// use resp::{Reply, ReplyWriter};
    ///
    /// let reply = Reply::from_bytes(&b"%1\r\n|1\r\n+ttl\r\n:60\r\n+k\r\n*?\r\n,0.5\r\n_\r\n.\r\n"[..]).unwrap();
    /// let (mut old, mut new) = (Vec::new(), Vec::new());
    /// ReplyWriter::resp2(&mut old).view(reply.view());
    /// ReplyWriter::resp3(&mut new).view(reply.view());
    /// assert_eq!(old, b"*2\r\n+k\r\n*2\r\n$3\r\n0.5\r\n$-1\r\n");
    /// assert_eq!(new, b"%1\r\n|1\r\n+ttl\r\n:60\r\n+k\r\n*2\r\n,0.5\r\n_\r\n");
    /// ```
    pub fn view(&mut self, view: View<'_>) -> &mut Self {
        view.walk(|node| self.node(node));
        self
    }

    /// Writes a scalar or the header of an aggregate. True when what is in it follows.
    fn node(&mut self, view: View<'_>) -> bool {
        let text = view.as_bytes().unwrap_or_default();
        match view.kind() {
            Kind::Attribute if !self.is_3() => return false,
            Kind::Attribute => self.attributes(view.len(), |_| ()),
            Kind::Array => self.array(view.len()),
            Kind::Map => self.map(view.len()),
            Kind::Set => self.set(view.len()),
            Kind::Push => self.push(view.len()),
            Kind::StreamedString => {
                self.bulk(view.to_bytes().unwrap_or_default());
                return false;
            }
            Kind::BulkString => self.bulk(text),
            Kind::SimpleString => self.text_line(b'+', text),
            Kind::SimpleError => self.text_line(b'-', text),
            Kind::BulkError => self.bulk_error(text),
            Kind::Integer => self.integer(view.as_integer().unwrap_or_default()),
            Kind::Boolean => self.boolean(view.as_boolean().unwrap_or_default()),
            Kind::Double => self.double_text(text),
            Kind::BigNumber => self.big_number(text),
            Kind::VerbatimString => self.verbatim(letters(view.format()), text),
            Kind::Null => self.null(),
        };
        true
    }

    /// Writes a value with all that is in it, in this writer's protocol.
    ///
    /// # Example
    /// ```
    /// use resp::{ReplyWriter, Value};
    ///
    /// let value = Value::Map(vec![(Value::Integer(1), Value::Set(vec![Value::Boolean(true)]))]);
    /// let (mut old, mut new) = (Vec::new(), Vec::new());
    /// ReplyWriter::resp2(&mut old).value(&value);
    /// ReplyWriter::resp3(&mut new).value(&value);
    /// assert_eq!(old, b"*2\r\n:1\r\n*1\r\n:1\r\n");
    /// assert_eq!(new, b"%1\r\n:1\r\n~1\r\n#t\r\n");
    /// ```
    pub fn value(&mut self, value: &Value) -> &mut Self {
        let mut open = Vec::from_iter(self.begin(value));
        while let Some(rest) = open.last_mut() {
            match rest.next() {
                Some(value) => open.extend(self.begin(value)),
                None => drop(open.pop()),
            }
        }
        self
    }

    /// Writes a scalar, or the header of an aggregate whose elements are to follow.
    fn begin<'v>(&mut self, value: &'v Value) -> Option<Parts<'v>> {
        match value {
            Value::Null => self.null(),
            Value::Boolean(value) => self.boolean(*value),
            Value::Integer(value) => self.integer(*value),
            Value::Double(value) => self.double(*value),
            Value::BigNumber(digits) => self.big_number(digits),
            Value::SimpleString(text) => self.simple(text),
            Value::BulkString(bytes) => self.bulk(bytes),
            Value::VerbatimString { format, text } => self.verbatim(letters(Some(format)), text),
            Value::Error(error) => self.error(error),
            Value::Array(list) => self.array(list.len()),
            Value::Set(list) => self.set(list.len()),
            Value::Push(list) => self.push(list.len()),
            Value::Map(pairs) => self.map(pairs.len()),
        };
        value.parts()
    }
}

/// A format is three letters; any other becomes plain text.
fn letters(format: Option<&str>) -> [u8; 3] {
    format.and_then(|format| format.as_bytes().try_into().ok()).unwrap_or(*b"txt")
}
