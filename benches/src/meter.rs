//! What is measured of a piece of work: its time here, its allocations in `benches/allocations.rs`.

use std::time::{Duration, Instant};

/// Measures the work that is handed to it, and not what happens in between.
pub trait Meter {
    /// Does the work and adds what it cost.
    fn measure(&mut self, work: &mut dyn FnMut());
}

/// Adds up time.
#[derive(Debug, Default)]
pub struct Clock {
    /// The time so far.
    pub elapsed: Duration,
}

impl Meter for Clock {
    fn measure(&mut self, work: &mut dyn FnMut()) {
        let start = Instant::now();
        work();
        self.elapsed += start.elapsed();
    }
}
