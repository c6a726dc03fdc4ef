//! Where hiredis comes from, first found first taken:
//!
//! ```text
//! HIREDIS_DIR: sources, or include/ and lib/ ─▶ else pkg-config ─▶ else what `cargo xtask hiredis` has fetched
//!            └── not there, or before 1.0: an error                └── before 1.0: passed over, and named at the end
//! ```
//! Sources are compiled into a static library, the reader alone. Nothing is ever downloaded here.
//!
//! A package that depends on this one directly learns what was taken: `DEP_REDISY_HIREDIS_INCLUDE`, a path list of
//! folders with headers, and `DEP_REDISY_HIREDIS_SOURCES`, the folder whose sources were compiled, if any were.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Finds hiredis and compiles the shim, or ends the build with what to do.
pub(super) fn build() {
    for changed in ["build.rs", "build", SHIM] {
        println!("cargo::rerun-if-changed={changed}");
    }
    for variable in ["HIREDIS_DIR", "XDG_CACHE_HOME", "HOME"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    if let Err(why) = find() {
        println!("cargo::error={why}");
    }
}

fn find() -> Result<(), String> {
    if let Some(folder) = variable("HIREDIS_DIR") {
        return use_folder(&folder).map_err(|why| format!("HIREDIS_DIR={}: {why}", folder.display()));
    }
    let why = match pkg_config::Config::new().atleast_version(OLDEST).cargo_metadata(false).probe("hiredis") {
        Ok(library) => {
            compile_shim(&library.include_paths);
            // The shim needs the library, so it must be named behind it.
            return pkg_config::Config::new()
                .atleast_version(OLDEST)
                .probe("hiredis")
                .map(drop)
                .map_err(|error| error.to_string());
        }
        Err(_) => match pkg_config::Config::new().cargo_metadata(false).probe("hiredis") {
            Ok(old) => format!(
                "the hiredis that is installed is {}, and {OLDEST} is the oldest that will do",
                old.version
            ),
            Err(_) => format!("pkg-config knows no hiredis >= {OLDEST}"),
        },
    };
    let kept = kept();
    if let Some(folder) = &kept {
        println!("cargo::rerun-if-changed={}", folder.display());
        if folder.join("read.c").is_file() {
            return use_folder(folder);
        }
    }
    Err(format!(
        "the feature `hiredis` is on, but {why}: run `cargo xtask hiredis`, install a newer one (libhiredis-dev), or \
         let HIREDIS_DIR name a folder with its sources, or with its include/ and lib/"
    ))
}

/// A folder with sources, or with `include` and `lib`.
fn use_folder(folder: &Path) -> Result<(), String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    if folder.join("read.c").is_file() {
        check_version(folder)?;
        compile_shim(&[folder.to_owned()]);
        println!("cargo::metadata=SOURCES={}", folder.display());
        let mut build = cc::Build::new();
        // The language of hiredis's own makefile. A length near 2^63 is added to before it is compared: let it wrap.
        build.std("c99").flag_if_supported("-fwrapv").include(folder).warnings(false);
        build.files(["alloc.c", "sds.c", "read.c"].map(|file| folder.join(file)));
        return build.try_compile("redisy_hiredis").map_err(|error| error.to_string());
    }
    let (include, lib) = (folder.join("include"), folder.join("lib"));
    if !lib.is_dir() {
        return Err("holds neither read.c nor include/ and lib/".into());
    }
    let include = [include.join("hiredis"), include]
        .into_iter()
        .find(|place| place.join("hiredis.h").is_file())
        .ok_or("holds no hiredis.h in include/ or include/hiredis/")?;
    check_version(&include)?;
    compile_shim(&[include]);
    println!("cargo::rustc-link-search=native={}", lib.display());
    let kind = if lib.join("libhiredis.a").is_file() { "static" } else { "dylib" };
    println!("cargo::rustc-link-lib={kind}=hiredis");
    Ok(())
}

fn compile_shim(include: &[PathBuf]) {
    if let Ok(paths) = env::join_paths(include) {
        println!("cargo::metadata=INCLUDE={}", Path::new(&paths).display());
    }
    let mut build = cc::Build::new();
    build.std("c11").define("_POSIX_C_SOURCE", "200809L").includes(include);
    build.file(SHIM).warnings(true).extra_warnings(true);
    build.compile("redisy_hiredis_shim");
}

/// The sources that `cargo xtask hiredis` keeps in the user's cache folder.
fn kept() -> Option<PathBuf> {
    let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")))?;
    Some(cache.join("redisy").join(KEPT))
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Refuses a header of before 1.0.
fn check_version(folder: &Path) -> Result<(), String> {
    let header = folder.join("hiredis.h");
    let text = fs::read_to_string(&header).map_err(|error| format!("{}: {error}", header.display()))?;
    let number = |name: &str| -> Option<u32> {
        let rest = text.lines().find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name))?;
        rest.trim().parse().ok()
    };
    match (number("HIREDIS_MAJOR"), number("HIREDIS_MINOR")) {
        (Some(1..), _) => Ok(()),
        (Some(0), Some(minor)) => Err(format!(
            "hiredis 0.{minor} is too old, {OLDEST} is the oldest that will do: name a newer one, or unset HIREDIS_DIR \
             and run `cargo xtask hiredis`"
        )),
        _ => Err(format!("{} states no version", header.display())),
    }
}

/// The first that knows RESP3.
const OLDEST: &str = "1.0";
/// As xtask names it (`xtask/src/hiredis.rs`).
const KEPT: &str = "hiredis-1.5.0";
const SHIM: &str = "src/hiredis/shim.c";
