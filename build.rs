//! Embeds `blueprints/` as a sorted table of paths and texts, and names the build by all that it is made from.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use walkdir::WalkDir;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    link(Path::new(&env::var_os("OUT_DIR").unwrap_or_default()))?;
    embed(files(&root.join("blueprints"))?)?;
    name(&root)
}

/// How the program is linked, where that is known to work: both ways save what a small chart takes much of its time for, the start.
fn link(out: &Path) -> io::Result<()> {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") || !is("PROFILE", "release") {
        return Ok(());
    }
    // A program for a fixed address needs none of its tables rewritten. What guards memory here is the language, not where the
    // program lies.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    unwinder(out)
}

/// Takes what unwinds the stack from the compiler's archive, so that no library has to be found and loaded for it. The name under
/// which Rust asks for the library stands for the archive then.
fn unwinder(out: &Path) -> io::Result<()> {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let archive = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output();
    // A compiler that does not have the file gives the bare name back.
    let there = archive.is_ok_and(|found| Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_absolute());
    let native = env::var_os("HOST") == env::var_os("TARGET");
    if there && native {
        fs::write(out.join("libgcc_s.so"), "INPUT(-lgcc_eh -lgcc)\n")?;
        println!("cargo::rustc-link-arg-bins=-L{}", out.display());
    }
    Ok(())
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
