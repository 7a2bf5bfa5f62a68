//! What the real Helm prints beside what the engine makes.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use stackgen::helm::{Chart, Error, ReleaseOptions, Table, overlay, read_values, render};

use crate::cases::Case;

/// What a comparison gave.
pub(crate) enum Verdict {
    /// The same bytes.
    Equal,
    /// The same bytes but for so many lines that differ between two runs of Helm itself.
    Masked(usize),
    /// Both refuse, with the same words.
    Refused,
    /// Both refuse, and say it differently.
    Reworded { helm: String, here: String },
    /// The first line that differs.
    Different { line: usize, helm: String, here: String },
}

impl Verdict {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Verdict::Equal => "equal",
            Verdict::Masked(_) => "masked",
            Verdict::Refused => "refused",
            Verdict::Reworded { .. } => "reworded",
            Verdict::Different { .. } => "different",
        }
    }
}

/// What the engine makes of a case.
pub(crate) fn here(case: &Case) -> Result<String, Error> {
    let chart = Chart::open(&case.chart)?;
    let mut values = Table::new();
    for file in &case.values {
        let text = fs::read_to_string(file).unwrap_or_default();
        overlay(&mut values, read_values(&text)?);
    }
    Ok(render(&chart, &values, &options(case))?.to_text())
}

fn options(case: &Case) -> ReleaseOptions {
    ReleaseOptions {
        name: case.release.clone(),
        namespace: case.namespace.clone(),
        kube_version: case.kube_version.clone(),
        api_versions: case.api_versions.clone(),
        include_crds: true,
        ..ReleaseOptions::default()
    }
}

/// What the real Helm prints, or its error.
fn there(case: &Case, helm: &str) -> Result<String, String> {
    let output = Command::new(helm).arg("template").args(case.arguments()).env("TZ", "UTC").output();
    let output = output.map_err(|e| format!("cannot run {helm}: {e}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let message = said.split_once("Error: ").map_or(&*said, |(_, message)| message);
    Err(message.split("\n\nUse --debug flag").next().unwrap_or(message).trim().to_owned())
}

pub(crate) fn compare(case: &Case, helm: &str) -> Verdict {
    match (there(case, helm), here(case)) {
        (Ok(there), Ok(here)) if there == here => Verdict::Equal,
        (Ok(first), Ok(here)) => masked(&first, &self::there(case, helm).unwrap_or_default(), &here),
        (Err(there), Err(here)) if there == here.message() => Verdict::Refused,
        (Err(there), Err(here)) => Verdict::Reworded { helm: there, here: here.to_string() },
        (Ok(_), Err(here)) => Verdict::Different { line: 0, helm: "(renders)".into(), here: here.to_string() },
        (Err(there), Ok(_)) => Verdict::Different { line: 0, helm: there, here: "(renders)".into() },
    }
}

/// Compares what two runs of Helm have in common.
fn masked(first: &str, second: &str, here: &str) -> Verdict {
    let (one, two): (Vec<&str>, Vec<&str>) = (first.lines().collect(), second.lines().collect());
    let ours: Vec<&str> = here.lines().collect();
    let mut hidden = 0;
    for line in 0..one.len().max(ours.len()) {
        let there = one.get(line).copied();
        if there == ours.get(line).copied() {
            continue;
        }
        if one.len() == two.len() && there != two.get(line).copied() {
            hidden += 1;
            continue;
        }
        let shown = |text: Option<&&str>| text.map_or("(nothing)", |t| t).to_owned();
        return Verdict::Different { line: line + 1, helm: shown(one.get(line)), here: shown(ours.get(line)) };
    }
    if hidden == 0 {
        return Verdict::Different { line: one.len(), helm: "(its end)".into(), here: "(another end)".into() };
    }
    Verdict::Masked(hidden)
}

/// A Markdown table: a chart in each row.
pub(crate) fn table(verdicts: &[(&Case, Verdict)]) -> String {
    let mut rows: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for (case, verdict) in verdicts {
        let name = case.chart.file_name().unwrap_or_default().to_string_lossy().into_owned();
        *rows.entry(name).or_default().entry(verdict.word()).or_default() += 1;
    }
    let mut text =
        String::from("| chart | cases | equal | masked | refused alike | other |\n|---|--:|--:|--:|--:|--:|\n");
    for (name, counts) in rows {
        let count = |word: &str| counts.get(word).copied().unwrap_or(0);
        let all: usize = counts.values().sum();
        let other = count("reworded") + count("different");
        let shown = |n: usize| if n == 0 { String::new() } else { n.to_string() };
        text += &format!(
            "| {name} | {all} | {} | {} | {} | {} |\n",
            shown(count("equal")),
            shown(count("masked")),
            shown(count("refused")),
            shown(other)
        );
    }
    text
}
