//! `stackgen fetch`: the cache, the vendored folder, and what is found in them.

use std::fs;

use crate::archive::{chart, sha256};
use crate::platform::{Files, Platform};
use crate::server::{Server, closed_port};

fn locked() -> (Files, Server, Platform) {
    let files = Files::index(&[
        ("web", "1.0.0", chart("web", "1.0.0", "")),
        ("shop", "0.1.0+b1", chart("shop", "0.1.0+b1", "")),
    ]);
    let served = files.clone();
    let server = Server::start(move |asked| served.answer(asked));
    let platform =
        Platform::new(&[("web", &server.url(), "web", "1.0.0"), ("shop", &server.url(), "shop", "0.1.0+b1")]);
    platform.expect(0, "lock");
    (files, server, platform)
}

#[test]
fn archives_are_kept_by_their_digest() {
    let (files, server, platform) = locked();
    let archive = files.get("/web-1.0.0.tgz").unwrap();
    let cached = platform.sandbox.path(&format!("cache/charts/{}.tgz", sha256(&archive)));
    assert_eq!(fs::read(&cached).unwrap(), archive);
    let asked = server.asked().len();
    let said = platform.expect(0, "fetch");
    assert_eq!(said.stderr, "0 charts downloaded, 2 in the cache already\n");
    assert_eq!(server.asked().len(), asked);
    fs::write(&cached, "half an arch").unwrap();
    let said = platform.expect(0, "fetch");
    assert_eq!(said.stderr, "1 chart downloaded, 1 in the cache already\n", "what is broken is fetched again");
    assert_eq!(fs::read(&cached).unwrap(), archive);
    let left: Vec<_> = fs::read_dir(platform.sandbox.path("cache/charts")).unwrap().collect();
    assert_eq!(left.len(), 2, "nothing half-written stays");
}

#[test]
fn a_vendored_folder_can_be_committed() {
    let (files, _server, platform) = locked();
    let said = platform.expect(0, "fetch --vendor charts");
    assert!(said.stderr.contains("2 written to charts"), "{}", said.stderr);
    assert_eq!(fs::read(platform.sandbox.path("charts/web-1.0.0.tgz")).unwrap(), files.get("/web-1.0.0.tgz").unwrap());
    assert!(platform.sandbox.path("charts/shop-0.1.0+b1.tgz").exists());
    let said = platform.expect(0, "fetch --vendor charts");
    assert!(said.stderr.contains("0 written"), "{}", said.stderr);
}

#[test]
fn offline_opens_no_connection() {
    let (_files, server, platform) = locked();
    let asked = server.asked().len();
    platform.expect(0, "fetch --offline");
    platform.expect(0, "lock --offline");
    fs::remove_dir_all(platform.sandbox.path("cache")).unwrap();
    platform.finds("fetch --offline", "SG1110", &["web 1.0.0 is not in the cache", "where there is a network"]);
    platform.finds("outdated --offline", "SG1110", &["`--offline` forbids it"]);
    platform.finds("update web --offline", "SG1110", &[]);
    platform.sandbox.edit("blueprints/components/web/component.yaml", "\"1.0.0\"", "\"1.1.0\"");
    platform.finds("lock --offline", "SG1110", &["component.yaml:7"]);
    assert_eq!(server.asked().len(), asked);
}

#[test]
fn without_a_lock_there_is_nothing_to_fetch() {
    let platform = Platform::new(&[("web", &format!("http://127.0.0.1:{}", closed_port()), "web", "1.0.0")]);
    let said = platform.expect(2, "fetch");
    assert!(said.stderr.contains("there is no `blueprints/charts.lock`") && said.stderr.contains("stackgen lock"));
    platform.sandbox.write("blueprints/components/web/values.yaml", "size: 1\n");
    platform.expect(0, "check");
    platform.expect(0, "build");
}

#[test]
fn check_tells_of_a_lock_that_fell_behind() {
    let (_files, _server, platform) = locked();
    assert_eq!(platform.expect(0, "check").stdout, "");
    platform.sandbox.edit("blueprints/components/web/component.yaml", "\"1.0.0\"", "\"1.1.0\"");
    let said = platform.expect(0, "check");
    assert!(said.stdout.contains("SG1115") && said.stdout.contains("the lock has version 1.0.0"), "{}", said.stdout);
    platform.sandbox.edit("blueprints/components/web/component.yaml", "name: web\n  version", "name: other\n  version");
    let said = platform.expect(0, "check");
    assert!(said.stdout.contains("SG1114") && said.stdout.contains("note"), "{}", said.stdout);
}
