//! `stackgen outdated` and `stackgen update`.

use crate::archive::{chart, sha256};
use crate::platform::{Files, Platform};
use crate::server::Server;

const NOTES: &str = "annotations:\n  artifacthub.io/changes: |\n    - kind: fixed\n      description: The door closes\n    - kind: added\n      description: A window\n";

/// A repository whose index tells what changed.
fn shop() -> (Server, String) {
    let files = Files::default();
    let versions = ["1.0.0", "1.0.1", "1.2.0", "2.0.0", "3.0.0-rc.1"];
    let charts: Vec<(&str, &str, Vec<u8>)> = versions.iter().map(|v| ("web", *v, chart("web", v, NOTES))).collect();
    files.set_index(&charts);
    let index = String::from_utf8(files.get("/index.yaml").unwrap()).unwrap();
    let index = index.replace(
        "    version: 1.2.0\n",
        "    version: 1.2.0\n    annotations:\n      artifacthub.io/changes: |\n        - kind: fixed\n          description: The door closes\n        - A window\n",
    );
    files.put("/index.yaml", index.replace("    version: 1.0.0\n", "    version: 1.0.0\n    deprecated: true\n"));
    let server = Server::start(move |asked| files.answer(asked));
    let url = server.url();
    (server, url)
}

#[test]
fn outdated_shows_how_far_each_chart_could_go() {
    let (_server, url) = shop();
    let platform =
        Platform::new(&[("web", &url, "web", "1.0.0"), ("till", &url, "web", "2.0.0"), ("stall", &url, "web", "~1.0")]);
    platform.expect(0, "lock");
    let said = platform.expect(1, "outdated");
    assert_eq!(
        said.stdout,
        "COMPONENT  CHART  PINNED        PATCH  MINOR  NEWEST\n\
         web        web    1.0.0         1.0.1  1.2.0  2.0.0   deprecated\n\
         stall      web    ~1.0 (1.0.1)         1.2.0  2.0.0\n"
    );
    assert!(include_str!("../../docs/charts.md").contains(&said.stdout), "the page shows what is said");
    assert_eq!(said.stderr, "1 of 3 charts are the newest\n");
    let json = platform.expect(1, "outdated web --format json").json();
    assert_eq!(json["charts"][0]["newest"], "2.0.0");
    assert_eq!(json["charts"][0]["environments"][0], "envs/dev");
    assert_eq!(platform.expect(0, "outdated till").stdout, "");
    let said = platform.expect(2, "outdated wep");
    assert!(said.stderr.contains("did you mean `web`?"), "{}", said.stderr);
}

#[test]
fn update_changes_the_version_where_it_stands_and_the_lock() {
    let (_server, url) = shop();
    let platform = Platform::new(&[("web", &url, "web", "1.0.0")]);
    platform.expect(0, "lock");
    let component = platform.sandbox.read("blueprints/components/web/component.yaml");
    let dry = platform.expect(0, "update web --dry-run");
    let text = "web 1.0.0 → 1.2.0  blueprints/components/web/component.yaml:7\n  1.2.0\n    fixed: The door closes\n    A window\n";
    assert_eq!(dry.stdout, text);
    assert_eq!(platform.sandbox.read("blueprints/components/web/component.yaml"), component);
    let said = platform.expect(0, "update web --minor");
    assert_eq!(said.stdout, text);
    assert!(include_str!("../../docs/charts.md").contains(&said.stdout), "the page shows what is said");
    let expected = component.replace("\"1.0.0\"   # pinned", "\"1.2.0\"   # pinned");
    assert_eq!(platform.sandbox.read("blueprints/components/web/component.yaml"), expected);
    let lock = platform.lock();
    assert!(lock.contains("version: 1.2.0") && lock.contains(&sha256(&chart("web", "1.2.0", NOTES))), "{lock}");
    platform.expect(0, "lock --check");
    assert_eq!(platform.expect(0, "update web --patch").stdout, "", "nothing newer of 1.2");
    platform.expect(0, "update --all --major");
    assert!(platform.lock().contains("version: 2.0.0"));
    platform.expect(0, "update web --to v1.0.1");
    assert!(platform.sandbox.read("blueprints/components/web/component.yaml").contains("version: \"1.0.1\""));
    assert!(platform.expect(2, "update web --to 7.0.0").stderr.contains("has no version 7.0.0"));
    assert_eq!(platform.expect(2, "update").code, 2);
    assert_eq!(platform.expect(2, "update web --patch --major").code, 2);
}

#[test]
fn a_version_of_an_overlay_is_changed_there() {
    let (_server, url) = shop();
    let platform = Platform::new(&[("web", &url, "web", "1.2.0")]);
    platform.sandbox.write(
        "overlays/envs/prod.yaml",
        "apiVersion: stackgen.dev/v1\nkind: Environment\nmetadata: { name: prod }\ncomponents: { web: { chart: { version: 1.0.0 } } }\n",
    );
    let said = platform.expect(0, "update web --patch");
    assert!(said.stdout.starts_with("web 1.0.0 → 1.0.1  overlays/envs/prod.yaml:4\n"), "{}", said.stdout);
    assert!(platform.sandbox.read("overlays/envs/prod.yaml").contains("{ chart: { version: 1.0.1 } }"));
    assert!(platform.sandbox.read("blueprints/components/web/component.yaml").contains("1.2.0"));
    assert!(!platform.sandbox.path("blueprints/charts.lock").exists(), "who has no lock gets none");
}

#[test]
fn a_range_stays_and_its_lock_moves() {
    let files = Files::index(&[("web", "1.0.0", chart("web", "1.0.0", ""))]);
    let served = files.clone();
    let server = Server::start(move |asked| served.answer(asked));
    let platform = Platform::new(&[("web", &server.url(), "web", "^1.0")]);
    platform.expect(0, "lock");
    files.set_index(&[
        ("web", "1.0.0", chart("web", "1.0.0", "")),
        ("web", "1.9.0", chart("web", "1.9.0", "")),
        ("web", "2.0.0", chart("web", "2.0.0", "")),
    ]);
    let said = platform.expect(0, "update web");
    assert_eq!(said.stdout, "web 1.0.0 → 1.9.0  within ^1.0, in blueprints/charts.lock\n");
    assert!(platform.lock().contains("version: 1.9.0\n  pinned: ^1.0\n"), "{}", platform.lock());
    assert!(platform.sandbox.read("blueprints/components/web/component.yaml").contains("\"^1.0\""));
}

#[test]
fn an_update_that_cannot_be_locked_changes_nothing() {
    let files =
        Files::index(&[("web", "1.0.0", chart("web", "1.0.0", "")), ("web", "1.1.0", chart("other", "1.1.0", ""))]);
    let server = Server::start(move |asked| files.answer(asked));
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.expect(0, "lock");
    let (lock, component) = (platform.lock(), platform.sandbox.read("blueprints/components/web/component.yaml"));
    platform.finds("update web", "SG1105", &["it is other 1.1.0"]);
    assert_eq!((platform.lock(), platform.sandbox.read("blueprints/components/web/component.yaml")), (lock, component));
}

#[test]
fn a_chart_of_the_catalogue_is_changed_by_an_overlay() {
    let (_server, url) = shop();
    let platform = Platform::new(&[]);
    // The catalogue pins grafana; the overlay only says where it comes from.
    platform.sandbox.edit(
        "overlays/envs/dev.yaml",
        "metadata: { name: dev }\n",
        &format!("metadata: {{ name: dev }}\ncomponents: {{ metrics-server: {{ enabled: true, chart: {{ repository: \"{url}\" }} }} }}\n"),
    );
    let said = platform.run("outdated metrics-server");
    assert!(said.stderr.contains("SG1107") || said.stderr.contains("SG04"), "{}", said.stderr);
}
