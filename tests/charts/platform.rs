//! A platform repository whose components are charts, and a repository that has them.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::archive::sha256;
use crate::sandbox::{Said, Sandbox};
use crate::server::{Answer, Asked};

/// A repository with one environment.
pub(crate) struct Platform {
    pub(crate) sandbox: Sandbox,
    /// Variables for every command.
    pub(crate) environment: Vec<(String, String)>,
}

impl Platform {
    /// Components, each with its chart: `(component, repository, chart, version)`.
    pub(crate) fn new(charts: &[(&str, &str, &str, &str)]) -> Self {
        let sandbox = Sandbox::empty();
        let names: Vec<&str> = charts.iter().map(|(component, ..)| *component).collect();
        sandbox.write(
            "blueprints/architectures/tiny.yaml",
            &format!(
                "apiVersion: stackgen.dev/v1\nkind: Architecture\nmetadata: {{ name: tiny }}\ninclude: [{}]\n",
                names.join(", ")
            ),
        );
        sandbox.write(
            "overlays/base.yaml",
            "apiVersion: stackgen.dev/v1\nkind: Overlay\nmetadata: { name: base }\narchitecture: tiny\n\
             cluster: { kubernetes: \"1.34.2\", domain: example.com }\ngitops: { repository: \"https://git.example.com/p.git\" }\n",
        );
        sandbox.write(
            "overlays/envs/dev.yaml",
            "apiVersion: stackgen.dev/v1\nkind: Environment\nmetadata: { name: dev }\n",
        );
        for (component, repository, chart, version) in charts {
            sandbox.write(
                &format!("blueprints/components/{component}/component.yaml"),
                &format!(
                    "apiVersion: stackgen.dev/v1\nkind: Component\nmetadata: {{ name: {component} }}\nchart:\n  \
                     repository: {repository}\n  name: {chart}\n  version: \"{version}\"   # pinned\nnamespace: {{ name: {component} }}\n"
                ),
            );
        }
        Platform { sandbox, environment: Vec::new() }
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.environment.push((name.to_owned(), value.into()));
    }

    /// A command in an environment without settings of the one who tests.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let mut command = self.sandbox.command("", &arguments);
        for (name, _) in std::env::vars() {
            let upper = name.to_uppercase();
            let foreign =
                ["HELM_", "DOCKER_", "STACKGEN_", "XDG_", "SSL_CERT_"].iter().any(|start| upper.starts_with(start));
            if foreign || upper.ends_with("_PROXY") {
                command.env_remove(name);
            }
        }
        command.env("HOME", self.sandbox.path("home"));
        command.env("STACKGEN_CACHE", self.sandbox.path("cache"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Said {
        Said::from(self.command(arguments).output().unwrap())
    }

    /// Runs a command that must end with a code.
    pub(crate) fn expect(&self, code: i32, arguments: &str) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, code, "{arguments}\n{}{}", said.stdout, said.stderr);
        said
    }

    /// Runs a command that must find what a code and words name.
    pub(crate) fn finds(&self, arguments: &str, code: &str, words: &[&str]) -> Said {
        let said = self.expect(1, arguments);
        // Long lines are broken at blanks and hyphens.
        let unwrapped = said.stderr.replace("-\n  │ ", "-").replace("\n  │ ", " ").replace("\n        ", " ");
        for word in words.iter().chain([&code]) {
            assert!(unwrapped.contains(word), "{arguments}: no {word:?} in\n{}", said.stderr);
        }
        said
    }

    pub(crate) fn lock(&self) -> String {
        self.sandbox.read("blueprints/charts.lock")
    }
}

/// Files of a repository, by path from `/`.
#[derive(Clone, Default)]
pub(crate) struct Files {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl Files {
    /// A repository with an index of these archives: `(name, version, bytes)`.
    pub(crate) fn index(charts: &[(&str, &str, Vec<u8>)]) -> Self {
        let files = Files::default();
        files.set_index(charts);
        files
    }

    pub(crate) fn set_index(&self, charts: &[(&str, &str, Vec<u8>)]) {
        let mut entries: BTreeMap<&str, String> = BTreeMap::new();
        for (name, version, bytes) in charts {
            let path = format!("{name}-{version}.tgz");
            entries.entry(name).or_default().push_str(&format!(
                "  - apiVersion: v2\n    name: {name}\n    version: {version}\n    digest: {}\n    urls:\n    - {path}\n",
                sha256(bytes)
            ));
            self.put(&format!("/{path}"), bytes.clone());
        }
        let entries: String = entries.iter().map(|(name, versions)| format!("  {name}:\n{versions}")).collect();
        self.put("/index.yaml", format!("apiVersion: v1\nentries:\n{entries}"));
    }

    pub(crate) fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes.into());
    }

    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.files.lock().unwrap().get(path).cloned()
    }

    pub(crate) fn answer(&self, asked: &Asked) -> Answer {
        self.get(&asked.path).map_or_else(|| Answer::status(404), Answer::ok)
    }
}
