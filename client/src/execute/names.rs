//! The names of many commands, for errors: one text, so that a thousand of them cost a few allocations and not a
//! thousand.

/// Names in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    /// Where each name ends in the text; it begins where the one before it ends.
    ends: Vec<usize>,
}

impl Names {
    #[inline]
    pub(super) fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Keeps the first `len` names.
    pub(super) fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.text.truncate(self.ends.last().copied().unwrap_or_default());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(at)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_come_back_as_they_were_given() {
        let given = ["GET", "CONFIG GET", "", "naïve", "GET"];
        let mut names = Names::default();
        assert!(names.is_empty() && names.get(0).is_none());
        given.iter().for_each(|name| names.push(name));
        assert_eq!((names.len(), names.is_empty()), (5, false));
        assert_eq!(names.iter().collect::<Vec<_>>(), given);
        assert_eq!((names.get(1), names.get(5)), (Some("CONFIG GET"), None));
        names.truncate(2);
        names.push("SET");
        assert_eq!(names.iter().collect::<Vec<_>>(), ["GET", "CONFIG GET", "SET"]);
        names.truncate(0);
        assert!(names.is_empty() && names.text.is_empty());
    }
}
