//! Embeds `blueprints/` as a sorted table of paths and texts.

use std::path::PathBuf;
use std::{env, fs, io};

use walkdir::WalkDir;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("blueprints");
    println!("cargo::rerun-if-changed={}", root.display());
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let mut entries = Vec::new();
    for entry in WalkDir::new(&root).into_iter().filter_entry(|e| !hidden(e.file_name())) {
        let file = entry?.into_path();
        if file.is_file() {
            let inner = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            entries.push((inner, file.to_string_lossy().into_owned()));
        }
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
