//! A real registry (Debian's `docker-registry`) that the real Helm pushes to.
//!
//! It is `STACKGEN_REGISTRY`, or `docker-registry` of `PATH`; see [`crate::helm`] for what happens without it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::archive::sha256;
use crate::helm::{Helm, tool};
use crate::platform::Platform;
use crate::server::{closed_port, is_open};

/// `tester:tester-pass`, as `htpasswd -B` writes it.
const HTPASSWD: &str = "tester:$2y$04$OM8uS1cK0z7Wlx0pFyRPe.m01yDspwsFFpbSOh2wlII8UXuD2bZr.\n";

struct Registry {
    process: Child,
    port: u16,
}

impl Registry {
    fn start(helm: &Helm, auth: bool) -> Option<Self> {
        let program = tool("STACKGEN_REGISTRY", "docker-registry")?;
        let port = closed_port();
        let folder = |name: &str| helm.sandbox.path(name).display().to_string();
        helm.sandbox.write("htpasswd", HTPASSWD);
        let auth = if auth {
            format!("auth:\n  htpasswd: {{ realm: charts, path: {} }}\n", folder("htpasswd"))
        } else {
            String::new()
        };
        helm.sandbox.write(
            "registry.yml",
            &format!(
                "version: 0.1\nlog: {{ level: error }}\nstorage:\n  filesystem: {{ rootdirectory: {} }}\n\
                 http:\n  addr: 127.0.0.1:{port}\n  secret: none\n{auth}",
                folder("blobs")
            ),
        );
        let process = serve(&program, &helm.sandbox.path("registry.yml"));
        let registry = Registry { process, port };
        let start = Instant::now();
        while !is_open(port) {
            assert!(start.elapsed() < Duration::from_secs(20), "the registry does not come up");
            thread::sleep(Duration::from_millis(50));
        }
        Some(registry)
    }

    fn url(&self) -> String {
        format!("oci://127.0.0.1:{}/charts", self.port)
    }
}

fn serve(program: &Path, config: &Path) -> Child {
    let mut command = Command::new(program);
    command.arg("serve").arg(config).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_real_registry_is_locked_fetched_and_updated() {
    let Some(helm) = Helm::find() else { return };
    let Some(registry) = Registry::start(&helm, false) else { return };
    let notes = "annotations:\n  artifacthub.io/changes: |\n    - kind: changed\n      description: Another door\n";
    let first = helm.package("web", "1.0.0+build.1", "");
    helm.package("web", "1.1.0", notes);
    for version in ["1.0.0+build.1", "1.1.0"] {
        helm.run(&format!("push packed/web-{version}.tgz {} --plain-http", registry.url()));
    }
    let platform =
        Platform::new(&[("web", &registry.url(), "web", "1.0.0+build.1"), ("shop", &registry.url(), "web", "~1.1")]);
    platform.expect(0, "lock");
    let lock = platform.lock();
    assert!(lock.contains(&format!("digest: sha256:{}", sha256(&first))), "{lock}");
    assert!(lock.contains("version: 1.1.0\n  pinned: ~1.1\n"), "{lock}");
    std::fs::remove_dir_all(platform.sandbox.path("cache")).unwrap();
    assert!(platform.expect(0, "fetch").stderr.contains("2 charts downloaded"));
    let said = platform.expect(0, "update web");
    assert!(
        said.stdout.contains("web 1.0.0+build.1 → 1.1.0") && said.stdout.contains("changed: Another door"),
        "{}",
        said.stdout
    );
    let missing = Platform::new(&[("web", &registry.url(), "web", "5.0.0"), ("till", &registry.url(), "till", "~1.0")]);
    missing.finds("lock", "SG1107", &["web/manifests/5.0.0", "till/tags/list"]);
}

#[test]
fn a_tag_that_was_pushed_again_is_an_error() {
    let Some(helm) = Helm::find() else { return };
    let Some(registry) = Registry::start(&helm, false) else { return };
    let push = |more: &str| {
        helm.package("web", "1.0.0", more);
        helm.run(&format!("push packed/web-1.0.0.tgz {} --plain-http", registry.url()));
    };
    push("");
    let platform = Platform::new(&[("web", &registry.url(), "web", "1.0.0")]);
    platform.expect(0, "lock");
    push("description: evil\n");
    platform.finds("lock --refresh", "SG1104", &["web 1.0.0 changed after it was locked"]);
    std::fs::remove_dir_all(platform.sandbox.path("cache")).unwrap();
    platform.finds("fetch", "SG1104", &["web 1.0.0 changed after it was locked"]);
}

#[test]
fn helms_login_opens_a_real_registry() {
    let Some(helm) = Helm::find() else { return };
    let Some(registry) = Registry::start(&helm, true) else { return };
    helm.run(&format!(
        "registry login 127.0.0.1:{} --username tester --password tester-pass --plain-http",
        registry.port
    ));
    helm.package("web", "1.0.0", "");
    helm.run(&format!("push packed/web-1.0.0.tgz {} --plain-http", registry.url()));
    let mut platform = Platform::new(&[("web", &registry.url(), "web", "1.0.0")]);
    platform.finds("lock", "SG1108", &["wants a login"]);
    platform.set("HELM_CONFIG_HOME", helm.sandbox.path("config").display().to_string());
    platform.expect(0, "lock");
}
