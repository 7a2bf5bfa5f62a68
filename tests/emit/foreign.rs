//! What stackgen did not write stays, whatever it is.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use stackgen::emit::{Edits, EmitError, compare};

use crate::sandbox::{Sandbox, no_files, tree};

#[test]
fn foreign_things_are_carried_over() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a/b", "1"), ("c/d", "1"), ("run.sh", "1")])).unwrap();
    sandbox.write("a/NOTES.md", "kept");
    sandbox.write("c/deep/er/x", "kept");
    sandbox.write(".hidden", "kept");
    symlink("/nowhere", sandbox.path("a/link")).unwrap();
    fs::create_dir_all(sandbox.path("empty/inner")).unwrap();
    fs::write(sandbox.folder().join(OsStr::from_bytes(b"not-\xff-utf8")), "kept").unwrap();
    fs::set_permissions(sandbox.path(".hidden"), Permissions::from_mode(0o400)).unwrap();
    let inode = fs::metadata(sandbox.path("a/NOTES.md")).unwrap().ino();

    sandbox.build(&tree(&[("a/b", "2")])).unwrap();

    let expected = [
        ".hidden",
        "a/",
        "a/NOTES.md",
        "a/b",
        "a/link",
        "c/",
        "c/deep/",
        "c/deep/er/",
        "c/deep/er/x",
        "empty/",
        "empty/inner/",
        "not-\u{fffd}-utf8",
        "stackgen.sum",
    ];
    assert_eq!(sandbox.names("out/envs/prod"), expected);
    assert_eq!(sandbox.listing("out/envs/prod").get("a/link").unwrap(), "-> /nowhere");
    assert_eq!(fs::metadata(sandbox.path(".hidden")).unwrap().mode() & 0o777, 0o400);
    assert_eq!(fs::metadata(sandbox.path("a/NOTES.md")).unwrap().ino(), inode, "it is the same file, not a copy");
    assert_eq!(sandbox.names("out/envs"), {
        let mut all: Vec<_> = expected.iter().map(|path| format!("prod/{path}")).collect();
        all.insert(0, "prod/".to_owned());
        all
    });
}

#[test]
fn folders_keep_their_modes() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a/b", "1")])).unwrap();
    sandbox.write("locked/x", "kept");
    fs::set_permissions(sandbox.path("a"), Permissions::from_mode(0o2770)).unwrap();
    fs::set_permissions(sandbox.path("locked"), Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(sandbox.folder(), Permissions::from_mode(0o750)).unwrap();
    sandbox.build(&tree(&[("a/b", "2")])).unwrap();
    let mode = |path| fs::metadata(sandbox.path(path)).unwrap().mode() & 0o7777;
    assert_eq!((mode("a"), mode("locked"), mode("")), (0o2770, 0o555, 0o750));
    assert_eq!(sandbox.read("locked/x"), "kept");
    fs::set_permissions(sandbox.path("locked"), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn an_environment_that_is_gone_leaves_only_what_is_foreign() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a/b", "1"), ("c", "1")]);
    sandbox.build(&files).unwrap();
    sandbox.write("a/NOTES.md", "kept");
    sandbox.build(&no_files()).unwrap();
    assert_eq!(sandbox.names("out/envs/prod"), ["a/", "a/NOTES.md"]);
    assert_eq!(sandbox.build(&no_files()).unwrap(), None);

    fs::remove_dir_all(sandbox.path("a")).unwrap();
    sandbox.build(&files).unwrap();
    let summary = sandbox.build(&no_files()).unwrap().unwrap();
    assert_eq!((summary.removed, summary.unchanged), (3, 0));
    assert_eq!(sandbox.names("out/envs"), [] as [&str; 0]);
}

#[test]
fn what_comes_while_a_build_runs_is_kept() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a", "1"), ("b/c", "1")])).unwrap();
    sandbox.write("saved-again", "old");
    let next = tree(&[("a", "2"), ("b/c", "1")]);
    let lock = sandbox.lock();
    let staged = compare(&sandbox.folder(), &next).unwrap().stage(&lock, Edits::Refuse).unwrap().unwrap();
    sandbox.write("b/new", "kept");
    sandbox.write("d/e/new", "kept");
    fs::remove_file(sandbox.path("saved-again")).unwrap();
    sandbox.write("saved-again", "new");
    match staged.swap().unwrap_err() {
        EmitError::LeftBehind { folder, paths } => {
            assert_eq!(paths, ["saved-again"]);
            assert_eq!(fs::read_to_string(folder.join("saved-again")).unwrap(), "new");
        }
        other => panic!("{other}"),
    }
    assert_eq!(sandbox.read("a"), "2", "the new tree is in place");
    assert_eq!((sandbox.read("b/new"), sandbox.read("d/e/new")), ("kept".into(), "kept".into()));

    drop(lock);
    let again = tree(&[("a", "3"), ("b/c", "1")]);
    assert!(matches!(sandbox.build(&again), Err(EmitError::LeftBehind { .. })), "until somebody chose");
    fs::rename(sandbox.out().join("envs/.prod.stackgen-new/saved-again"), sandbox.path("saved-again")).unwrap();
    sandbox.build(&again).unwrap();
    assert_eq!((sandbox.read("a"), sandbox.read("saved-again")), ("3".into(), "new".into()));
}

#[test]
fn what_comes_to_a_path_of_ours_is_in_the_way() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a", "1")])).unwrap();
    let next = tree(&[("a", "1"), ("b", "1")]);
    let comparison = compare(&sandbox.folder(), &next).unwrap();
    sandbox.write("b", "foreign");
    let lock = sandbox.lock();
    assert!(matches!(comparison.stage(&lock, Edits::Overwrite), Err(EmitError::InTheWay { .. })));
    assert_eq!(sandbox.names("out/envs"), ["prod/", "prod/a", "prod/b", "prod/stackgen.sum"]);
}

#[test]
fn another_environment_inside_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a", "1")])).unwrap();
    sandbox.write("inner/stackgen.sum", "# format 1\n");
    assert!(matches!(sandbox.build(&tree(&[("a", "2")])), Err(EmitError::Nested { .. })));
    assert_eq!(sandbox.read("a"), "1");
}
