//! The two sides of a comparison: what the sources say, and what was there before.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use stackgen::diagnostic::Diagnostic;
use stackgen::emit::{self, Tree};
use stackgen::review::{Side, git};

use super::outcome::Failure;
use super::repository::Repository;

/// The side that the sources make.
pub(super) fn of_trees(trees: Vec<(Arc<str>, Tree)>) -> Vec<Side> {
    let side = |(environment, tree): (Arc<str>, Tree)| {
        let files = tree.iter().map(|(path, file)| (path.to_owned(), file.bytes.clone()));
        Side::new(&environment, files.collect::<Vec<_>>())
    };
    trees.into_iter().map(side).collect()
}

/// The side of `out/` on disk: the environments named, or all that were ever built.
pub(super) fn on_disk(repository: &Repository, environments: Option<&[String]>) -> Result<Vec<Side>, Failure> {
    let out = repository.root.join("out");
    let environments = match environments {
        Some(environments) => environments.to_vec(),
        None => emit::written(&out).map_err(|error| finding(error.into_diagnostic()))?,
    };
    let mut sides = Vec::new();
    for environment in environments {
        let folder = out.join(&environment);
        let Some(sum) = read(&folder.join("stackgen.sum"))? else { continue };
        let mut files = Vec::new();
        for path in emit::listed(&String::from_utf8_lossy(&sum)) {
            // A file that somebody deleted is not there, and that is what the comparison shows.
            if let Some(bytes) = read(&folder.join(&path))? {
                files.push((path, bytes));
            }
        }
        sides.push(Side::new(&environment, files));
    }
    Ok(sides)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}

/// The side of `out/` in a git revision, and what to call it.
pub(super) fn in_git(
    repository: &Repository,
    revision: &str,
    environments: Option<&[String]>,
) -> Result<(String, Vec<Side>), Failure> {
    let root = if repository.root.as_os_str().is_empty() { Path::new(".") } else { &repository.root };
    let git = git::Repository::open(root).map_err(finding)?;
    let revision = git.revision(revision).map_err(finding)?;
    let short: String = revision.commit.chars().take(10).collect();
    let name = if revision.asked.starts_with(&short) { short } else { format!("{} ({short})", revision.asked) };
    let mut trees = BTreeMap::new();
    match environments {
        Some(environments) => {
            for environment in environments {
                let files = git.files(&revision, &format!("out/{environment}")).map_err(finding)?;
                trees.extend(files.map(|files| (environment.clone(), files)));
            }
        }
        None => trees = by_environment(git.files(&revision, "out").map_err(finding)?.unwrap_or_default()),
    }
    Ok((name, trees.into_iter().filter_map(|(environment, files)| ours(&environment, files)).collect()))
}

/// Files of `out/` by the environment that they belong to.
fn by_environment(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let environments: Vec<String> =
        files.keys().filter_map(|path| path.strip_suffix("/stackgen.sum")).map(str::to_owned).collect();
    let mut found: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for (path, bytes) in files {
        let below =
            |environment: &&String| path.strip_prefix(environment.as_str()).is_some_and(|rest| rest.starts_with('/'));
        if let Some(environment) = environments.iter().find(below) {
            found.entry(environment.clone()).or_default().insert(path[environment.len() + 1..].to_owned(), bytes);
        }
    }
    found
}

/// What stackgen wrote of a folder; none where it wrote nothing.
fn ours(environment: &str, mut files: BTreeMap<String, Vec<u8>>) -> Option<Side> {
    let sum = files.get("stackgen.sum")?;
    let listed = emit::listed(&String::from_utf8_lossy(sum));
    Some(Side::new(environment, listed.into_iter().filter_map(|path| files.remove_entry(&path)).collect::<Vec<_>>()))
}

fn finding(found: impl Into<Box<Diagnostic>>) -> Failure {
    let found = *found.into();
    let failure = Failure::usage(found.message);
    match found.help.or(found.cause) {
        Some(help) => failure.help(help),
        None => failure,
    }
}
