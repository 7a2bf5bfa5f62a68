//! `stackgen lock`: what it writes, keeps, and refuses.

use crate::archive::{chart, chart_files, file, packed, sha256};
use crate::platform::{Files, Platform};
use crate::server::Server;

fn serve(files: &Files) -> Server {
    let files = files.clone();
    Server::start(move |asked| files.answer(asked))
}

#[test]
fn a_lock_names_versions_digests_and_what_charts_are_made_with() {
    let inner = chart("common", "2.1.0", "");
    let mut parts = chart_files(
        "web",
        "1.4.0",
        "dependencies: [{name: common, version: 2.x, repository: https://other.example.com}]\n",
    );
    parts.push(file("web/charts/common-2.1.0.tgz", inner));
    let (web, shop) = (packed(&parts), chart("shop", "0.3.0", ""));
    let files = Files::index(&[("web", "1.4.0", web.clone()), ("shop", "0.3.0", shop.clone())]);
    let server = serve(&files);
    let url = server.url();
    let platform = Platform::new(&[
        ("web", &url, "web", "1.4.0"),
        ("shop", &url, "shop", "0.3.0"),
        ("till", &url, "shop", "0.3.0"),
    ]);
    let said = platform.expect(0, "lock");
    assert!(said.stderr.contains("locked 2 charts, 2 changed"), "{}", said.stderr);
    let expected = format!(
        "# Written by `stackgen lock`. Do not edit.\napiVersion: stackgen.dev/v1\nkind: ChartLock\ncharts:\n\
         - name: shop\n  version: 0.3.0\n  repository: {url}\n  digest: sha256:{}\n\
         - name: web\n  version: 1.4.0\n  repository: {url}\n  digest: sha256:{}\n  dependencies:\n  \
         - name: common\n    version: 2.1.0\n    repository: https://other.example.com\n    vendored: true\n",
        sha256(&shop),
        sha256(&web)
    );
    assert_eq!(platform.lock(), expected);
    assert_eq!(server.paths().iter().filter(|path| *path == "/index.yaml").count(), 1, "one index for all charts");
    let before = server.asked().len();
    let said = platform.expect(0, "lock");
    assert!(said.stderr.contains("locked 2 charts, nothing changed"), "{}", said.stderr);
    platform.expect(0, "lock --check");
    assert_eq!(server.asked().len(), before, "what is locked needs no network");
    platform.expect(0, "lock --refresh");
    assert_eq!(platform.lock(), expected);
}

#[test]
fn a_part_that_is_not_in_the_archive_is_locked_on_its_own() {
    let files = Files::default();
    let server = serve(&files);
    let url = server.url();
    let web =
        chart("web", "1.0.0", &format!("dependencies: [{{name: common, version: ^2.0.0, repository: \"{url}\"}}]\n"));
    let (old, new) = (chart("common", "2.0.0", ""), chart("common", "2.5.0", ""));
    files.set_index(&[("web", "1.0.0", web), ("common", "2.0.0", old), ("common", "2.5.0", new.clone())]);
    let platform = Platform::new(&[("web", &url, "web", "1.0.0")]);
    platform.expect(0, "lock");
    let lock = platform.lock();
    assert!(
        lock.contains(&format!(
            "name: common\n  version: 2.5.0\n  repository: {url}\n  digest: sha256:{}",
            sha256(&new)
        )),
        "{lock}"
    );
    assert!(lock.contains("dependencies:\n  - name: common\n    version: 2.5.0"), "{lock}");
    assert!(!lock.contains("vendored"), "{lock}");
    platform.expect(0, "lock --check");
}

#[test]
fn a_range_means_what_was_newest_when_it_was_locked() {
    let charts = |versions: &[&'static str]| -> Vec<(&'static str, &'static str, Vec<u8>)> {
        versions.iter().map(|version| ("web", *version, chart("web", version, ""))).collect()
    };
    let files = Files::index(&charts(&["1.4.0", "1.4.2", "1.5.0", "2.0.0"]));
    let server = serve(&files);
    let platform = Platform::new(&[("web", &server.url(), "web", "~1.4")]);
    platform.sandbox.write("blueprints/components/web/values.yaml", "size: 2\n");
    let said = platform.expect(1, "check");
    assert!(said.stdout.contains("SG1113") && said.stdout.contains("stackgen lock"), "{}", said.stdout);
    platform.expect(0, "lock");
    assert!(platform.lock().contains("version: 1.4.2\n  pinned: ~1.4\n"), "{}", platform.lock());
    platform.expect(0, "build");
    let application = platform.sandbox.read("out/envs/dev/apps/web.yaml");
    assert!(application.contains("targetRevision: 1.4.2"), "{application}");
    files.set_index(&charts(&["1.4.2", "1.4.9"]));
    platform.expect(0, "lock --refresh");
    assert!(platform.lock().contains("version: 1.4.2\n"), "a lock does not move by itself");
}

#[test]
fn charts_that_no_environment_has_are_forgotten() {
    let files =
        Files::index(&[("web", "1.0.0", chart("web", "1.0.0", "")), ("web", "1.1.0", chart("web", "1.1.0", ""))]);
    let server = serve(&files);
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    let check = platform.expect(1, "lock --check");
    assert_eq!(check.stdout, "web 1.0.0 is not locked\n");
    platform.expect(0, "lock");
    platform.sandbox.edit("blueprints/components/web/component.yaml", "\"1.0.0\"", "\"1.1.0\"");
    let check = platform.expect(1, "lock --check");
    assert_eq!(check.stdout, "web 1.0.0 is locked, and in no environment\nweb 1.1.0 is not locked\n");
    let said = platform.expect(0, "lock");
    assert!(said.stderr.starts_with("web 1.0.0 → 1.1.0\n"), "{}", said.stderr);
    assert!(!platform.lock().contains("1.0.0"));
}

#[test]
fn a_version_that_was_replaced_is_an_error() {
    let files = Files::index(&[("web", "1.0.0", chart("web", "1.0.0", ""))]);
    let server = serve(&files);
    let platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.expect(0, "lock");
    let lock = platform.lock();
    files.set_index(&[("web", "1.0.0", chart("web", "1.0.0", "description: evil\n"))]);
    platform.finds(
        "lock --refresh",
        "SG1104",
        &["web 1.0.0 changed after it was locked", "component.yaml:7", "version: \"1.0.0\""],
    );
    assert_eq!(platform.lock(), lock, "nothing was written");
    std::fs::remove_dir_all(platform.sandbox.path("cache")).unwrap();
    platform.finds("fetch", "SG1104", &["web 1.0.0 changed after it was locked"]);
    // An index that still tells the old digest does not help the one who replaced the archive.
    files.set_index(&[("web", "1.0.0", chart("web", "1.0.0", ""))]);
    files.put("/web-1.0.0.tgz", chart("web", "1.0.0", "description: evil\n"));
    platform.finds("fetch", "SG1104", &["changed after it was locked"]);
    assert!(!platform.sandbox.path("cache/charts").exists(), "nothing of it is kept");
}

#[test]
fn what_a_repository_lacks_is_said_with_what_it_has() {
    let files =
        Files::index(&[("web", "1.0.0", chart("web", "1.0.0", "")), ("web", "1.1.0", chart("web", "1.1.0", ""))]);
    let server = serve(&files);
    let url = server.url();
    let platform = Platform::new(&[("web", &url, "web", "9.9.9")]);
    platform.finds("lock", "SG1107", &["no version 9.9.9 of `web`", "`1.1.0`, `1.0.0`"]);
    Platform::new(&[("web", &url, "wep", "1.0.0")]).finds("lock", "SG1107", &["has no chart `wep`"]);
    Platform::new(&[("web", &format!("{url}/none"), "web", "1.0.0")]).finds("lock", "SG1107", &["404"]);
    files.put("/page/index.yaml", "<html><body>Sign in</body></html>");
    Platform::new(&[("web", &format!("{url}/page"), "web", "1.0.0")]).finds("lock", "SG1109", &["index of"]);
    let secret = Platform::new(&[("web", "https://me:hunter2@charts.example.com", "web", "1.0.0")]);
    let said = secret.run("lock");
    assert!(!said.stderr.contains("holds a name or a password") || said.stderr.contains("SG1111"), "{}", said.stderr);
    assert_eq!(said.code, 1);
}

#[test]
fn a_broken_lock_is_named_with_its_place() {
    let platform = Platform::new(&[("web", "https://charts.example.com", "web", "1.0.0")]);
    platform.sandbox.write(
        "blueprints/charts.lock",
        "apiVersion: stackgen.dev/v1\nkind: ChartLock\ncharts:\n- name: web\n  version: 1.0.0\n  repository: https://charts.example.com\n  digest: sha256:12\n",
    );
    let said = platform.expect(1, "check");
    assert!(said.stdout.contains("SG1101") && said.stdout.contains("charts.lock:7"), "{}", said.stdout);
}
