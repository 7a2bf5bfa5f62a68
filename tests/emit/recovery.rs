//! What a build that was cut off leaves, on file systems of every kind, and what the next one makes of it.

use std::fs;
use std::path::PathBuf;

use stackgen::emit::{EmitError, compare};

use crate::sandbox::{Sandbox, tree};

fn beside(sandbox: &Sandbox, end: &str) -> PathBuf {
    sandbox.out().join(format!("envs/.prod.stackgen-{end}"))
}

/// A second sandbox's tree, put beside the first one's as a build would have left it.
fn leave(sandbox: &Sandbox, end: &str, files: &[(&str, &str)]) {
    let other = Sandbox::new();
    other.build(&tree(files)).unwrap();
    fs::rename(other.folder(), beside(sandbox, end)).unwrap();
}

#[test]
fn half_a_staged_tree_is_removed() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "1"), ("b/c", "1")]);
    sandbox.build(&files).unwrap();
    sandbox.write("foreign", "kept");
    leave(&sandbox, "new", &[("a", "2"), ("b/c", "2"), ("d/e", "2")]);
    fs::remove_file(beside(&sandbox, "new").join("b/c")).unwrap();
    fs::hard_link(sandbox.path("foreign"), beside(&sandbox, "new").join("foreign")).unwrap();
    assert_eq!(sandbox.build(&files).unwrap(), None);
    assert_eq!(
        sandbox.names("out/envs"),
        ["prod/", "prod/a", "prod/b/", "prod/b/c", "prod/foreign", "prod/stackgen.sum"]
    );
}

#[test]
fn a_staged_folder_without_a_sum_is_removed_when_empty() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "1")]);
    sandbox.build(&files).unwrap();
    fs::create_dir(beside(&sandbox, "new")).unwrap();
    fs::write(beside(&sandbox, "new").join("stackgen.sum"), "# form").unwrap();
    assert_eq!(sandbox.build(&files).unwrap(), None);
    assert!(!beside(&sandbox, "new").exists());

    fs::create_dir(beside(&sandbox, "new")).unwrap();
    fs::write(beside(&sandbox, "new").join("whose"), "?").unwrap();
    assert!(matches!(sandbox.build(&files), Err(EmitError::LeftBehind { paths, .. }) if paths == ["whose"]));
    assert!(beside(&sandbox, "new").join("whose").exists());
}

#[test]
fn a_first_build_that_was_cut_off_starts_again() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.out().join("envs")).unwrap();
    leave(&sandbox, "new", &[("a", "1"), ("b/c", "1")]);
    sandbox.build(&tree(&[("a", "2")])).unwrap();
    assert_eq!(sandbox.names("out/envs"), ["prod/", "prod/a", "prod/stackgen.sum"]);
}

#[test]
fn without_exchange_the_old_tree_comes_back() {
    let sandbox = Sandbox::new();
    let (files, next) = (tree(&[("a", "1")]), tree(&[("a", "2")]));
    sandbox.build(&files).unwrap();
    sandbox.write("foreign", "kept");
    leave(&sandbox, "new", &[("a", "2")]);
    fs::rename(sandbox.folder(), beside(&sandbox, "old")).unwrap();
    assert!(compare(&sandbox.folder(), &files).unwrap().is_same(), "a comparison sees through it");
    sandbox.build(&next).unwrap();
    assert_eq!(sandbox.names("out/envs"), ["prod/", "prod/a", "prod/foreign", "prod/stackgen.sum"]);
    assert_eq!(sandbox.read("a"), "2");
}

#[test]
fn without_exchange_a_replaced_tree_is_removed() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "2")]);
    sandbox.build(&files).unwrap();
    leave(&sandbox, "old", &[("a", "1"), ("b", "1")]);
    fs::write(beside(&sandbox, "old").join("late"), "kept").unwrap();
    assert_eq!(sandbox.build(&files).unwrap(), None);
    assert_eq!(sandbox.names("out/envs"), ["prod/", "prod/a", "prod/late", "prod/stackgen.sum"]);
}

#[test]
fn without_renames_the_ready_tree_takes_over() {
    let sandbox = Sandbox::new();
    let next = tree(&[("a", "2"), ("b", "2")]);
    sandbox.build(&tree(&[("a", "1"), ("c/d", "1")])).unwrap();
    leave(&sandbox, "ready", &[("a", "2"), ("b", "2")]);
    fs::remove_file(sandbox.path("a")).unwrap();
    assert!(compare(&sandbox.folder(), &next).unwrap().is_same(), "a comparison sees the ready tree");
    assert_eq!(sandbox.build(&next).unwrap(), None);
    assert_eq!(sandbox.names("out/envs"), ["prod/", "prod/a", "prod/b", "prod/stackgen.sum"]);
}
