//! Exit codes, colours, pipes, and where the repository is.

use std::io::Read;
use std::process::Stdio;

use crate::sandbox::{Said, Sandbox};

#[test]
fn faults_of_the_command_line_are_exit_code_2() {
    let platform = Sandbox::of("platform");
    for (name, arguments) in [
        ("target", "build envs/prdo"),
        ("far-target", "build moon"),
        ("flag", "build --chekc"),
        ("command", "biuld"),
        ("format", "check --format xml"),
        ("shard", "check --shard 4/3"),
        ("shard-words", "check --shard third"),
        ("jobs", "check --jobs 0"),
    ] {
        let said = platform.run(arguments);
        assert_eq!(said.code, 2, "{arguments}");
        said.is(&format!("usage-{name}"));
    }
}

#[test]
fn a_folder_without_overlays_is_no_repository() {
    let empty = Sandbox::empty();
    empty.run("build").is("usage-no-repository");
    empty.run("-C nowhere build").is("usage-no-folder");
    empty.write("overlays/base.yaml", "");
    empty.run("build").is("usage-no-environment");
}

#[test]
fn the_repository_is_found_from_below_and_from_elsewhere() {
    let platform = Sandbox::of("platform");
    assert_eq!(platform.run_in("blueprints/components", "check -q").code, 0);
    let elsewhere = Sandbox::empty();
    let root = platform.path("overlays/envs");
    let said = elsewhere.run(&format!("check -q -C {}", root.display()));
    assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{}", said.stderr);
    platform.edit("overlays/envs/prod.yaml", "motto: Fine goods", "moto: Fine goods");
    let above = platform.run("check");
    let below = platform.run_in("overlays/envs", "check");
    assert_eq!(above.stdout, below.stdout, "places count from the repository's root");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let platform = Sandbox::of("platform");
    platform.edit("overlays/envs/prod.yaml", "motto: Fine goods", "moto: Fine goods");
    let colours = |arguments: &[&str], no_color: Option<&str>| {
        let mut command = platform.command("", arguments);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        Said::from(command.output().unwrap()).stdout.contains("\x1b[")
    };
    assert!(!colours(&["check"], None), "a pipe is no terminal");
    assert!(colours(&["check", "--color", "always"], None));
    assert!(colours(&["check", "--color=always"], Some("1")), "who asks for colours gets them");
    assert!(!colours(&["check", "--color", "never"], None));
    assert!(!colours(&["check", "--color", "always", "--format", "json"], None), "programs never get colours");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let platform = Sandbox::of("platform");
    for arguments in [&["list", "codes"][..], &["schema", "component"], &["check", "--format", "sarif"]] {
        let mut child = platform.command("", arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_does_not_hide_what_was_found() {
    let platform = Sandbox::of("platform");
    platform.edit("overlays/envs/prod.yaml", "motto: Fine goods", "moto: Fine goods");
    let mut child = platform.command("", &["check"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn quiet_says_only_what_was_asked_for_and_what_is_wrong() {
    let platform = Sandbox::of("platform");
    for arguments in ["build -q", "check -q", "build --check -q"] {
        let said = platform.run(arguments);
        assert_eq!((said.code, said.stdout.as_str(), said.stderr.as_str()), (0, "", ""), "{arguments}");
    }
    platform.edit("overlays/envs/prod.yaml", "motto: Fine goods", "moto: Fine goods");
    assert!(platform.run("build -q").stderr.contains("SG0408"));
}

#[test]
fn the_version_is_the_crates() {
    let said = Sandbox::empty().run("--version");
    assert_eq!(said.stdout, format!("stackgen {}\n", env!("CARGO_PKG_VERSION")));
}
