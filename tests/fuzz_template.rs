//! Random templates, as values and as text: compiling them ends, without a panic, in output or in findings.
//! `STACKGEN_FUZZ_CASES=100000 cargo test --test fuzz_template` goes on for longer.

#![allow(clippy::expect_used)] // A test may stop.

use proptest::prelude::*;
use stackgen::diagnostic::{Format, Sink, Style, render};
use stackgen::source::{Memory, load};

/// What templates give a meaning, as scalars of YAML.
const SCALARS: &[&str] = &[
    "\"${{ params.a }}\"",
    "\"${{ params.list }}\"",
    "\"x-${{ params.a }}-y\"",
    "\"${{ params.missing }}\"",
    "\"${{ caps }}\"",
    "\"${{ contributed }}\"",
    "\"${{ platform.components | map(attribute='name') | join(',') }}\"",
    "\"${{ range(99999) | list }}\"",
    "\"${{ 'x' * 99999999 }}\"",
    "\"${{ params.a if params.b else 1/0 }}\"",
    "\"${{ [1,[2,[3]]][x] }}\"",
    "\"${{ }}\"",
    "\"${{ a.b(c)['d' }}\"",
    "\"$${{ literal }}\"",
    "\"${{ '}}' }}\"",
    "\"${{ cidr_host('10.0.0.0/8', 99999999999) }}\"",
    "\"${{ range_first('x') }}\"",
    "\"${{ semver_matches('1', '>=') }}\"",
    "\"${{ 9223372036854775807 + 1 }}\"",
    "\"${{ -9223372036854775808 // -1 }}\"",
    "\"${{ loop }}\"",
    "\"${{ self.self }}\"",
    "params.b",
    "x in params.list",
    "k, v in params",
    "x in range(1000000)",
    "[]",
    "{}",
    "null",
    "1",
    "true",
    "text",
];

const KEYS: &[&str] = &[
    "a",
    "b",
    "$if",
    "$for",
    "$then",
    "$else",
    "$value",
    "$merge",
    "$$a",
    "\"${{ params.a }}\"",
    "\"${{ x }}\"",
    "$nope",
];

fn tree() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(SCALARS).prop_map(str::to_owned);
    scalar.prop_recursive(5, 40, 5, |inner| {
        let entry = (prop::sample::select(KEYS), inner.clone());
        let map = prop::collection::btree_map(0..KEYS.len(), inner.clone(), 0..5).prop_map(|entries| {
            let shown: Vec<String> =
                entries.iter().map(|(at, value)| format!("{}: {value}", quoted(KEYS[*at]))).collect();
            format!("{{ {} }}", shown.join(", "))
        });
        let list = prop::collection::vec(inner, 0..4).prop_map(|items| format!("[ {} ]", items.join(", ")));
        let single = entry.prop_map(|(key, value)| format!("{{ {}: {value} }}", quoted(key)));
        prop_oneof![map, list, single]
    })
}

/// A key that can stand in a flow map.
fn quoted(key: &str) -> String {
    if key.starts_with('"') { key.to_owned() } else { format!("\"{key}\"") }
}

/// A scalar of two words must have quotes in a flow collection; the soup's bare expressions have none.
fn compile(values: &str, text: &str) {
    let head =
        |kind: &str, name: &str| format!("apiVersion: stackgen.dev/v1\nkind: {kind}\nmetadata: {{ name: {name} }}\n");
    let mut files = Memory::default();
    files.insert("blueprints/architectures/one.yaml", head("Architecture", "one") + "include: [app]\n");
    files.insert(
        "blueprints/components/app/component.yaml",
        head("Component", "app")
            + "parameters:\n  a: { type: string, default: x, description: A. }\n  b: { type: boolean, default: true, description: B. }\n  \
               list: { type: list, default: [1, two, null], description: List. }\n\
               chart: { repository: \"https://c.example.com\", name: app, version: 1.0.0 }\n\
               files: [{ source: a.j2, target: hosts/a }]\n",
    );
    files.insert("blueprints/components/app/values.yaml", format!("value: {values}\n"));
    files.insert("blueprints/components/app/files/a.j2", text);
    let overlay = "architecture: one\ncluster: { domain: example.com, kubernetes: \"1.34.2\" }\ngitops: { repository: \"https://g.example.com/g.git\" }\n";
    files.insert("overlays/base.yaml", head("Overlay", "base") + overlay);
    files.insert("overlays/envs/dev.yaml", head("Environment", "dev"));
    let mut sink = Sink::default();
    let program = load(&files, &["envs/dev".into()], &mut sink);
    let compiled = stackgen::compile(&program, &files, &stackgen::render::NoCharts, sink, |rendered, _| {
        Some(stackgen::target::files(&rendered).len())
    });
    // Findings can be shown, whatever they are about.
    render(Format::Human, &compiled.findings, &program.sources, Style::PLAIN);
    render(Format::Sarif, &compiled.findings, &program.sources, Style::PLAIN);
}

fn cases() -> u32 {
    std::env::var("STACKGEN_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn templates_end_in_output_or_in_findings(values in tree(), text in "(\\$\\{\\{|\\}\\}|\\$\\{%|%\\}|for |in |if |endif|endfor|params|\\.| |a|x|\\||\n){0,24}") {
        compile(&values, &text);
    }

    #[test]
    fn expressions_of_any_text_end(inner in "[-a-z0-9 .,|()\\[\\]{}'~+*/%=!<>:_é\u{1F600}]{0,40}") {
        let value = serde_json::to_string(&format!("${{{{{inner}}}}}")).expect("text is JSON");
        compile(&value, &format!("${{{{{inner}}}}}"));
    }
}
