//! Does nothing, unless the feature `hiredis` is on: then it compiles what the races need of hiredis, which is more than
//! `conn` needs, out of what the build script of `conn` has found.

#[cfg(feature = "hiredis")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SHIM}");
    let include: Vec<_> = std::env::var_os("DEP_REDISY_HIREDIS_INCLUDE")
        .map(|paths| std::env::split_paths(&paths).collect())
        .unwrap_or_default();
    let mut shim = cc::Build::new();
    shim.std("c11").define("_POSIX_C_SOURCE", "200809L").includes(&include).file(SHIM);
    shim.warnings(true).extra_warnings(true).compile("redisy_benches_shim");

    // A library is whole; of sources, `conn` compiles the reader alone. These stand behind the shim that needs them.
    let Some(folder) = std::env::var_os("DEP_REDISY_HIREDIS_SOURCES") else { return };
    let mut rest = cc::Build::new();
    rest.std("c99").include(&folder).warnings(false);
    rest.files(["hiredis.c", "net.c", "async.c"].map(|file| std::path::Path::new(&folder).join(file)));
    rest.compile("redisy_benches_hiredis");
}

#[cfg(feature = "hiredis")]
const SHIM: &str = "src/peers/hiredis/shim.c";

#[cfg(not(feature = "hiredis"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
