//! Whether a licence expression can be met by the licences we allow: `(MIT OR Apache-2.0) AND Unicode-3.0`.

/// Returns `None` if the expression is none.
///
/// ```text
/// any  := all (OR all)*          OR may also be the `/` of old manifests
/// all  := one (AND one)*
/// one  := "(" any ")" | name | name WITH exception
/// ```
pub(super) fn is_met(expression: &str, allowed: &[&str]) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let met = reader.any()?;
    reader.words.is_empty().then_some(met)
}

/// What is left to read.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [&'a str],
}

impl Reader<'_> {
    fn any(&mut self) -> Option<bool> {
        let mut met = self.all()?;
        while self.take("OR") {
            met |= self.all()?;
        }
        Some(met)
    }

    fn all(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let met = self.any()?;
            return self.take(")").then_some(met);
        }
        let mut name = self.name()?.to_owned();
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.name()?);
        }
        Some(self.allowed.contains(&name.as_str()))
    }

    fn name(&mut self) -> Option<&str> {
        let (&word, rest) = self.words.split_first()?;
        self.words = rest;
        (!["AND", "OR", "WITH", "(", ")"].contains(&word)).then_some(word)
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.words.first() == Some(&word);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::is_met;

    #[test]
    fn expressions() {
        let cases = [
            ("MIT", Some(true)),
            ("GPL-3.0", Some(false)),
            ("MIT OR GPL-3.0", Some(true)),
            ("GPL-3.0/MIT", Some(true)),
            ("MIT AND GPL-3.0", Some(false)),
            ("(MIT OR GPL-3.0) AND Zlib", Some(true)),
            ("MIT OR GPL-3.0 AND GPL-2.0", Some(true)),
            ("(MIT OR GPL-3.0) AND GPL-2.0", Some(false)),
            ("Zlib WITH LLVM-exception", Some(false)),
            ("Zlib WITH LLVM-exception OR MIT", Some(true)),
            ("GPL-2.0 WITH link OR GPL-2.0", Some(true)),
            ("mit", Some(false)),
            ("", None),
            ("MIT OR", None),
            ("(MIT", None),
            ("MIT)", None),
            ("MIT Zlib", None),
            ("AND", None),
            ("MIT WITH", None),
        ];
        for (expression, expected) in cases {
            assert_eq!(is_met(expression, &["MIT", "Zlib", "GPL-2.0 WITH link"]), expected, "{expression}");
        }
    }
}
