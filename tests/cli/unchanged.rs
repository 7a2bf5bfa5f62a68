//! A build that finds everything as it left it compiles nothing, and still misses nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::sandbox::Sandbox;

/// A platform in a git repository, of which the last build kept a record.
fn built() -> Sandbox {
    let platform = Sandbox::of("platform");
    platform.write(".git/HEAD", "ref: refs/heads/main\n");
    // Before the first build there was nothing in `out/`, which the second one has to see.
    platform.run("build -q");
    assert_eq!(record(&platform), None);
    platform.run("build -q");
    assert!(record(&platform).is_some());
    platform
}

fn record(platform: &Sandbox) -> Option<String> {
    let entries = fs::read_dir(platform.path(".git")).unwrap().map(|entry| entry.unwrap());
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(name).find(|name| name.starts_with("stackgen-")).map(|name| platform.read(&format!(".git/{name}")))
}

#[test]
fn it_says_what_a_build_that_compiles_says() {
    let platform = built();
    let before = record(&platform);
    platform.run("build").is("build-again");
    platform.run("build --check").is("build-check-same");
    assert_eq!(record(&platform), before);
    for folder in ["envs/dev", "envs/prod"] {
        let short = platform.run(&format!("build {folder} --format json"));
        let short_again = platform.run(&format!("build {folder} --format json"));
        assert_eq!(short.stdout, short_again.stdout);
    }
}

#[test]
fn every_edit_of_the_output_is_found() {
    let file = "out/envs/prod/components/shop/resources/configmap-shop.yaml";
    type Edit = fn(&Sandbox, &str);
    let edits: [(&str, Edit); 6] = [
        ("another content", |platform, file| platform.write(file, "a: 1\n")),
        ("another content of the same length", |platform, file| {
            let text = platform.read(file);
            platform.write(file, &text.replacen('e', "a", 1));
        }),
        ("no file", |platform, file| fs::remove_file(platform.path(file)).unwrap()),
        ("a file that can be run", |platform, file| {
            fs::set_permissions(platform.path(file), fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("a link", |platform, file| {
            fs::rename(platform.path(file), platform.path("elsewhere")).unwrap();
            symlink(platform.path("elsewhere"), platform.path(file)).unwrap();
        }),
        ("a link to its folder", |platform, file| {
            let folder = platform.path(file).parent().unwrap().to_owned();
            fs::rename(&folder, platform.path("elsewhere")).unwrap();
            symlink(platform.path("elsewhere"), &folder).unwrap();
        }),
    ];
    for (what, edit) in edits {
        let platform = built();
        assert_eq!(platform.run("build --check").code, 0, "{what}");
        edit(&platform, file);
        assert_eq!(platform.run("build --check").code, 1, "{what}");
    }
    let platform = built();
    platform.edit("out/envs/prod/stackgen.sum", "Do not edit", "Do edit");
    fs::remove_file(platform.path("out/envs/dev/root.yaml")).unwrap();
    assert_eq!(platform.run("build --check").code, 1);
    platform.run("build --overwrite-edits -q");
    assert_eq!(platform.run("build --check").code, 0);
}

#[test]
fn every_change_of_the_sources_is_found() {
    type Change = fn(&Sandbox);
    let changes: [(&str, Change); 5] = [
        ("a file that was read", |platform| platform.edit("overlays/envs/prod.yaml", "Fine goods", "Finest goods")),
        ("a new environment", |platform| {
            let text = platform.read("overlays/envs/prod.yaml").replace("name: prod", "name: other");
            platform.write("overlays/envs/other.yaml", &text);
        }),
        ("an environment that is gone", |platform| fs::remove_file(platform.path("overlays/envs/dev.yaml")).unwrap()),
        ("a new file of a component", |platform| {
            platform.write(
                "blueprints/components/shop/resources/new.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: new }\n",
            );
        }),
        ("a file of a component that is gone", |platform| {
            fs::remove_dir_all(platform.path("blueprints/components/shop/resources")).unwrap();
        }),
    ];
    for (what, change) in changes {
        let platform = built();
        change(&platform);
        assert_ne!(platform.run("build --check").code, 0, "{what}");
    }
}

#[test]
fn what_is_no_whole_record_is_none() {
    let platform = built();
    let name = fs::read_dir(platform.path(".git")).unwrap().map(|entry| entry.unwrap().path());
    let path = name.into_iter().find(|path| path.to_string_lossy().contains("stackgen-")).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for broken in ["", "x\n", &text[..text.len() / 2]] {
        fs::write(&path, broken).unwrap();
        assert_eq!(platform.run("build").code, 0);
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "it is made anew");
    }
}
