//! A build that is killed at any moment leaves the old tree or the new one.
//!
//! The test starts its own binary again as a child that builds two trees in turn, for as long as it lives.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use stackgen::emit::{Edits, Tree, compare};

use crate::sandbox::{Sandbox, build_into, tree};

const CHILD: &str = "STACKGEN_TEST_CRASH_OUT";
const KILLS: u64 = 100;

fn trees() -> [Tree; 2] {
    ["old", "new"].map(|side| {
        let names: Vec<(String, String)> = (0..18)
            .map(|n| match n % 3 {
                0 => (format!("components/c{n}/values.yaml"), format!("same: {n}\n")),
                1 => (format!("components/c{n}/resources/r.yaml"), format!("{side}: {n}\n").repeat(50)),
                _ => (format!("{side}/d{n}/x.yaml"), format!("only: {side}\n")),
            })
            .collect();
        tree(&names.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>())
    })
}

/// Not a test of its own: what the killed process does.
#[test]
fn child() {
    let Some(out) = env::var_os(CHILD) else { return };
    let folder = Path::new(&out).join("envs/prod");
    let trees = trees();
    println!("ready");
    for tree in trees.iter().rev().cycle() {
        build_into(Path::new(&out), &folder, tree, Edits::Refuse).unwrap();
    }
}

fn start(sandbox: &Sandbox) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["crash::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, sandbox.out())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.is_ok_and(|line| line.ends_with("ready"))));
    child
}

#[test]
fn a_killed_build_leaves_the_old_tree_or_the_new() {
    let sandbox = Sandbox::new();
    let trees = trees();
    let mut seen = [0, 0];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    sandbox.build(&trees[0]).unwrap();
    sandbox.write("components/NOTES.md", "kept");
    sandbox.write("mine/own.txt", "kept");
    let begin = Instant::now();
    sandbox.build(&trees[1]).unwrap();
    sandbox.build(&trees[0]).unwrap();
    let round = begin.elapsed().as_micros() as u64;
    for _ in 0..KILLS {
        let mut child = start(&sandbox);
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sleep(Duration::from_micros((random >> 33) % (2 * round)));
        child.kill().unwrap();
        child.wait().unwrap();
        let side = trees.iter().position(|tree| is_exactly(&sandbox, tree));
        seen[side.expect("a mixture of both trees")] += 1;
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    let last = tree(&[("a", "1")]);
    sandbox.build(&last).unwrap();
    let left = [
        "prod/",
        "prod/a",
        "prod/components/",
        "prod/components/NOTES.md",
        "prod/mine/",
        "prod/mine/own.txt",
        "prod/stackgen.sum",
    ];
    assert_eq!(sandbox.names("out/envs"), left);
}

/// Whether the folder holds this tree and the foreign files, and nothing else. Reads the folder without what it tests, too.
fn is_exactly(sandbox: &Sandbox, tree: &Tree) -> bool {
    let found = sandbox.listing("out/envs/prod");
    let files: Vec<&String> = found.keys().filter(|path| !path.ends_with('/')).collect();
    assert_eq!((sandbox.read("components/NOTES.md"), sandbox.read("mine/own.txt")), ("kept".into(), "kept".into()));
    let mut expected: Vec<&str> =
        tree.iter().map(|(path, _)| path).chain(["components/NOTES.md", "mine/own.txt"]).collect();
    expected.sort_unstable();
    let same = files == expected && tree.iter().all(|(path, file)| found[path].as_bytes() == file.bytes);
    assert_eq!(same, compare(&sandbox.folder(), tree).unwrap().is_same());
    same
}
