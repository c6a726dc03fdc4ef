//! Bytes that come in at one end of an array and leave at the other.

/// A first-in, first-out buffer whose content lies in one piece.
pub(super) struct Window {
    /// INVARIANT: `start <= end <= bytes.len()`.
    bytes: Box<[u8]>,
    start: usize,
    end: usize,
}

impl Window {
    pub(super) fn new() -> Self {
        Self { bytes: Box::default(), start: 0, end: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// What is in it.
    pub(super) fn filled(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.start..self.end).unwrap_or_default()
    }

    /// Room for more, for at least so many bytes.
    pub(super) fn room(&mut self, least: usize) -> &mut [u8] {
        if self.bytes.len().saturating_sub(self.end) < least {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end = self.end.saturating_sub(self.start);
            self.start = 0;
        }
        if self.bytes.len().saturating_sub(self.end) < least {
            let mut larger = vec![0; self.end.saturating_add(least)].into_boxed_slice();
            if let Some(to) = larger.get_mut(self.start..self.end) {
                to.copy_from_slice(self.filled());
            }
            self.bytes = larger;
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// So many bytes were written into the room.
    pub(super) fn advance(&mut self, count: usize) {
        self.end = self.end.saturating_add(count).min(self.bytes.len());
    }

    /// Adds bytes.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        if let Some(room) = self.room(bytes.len()).get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
            self.advance(bytes.len());
        }
    }

    /// Lets go of so many bytes at the front.
    pub(super) fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Moves bytes from the front into a slice; returns how many.
    pub(super) fn take(&mut self, into: &mut [u8]) -> usize {
        let filled = self.filled();
        let count = filled.len().min(into.len());
        if let (Some(from), Some(to)) = (filled.get(..count), into.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_in_order() {
        let mut window = Window::new();
        let mut out = Vec::new();
        let mut next = 0_u8;
        for (add, take) in [(3, 1), (100, 50), (7, 60), (200, 199), (1, 0), (40, 300)] {
            let bytes: Vec<u8> = (0..add)
                .map(|_| {
                    next = next.wrapping_add(1);
                    next
                })
                .collect();
            window.extend(&bytes);
            let mut taken = vec![0; take];
            let count = window.take(&mut taken);
            out.extend_from_slice(&taken[..count]);
        }
        assert!(window.is_empty());
        assert_eq!(out.len(), 351);
        assert!(out.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)));
    }

    #[test]
    fn room_is_made_without_losing_anything() {
        let mut window = Window::new();
        window.extend(b"abc");
        window.consume(1);
        assert!(window.room(10).len() >= 10);
        assert_eq!(window.filled(), b"bc");
        window.room(2)[..2].copy_from_slice(b"de");
        window.advance(2);
        assert_eq!(window.filled(), b"bcde");
        window.advance(usize::MAX);
        window.consume(usize::MAX);
        assert!(window.is_empty());
    }
}
