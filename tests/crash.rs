//! The real binary, killed at random moments of a build: what lies in `out/` is always one whole tree.

#![cfg(unix)]
#![allow(clippy::expect_used, reason = "a test may stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

const KILLS: u32 = 100;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

/// A platform of twenty components, whose objects all say the same word.
fn platform(root: &Path, word: &str) {
    let head =
        |kind: &str, name: &str| format!("apiVersion: stackgen.dev/v1\nkind: {kind}\nmetadata: {{ name: {name} }}\n");
    let names: Vec<String> = (0..20).map(|n| format!("part-{n}")).collect();
    write(root, "blueprints/architectures/one.yaml", &(head("Architecture", "one") + &format!("include: {names:?}\n")));
    for name in &names {
        write(root, &format!("blueprints/components/{name}/component.yaml"), &head("Component", name));
        let object = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: {name} }}\ndata: {{ word: \"${{{{ cluster.region }}}}\" }}\n"
        );
        write(root, &format!("blueprints/components/{name}/resources/config.yaml"), &object);
    }
    let base = head("Overlay", "base")
        + "architecture: one\ngitops: { repository: \"https://git.example.com/g.git\" }\n"
        + &format!("cluster: {{ domain: example.com, kubernetes: \"1.34.2\", region: {word} }}\n");
    write(root, "overlays/base.yaml", &base);
    write(root, "overlays/envs/dev.yaml", &head("Environment", "dev"));
}

fn build(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackgen"));
    command.arg("-C").arg(root).args(["build", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn files(folder: &Path, inner: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{inner}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name);
        }
    }
}

/// The words in the tree, after every file was found to be the one that the sum lists.
fn whole(folder: &Path) -> BTreeSet<String> {
    let sum = fs::read_to_string(folder.join("stackgen.sum")).expect("the sum");
    let listed: BTreeMap<&str, &str> = sum
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once("  ").expect("a digest and a path"))
        .map(|(digest, path)| (path, digest))
        .collect();
    let mut found = BTreeSet::new();
    files(folder, "", &mut found);
    found.remove("stackgen.sum");
    assert_eq!(found, listed.keys().map(|path| (*path).to_owned()).collect());
    let mut words = BTreeSet::new();
    for (path, digest) in listed {
        let text = fs::read(folder.join(path)).expect("a listed file");
        let hex: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, digest, "{path}");
        let text = String::from_utf8_lossy(&text).into_owned();
        words.extend(text.lines().filter_map(|line| line.trim().strip_prefix("word: ")).map(str::to_owned));
    }
    words
}

#[test]
fn a_killed_build_leaves_the_old_tree_or_the_new_one() {
    let root = Folder(std::env::temp_dir().join(format!("stackgen-crash-{}", std::process::id())));
    let out = root.0.join("out/envs/dev");
    platform(&root.0, "word-0");
    let start = Instant::now();
    assert!(build(&root.0).status().expect("the build runs").success());
    let takes = start.elapsed().max(Duration::from_millis(4));
    // Moments all over a build, from before its start to after its end.
    let mut seed: u64 = 7;
    let (mut old, mut new) = (0, 0);
    for turn in 1..=KILLS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        platform(&root.0, &format!("word-{turn}"));
        let mut child = build(&root.0).spawn().expect("the build starts");
        sleep(takes.mul_f64((seed >> 33) as f64 / (1_u64 << 31) as f64 * 1.5));
        let _ = child.kill();
        child.wait().expect("the build ends");
        let words = whole(&out);
        assert_eq!(words.len(), 1, "a mixture: {words:?}");
        if words.contains(&format!("word-{turn}")) { new += 1 } else { old += 1 }
    }
    assert_eq!(old + new, KILLS);
    assert!(build(&root.0).status().expect("the build runs").success());
    let mut left = BTreeSet::new();
    files(&root.0.join("out"), "", &mut left);
    assert!(left.iter().all(|path| path.starts_with("envs/dev/")), "a killed build's folder is still there: {left:?}");
}
