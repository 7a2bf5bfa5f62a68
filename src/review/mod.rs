//! Review: two rendered trees, as people who have to approve the change need to see them.
//!
//! [`review`] compares two sides, each with the files of some environments, and gives a [`Review`]: what changed, by
//! component, and what the change can do (see [`risk`]). A change that several environments share is there once, with their
//! names. Renderers make text of it: [`render_terminal`], [`render_stat`], [`render_markdown`] for a comment at a pull request,
//! [`render_json`] for programs.
//!
//! What a review does not do: it hides nothing that changed. Changes that need no reading are shown small ([`Noise`]), what did
//! not fit into a comment is counted, and a file that no rule could look at says so. The one exception are the values of secrets.
//!
//! How the parts work together:
//!
//! ```text
//! pair       which files of the two sides belong together, moved ones too
//! compare    one file: changed keys (keys), changed lines (text, words, inside), secrets hidden (mask)
//! risk       one environment: rules look at changed objects and values
//! group      the same in several environments becomes one
//! ```

mod compare;
mod document;
pub mod git;
mod group;
mod inside;
mod keys;
mod mask;
mod model;
mod pair;
mod render;
pub mod risk;
mod short;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

pub use model::{
    Change, ComponentReview, Environments, FileReview, Hunk, KeyChange, Level, Line, LineKind, Lines, Noise, Note,
    Piece, Review, Risk,
};
pub use render::{Markdown, render_json, render_markdown, render_stat, render_terminal};

use compare::{Compared, compare};
use group::{Shared, group};
use pair::{Pair, pairs};

/// The files of an environment on one side, by their path below its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The environment's name.
    pub environment: Arc<str>,
    /// Path to content.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Side {
    /// A side of some files.
    pub fn new(environment: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Side { environment: Arc::from(environment), files: files.into_iter().collect() }
    }
}

/// How to compare.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the first side is called, for headings: a revision, a folder.
    pub before: String,
    /// What the second side is called.
    pub after: String,
    /// Unchanged lines around a change.
    pub context: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { before: "before".to_owned(), after: "after".to_owned(), context: 3 }
    }
}

/// Compares two sides. Each names an environment at most once; an environment that only one side has came or went as a whole.
pub fn review(before: &[Side], after: &[Side], options: &Options) -> Review {
    let names: BTreeSet<&Arc<str>> = before.iter().chain(after).map(|side| &side.environment).collect();
    let of = |sides: &'_ [Side], name: &str| sides.iter().position(|side| &*side.environment == name);
    let environments: Vec<Environment<'_>> = names
        .into_par_iter()
        .map(|name| {
            let (before, after) = (of(before, name).map(|i| &before[i]), of(after, name).map(|i| &after[i]));
            Environment { name, before, after, pairs: pairs(before, after) }
        })
        .collect();
    let distinct = distinct(&environments);
    let compared: BTreeMap<&Pair<'_>, Compared> =
        distinct.par_iter().map(|(pair, _)| (*pair, compare(pair, options.context))).collect();
    let risks = environments.par_iter().flat_map_iter(|environment| {
        let files: Vec<&Compared> = environment.pairs.iter().filter_map(|pair| compared.get(pair)).collect();
        risk::find(environment, &files)
    });
    let risks: Vec<(String, Risk)> = risks.collect();
    let shared: Vec<Shared<'_>> = distinct
        .iter()
        .filter_map(|(pair, environments)| {
            Some(Shared { compared: compared.get(pair)?, environments: environments.clone() })
        })
        .collect();
    Review {
        before: options.before.clone(),
        after: options.after.clone(),
        environments: environments.iter().map(|e| e.name.clone()).collect(),
        components: group(&shared, risks, options.context),
    }
}

/// An environment of both sides.
struct Environment<'a> {
    name: &'a Arc<str>,
    before: Option<&'a Side>,
    after: Option<&'a Side>,
    pairs: Vec<Pair<'a>>,
}

/// Each different change of a file once, with the environments that have just that.
fn distinct<'a>(environments: &'a [Environment<'a>]) -> BTreeMap<&'a Pair<'a>, Environments> {
    let mut found: BTreeMap<&Pair<'_>, Environments> = BTreeMap::new();
    for environment in environments {
        for pair in &environment.pairs {
            found.entry(pair).or_default().push(environment.name.clone());
        }
    }
    found
}
