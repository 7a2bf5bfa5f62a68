//! `diff`.

use std::io::Write as _;
use std::process::Command;

use crate::sandbox::Sandbox;

fn changed() -> Sandbox {
    let platform = Sandbox::of("platform");
    platform.run("build -q");
    platform.edit("overlays/envs/prod.yaml", "Fine goods", "Finest goods");
    platform.edit("overlays/base.yaml", "memory: 128Mi", "memory: 256Mi");
    platform
}

#[test]
fn sources_against_what_was_built() {
    let platform = changed();
    platform.run("diff").is("diff");
    platform.run("diff --stat").is("diff-stat");
    platform.run("diff envs/prod").is("diff-prod");
    platform.run("diff --format markdown").is("diff-markdown");
    platform.run("diff --format json").is("diff-json");
    platform.run("diff --stat --format json").is("diff-stat-json");
    platform.run("build -q");
    platform.run("diff").is("diff-same");
}

#[test]
fn colours_mark_changed_words() {
    let text = changed().run("diff prod --color always").stdout;
    assert!(text.contains("\x1b["), "{text}");
}

#[test]
fn environments_come_and_go() {
    let platform = Sandbox::of("platform");
    platform.run("build -q");
    std::fs::rename(platform.path("overlays/envs/dev.yaml"), platform.path("overlays/envs/test.yaml")).unwrap();
    platform.edit("overlays/envs/test.yaml", "name: dev", "name: test");
    platform.run("diff --stat").is("diff-come-and-go");
}

#[test]
fn broken_sources_have_no_difference_to_show() {
    let platform = changed();
    platform.edit("overlays/envs/prod.yaml", "motto:", "moto:");
    platform.run("diff").is("diff-error");
}

#[test]
fn sources_against_a_git_revision() {
    if Command::new("git").arg("--version").output().is_err() {
        assert!(std::env::var_os("STACKGEN_REQUIRE_TOOLS").is_none(), "git is wanted");
        let _ = writeln!(std::io::stderr(), "SKIPPED: git was not found");
        return;
    }
    let platform = changed();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let said = Command::new("git").args(identity).args(arguments).current_dir(platform.path("")).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    };
    platform.run("diff --against main").is("diff-no-git");
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "out"]);
    git(&["commit", "--quiet", "--message", "built"]);
    platform.run("build -q");
    assert_eq!(platform.run("diff").code, 0, "the disk is up to date");
    let against = platform.run("diff --against main --stat");
    assert_eq!(against.code, 1);
    assert!(against.stdout.contains("shop"), "{}", against.stdout);
    assert_eq!(platform.run("diff --against main envs/dev --format json").json()["environments"][0], "envs/dev");
    platform.run("diff --against mian").is("diff-no-revision");
}
