//! The engine against recorded answers of the real Helm. `helm/record.sh` records them.
#![allow(clippy::panic, clippy::unwrap_used)] // A test may stop.

use std::fs;
use std::path::{Path, PathBuf};

use stackgen::helm::{Chart, Error, ReleaseOptions, Table, overlay, read_values, render};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/helm");

fn files(root: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(root, &path, found);
        } else {
            let inner = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push((inner, fs::read(&path).unwrap()));
        }
    }
}

fn options(case: &Path) -> ReleaseOptions {
    let mut options = ReleaseOptions::default();
    let flags = fs::read_to_string(case.join("flags")).unwrap_or_default();
    let mut words = flags.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "--include-crds" => options.include_crds = true,
            "--is-upgrade" => options.is_upgrade = true,
            "--kube-version" => options.kube_version = words.next().map(str::to_owned),
            "--api-versions" => options.api_versions.extend(words.next().map(str::to_owned)),
            other => panic!("unknown flag {other}"),
        }
    }
    options
}

fn answer(case: &Path) -> Result<String, Error> {
    let root = case.join("chart");
    let mut found = Vec::new();
    files(&root, &root, &mut found);
    let mut values = Table::new();
    if let Ok(text) = fs::read_to_string(case.join("values.yaml")) {
        overlay(&mut values, read_values(&text)?);
    }
    let chart = Chart::from_files(found)?;
    Ok(render(&chart, &values, &options(case))?.to_text())
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

#[test]
fn every_case_has_the_bytes_of_helm() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (kind, answer) = match answer(&case) {
            Ok(text) => ("expected.yaml", text),
            Err(error) => ("error.txt", format!("{error}\n")),
        };
        let expected = fs::read_to_string(case.join(kind)).unwrap_or_default();
        if answer != expected {
            let at = answer.lines().zip(expected.lines()).position(|(a, b)| a != b);
            let line = at.unwrap_or_else(|| answer.lines().count().min(expected.lines().count()));
            let show = |text: &str| text.lines().nth(line).unwrap_or("(nothing)").to_owned();
            wrong.push(format!(
                "{}: {kind}, line {}:\n  helm {}\n  here {}",
                case.display(),
                line + 1,
                show(&expected),
                show(&answer)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rendering_twice_gives_the_same_and_names_what_helm_would_not_repeat() {
    let files = [
        ("Chart.yaml", "apiVersion: v2\nname: dice\nversion: 1.0.0\n"),
        ("templates/a.yaml", "kind: A\np: {{ randAlphaNum 12 }}\nq: {{ uuidv4 }}\n"),
        ("templates/b.yaml", "kind: B\nca: {{ (genCA \"x\" 1).Cert | b64enc }}\nt: {{ now | date \"2006\" }}\n"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let chart = Chart::from_files(files).unwrap();
    let first = render(&chart, &Table::new(), &ReleaseOptions::default()).unwrap();
    let second = render(&chart, &Table::new(), &ReleaseOptions::default()).unwrap();
    assert_eq!(first.to_text(), second.to_text());
    let noted: Vec<_> = first.unrepeatable.iter().map(|u| (u.function, &*u.template)).collect();
    let (a, b) = ("dice/templates/a.yaml", "dice/templates/b.yaml");
    assert_eq!(noted, [("genCA", b), ("now", b), ("randAlphaNum", a), ("uuidv4", a)]);
    let other = ReleaseOptions { name: "other".into(), ..ReleaseOptions::default() };
    assert_ne!(first.to_text(), render(&chart, &Table::new(), &other).unwrap().to_text());
}

fn one_template(text: &str) -> Result<String, Error> {
    let files = [("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"), ("templates/t.yaml", text)];
    let chart = Chart::from_files(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())))?;
    Ok(render(&chart, &Table::new(), &ReleaseOptions::default())?.to_text())
}

#[test]
fn hostile_templates_end_with_an_error() {
    let nested = "{{ if true }}".repeat(5000);
    let parentheses = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    let hostile = [
        "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        "{{ define \"a\" }}{{ tpl \"{{ include \\\"a\\\" . }}\" . }}{{ end }}{{ include \"a\" . }}",
        "{{ repeat 1000000000 \"x\" }}",
        "{{ indent 1000000000 \"x\" }}",
        "{{ until 1000000000 }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" (list (dict \"e\" $d)) }}{{ toYaml $d }}",
        "{{ range 1000000 }}{{ range 1000000 }}{{ end }}{{ end }}",
        &nested,
        &parentheses,
    ];
    for text in hostile {
        assert!(one_template(text).is_err(), "{}", &text[..text.len().min(80)]);
    }
}
