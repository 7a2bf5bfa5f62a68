//! Embeds `blueprints/` as a sorted table of paths and texts.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("blueprints");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    let mut entries = Vec::new();
    for file in &files {
        let inner = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        entries.push((inner, file.to_string_lossy().into_owned()));
    }
    entries.sort();
    let mut table = String::from(
        "/// Embedded blueprints: path and text, sorted by path.\nstatic CATALOGUE: &[(&str, &str)] = &[\n",
    );
    for (inner, path) in entries {
        table.push_str(&format!("    ({inner:?}, include_str!({path:?})),\n"));
    }
    table.push_str("];\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("catalogue.rs"), table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
