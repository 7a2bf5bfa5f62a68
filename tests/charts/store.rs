//! The front door of the library: the chart of a pin, without the network.

use std::fs;

use stackgen::chart::{Cache, ChartId, Lock, Missing, Origin, Store, StoreOptions};
use stackgen::diagnostic::{Sink, SourceMap};

use crate::archive::{chart, sha256};
use crate::platform::{Files, Platform};
use crate::server::Server;

struct World {
    platform: Platform,
    url: String,
    lock: Lock,
}

impl World {
    fn new(charts: &[(&'static str, &'static str, Vec<u8>)]) -> Self {
        let files = Files::index(charts);
        let server = Server::start(move |asked| files.answer(asked));
        Self::locked(&server.url())
    }

    fn locked(url: &str) -> Self {
        let platform = Platform::new(&[("web", url, "web", "1.0.0")]);
        platform.expect(0, "lock");
        let lock = read(&platform.lock());
        World { platform, url: url.to_owned(), lock }
    }

    fn store(&self, folders: &[&str]) -> Store<'_> {
        let cache = Some(Cache::at(self.platform.sandbox.path("cache")));
        let folders = folders.iter().map(|folder| self.platform.sandbox.path(folder)).collect();
        Store::new(&self.platform.sandbox.path(""), Some(&self.lock), StoreOptions { cache, folders })
    }

    fn id<'a>(&'a self, name: &'a str, version: &'a str) -> ChartId<'a> {
        ChartId { repository: &self.url, name, version }
    }
}

fn read(text: &str) -> Lock {
    let mut sources = SourceMap::default();
    let file = sources.add("charts.lock", text);
    Lock::read(&sources, file, &mut Sink::default()).expect("a sound lock")
}

#[test]
fn a_chart_is_found_in_folders_before_the_cache() {
    let archive = chart("web", "1.0.0", "");
    let world = World::new(&[("web", "1.0.0", archive.clone())]);
    let found = world.store(&[]).find(world.id("web", "1.0.0")).unwrap();
    assert!(found.origin == Origin::Cache && found.locked);
    assert_eq!(found.digest.to_string(), sha256(&archive));
    assert_eq!(found.chart().unwrap().metadata().version, "1.0.0");
    world.platform.expect(0, "fetch --vendor charts");
    assert_eq!(world.store(&[]).find(world.id("web", "1.0.0")).unwrap().origin, Origin::Folder);
    // A folder that is being worked on goes before all: it is what `--charts` is for.
    world
        .platform
        .sandbox
        .write("mine/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\ndescription: mine\n");
    let found = world.store(&["mine"]).find(world.id("web", "1.0.0")).unwrap();
    assert!(!found.locked);
    assert_eq!(found.chart().unwrap().metadata().description, "mine");
}

#[test]
fn an_archive_that_is_not_the_locked_one_is_not_given_out() {
    let world = World::new(&[("web", "1.0.0", chart("web", "1.0.0", ""))]);
    fs::create_dir(world.platform.sandbox.path("charts")).unwrap();
    fs::write(world.platform.sandbox.path("charts/web-1.0.0.tgz"), chart("web", "1.0.0", "description: evil\n"))
        .unwrap();
    let missing = world.store(&[]).find(world.id("web", "1.0.0")).unwrap_err();
    assert!(matches!(missing, Missing::Changed { .. }) && missing.code().id == "SG1104", "{missing}");
}

#[test]
fn what_is_missing_says_how_to_get_it() {
    let world = World::new(&[("web", "1.0.0", chart("web", "1.0.0", ""))]);
    let of = |name: &str, version: &str| world.store(&["none"]).find(world.id(name, version)).unwrap_err();
    assert_eq!(of("shop", "1.0.0"), Missing::NotLocked { other: None });
    assert_eq!(of("web", "2.0.0"), Missing::NotLocked { other: Some("1.0.0".into()) });
    fs::remove_dir_all(world.platform.sandbox.path("cache")).unwrap();
    let missing = of("web", "1.0.0");
    assert!(matches!(missing, Missing::NotFetched { .. }) && missing.help().contains("stackgen fetch"), "{missing}");
    let (out, odd) = (of("../web", "1.0.0"), of("web", "../1.0.0"));
    assert!(matches!((out, odd), (Missing::NotLocked { .. }, Missing::NotLocked { .. })));
}

#[test]
fn a_folder_without_a_lock_is_looked_at_more_closely() {
    let world = World::new(&[("web", "1.0.0", chart("web", "1.0.0", ""))]);
    fs::create_dir(world.platform.sandbox.path("mine")).unwrap();
    let put = |bytes: Vec<u8>| fs::write(world.platform.sandbox.path("mine/shop.tgz"), bytes).unwrap();
    let find = || world.store(&["mine"]).find(world.id("shop", "0.1.0"));
    put(chart("shop", "v0.1.0", ""));
    assert_eq!(find().unwrap().digest.to_string(), sha256(&chart("shop", "v0.1.0", "")));
    put(chart("shop", "0.2.0", ""));
    assert!(matches!(find(), Err(Missing::Other { .. })));
    put(crate::archive::packed(&[crate::archive::special("shop/x", b'2', "/etc")]));
    assert!(matches!(find(), Err(Missing::Refused { .. })));
}

#[test]
fn parts_outside_of_an_archive_come_along() {
    let files = Files::default();
    let served = files.clone();
    let server = Server::start(move |asked| served.answer(asked));
    let web = chart(
        "web",
        "1.0.0",
        &format!("dependencies: [{{name: common, version: 2.x, repository: \"{}\"}}]\n", server.url()),
    );
    files.set_index(&[("web", "1.0.0", web), ("common", "2.1.0", chart("common", "2.1.0", ""))]);
    let world = World::locked(&server.url());
    let whole = world.store(&[]).find(world.id("web", "1.0.0")).unwrap();
    let found = whole.chart().unwrap();
    let parts: Vec<_> = found.dependencies().iter().map(|part| part.metadata().version.clone()).collect();
    assert_eq!(parts, ["2.1.0"]);
    world.platform.sandbox.write("mine/common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 2.1.0\n");
    let other = world.store(&["mine"]).find(world.id("web", "1.0.0")).unwrap();
    assert_eq!(whole.digest, other.digest);
    assert_ne!(whole.whole_digest(), other.whole_digest());
}

#[test]
fn the_lock_of_the_documentation_is_one() {
    let page = include_str!("../../docs/charts.md");
    let text = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(read(text).write(), text);
}
