//! Does nothing, unless the feature `hiredis` is on: then it finds hiredis and compiles the shim before it.

#[cfg(feature = "hiredis")]
#[path = "build/hiredis.rs"]
mod hiredis;

#[cfg(feature = "hiredis")]
use hiredis::build;

#[cfg(not(feature = "hiredis"))]
fn build() {
    println!("cargo::rerun-if-changed=build.rs");
}

fn main() {
    build();
}
