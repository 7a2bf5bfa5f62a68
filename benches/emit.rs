//! Writing trees against `cp -r` of the same files.
//!
//! `cargo bench --bench emit`, with `STACKGEN_BENCH_DIR` (default `/dev/shm`) and `STACKGEN_BENCH_ENVIRONMENTS` (default 100,
//! of 120 files each).

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for people")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use stackgen::emit::{Digest, Edits, Tree, TreeBuilder, WriteLock, compare};

const FILES: usize = 119;
const ROUNDS: usize = 7;

fn main() {
    let base = env::var_os("STACKGEN_BENCH_DIR").map_or_else(|| PathBuf::from("/dev/shm"), PathBuf::from);
    let environments = env::var("STACKGEN_BENCH_ENVIRONMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let root = base.join(format!("stackgen-bench-{}", std::process::id()));
    let (out, copy) = (root.join("out"), root.join("copy"));
    let trees: Vec<Tree> = (0..environments).map(|n| files(n, 0).finish(Digest::of(b"0")).unwrap()).collect();
    let next: Vec<Tree> = (0..environments).map(|n| files(n, 1).finish(Digest::of(b"1")).unwrap()).collect();
    let bytes: usize = trees.iter().flat_map(Tree::iter).map(|(_, file)| file.bytes.len()).sum();
    println!("{environments} environments, {} files, {} MB", environments * (FILES + 1), bytes / 1_000_000);

    build(&out, &trees);
    let cp = best(|| {
        let _ = fs::remove_dir_all(&copy);
        timed(|| assert!(Command::new("cp").arg("-r").arg(&out).arg(&copy).status().unwrap().success()))
    });
    let report = |name: &str, time: Duration| {
        println!("{name:<22} {time:>10.1?}  {:.2} x cp -r", time.as_secs_f64() / cp.as_secs_f64())
    };
    report("cp -r", cp);
    report(
        "digests",
        best(|| {
            let builders: Vec<TreeBuilder> = (0..environments).map(|n| files(n, 0)).collect();
            timed(|| builders.into_par_iter().for_each(|builder| drop(builder.finish(Digest::of(b"0")))))
        }),
    );
    report("unchanged", best(|| timed(|| build(&out, &trees))));
    let mut turn = [&next, &trees].into_iter().cycle();
    report("one file changed each", best(|| timed(|| build(&out, turn.next().unwrap_or(&trees)))));
    report(
        "first build",
        best(|| {
            fs::remove_dir_all(&out).unwrap();
            timed(|| build(&out, &trees))
        }),
    );
    fs::remove_dir_all(&root).unwrap();
}

fn best(measure: impl FnMut() -> Duration) -> Duration {
    std::iter::repeat_with(measure).take(ROUNDS).min().unwrap_or_default()
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

fn build(out: &Path, trees: &[Tree]) {
    let lock = WriteLock::acquire(out, || {}).unwrap();
    let staged: Vec<_> = trees
        .par_iter()
        .enumerate()
        .filter_map(|(n, tree)| {
            compare(&out.join(format!("envs/env-{n:04}")), tree).unwrap().stage(&lock, Edits::Refuse).unwrap()
        })
        .collect();
    staged.into_par_iter().for_each(|staged| {
        staged.swap().unwrap();
    });
}

/// Files of the sizes that real trees have: many of one or two kilobytes, a few of ten.
fn files(environment: usize, version: usize) -> TreeBuilder {
    let mut builder = TreeBuilder::new();
    for n in 0..FILES {
        let (folder, size) = match n % 4 {
            0 => (format!("apps/app-{n}.yaml"), 1400),
            1 => (format!("components/component-{}/values.yaml", n / 4), 2600),
            2 => (format!("components/component-{}/resources/one-{n}.yaml", n / 4), 900),
            _ => (
                format!("components/component-{}/resources/two-{n}.yaml", n / 4),
                if n % 24 == 3 { 11_000 } else { 700 },
            ),
        };
        let version = if n == 1 { version } else { 0 };
        let line = format!("environment: {environment}, file: {n}, version: {version}, and some more text\n");
        builder.insert(folder, line.repeat(size / line.len() + 1)).unwrap();
    }
    builder
}
