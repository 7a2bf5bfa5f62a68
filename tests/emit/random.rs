//! Builds and people at work in one folder, in random order: nobody's file is lost, and no build does half its work.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::sandbox::{Sandbox, tree};

/// Few paths, so that they meet often: one name is a file here and a folder there.
const PATHS: [&str; 9] = ["a", "a/b", "a/b/c", "a/d", "e/f", "e/f/g", "e/h", "i.sh", "j"];
const TEXTS: [&str; 3] = ["one", "two", "three"];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn path(&mut self) -> &'static str {
        PATHS[self.below(PATHS.len())]
    }

    fn text(&mut self) -> &'static str {
        TEXTS[self.below(TEXTS.len())]
    }
}

#[derive(Default)]
struct World {
    ours: BTreeSet<&'static str>,
    foreign: BTreeMap<&'static str, &'static str>,
}

#[test]
fn nothing_foreign_is_lost_and_no_build_is_half_done() {
    let mut built = [0, 0];
    for seed in 0..60 {
        let (sandbox, mut random, mut world) = (Sandbox::new(), Random(seed), World::default());
        fs::create_dir_all(sandbox.folder()).unwrap();
        for _ in 0..30 {
            match random.below(3) {
                0 => write(&sandbox, &mut random, &mut world),
                1 => delete(&sandbox, &mut random, &mut world),
                _ => built[usize::from(build(&sandbox, &mut random, &mut world, seed))] += 1,
            }
        }
    }
    assert!(built[0] > 100 && built[1] > 100, "{built:?}");
}

fn write(sandbox: &Sandbox, random: &mut Random, world: &mut World) {
    let (path, text) = (random.path(), random.text());
    let parent = sandbox.path(path).parent().unwrap().to_owned();
    if fs::create_dir_all(parent).is_ok() && fs::write(sandbox.path(path), text).is_ok() && !world.ours.contains(path) {
        world.foreign.insert(path, text);
    }
}

fn delete(sandbox: &Sandbox, random: &mut Random, world: &mut World) {
    let path = random.path();
    let below = format!("{path}/");
    if fs::remove_file(sandbox.path(path)).is_ok() || fs::remove_dir_all(sandbox.path(path)).is_ok() {
        world.foreign.retain(|other, _| *other != path && !other.starts_with(&below));
    }
}

/// Whether the build went through.
fn build(sandbox: &Sandbox, random: &mut Random, world: &mut World, seed: u64) -> bool {
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    for _ in 0..random.below(5) {
        let path = random.path();
        let clashes = |other: &&str| other.starts_with(&format!("{path}/")) || path.starts_with(&format!("{other}/"));
        if !files.keys().any(clashes) {
            files.insert(path, random.text());
        }
    }
    let list: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, *text)).collect();
    let before = sandbox.listing("out");
    let overwrite = random.below(2) == 0;
    let outcome = if overwrite { sandbox.build_over_edits(&tree(&list)) } else { sandbox.build(&tree(&list)) };
    let after = sandbox.listing("out");
    if let Err(error) = outcome {
        assert_eq!(before, after, "seed {seed}: {error}");
        return false;
    }
    world.foreign.retain(|path, _| !files.contains_key(path));
    world.ours = PATHS.into_iter().filter(|path| files.contains_key(path)).collect();
    let mut expected: BTreeMap<String, &str> =
        files.iter().map(|(path, text)| (format!("envs/prod/{path}"), *text)).collect();
    expected.extend(world.foreign.iter().map(|(path, text)| (format!("envs/prod/{path}"), *text)));
    let found: BTreeMap<String, &str> = after
        .iter()
        .filter(|(path, _)| !path.ends_with('/') && !path.ends_with(".sum"))
        .map(|(path, text)| (path.clone(), text.as_str()))
        .collect();
    assert_eq!(found, expected, "seed {seed}, after {list:?}");
    true
}
