//! Reviews of two trees, beside what they are expected to look like.
//!
//! A case is a folder `tests/review/<case>/` with `before/<environment>/…` and `after/<environment>/…`, and what every renderer
//! makes of it. `UPDATE=1 cargo test --test review` writes the expectations anew.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // A test may stop.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use stackgen::diagnostic::Style;
use stackgen::review::risk::{self, Rule};
use stackgen::review::{
    Level, Markdown, Options, Review, Side, git, render_json, render_markdown, render_stat, render_terminal, review,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review")
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// All files below a folder, by their path from `root`.
fn read_below(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_below(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
}

fn sides(folder: &Path) -> Vec<Side> {
    let side = |environment: &PathBuf| {
        let mut files = Vec::new();
        read_below(environment, environment, &mut files);
        Side::new(&name(environment), files)
    };
    folders(folder).iter().map(side).collect()
}

fn options() -> Options {
    Options { before: "origin/main".to_owned(), after: "sources".to_owned(), ..Options::default() }
}

fn of_case(case: &Path) -> Review {
    review(&sides(&case.join("before")), &sides(&case.join("after")), &options())
}

fn markdown() -> Markdown {
    Markdown { command: "stackgen diff --against origin/main".to_owned(), ..Markdown::default() }
}

/// Compares with a file, or writes it.
fn expect(path: &Path, text: &str, wrong: &mut Vec<String>) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).unwrap();
    } else if std::fs::read_to_string(path).ok().as_deref() != Some(text) {
        wrong.push(format!("{} is not as expected; it is now:\n{text}", path.display()));
    }
}

#[test]
fn every_case_looks_as_expected() {
    let mut wrong = Vec::new();
    for case in folders(&root()) {
        let review = of_case(&case);
        let plain = Style { color: false, width: 100 };
        expect(&case.join("terminal.txt"), &render_terminal(&review, plain), &mut wrong);
        expect(&case.join("stat.txt"), &render_stat(&review, plain), &mut wrong);
        expect(&case.join("markdown.md"), &render_markdown(&review, &markdown()), &mut wrong);
        expect(&case.join("review.json"), &render_json(&review), &mut wrong);
        let colors = case.join("terminal.ansi");
        if colors.exists() {
            expect(&colors, &render_terminal(&review, Style { color: true, width: 100 }), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}\n\n`UPDATE=1 cargo test --test review` writes them anew", wrong.join("\n\n"));
}

#[test]
fn every_rule_is_hit_by_a_case() {
    let hit: BTreeSet<&str> = folders(&root())
        .iter()
        .flat_map(|case| of_case(case).components)
        .flat_map(|c| c.risks)
        .map(|r| r.rule.id)
        .collect();
    let missed: Vec<&str> = risk::all().iter().map(|rule| rule.id).filter(|id| !hit.contains(id)).collect();
    assert!(missed.is_empty(), "no case for {missed:?}");
}

#[test]
fn nothing_changed_is_said_in_every_format() {
    let side = [Side::new("prod", [("root.yaml".to_owned(), b"a: 1\n".to_vec())])];
    let review = review(&side, &side, &options());
    assert!(review.is_empty());
    assert_eq!(review.worst(), None);
    assert_eq!(render_terminal(&review, Style::PLAIN), "no difference between origin/main and sources\n");
    assert_eq!(render_stat(&review, Style::PLAIN), " no difference between origin/main and sources\n");
    assert!(render_markdown(&review, &markdown()).contains("no difference"));
    assert!(render_json(&review).contains("\"components\": []"));
}

/// Many components, each with a large change and several risks.
fn large() -> Review {
    let file = |index: usize, number: usize| {
        let mut text = format!(
            "kind: Deployment\napiVersion: apps/v1\nmetadata:\n  name: c{index}\nspec:\n  replicas: {number}\n  template:\n    data:\n"
        );
        (0..200).for_each(|line| {
            text.push_str(&format!("      - line {line} of component {index} says ``` and {number}\n"))
        });
        (format!("components/c{index:03}/resources/deployment-c{index}.yaml"), text.into_bytes())
    };
    let sides = |number| [Side::new("prod", (0..120).map(move |index| file(index, number)))];
    review(&sides(3), &sides(1), &options())
}

#[test]
fn a_comment_keeps_its_limit_and_its_form() {
    let review = large();
    for limit in [65_536, 32_768, 8_000, 2_000] {
        let text = render_markdown(&review, &Markdown { limit, ..markdown() });
        assert!(text.len() <= limit, "{} > {limit}", text.len());
        assert!(text.contains("Left out, to stay within a comment's size"), "{limit}");
        assert!(text.contains("`stackgen diff --against origin/main` shows everything"), "{limit}");
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        let fences: Vec<&str> = text.lines().filter(|line| line.starts_with("```")).collect();
        assert!(fences.len().is_multiple_of(2), "a block is not closed");
        assert!(fences.iter().all(|fence| fence.starts_with("````")), "a fence of three could be closed by the text");
    }
    assert!(render_markdown(&review, &markdown()).len() > 50_000, "the limit is not made use of");
}

/// A line of Markdown without what stands between runs of backticks of the same length.
fn without_code(line: &str) -> String {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let fence = &rest[at..at + run(&rest[at..])];
        rest = &rest[at + fence.len()..];
        let close = rest
            .match_indices(fence)
            .map(|(at, _)| at)
            .find(|at| !rest[..*at].ends_with('`') && run(&rest[*at..]) == fence.len());
        rest = close.map_or(rest, |at| &rest[at + fence.len()..]);
    }
    out + rest
}

#[test]
fn what_two_sides_hold_cannot_leave_its_place() {
    let text = render_markdown(&of_case(&root().join("hostile")), &markdown());
    let (mut fence, mut open) = (None, 0_usize);
    for line in text.lines() {
        if fence.is_none() {
            open += line.matches("<details>").count();
            open -= line.matches("</details>").count();
        }
        match fence {
            None if line.starts_with("```") => fence = Some(line.trim_end_matches("diff")),
            None => {
                let text = without_code(line);
                assert!(
                    !text.contains("<script") && !text.contains("@everyone") && !text.contains("https://"),
                    "{line}"
                );
            }
            Some(open) if line == open => fence = None,
            Some(_) => assert!(line.starts_with(['+', '-', ' ', '@', '…']), "{line}"),
        }
    }
    assert_eq!((fence, open), (None, 0));
    let terminal = render_terminal(&of_case(&root().join("hostile")), Style::PLAIN);
    assert!(!terminal.contains('\u{1b}') && !terminal.contains('\u{202e}'));
}

#[test]
fn secrets_are_in_no_format() {
    for case in ["secret-values", "broken-yaml"] {
        let review = of_case(&root().join(case));
        let texts =
            [render_terminal(&review, Style::PLAIN), render_markdown(&review, &markdown()), render_json(&review)];
        for text in texts {
            assert!(!text.contains("hunter") && !text.contains("aHVudGVy"), "{case}:\n{text}");
        }
    }
}

#[test]
fn the_order_of_sides_does_not_matter() {
    let case = root().join("environments");
    let (before, mut after) = (sides(&case.join("before")), sides(&case.join("after")));
    let first = review(&before, &after, &options());
    after.reverse();
    assert_eq!(first, review(&before, &after, &options()));
}

#[test]
fn the_documentation_names_every_rule() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/review.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (start, end) = ("<!-- rules -->\n", "<!-- end of rules -->");
    let (head, rest) = text.split_once(start).unwrap();
    let (_, tail) = rest.split_once(end).unwrap();
    let mut wrong = Vec::new();
    expect(&path, &format!("{head}{start}{}{end}{tail}", rules()), &mut wrong);
    assert!(wrong.is_empty(), "docs/review.md is not up to date: UPDATE=1 cargo test --test review");
}

fn rules() -> String {
    let mut text = String::new();
    for family in &risk::FAMILIES {
        text.push_str(&format!("\n### {}\n\n| rule | level | what |\n|---|---|---|\n", family.title));
        let row = |rule: &&Rule| format!("| `{}` | {} | {}: {} |\n", rule.id, rule.level, rule.title, rule.advice);
        family.rules.iter().map(row).for_each(|row| text.push_str(&row));
    }
    text.push('\n');
    text
}

#[test]
fn levels_are_sorted_from_the_worst() {
    assert!(Level::ALL.is_sorted());
}

fn run(folder: &Path, arguments: &[&str]) {
    let status = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "commit.gpgsign=false",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(folder)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "git {arguments:?}");
}

/// A folder that is removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("review-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_revision_is_read_out_of_git() {
    let scratch = Scratch::new("git");
    run(&scratch.0, &["init", "."]);
    scratch.write("platform/out/envs/prod/apps/a b.yaml", b"a: 1\n");
    scratch.write("platform/out/envs/prod/hosts/é.cfg", b"\xff\x00\n");
    scratch.write("platform/out/envs/prod/empty", b"");
    run(&scratch.0, &["add", "-A"]);
    run(&scratch.0, &["commit", "-m", "one"]);
    scratch.write("platform/out/envs/prod/apps/a b.yaml", b"a: 2\n");

    let repository = git::Repository::open(&scratch.0.join("platform")).unwrap();
    let revision = repository.revision("main").unwrap();
    let files = repository.files(&revision, "out/envs/prod").unwrap().unwrap();
    let sizes: BTreeMap<&str, usize> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.len())).collect();
    assert_eq!(files["apps/a b.yaml"], b"a: 1\n");
    assert_eq!(sizes.values().copied().collect::<Vec<_>>(), [5, 0, 3]);
    assert_eq!(repository.files(&revision, "out/envs/none").unwrap(), None);
    assert_eq!(repository.files(&revision, "out/envs/prod/empty").unwrap(), None);
}

#[test]
fn what_git_cannot_do_is_said() {
    let scratch = Scratch::new("errors");
    // Above it there may be a repository: an empty one of its own ends the search.
    run(&scratch.0, &["init", "."]);
    let repository = git::Repository::open(&scratch.0).unwrap();
    for asked in ["origin/main", "nothing", "--help", ""] {
        let found = repository.revision(asked).unwrap_err();
        assert_eq!(found.code.id, "SG0803", "{asked}");
        assert!(found.help.is_some());
    }
    let found = git::Repository::open(Path::new("/")).unwrap_err();
    assert_eq!(found.code.id, "SG0802");
}

#[test]
fn a_shallow_clone_is_told_of() {
    let scratch = Scratch::new("shallow");
    scratch.write("source/a", b"1");
    let source = scratch.0.join("source");
    run(&source, &["init", "."]);
    run(&source, &["add", "-A"]);
    run(&source, &["commit", "-m", "one"]);
    scratch.write("source/a", b"2");
    run(&source, &["commit", "-am", "two"]);
    let url = format!("file://{}", source.display());
    run(&scratch.0, &["clone", "--depth=1", &url, "clone"]);
    let repository = git::Repository::open(&scratch.0.join("clone")).unwrap();
    let found = repository.revision("origin/other").unwrap_err();
    assert!(found.cause.is_some_and(|cause| cause.contains("shallow")));
    assert!(found.help.is_some_and(|help| help.contains("git fetch --depth=1 origin other")));
}
