//! What people write for environments: `envs/prod`, `overlays/envs/prod`, `prod`, a folder, or nothing for all.

use std::io;

use super::files::Files;
use crate::diagnostic::nearest;

/// The paths (`envs/prod`) of all environments below a folder of `overlays/`, sorted.
/// A folder with `environment.yaml` is one environment, any other is a group of them.
pub fn environments_below(files: &dyn Files, folder: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    collect(files, folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(files: &dyn Files, folder: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in files.list(&format!("overlays/{folder}"))? {
        if let Some(name) = entry.strip_suffix(".yaml") {
            found.push(format!("{folder}/{name}"));
        } else if let Some(name) = entry.strip_suffix('/') {
            let path = format!("{folder}/{name}");
            if files.list(&format!("overlays/{path}"))?.iter().any(|e| e == "environment.yaml") {
                found.push(path);
            } else {
                collect(files, &path, found)?;
            }
        }
    }
    Ok(())
}

/// Why a target names no environment.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownTarget {
    /// What was written.
    pub target: String,
    /// The nearest environment, or all of them where there are few.
    pub help: Option<String>,
}

/// The environments that targets name; all where there is no target. Sorted, each once.
pub fn select(all: &[String], targets: &[String]) -> Result<Vec<String>, UnknownTarget> {
    if targets.is_empty() {
        return Ok(all.to_vec());
    }
    let mut chosen = Vec::new();
    for target in targets {
        let plain = normal(target);
        let below = format!("{plain}/");
        let mut found: Vec<&String> = all.iter().filter(|path| **path == plain || path.starts_with(&below)).collect();
        if found.is_empty() {
            found = all.iter().filter(|path| path.rsplit('/').next() == Some(plain.as_str())).collect();
        }
        if found.is_empty() && !matches!(plain.as_str(), "" | "." | "envs") {
            return Err(unknown(all, target, &plain));
        }
        if matches!(plain.as_str(), "" | ".") {
            found = all.iter().collect();
        }
        chosen.extend(found.into_iter().cloned());
    }
    chosen.sort();
    chosen.dedup();
    Ok(chosen)
}

fn normal(target: &str) -> String {
    let target = target.replace('\\', "/");
    let target = target.trim_start_matches("./").trim_end_matches('/');
    let target = target.strip_prefix("overlays/").or_else(|| target.strip_prefix("out/")).unwrap_or(target);
    let target = target.strip_suffix(".yaml").unwrap_or(target);
    let target = target.strip_suffix("/environment").unwrap_or(target);
    if target == "overlays" || target == "out" { String::new() } else { target.to_owned() }
}

fn unknown(all: &[String], target: &str, plain: &str) -> UnknownTarget {
    let last = plain.rsplit('/').next().unwrap_or(plain);
    let names = all.iter().map(|path| path.rsplit('/').next().unwrap_or(path));
    let by_name = |name: &str| all.iter().find(|path| path.rsplit('/').next() == Some(name)).map(String::as_str);
    let help = match nearest(plain, all.iter().map(String::as_str)).or_else(|| nearest(last, names).and_then(by_name)) {
        Some(path) => Some(format!("did you mean `{path}`?")),
        None if all.is_empty() => Some("there is no environment below `overlays/envs`".into()),
        None => Some(format!("environments: {}", all.join(", "))),
    };
    UnknownTarget { target: target.to_owned(), help }
}

#[cfg(test)]
mod tests {
    use super::select;

    #[test]
    fn targets_may_be_paths_names_folders_or_nothing() {
        let all: Vec<String> = ["envs/dev", "envs/eu/prod", "envs/prod"].map(String::from).to_vec();
        let chosen = |targets: &[&str]| {
            select(&all, &targets.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>())
                .map_err(|e| e.help.unwrap_or_default())
        };
        for target in ["envs/dev", "overlays/envs/dev", "./overlays/envs/dev.yaml", "dev", "out/envs/dev/"] {
            assert_eq!(chosen(&[target]), Ok(vec!["envs/dev".to_owned()]), "{target}");
        }
        assert_eq!(chosen(&["envs/eu"]), Ok(vec!["envs/eu/prod".to_owned()]));
        assert_eq!(chosen(&["prod"]).map(|c| c.len()), Ok(2));
        assert_eq!(chosen(&[]).map(|c| c.len()), Ok(3));
        assert_eq!(chosen(&["envs/"]).map(|c| c.len()), Ok(3));
        assert_eq!(chosen(&["envs/porod"]), Err("did you mean `envs/prod`?".to_owned()));
    }
}
