//! Each way in which the new tree, the disk and the last build can differ.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use stackgen::emit::{Digest, EmitError, Kind, compare};

use crate::sandbox::{Sandbox, no_files, tree};

fn one(path: &str, kind: Kind) -> Vec<(String, Kind)> {
    vec![(path.to_owned(), kind)]
}

#[test]
fn nothing_there() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.changes(&tree(&[("a", "1")])), one("a", Kind::Added));
    assert!(!sandbox.out().exists(), "a comparison writes nothing");
    assert!(compare(&sandbox.folder(), &no_files()).unwrap().is_same());
}

#[test]
fn unchanged() {
    let sandbox = Sandbox::new();
    let same = tree(&[("a", "1"), ("b/c", "")]);
    assert_eq!(sandbox.build(&same).unwrap().unwrap().added, 3);
    assert!(compare(&sandbox.folder(), &same).unwrap().is_same());
    assert_eq!(sandbox.build(&same).unwrap(), None);
}

#[test]
fn source_changed() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a", "1"), ("b", "1")])).unwrap();
    let next = tree(&[("a", "2"), ("b", "1"), ("c", "1")]);
    assert_eq!(sandbox.changes(&next), [("a".to_owned(), Kind::Changed), ("c".to_owned(), Kind::Added)]);
    let summary = sandbox.build(&next).unwrap().unwrap();
    assert_eq!((summary.added, summary.changed, summary.unchanged), (1, 2, 1), "stackgen.sum counts");
}

#[test]
fn executable_bit() {
    let sandbox = Sandbox::new();
    let files = tree(&[("run.sh", "1"), ("a", "1")]);
    sandbox.build(&files).unwrap();
    let is_executable = |path| fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o100 != 0;
    assert!(is_executable("run.sh") && !is_executable("a"));
    fs::set_permissions(sandbox.path("run.sh"), Permissions::from_mode(0o644)).unwrap();
    assert_eq!(sandbox.changes(&files), one("run.sh", Kind::Mode));
    sandbox.build(&files).unwrap();
    assert!(is_executable("run.sh"));
    for path in ["a", "stackgen.sum"] {
        fs::set_permissions(sandbox.path(path), Permissions::from_mode(0o755)).unwrap();
    }
    assert!(compare(&sandbox.folder(), &files).unwrap().is_same(), "as on a file system without modes");
}

#[test]
fn edited() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "1"), ("b", "1")]);
    sandbox.build(&files).unwrap();
    sandbox.write("a", "edited");
    assert_eq!(sandbox.changes(&files), one("a", Kind::Edited));
    match sandbox.build(&tree(&[("a", "2"), ("b", "2")])).unwrap_err() {
        EmitError::HandEdits { paths, .. } => assert_eq!(paths, ["a"]),
        other => panic!("{other}"),
    }
    assert_eq!((sandbox.read("a"), sandbox.read("b")), ("edited".into(), "1".into()), "all or nothing");
    let summary = sandbox.build_over_edits(&files).unwrap().unwrap();
    assert_eq!((summary.edits_dropped, sandbox.read("a")), (1, "1".into()));
}

#[test]
fn an_edit_to_what_this_build_writes_is_none() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a", "1")])).unwrap();
    sandbox.write("a", "2");
    let next = tree(&[("a", "2")]);
    assert_eq!(sandbox.changes(&next), []);
    assert!(sandbox.build(&next).unwrap().is_some(), "stackgen.sum has to learn of it");
}

#[test]
fn replaced_by_a_link() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "1"), ("b", "1")]);
    sandbox.build(&files).unwrap();
    fs::remove_file(sandbox.path("a")).unwrap();
    symlink("b", sandbox.path("a")).unwrap();
    assert_eq!(sandbox.changes(&files), one("a", Kind::Edited), "though the link leads to the same content");
    sandbox.build_over_edits(&files).unwrap();
    assert!(sandbox.path("a").symlink_metadata().unwrap().is_file());
}

#[test]
fn replaced_by_a_pipe() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "")]);
    sandbox.build(&files).unwrap();
    fs::remove_file(sandbox.path("a")).unwrap();
    assert!(Command::new("mkfifo").arg(sandbox.path("a")).status().unwrap().success());
    assert_eq!(sandbox.changes(&files), one("a", Kind::Edited));
}

#[test]
fn deleted_by_hand() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "1"), ("b/c", "1")]);
    sandbox.build(&files).unwrap();
    fs::remove_dir_all(sandbox.path("b")).unwrap();
    assert_eq!(sandbox.changes(&files), one("b/c", Kind::Missing));
    assert_eq!(sandbox.build(&files).unwrap().unwrap().restored, 1);
}

#[test]
fn no_longer_written() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a", "1"), ("b/c", "1"), ("d/e", "1"), ("f", "1")])).unwrap();
    fs::remove_file(sandbox.path("f")).unwrap();
    sandbox.write("d/e", "edited");
    let next = tree(&[("a", "1")]);
    assert_eq!(sandbox.changes(&next), [("b/c".to_owned(), Kind::Removed), ("d/e".to_owned(), Kind::EditedRemoved)]);
    assert!(matches!(sandbox.build(&next), Err(EmitError::HandEdits { .. })));
    sandbox.write("d/e", "1");
    assert_eq!(sandbox.build(&next).unwrap().unwrap().removed, 2);
    assert_eq!(sandbox.names("out/envs/prod"), ["a", "stackgen.sum"], "folders go with their last file");
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let sandbox = Sandbox::new();
    let (file, folder) = (tree(&[("a", "1")]), tree(&[("a/b/c", "1")]));
    sandbox.build(&file).unwrap();
    assert_eq!(sandbox.changes(&folder), [("a".to_owned(), Kind::Removed), ("a/b/c".to_owned(), Kind::Added)]);
    sandbox.build(&folder).unwrap();
    fs::create_dir(sandbox.path("a/b/empty")).unwrap();
    assert_eq!(sandbox.changes(&file), [("a".to_owned(), Kind::Added), ("a/b/c".to_owned(), Kind::Removed)]);
    sandbox.build(&file).unwrap();
    assert_eq!(sandbox.names("out/envs/prod"), ["a", "stackgen.sum"]);
}

#[test]
fn in_the_way() {
    for (path, name) in [("a", "a"), ("a/b", "a/b"), ("a/b/c/d", "a/b/c")] {
        let sandbox = Sandbox::new();
        sandbox.write(path, "foreign");
        let files = tree(&[("a", "1")]);
        let files = if path == "a" { files } else { tree(&[("a/b/c", "1"), ("a/b/x", "1")]) };
        let found = sandbox.changes(&files);
        let obstacles: Vec<_> =
            found.iter().filter(|(_, kind)| *kind == Kind::InTheWay).map(|(path, _)| path.as_str()).collect();
        assert_eq!(obstacles, [name]);
        assert!(matches!(sandbox.build_over_edits(&files), Err(EmitError::InTheWay { .. })));
        assert_eq!(sandbox.read(path), "foreign");
    }
}

#[test]
fn a_foreign_file_of_the_same_content_becomes_ours() {
    let sandbox = Sandbox::new();
    sandbox.write("a/b", "1");
    let files = tree(&[("a/b", "1")]);
    assert_eq!(sandbox.changes(&files), []);
    sandbox.build(&files).unwrap();
    sandbox.build(&tree(&[("c", "1")])).unwrap();
    assert_eq!(sandbox.names("out/envs/prod"), ["c", "stackgen.sum"]);
}

#[test]
fn a_linked_folder_is_in_the_way() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a/b", "1"), ("a/c", "1")]);
    sandbox.build(&files).unwrap();
    fs::rename(sandbox.path("a"), sandbox.root.join("elsewhere")).unwrap();
    symlink(sandbox.root.join("elsewhere"), sandbox.path("a")).unwrap();
    let found = sandbox.changes(&files);
    assert!(found.contains(&("a".to_owned(), Kind::InTheWay)), "{found:?}");
    assert!(matches!(sandbox.build_over_edits(&files), Err(EmitError::InTheWay { paths, .. }) if paths == ["a"]));
}

#[test]
fn the_environment_folder_is_a_link_or_a_file() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "1")]);
    fs::create_dir_all(sandbox.out().join("envs")).unwrap();
    fs::write(sandbox.folder(), "").unwrap();
    assert!(matches!(sandbox.build(&files), Err(EmitError::Io { .. })));
    fs::remove_file(sandbox.folder()).unwrap();
    symlink(&sandbox.root, sandbox.folder()).unwrap();
    assert!(matches!(sandbox.build(&files), Err(EmitError::Symlink { .. })));
    fs::remove_file(sandbox.folder()).unwrap();
    symlink(sandbox.root.join("nowhere"), sandbox.folder()).unwrap();
    assert!(matches!(sandbox.build(&files), Err(EmitError::Symlink { .. })));
}

#[test]
fn the_sum_is_lost_or_broken() {
    let sandbox = Sandbox::new();
    let (files, next) = (tree(&[("a", "1"), ("b", "1")]), tree(&[("a", "2"), ("b", "1")]));
    sandbox.build(&files).unwrap();
    fs::remove_file(sandbox.path("stackgen.sum")).unwrap();
    assert_eq!(sandbox.changes(&files), []);
    assert_eq!(sandbox.changes(&next), one("a", Kind::InTheWay));
    sandbox.write("stackgen.sum", "# format 1\nhello\n");
    match sandbox.build_over_edits(&next).unwrap_err() {
        EmitError::Sum { line, .. } => assert_eq!(line, Some(2)),
        other => panic!("{other}"),
    }
    fs::remove_file(sandbox.path("stackgen.sum")).unwrap();
    symlink("a", sandbox.path("stackgen.sum")).unwrap();
    assert!(matches!(sandbox.build(&next), Err(EmitError::Sum { .. })));
}

#[test]
fn a_merge_conflict_in_the_sum_needs_leave_to_overwrite() {
    let sandbox = Sandbox::new();
    let (ours, theirs, merged) = (tree(&[("a", "1")]), tree(&[("a", "2"), ("b", "2")]), tree(&[("a", "3")]));
    let sum = |tree: &stackgen::emit::Tree| String::from_utf8(tree.get("stackgen.sum").unwrap().bytes.clone()).unwrap();
    sandbox.build(&ours).unwrap();
    sandbox.write("a", "2");
    sandbox.write("b", "2");
    sandbox.write("stackgen.sum", &format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> topic\n", sum(&ours), sum(&theirs)));
    match sandbox.build(&merged).unwrap_err() {
        EmitError::HandEdits { paths, .. } => assert_eq!(paths, ["stackgen.sum"]),
        other => panic!("{other}"),
    }
    sandbox.build_over_edits(&merged).unwrap();
    assert_eq!(sandbox.names("out/envs/prod"), ["a", "stackgen.sum"]);
}

#[test]
fn the_previous_build_is_known() {
    let sandbox = Sandbox::new();
    let files = tree(&[("a", "1")]);
    sandbox.build(&files).unwrap();
    let comparison = compare(&sandbox.folder(), &files).unwrap();
    assert_eq!(comparison.written_by_other_version(), None);
    assert_eq!(comparison.previous_inputs(), Some(Digest::of(b"a=1\n")));
    let old =
        sandbox.read("stackgen.sum").replace(&format!("# stackgen {}", env!("CARGO_PKG_VERSION")), "# stackgen 0.0.7");
    sandbox.write("stackgen.sum", &old);
    let comparison = compare(&sandbox.folder(), &files).unwrap();
    assert_eq!(comparison.written_by_other_version(), Some("0.0.7"));
    assert!(!comparison.is_same());
}

#[test]
fn sha256sum_reads_the_sum() {
    let sandbox = Sandbox::new();
    sandbox.build(&tree(&[("a b", "1"), ("c/ü", "2")])).unwrap();
    let check = Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "stackgen.sum"])
        .current_dir(sandbox.folder())
        .output();
    if let Ok(output) = check {
        assert!(output.status.success(), "{output:?}");
        assert!(output.stderr.is_empty() && output.stdout.is_empty(), "{output:?}");
    }
}
