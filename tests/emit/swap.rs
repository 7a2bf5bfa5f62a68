//! A staged tree is nothing until it is swapped, and everything after.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

use stackgen::emit::{Edits, compare, written};

use crate::sandbox::{Sandbox, build_into, no_files, tree};

#[test]
fn a_staged_tree_that_is_dropped_leaves_everything_as_it_was() {
    let sandbox = Sandbox::new();
    let lock = sandbox.lock();
    let stage = |files: &[_]| compare(&sandbox.folder(), &tree(files)).unwrap().stage(&lock, Edits::Refuse).unwrap();
    drop(stage(&[("a/b", "1")]));
    assert_eq!(sandbox.names("out"), ["envs/"]);

    stage(&[("a/b", "1")]).unwrap().swap().unwrap();
    sandbox.write("a/foreign", "kept");
    let before = sandbox.listing("out");
    drop(stage(&[("a/b", "2"), ("c/d", "2")]));
    assert_eq!(sandbox.listing("out"), before);
}

#[test]
fn files_that_did_not_change_are_not_written() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a", "1"), ("b", "1")])).unwrap();
    let inode = |path| fs::metadata(sandbox.path(path)).unwrap().ino();
    let (a, b) = (inode("a"), inode("b"));
    sandbox.build(&tree(&[("a", "1"), ("b", "2")])).unwrap();
    assert_eq!(inode("a"), a);
    assert_ne!(inode("b"), b);
    assert_eq!(fs::metadata(sandbox.path("a")).unwrap().nlink(), 1);
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let (one, other) = (Sandbox::new(), Sandbox::new());
    let files = tree(&[("a", "1"), ("b/c", "2")]);
    one.build(&files).unwrap();
    other.build(&tree(&[("x", "1")])).unwrap();
    other.build(&files).unwrap();
    assert_eq!(one.listing("out"), other.listing("out"));
}

#[test]
fn links_further_up_are_followed() {
    let sandbox = Sandbox::new();
    let elsewhere = sandbox.root.join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, sandbox.out()).unwrap();
    sandbox.build(&tree(&[("a", "1")])).unwrap();
    sandbox.build(&tree(&[("a", "2")])).unwrap();
    assert_eq!(fs::read_to_string(elsewhere.join("envs/prod/a")).unwrap(), "2");
    assert_eq!(written(&sandbox.out()).unwrap(), ["envs/prod"]);
}

#[test]
fn environments_on_disk_are_found() {
    let sandbox = Sandbox::new();
    assert_eq!(written(&sandbox.out()).unwrap(), [] as [&str; 0]);
    let files = tree(&[("apps/a", "1")]);
    for name in ["envs/prod", "envs/eu/one", "lone"] {
        build_into(&sandbox.out(), &sandbox.out().join(name), &files, Edits::Refuse).unwrap();
    }
    fs::create_dir(sandbox.out().join("envs/other")).unwrap();
    assert_eq!(written(&sandbox.out()).unwrap(), ["envs/eu/one", "envs/prod", "lone"]);
    sandbox.build(&no_files()).unwrap();
    assert_eq!(written(&sandbox.out()).unwrap(), ["envs/eu/one", "lone"]);
}

#[test]
fn many_environments_at_once() {
    let sandbox = Sandbox::new();
    let lock = sandbox.lock();
    let files = tree(&[("a/b", "1"), ("c", "1")]);
    let names: Vec<String> = (0..40).map(|n| format!("envs/group-{}/env-{n}", n % 3)).collect();
    std::thread::scope(|scope| {
        for name in &names {
            let (lock, files, folder) = (&lock, &files, sandbox.out().join(name));
            scope.spawn(move || {
                let staged = compare(&folder, files).unwrap().stage(lock, Edits::Refuse).unwrap();
                staged.unwrap().swap().unwrap();
            });
        }
    });
    assert_eq!(written(&sandbox.out()).unwrap().len(), names.len());
}
