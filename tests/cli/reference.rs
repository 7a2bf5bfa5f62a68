//! `docs/cli.md` is what `--help` says.

use std::fmt::Write as _;

use crate::sandbox::{Sandbox, expect};

/// Every command with its own help, in the order of the reference.
const COMMANDS: [&str; 20] = [
    "init",
    "build",
    "check",
    "render",
    "diff",
    "explain",
    "why",
    "graph",
    "render",
    "list",
    "schema",
    "new",
    "new component",
    "new environment",
    "lock",
    "fetch",
    "outdated",
    "update",
    "completions",
    "help",
];

#[test]
fn the_reference_is_what_help_says() {
    let anywhere = Sandbox::empty();
    let mut text = String::from(include_str!("reference-head.md"));
    let _ = write!(text, "\n## stackgen\n\n```text\n{}```\n", help(&anywhere, ""));
    for command in COMMANDS.iter().filter(|command| **command != "help") {
        let _ = write!(text, "\n## stackgen {command}\n\n```text\n{}```\n", without_global(&help(&anywhere, command)));
    }
    expect(&text, "docs/cli.md");
}

fn help(anywhere: &Sandbox, command: &str) -> String {
    let said = anywhere.run(&format!("{command} --help"));
    assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{command}");
    let lines: Vec<&str> = said.stdout.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// Options of all commands stand once, with `stackgen` itself.
fn without_global(help: &str) -> String {
    let Some((before, rest)) = help.split_once("Global options:\n") else { return help.to_owned() };
    let after = rest.lines().position(|line| !line.is_empty() && !line.starts_with(' '));
    let after = after.map_or_else(String::new, |at| rest.lines().skip(at).map(|line| format!("{line}\n")).collect());
    format!("{before}{after}").trim_end().to_owned() + "\n"
}

#[test]
fn the_reference_leaves_out_no_command() {
    let help = Sandbox::empty().run("--help").stdout;
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.trim().is_empty());
    for name in listed.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' ')) {
        let name = name.split_whitespace().next().unwrap_or_default();
        assert!(COMMANDS.contains(&name), "{name}");
    }
}
