//! What is written, read by the real tools: `helm` (sigs.k8s.io/yaml) and `kubectl kustomize` (kyaml).
//!
//! The tools are `STACKGEN_HELM` and `STACKGEN_KUBECTL`, or `helm` and `kubectl` of `PATH`. Without them the tests say
//! `SKIPPED`; with `STACKGEN_REQUIRE_TOOLS=1` they fail.

#![allow(clippy::expect_used, clippy::panic)] // A test may stop.

#[path = "yaml/trees.rs"]
mod trees;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value as Json;
use stackgen::yaml::{Node, Order, Value, write};
use trees::{around, strings, tree};

/// How many random trees there are beside those from the known strings; `STACKGEN_FUZZ_CASES` and `STACKGEN_FUZZ_SEED`
/// ask for more and for others.
const RANDOM: u64 = 300;

#[test]
fn helm_reads_what_was_meant() {
    let Some(helm) = tool("STACKGEN_HELM", "helm") else { return };
    let trees = all_trees();
    let text = written(&document(&trees));
    let read = Helm::new(&helm, "read").json(&text);
    compare(&trees, &read["trees"]);
}

#[test]
fn kustomize_passes_on_what_was_meant() {
    let (Some(helm), Some(kubectl)) = (tool("STACKGEN_HELM", "helm"), tool("STACKGEN_KUBECTL", "kubectl")) else {
        return;
    };
    let mut trees = all_trees();
    trees.retain(kustomize_can_carry);
    let folder = fresh("kustomize");
    fs::write(folder.join("object.yaml"), written(&document(&trees))).expect("the folder is writable");
    fs::write(folder.join("kustomization.yaml"), "resources: [object.yaml]\n").expect("the folder is writable");
    let passed_on = run(Command::new(kubectl).arg("kustomize").arg(&folder));
    let text = String::from_utf8(passed_on.stdout).expect("YAML is text");
    let read = Helm::new(&helm, "kustomized").json(&text);
    compare(&trees, &read["trees"]);
}

fn all_trees() -> Vec<Node> {
    let mut all: Vec<Node> = strings().iter().flat_map(|text| around(text)).collect();
    let seed = RngSeed::Fixed(number("STACKGEN_FUZZ_SEED", 1));
    let mut runner = TestRunner::new(Config { rng_seed: seed, ..Config::default() });
    all.extend(
        (0..number("STACKGEN_FUZZ_CASES", RANDOM)).map(|_| tree().new_tree(&mut runner).expect("a tree").current()),
    );
    all
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

/// kustomize itself rewrites these characters, and takes the key for YAML's merge key.
fn kustomize_can_carry(node: &Node) -> bool {
    let carried = |text: &str| !text.contains(['\u{7f}', '\u{85}', '\u{fffe}', '\u{ffff}']);
    match &node.value {
        Value::Str(text) => carried(text),
        Value::Seq(items) => items.iter().all(kustomize_can_carry),
        Value::Map(map) => {
            map.iter().all(|(key, value)| carried(&key.text) && &*key.text != "<<" && kustomize_can_carry(value))
        }
        _ => true,
    }
}

/// One object that holds all trees.
fn document(trees: &[Node]) -> Node {
    Node::map([
        ("apiVersion", Node::str("example.com/v1")),
        ("kind", Node::str("Trees")),
        ("metadata", Node::map([("name", Node::str("trees"))])),
        ("trees", Node::seq(trees.to_vec())),
    ])
}

fn written(node: &Node) -> String {
    let mut out = String::new();
    write(node, Order::Object, &mut out);
    out
}

fn compare(trees: &[Node], read: &Json) {
    let read = read.as_array().expect("the list of trees");
    assert_eq!(read.len(), trees.len());
    let wrong: Vec<String> = trees
        .iter()
        .zip(read)
        .filter(|(tree, read)| !same(tree, read))
        .map(|(tree, read)| format!("{read} from\n{}", written(tree)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} are read wrong:\n{}", wrong.len(), trees.len(), wrong.join("\n"));
}

/// Whether JSON is what a tree means.
fn same(node: &Node, read: &Json) -> bool {
    match (&node.value, read) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(meant), Json::Bool(read)) => meant == read,
        (Value::Int(meant), read) => read.as_f64() == Some(*meant as f64),
        // serde_json reads the last digit of a float only roughly.
        (Value::Float(meant), read) => read.as_f64().is_some_and(|read| (meant - read).abs() <= 1e-14 * meant.abs()),
        (Value::Str(meant), Json::String(read)) => **meant == **read,
        (Value::Seq(meant), Json::Array(read)) => {
            meant.len() == read.len() && meant.iter().zip(read).all(|(meant, read)| same(meant, read))
        }
        (Value::Map(meant), Json::Object(read)) => {
            meant.len() == read.len()
                && meant.iter().all(|(key, value)| read.get(&*key.text).is_some_and(|read| same(value, read)))
        }
        _ => false,
    }
}

/// A chart whose only template says what Helm reads in a file.
struct Helm<'a> {
    program: &'a Path,
    chart: PathBuf,
}

impl<'a> Helm<'a> {
    fn new(program: &'a Path, name: &str) -> Self {
        let chart = fresh(name);
        let write = |path: &str, text: &str| fs::write(chart.join(path), text).expect("the chart is writable");
        fs::create_dir(chart.join("templates")).expect("the chart is writable");
        write("Chart.yaml", "apiVersion: v2\nname: reader\nversion: 0.1.0\n");
        write("templates/NOTES.txt", "");
        write(
            "templates/read.yaml",
            "{{ $read := .Files.Get \"file.yaml\" | fromYaml }}json: {{ $read | toJson | b64enc }}\n",
        );
        Helm { program, chart }
    }

    fn json(&self, text: &str) -> Json {
        fs::write(self.chart.join("file.yaml"), text).expect("the chart is writable");
        let mut command = Command::new(self.program);
        for variable in ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
            command.env(variable, self.chart.join("home"));
        }
        let out = String::from_utf8(run(command.arg("template").arg("x").arg(&self.chart)).stdout).expect("text");
        let encoded = out.lines().find_map(|line| line.strip_prefix("json: ")).expect("the template's line");
        serde_json::from_slice(&decode(encoded)).expect("JSON")
    }
}

/// The bytes of base64 with padding.
fn decode(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter_map(|b| LETTERS.iter().position(|letter| *letter == b));
    let (mut out, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for digit in digits {
        held = (held << 6 | digit as u32) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    out
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("the tool starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// An empty folder of this test.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("yaml-tools").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    fs::create_dir_all(&folder).expect("the folder is writable");
    folder
}

fn tool(variable: &str, name: &str) -> Option<PathBuf> {
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
