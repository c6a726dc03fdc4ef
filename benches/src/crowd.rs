//! Many threads who do the same at the same time.

use std::sync::Barrier;
use std::thread;

use crate::{Contender, Role, Run};

/// How many they are.
pub(crate) const THREADS: usize = 64;

/// How often each calls in one iteration: enough that their start does not count.
pub(crate) const CALLS: u64 = 100;

/// A contender who is a crowd: each thread has its own of `each`. From the start of the first to the end of the last.
pub(crate) fn crowd<C: Send + 'static>(
    name: &'static str,
    role: Role,
    mut each: Vec<C>,
    call: impl Fn(&mut C) -> bool + Sync + 'static,
) -> Contender {
    let run: Run = Box::new(move |times, meter| {
        let (start, end) = (Barrier::new(each.len() + 1), Barrier::new(each.len() + 1));
        thread::scope(|scope| {
            for own in &mut each {
                let (start, end, call) = (&start, &end, &call);
                scope.spawn(move || {
                    assert!(call(own), "{name} cannot do its job");
                    start.wait();
                    let well = (0..times * CALLS).all(|_| call(own));
                    end.wait();
                    assert!(well, "{name} failed");
                });
            }
            meter.measure(&mut || {
                start.wait();
                end.wait();
            });
        });
    });
    Contender { name, role, run, is_c: false }
}
