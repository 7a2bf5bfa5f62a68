//! Embeds `blueprints/` as a sorted table of paths and texts, and names the build by all that it is made from.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use walkdir::WalkDir;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    link();
    embed(files(&root.join("blueprints"))?)?;
    name(&root)
}

/// A program for a fixed address needs none of its tables rewritten when it starts, which is a third of the time that a small chart
/// takes. What guards memory here is the language, not where the program lies.
fn link() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// All files below a folder that are not hidden, sorted: path from there with `/`, and whole path.
fn files(root: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    println!("cargo::rerun-if-changed={}", root.display());
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let mut entries = Vec::new();
    for entry in WalkDir::new(root).into_iter().filter_entry(|e| !hidden(e.file_name())) {
        let file = entry?.into_path();
        if file.is_file() {
            let inner = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            entries.push((inner, file));
        }
    }
    entries.sort();
    Ok(entries)
}

/// Two programs of one name do the same: it changes with every source, blueprint and pinned dependency.
fn name(root: &Path) -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    let parts = ["src", "blueprints", "Cargo.toml", "Cargo.lock", "build.rs"];
    for part in parts.iter().filter(|part| root.join(part).exists()) {
        for (inner, path) in files(&root.join(part))? {
            (part, inner, fs::read(path)?).hash(&mut hasher);
        }
    }
    println!("cargo::rustc-env=STACKGEN_BUILD={:016x}", hasher.finish());
    Ok(())
}

fn embed(entries: Vec<(String, PathBuf)>) -> io::Result<()> {
    let mut table = String::from(
        "/// Embedded blueprints: path and text, sorted by path.\nstatic CATALOGUE: &[(&str, &str)] = &[\n",
    );
    for (inner, path) in entries {
        let path = path.to_string_lossy();
        table.push_str(&format!("    ({inner:?}, include_str!({path:?})),\n"));
    }
    table.push_str("];\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("catalogue.rs"), table)
}
