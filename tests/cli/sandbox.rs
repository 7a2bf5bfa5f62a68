//! A copy of a fixture repository, and the binary in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use snapbox::Data;
use snapbox::data::DataFormat;
use snapbox::dir::DirRoot;

/// A folder that goes away with this.
pub(crate) struct Sandbox {
    dir: DirRoot,
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Sandbox { dir: DirRoot::mutable_temp().unwrap() }
    }

    /// A copy of `tests/fixtures/<name>`.
    pub(crate) fn of(name: &str) -> Self {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
        Sandbox { dir: DirRoot::mutable_temp().unwrap().with_template(&fixture).unwrap() }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().unwrap().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Replaces a text that a file has.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old:?}");
        self.write(path, &text.replace(old, new));
    }

    /// The binary in a folder of the sandbox, in an environment without settings of the one who tests.
    pub(crate) fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stackgen"));
        command.args(arguments).current_dir(self.path(folder)).stdin(Stdio::null());
        for variable in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "RUST_BACKTRACE", "GITHUB_ACTIONS", "CI"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs `stackgen` with arguments that hold no spaces.
    pub(crate) fn run(&self, arguments: &str) -> Said {
        self.run_in("", arguments)
    }

    pub(crate) fn run_in(&self, folder: &str, arguments: &str) -> Said {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        Said::from(self.command(folder, &arguments).output().unwrap())
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Said {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// All of it in one text.
    fn transcript(&self) -> String {
        let part = |name: &str, text: &str| if text.is_empty() { String::new() } else { format!("--- {name}\n{text}") };
        format!("exit code {}\n{}{}", self.code, part("stdout", &self.stdout), part("stderr", &self.stderr))
    }

    /// All of it must be what `tests/cli/<name>.txt` holds.
    pub(crate) fn is(&self, name: &str) {
        expect(&self.transcript(), &format!("tests/cli/{name}.txt"));
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in:\n{}{}", self.stdout, self.stderr))
    }
}

/// A text must be what a file of the repository holds.
pub(crate) fn expect(text: &str, path: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
    snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV).eq(text.to_owned(), expected);
}
