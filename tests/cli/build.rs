//! `build` and `check`.

use std::fs;

use crate::sandbox::Sandbox;

#[test]
fn a_build_writes_only_what_changed() {
    let platform = Sandbox::of("platform");
    platform.run("build").is("build-first");
    platform.run("build").is("build-again");
    platform.edit("overlays/envs/prod.yaml", "Fine goods", "Finest goods");
    platform.run("build envs/prod").is("build-changed");
    assert!(platform.read("out/envs/prod/components/shop/resources/configmap-shop.yaml").contains("Finest goods"));
}

#[test]
fn the_tree_of_an_environment_is_this() {
    let platform = Sandbox::of("platform");
    platform.run("build prod -q");
    let mut paths = Vec::new();
    walk(&platform.path("out/envs/prod"), "", &mut paths);
    paths.sort();
    crate::sandbox::expect(&(paths.join("\n") + "\n"), "tests/cli/build-tree.txt");
}

fn walk(folder: &std::path::Path, path: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{path}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() { walk(&entry.path(), &format!("{path}/"), found) } else { found.push(path) }
    }
}

#[test]
fn check_names_each_file_that_differs_and_why() {
    let platform = Sandbox::of("platform");
    platform.run("build -q");
    platform.run("build --check").is("build-check-same");
    platform.edit("overlays/envs/prod.yaml", "Fine goods", "Finest goods");
    platform.edit("out/envs/dev/root.yaml", "apiVersion", "# mine\napiVersion");
    fs::remove_file(platform.path("out/envs/dev/secrets.yaml")).unwrap();
    platform.edit("out/envs/eu/west/stackgen.sum", env!("CARGO_PKG_VERSION"), "0.0.9");
    platform.write("out/envs/dev/notes.txt", "not stackgen's");
    let before = platform.read("out/envs/dev/root.yaml");
    platform.run("build --check").is("build-check-differs");
    platform.run("build --check --format json").is("build-check-differs-json");
    platform.run("build --check --format github").is("build-check-differs-github");
    assert_eq!(platform.read("out/envs/dev/root.yaml"), before, "--check changes nothing");
}

#[test]
fn edits_by_hand_are_kept_until_somebody_lets_them_go() {
    let platform = Sandbox::of("platform");
    platform.run("build -q");
    platform.edit("out/envs/dev/root.yaml", "apiVersion", "# mine\napiVersion");
    platform.edit("overlays/envs/prod.yaml", "Fine goods", "Finest goods");
    platform.run("build").is("build-edited");
    let prod = platform.read("out/envs/prod/components/shop/resources/configmap-shop.yaml");
    assert!(prod.contains("Fine goods"), "no environment changes while one cannot be written");
    platform.run("build --overwrite-edits").is("build-overwrite-edits");
    assert!(!platform.read("out/envs/dev/root.yaml").contains("# mine"));
}

#[test]
fn an_environment_without_overlay_goes_and_leaves_what_is_not_ours() {
    let platform = Sandbox::of("platform");
    platform.run("build -q");
    fs::remove_file(platform.path("overlays/envs/dev.yaml")).unwrap();
    platform.write("out/envs/dev/notes.txt", "not stackgen's");
    platform.run("build envs/prod -q");
    assert!(platform.path("out/envs/dev/root.yaml").exists(), "only a build of everything knows what is gone");
    platform.run("build").is("build-gone");
    assert!(!platform.path("out/envs/dev/root.yaml").exists());
    assert_eq!(platform.read("out/envs/dev/notes.txt"), "not stackgen's");
}

#[test]
fn errors_are_shown_in_each_format_and_nothing_is_written() {
    let platform = Sandbox::of("platform");
    platform.edit("overlays/envs/prod.yaml", "motto: Fine goods", "moto: Fine goods");
    platform.run("build").is("build-error");
    assert!(!platform.path("out").exists());
    platform.run("check").is("check-error");
    platform.run("check --format json").is("check-error-json");
    platform.run("check --format github").is("check-error-github");
    platform.run("check --format sarif").is("check-error-sarif");
    platform.run("check dev").is("check-dev");
}

#[test]
fn targets_are_paths_names_folders_or_nothing() {
    let platform = Sandbox::of("platform");
    let built = |arguments: &str| {
        let report = platform.run(&format!("build --format json {arguments}")).json();
        let environments = report["environments"].as_array().unwrap().clone();
        environments.iter().map(|e| e["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(built(""), "envs/dev envs/eu/west envs/prod");
    assert_eq!(built("envs/"), "envs/dev envs/eu/west envs/prod");
    for prod in ["prod", "envs/prod", "overlays/envs/prod", "overlays/envs/prod.yaml", "out/envs/prod/"] {
        assert_eq!(built(prod), "envs/prod", "{prod}");
    }
    assert_eq!(built("envs/eu dev"), "envs/dev envs/eu/west");
    assert_eq!(built("--shard 1/2"), "envs/dev envs/prod");
    assert_eq!(built("--shard 2/2"), "envs/eu/west");
    assert_eq!(built("--shard 9/9"), "");
}

#[test]
fn every_number_of_threads_gives_the_same_bytes() {
    let one = Sandbox::of("platform");
    let many = Sandbox::of("platform");
    one.run("build -q --jobs 1");
    many.run("build -q --jobs 7");
    for environment in ["dev", "prod", "eu/west"] {
        let sum = format!("out/envs/{environment}/stackgen.sum");
        assert_eq!(one.read(&sum), many.read(&sum));
    }
    assert!(one.read("out/envs/dev/stackgen.sum").contains("inputs"));
}

#[test]
fn the_sum_of_inputs_does_not_depend_on_what_else_is_built() {
    let all = Sandbox::of("platform");
    let one = Sandbox::of("platform");
    all.run("build -q");
    one.run("build -q dev");
    assert_eq!(all.read("out/envs/dev/stackgen.sum"), one.read("out/envs/dev/stackgen.sum"));
}

/// The trees of sound environments lie beside theirs when the last one is found to be wrong.
#[test]
fn nothing_is_left_where_one_environment_is_wrong() {
    let platform = Sandbox::of("platform");
    platform.run("build -q dev");
    let before = paths(&platform);
    platform.edit("overlays/envs/dev.yaml", "kind: Environment", "# Changed\nkind: Environment");
    platform.edit("overlays/envs/prod.yaml", "motto: Fine goods", "moto: Fine goods");
    for jobs in [1, 3] {
        platform.run(&format!("build -q --jobs {jobs}"));
        assert_eq!(paths(&platform), before);
    }
    fs::remove_dir_all(platform.path("out")).unwrap();
    platform.run("build -q --jobs 1");
    assert!(!platform.path("out").exists());
}

fn paths(platform: &Sandbox) -> Vec<String> {
    let mut found = Vec::new();
    walk(&platform.path("out"), "", &mut found);
    found.sort();
    found
}
