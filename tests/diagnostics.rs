//! Findings in every format, beside what they are expected to look like: `tests/diagnostics/<case>.<format>`.
//! `SNAPSHOTS=overwrite cargo test --test diagnostics` writes the expectations anew.

#![allow(clippy::expect_used)] // A test may stop.
use std::sync::Arc;

use snapbox::data::DataFormat;
use stackgen::diagnostic::codes::reading::{DUPLICATE_KEY, SYNTAX};
use stackgen::diagnostic::{Diagnostic, Format, Severity, SourceMap, Style, explain, find_code, render};
use stackgen::yaml::{FileId, Span};

/// The findings of a case, and the files they lie in.
struct Case {
    sources: SourceMap,
    found: Vec<Diagnostic>,
}

impl Case {
    fn new() -> Self {
        Case { sources: SourceMap::default(), found: Vec::new() }
    }

    fn file(&mut self, name: &str, text: &str) -> FileId {
        self.sources.add(name, text)
    }

    /// The span of the `nth` occurrence of a text, from 0.
    fn span(&self, file: FileId, needle: &str, nth: usize) -> Span {
        let text = &self.sources.file(file).expect("a file of this case").text;
        let (start, _) = text.match_indices(needle).nth(nth).expect("the text is in the file");
        Span { file, start: start as u32, end: (start + needle.len()) as u32 }
    }

    fn check(&self, name: &str, format: Format, style: Style, extension: &str) {
        let text = render(format, &self.found, &self.sources, style);
        expect(&text, name, extension);
    }

    fn check_plain(&self, name: &str) {
        self.check(name, Format::Human, Style { color: false, width: 80 }, "txt");
    }
}

fn expect(text: &str, name: &str, extension: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/diagnostics/{name}.{extension}"));
    let expected = snapbox::Data::read_from(&path, Some(DataFormat::Text)).raw();
    snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV).eq(text, expected);
}

fn layers() -> Case {
    let mut case = Case::new();
    let blueprint = case.file("<catalogue>/components/grafana/values.yaml", "persistence:\n  size: 5Gi\n");
    let base = case.file(
        "overlays/base.yaml",
        "components:\n  grafana:\n    values:\n      persistence:\n        size: 10Gi\n        type: pvc\n",
    );
    let prod =
        case.file("overlays/envs/prod.yaml", "components:\n  grafana:\n    values:\n      persistence: 20Gi # all\n");
    let layers =
        Diagnostic::error(&SYNTAX, case.span(prod, "20Gi", 0), "`persistence` is a map in other layers, a string here")
            .here("this string")
            .label(case.span(base, "size: 10Gi\n        type: pvc\n", 0), "a map since here")
            .label(case.span(blueprint, "size: 5Gi", 0), "first set here, as a map")
            .cause("a scalar does not replace a map by accident: all of the map's entries would be gone")
            .help("write `persistence: { size: 20Gi }`, or `!replace 20Gi` if that is what you mean");
    case.found.push(Diagnostic { environments: vec![Arc::from("prod")], ..layers });
    let warning = Diagnostic::warning(&DUPLICATE_KEY, case.span(base, "grafana", 0), "100% of `a,b:c` is odd");
    case.found.push(warning);
    case
}

#[test]
fn layers_in_several_files() {
    let case = layers();
    case.check_plain("layers");
    case.check("layers", Format::Human, Style { color: true, width: 80 }, "ansi");
    case.check("layers", Format::Json, Style::PLAIN, "json");
    case.check("layers", Format::Github, Style::PLAIN, "github");
    case.check("layers", Format::Sarif, Style::PLAIN, "sarif");
}

#[test]
fn nothing_found() {
    let case = Case::new();
    assert_eq!(render(Format::Human, &case.found, &case.sources, Style::PLAIN), "");
    assert_eq!(render(Format::Github, &case.found, &case.sources, Style::PLAIN), "");
    case.check("nothing", Format::Json, Style::PLAIN, "json");
    case.check("nothing", Format::Sarif, Style::PLAIN, "sarif");
}

#[test]
fn labels_near_and_far_in_one_file() {
    let mut case = Case::new();
    let filler = "# a comment\n".repeat(40);
    let text = format!("replicas: 1\nimage: x\nreplicas: 2\n{filler}replicas: 3\n");
    let file = case.file("overlays/envs/dev.yaml", &text);
    let found =
        Diagnostic::error(&DUPLICATE_KEY, case.span(file, "replicas", 1), "`replicas` stands three times in one map")
            .here("again here")
            .label(case.span(file, "replicas", 0), "first here")
            .label(case.span(file, "replicas", 2), "and here");
    case.found.push(found);
    case.check_plain("near-and-far");
}

#[test]
fn places_that_are_hard_to_show() {
    let mut case = Case::new();
    let long = format!("list: [{}needle, {}]\n", "'some text', ".repeat(5_000), "'more text', ".repeat(5_000));
    let long = case.file("long.yaml", &long);
    let block = case.file("block.yaml", &format!("spec:\n{}last: 1\n", "  - line\n".repeat(1_000)));
    let open = case.file("open.yaml", "a:\r\n  b: 'never closed\r\n");
    let wide = case.file("wide.yaml", "name: \"日本語のテキスト\" # \u{1b}[31m\u{202e}gnol\n\tä: ö\n");
    let block_end = case.sources.file(block).map_or(0, |f| f.text.len() as u32);
    let open_end = case.sources.file(open).map_or(0, |f| f.text.len() as u32);
    case.found.extend([
        Diagnostic::error(&SYNTAX, case.span(long, "needle", 0), "a long line").here("in the middle of it"),
        Diagnostic::error(&SYNTAX, case.span(long, "list", 0), "a label far from the first")
            .label(case.span(long, "needle", 0), "this one"),
        Diagnostic::error(&SYNTAX, Span { file: block, start: 8, end: block_end }, "many lines").here("from here"),
        Diagnostic::error(&SYNTAX, Span { file: block, start: 17, end: 44 }, "a few lines").here("these"),
        Diagnostic::error(&SYNTAX, Span { file: open, start: open_end, end: open_end }, "the file ends in a string")
            .here("here")
            .label(case.span(open, "'", 0), "it begins here"),
        Diagnostic::error(&SYNTAX, case.span(wide, "日本語のテキスト", 0), "wide letters").here("eight letters"),
        Diagnostic::error(&SYNTAX, case.span(wide, "ö", 0), "behind a tab").here("one letter"),
        Diagnostic::error(&SYNTAX, Span { file: open, start: 9_000, end: 9_001 }, "outside of the file").here("lost"),
        Diagnostic::error(&SYNTAX, Span { file: FileId(77), start: 0, end: 1 }, "an unknown file").here("lost"),
    ]);
    case.check_plain("hard-places");
}

#[test]
fn secrets_are_not_shown() {
    let mut case = Case::new();
    let text = "db:\n  password: hunter2 # hunter2\n  user: x\n  token: |\n    hunter2: hunter2\n    hunter2\nlist: [a, hunter2]\n";
    let file = case.file("overlays/envs/dev.yaml", text);
    let error = |span: Span| Diagnostic::error(&SYNTAX, span, "a secret in plain text").here("here").secret();
    case.found.extend([
        error(case.span(file, "hunter2", 0)),
        error(case.span(file, "password", 0))
            .label(case.span(file, "|\n    hunter2: hunter2\n    hunter2\n", 0), "and here"),
        error(case.span(file, "password: hunter2", 0)),
        error(case.span(file, "hunter2\nlist", 0)),
        error(case.span(file, "hunter2]", 0)),
    ]);
    for format in Format::ALL {
        assert!(!render(format, &case.found, &case.sources, Style::PLAIN).contains("hunter2"), "{format}");
    }
    case.check_plain("secrets");
}

#[test]
fn notes_and_environments() {
    let mut case = Case::new();
    let file = case.file("overlays/base.yaml", &"a: 1\n".repeat(30));
    let mut many = Diagnostic::new(&SYNTAX, Severity::Warning, case.span(file, "a", 0), "many places and environments");
    for nth in 1..30 {
        many = many.label(case.span(file, "a", nth), "");
    }
    many.environments = (0..12).map(|i| Arc::from(format!("cluster-{i}"))).collect();
    let nowhere = Diagnostic::new(
        &SYNTAX,
        Severity::Note,
        Span::BUILT_IN,
        "no place at all, but a message so long that it needs a second line in a terminal of this width",
    )
    .cause("a cause that is longer than the terminal is wide and so goes on in the next line, under its own start")
    .help("two lines:\n  kept as they are");
    case.found.extend([many, nowhere]);
    case.check_plain("notes");
}

#[test]
fn codes_are_explained() {
    let code = stackgen::diagnostic::Code {
        id: "SG9999",
        title: "an example",
        explain: "# Why\n\nA paragraph that is broken\nin the source, and long enough to need a second line in the terminal.\n\n\
                  - an item that is long enough to go on in the next line, where it hangs under its own text\n- another\n\n\
                  ```yaml\nkey: value\n  deep: x\n```\n\n    indented: code\n",
    };
    expect(&explain(&code, Style { color: false, width: 60 }), "explain", "txt");
    expect(&explain(&code, Style { color: true, width: 60 }), "explain", "ansi");
}

#[test]
fn codes_are_found_by_any_spelling() {
    for word in ["SG0102", "sg0102", "0102", "102"] {
        assert_eq!(find_code(word).map(|code| code.id), Ok("SG0102"), "{word}");
    }
    let near = find_code("SG0I02").expect_err("there is no such code");
    assert_eq!(near.nearest.map(|code| code.id), Some("SG0102"));
    assert_eq!(find_code("grafana").expect_err("there is no such code").to_string(), "there is no code `grafana`");
}

#[test]
fn formats_by_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    assert!("xml".parse::<Format>().is_err());
}
