//! The names of many commands, for errors: neighbours of one name are kept once, so that a hundred thousand of them cost
//! next to nothing.

/// Names in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    text: String,
    /// Neighbours that have the same name.
    runs: Vec<Run>,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    /// How many names came before its end.
    count: usize,
    /// Where its name ends in the text; it begins where the one before it ends.
    end: usize,
}

impl Names {
    #[inline]
    pub(super) fn push(&mut self, name: &str) {
        let count = self.len() + 1;
        match self.runs.len().checked_sub(1) {
            Some(last) if self.run(last) == Some(name) => self.runs[last].count = count,
            _ => {
                self.text.push_str(name);
                self.runs.push(Run { count, end: self.text.len() });
            }
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.runs.last().map_or(0, |run| run.count)
    }

    /// Keeps the first `len` names.
    pub(super) fn truncate(&mut self, len: usize) {
        let runs = self.runs.partition_point(|run| run.count < len) + usize::from(len > 0);
        self.runs.truncate(runs);
        if let Some(last) = self.runs.last_mut() {
            last.count = last.count.min(len);
        }
        self.text.truncate(self.runs.last().map_or(0, |run| run.end));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        self.run(self.runs.partition_point(|run| run.count <= at))
    }

    /// The names, but where neighbours have the same: that once.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &str> {
        (0..self.runs.len()).filter_map(|at| self.run(at))
    }

    fn run(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(Some(0), |before| Some(self.runs.get(before)?.end))?;
        self.text.get(start..self.runs.get(at)?.end)
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn all(names: &Names) -> Vec<&str> {
        (0..names.len()).map(|at| names.get(at).unwrap()).collect()
    }

    #[test]
    fn names_come_back_as_they_were_given() {
        let given = ["GET", "GET", "CONFIG GET", "", "", "naïve", "GET", "GET"];
        let mut names = Names::default();
        assert!(names.is_empty() && names.get(0).is_none());
        given.iter().for_each(|name| names.push(name));
        assert_eq!((names.len(), names.is_empty(), names.get(8)), (8, false, None));
        assert_eq!(all(&names), given);
        assert_eq!(names.kinds().collect::<Vec<_>>(), ["GET", "CONFIG GET", "", "naïve", "GET"]);
        for len in (0..=8).rev() {
            names.truncate(len);
            assert_eq!(all(&names), given[..len]);
            let mut more = names.clone();
            more.push("GET");
            assert_eq!(all(&more), [&given[..len], &["GET"]].concat());
        }
        assert!(names.is_empty() && names.text.is_empty());
    }
}
