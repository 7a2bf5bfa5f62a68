//! Puts templates to both, many at a time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use stackgen::helm::{Chart, ReleaseOptions, Table, read_values, render};

use crate::grow::{Dice, template};
use crate::words::VALUES;

/// Templates in one chart.
const BATCH: usize = 400;
const CHART: &str = "apiVersion: v2\nname: fuzz\nversion: 1.0.0\n";
const HELPER: &str = "{{ define \"helper\" }}<{{ .Values.text | default \"?\" }}>{{ end }}";

struct Trial {
    seed: u64,
    text: String,
    /// What the engine makes of it.
    here: Result<String, String>,
}

/// A file that shows what a template gives as one line of JSON.
fn file(name: &str, template: &str) -> [(String, String); 2] {
    let shown = format!("{name}: {{{{ include \"{name}\" . | toJson }}}}\n");
    let defined = format!("{{{{ define \"{name}\" }}}}{template}{{{{ end }}}}");
    [(format!("templates/{name}.yaml"), shown), (format!("templates/_{name}.tpl"), defined)]
}

fn here(template: &str) -> Result<String, String> {
    let mut files = vec![
        ("Chart.yaml".to_owned(), CHART.to_owned()),
        ("values.yaml".into(), VALUES.into()),
        ("templates/_helper.tpl".into(), HELPER.into()),
    ];
    files.extend(file("t", template));
    let chart = Chart::from_files(files.into_iter().map(|(path, text)| (path, text.into_bytes())));
    let chart = chart.map_err(|e| e.to_string())?;
    let values = read_values("").unwrap_or_else(|_| Table::new());
    let rendered = render(&chart, &values, &ReleaseOptions::default()).map_err(|e| e.to_string())?;
    Ok(rendered.to_text().lines().find_map(|line| line.strip_prefix("t: ")).unwrap_or_default().to_owned())
}

/// What Helm makes of some templates: a line for each, or its error.
fn there(helm: &str, folder: &Path, trials: &[&Trial]) -> io::Result<Result<Vec<String>, String>> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("templates"))?;
    fs::write(folder.join("Chart.yaml"), CHART)?;
    fs::write(folder.join("values.yaml"), VALUES)?;
    fs::write(folder.join("templates/_helper.tpl"), HELPER)?;
    for (n, trial) in trials.iter().enumerate() {
        for (path, text) in file(&format!("t{n}"), &trial.text) {
            fs::write(folder.join(path), text)?;
        }
    }
    let output = Command::new(helm).args(["template", "release-name"]).arg(folder).env("TZ", "UTC").output()?;
    if !output.status.success() {
        return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = |n: usize| text.lines().find_map(|line| line.strip_prefix(&format!("t{n}: "))).unwrap_or("(nothing)");
    Ok(Ok((0..trials.len()).map(|n| line(n).to_owned()).collect()))
}

/// Compares so many templates, and gives how many the two disagree on.
pub(crate) fn run(helm: &str, seed: u64, count: u64) -> io::Result<usize> {
    let folder = std::env::temp_dir().join(format!("fuzz-helm-{}", std::process::id()));
    let (mut wrong, mut refused) = (0, 0);
    let mut at = seed;
    while at < seed + count {
        let end = (at + BATCH as u64).min(seed + count);
        let trials: Vec<Trial> = (at..end)
            .map(|seed| {
                let text = template(&mut Dice::new(seed));
                Trial { seed, here: here(&text), text }
            })
            .collect();
        at = end;
        let (sound, faulty): (Vec<&Trial>, Vec<&Trial>) = trials.iter().partition(|trial| trial.here.is_ok());
        wrong += together(helm, &folder, &sound)?;
        refused += faulty.len();
        for trial in faulty {
            if let Ok(lines) = there(helm, &folder, &[trial])? {
                wrong += 1;
                tell(trial, lines.first().map_or("", String::as_str));
            }
        }
    }
    let _ = fs::remove_dir_all(folder);
    println!("{count} templates from seed {seed}: {refused} refused by both, {wrong} disagreements");
    Ok(wrong)
}

/// Templates that should render; where Helm refuses one of them, they are halved until it is found.
fn together(helm: &str, folder: &PathBuf, trials: &[&Trial]) -> io::Result<usize> {
    if trials.is_empty() {
        return Ok(0);
    }
    match there(helm, folder, trials)? {
        Ok(lines) => {
            let different = trials.iter().zip(&lines).filter(|(trial, line)| trial.here.as_ref() != Ok(line));
            Ok(different.inspect(|(trial, line)| tell(trial, line)).count())
        }
        Err(error) => match trials {
            [one] => {
                tell(one, &error);
                Ok(1)
            }
            many => {
                let (left, right) = many.split_at(many.len() / 2);
                Ok(together(helm, folder, left)? + together(helm, folder, right)?)
            }
        },
    }
}

fn tell(trial: &Trial, there: &str) {
    let here = trial.here.as_ref().unwrap_or_else(|error| error);
    println!("seed {}: {:?}\n  helm {}\n  here {here}", trial.seed, trial.text, there.trim());
}
