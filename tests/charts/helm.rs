//! Repositories that the real Helm makes.
//!
//! It is `STACKGEN_HELM`, or `helm` of `PATH`. Without it the tests say `SKIPPED`; with `STACKGEN_REQUIRE_TOOLS=1` they fail.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use crate::archive::sha256;
use crate::platform::{Files, Platform};
use crate::sandbox::Sandbox;
use crate::server::Server;

/// A program that tests compare with.
pub(crate) fn tool(variable: &str, name: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let found = named.or_else(|| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()));
    if found.is_none() {
        let required = env::var_os("STACKGEN_REQUIRE_TOOLS").is_some_and(|value| value == "1");
        assert!(!required, "{name} is required and was not found");
        // The test harness keeps what `eprintln` says of a test that passes.
        let _ = writeln!(io::stderr(), "SKIPPED: {name} was not found; {variable} can name it");
    }
    found
}

/// Helm in a home of its own.
pub(crate) struct Helm {
    program: PathBuf,
    pub(crate) sandbox: Sandbox,
}

impl Helm {
    pub(crate) fn find() -> Option<Self> {
        tool("STACKGEN_HELM", "helm").map(|program| Helm { program, sandbox: Sandbox::empty() })
    }

    pub(crate) fn run(&self, arguments: &str) {
        let output = self.run_with(&[], arguments);
        assert!(output.status.success(), "helm {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs it with more variables, whatever comes of it.
    pub(crate) fn run_with(&self, variables: &[(&str, String)], arguments: &str) -> Output {
        let mut command = Command::new(&self.program);
        for (name, folder) in [("HELM_CONFIG_HOME", "config"), ("HELM_CACHE_HOME", "cache"), ("HELM_DATA_HOME", "data")]
        {
            command.env(name, self.sandbox.path(folder));
        }
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        command.args(arguments.split(' ')).current_dir(self.sandbox.path("")).output().unwrap()
    }

    /// A chart in a folder, packed by Helm.
    pub(crate) fn package(&self, name: &str, version: &str, more: &str) -> Vec<u8> {
        self.sandbox.write(
            &format!("{name}/Chart.yaml"),
            &format!("apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: \"1\"\n{more}"),
        );
        self.sandbox.write(&format!("{name}/values.yaml"), "size: 1\n");
        self.sandbox
            .write(&format!("{name}/templates/cm.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n");
        self.run(&format!("package {name} --destination packed"));
        fs::read(self.sandbox.path(&format!("packed/{name}-{version}.tgz"))).unwrap()
    }
}

/// All files of a folder, as a server has them.
fn files(folder: &Path) -> Files {
    let files = Files::default();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        files.put(&format!("/{}", entry.file_name().to_str().unwrap()), fs::read(entry.path()).unwrap());
    }
    files
}

#[test]
fn a_repository_of_the_real_helm_is_locked_fetched_and_updated() {
    let Some(helm) = Helm::find() else { return };
    helm.package("common", "2.0.0", "type: library\n");
    fs::create_dir_all(helm.sandbox.path("web/charts")).unwrap();
    fs::copy(helm.sandbox.path("packed/common-2.0.0.tgz"), helm.sandbox.path("web/charts/common-2.0.0.tgz")).unwrap();
    let parts = "dependencies: [{name: common, version: ^2.0.0, repository: \"https://charts.example.com\"}]\n";
    let web = helm.package("web", "1.0.0", parts);
    let notes =
        "annotations:\n  artifacthub.io/changes: |\n    - kind: security\n      description: The lock was open\n";
    helm.package("web", "1.1.0", &format!("{parts}{notes}"));
    helm.package("shop", "0.1.0-beta.1+build.5", "");
    helm.run("repo index packed");
    let served = files(&helm.sandbox.path("packed"));
    let server = Server::start(move |asked| served.answer(asked));
    let url = server.url();
    let platform = Platform::new(&[("web", &url, "web", "1.0.0"), ("shop", &url, "shop", "0.1.0-beta.1+build.5")]);
    platform.expect(0, "lock");
    let lock = platform.lock();
    assert!(lock.contains(&format!("digest: sha256:{}", sha256(&web))), "{lock}");
    assert!(
        lock.contains(
            "- name: common\n    version: 2.0.0\n    repository: https://charts.example.com\n    vendored: true"
        ),
        "{lock}"
    );
    platform.expect(0, "fetch --vendor charts");
    assert_eq!(fs::read(platform.sandbox.path("charts/web-1.0.0.tgz")).unwrap(), web);
    let said = platform.expect(0, "update web");
    assert!(
        said.stdout.contains("web 1.0.0 → 1.1.0") && said.stdout.contains("security: The lock was open"),
        "{}",
        said.stdout
    );
    platform.expect(0, "lock --check");
}

#[test]
fn what_helm_has_stored_with_repo_add_is_used() {
    let Some(helm) = Helm::find() else { return };
    helm.package("web", "1.0.0", "");
    helm.run("repo index packed");
    let served = files(&helm.sandbox.path("packed"));
    let server = Server::start(move |asked| match asked.header("authorization") {
        // me:secret
        "Basic bWU6c2VjcmV0" => served.answer(asked),
        _ => crate::server::Answer::status(401),
    });
    helm.run(&format!("repo add mine {} --username me --password secret", server.url()));
    let mut platform = Platform::new(&[("web", &server.url(), "web", "1.0.0")]);
    platform.finds("lock", "SG1108", &[]);
    platform.set("HELM_CONFIG_HOME", helm.sandbox.path("config").display().to_string());
    platform.expect(0, "lock");
}
