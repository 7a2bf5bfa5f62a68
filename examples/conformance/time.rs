//! What a chart takes as a whole process, in both, and what all charts take in one process.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::cases::Case;
use crate::compare;

struct Row<'c> {
    title: &'c str,
    helm: f64,
    process: f64,
    within: f64,
}

impl<'c> Row<'c> {
    fn of(title: &'c str) -> Self {
        Row { title, helm: f64::INFINITY, process: f64::INFINITY, within: 0.0 }
    }

    fn factor(&self) -> f64 {
        self.helm / self.process
    }
}

/// How often all cases are gone through: what takes a machine's time for a while then spoils no case.
const ROUNDS: usize = 3;

/// Runs each case with both, and prints the least times of each: what a machine does beside them only adds to it. The runs of a program
/// follow each other, so that none pays for what the other left in the processor's caches.
pub(crate) fn compare(cases: &[Case], helm: &str, stackgen: &Path, runs: usize) -> ExitCode {
    let stackgen = stackgen.display().to_string();
    // Values of a chart's own tests show nothing that its defaults do not.
    let usual = |case: &&Case| case.values.is_empty() || case.kube_version.is_some();
    let measured: Vec<&Case> = cases.iter().filter(usual).filter(|case| compare::here(case).is_ok()).collect();
    let mut rows: Vec<Row> = measured.iter().map(|case| Row::of(&case.title)).collect();
    for _ in 0..ROUNDS {
        for (case, row) in measured.iter().zip(&mut rows) {
            let series = |program, command| least(&(0..runs).map(|_| run(program, command, case)).collect::<Vec<_>>());
            row.helm = row.helm.min(series(helm, "template"));
            row.process = row.process.min(series(&stackgen, "render"));
        }
    }
    // On the threads of a build; the other programs are not started from there, since they would have only the place of one.
    let within = || {
        for (case, row) in measured.iter().zip(&mut rows) {
            row.within = least(&(0..runs).map(|_| at_once(&[case])).collect::<Vec<_>>());
        }
        show(&mut rows);
        show_environments(&measured, &rows, runs);
    };
    match stackgen::threads::run(None, within) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn show(rows: &mut [Row]) {
    for row in &*rows {
        println!(
            "{:6.1} ms {:5.1} ms {:5.1} ms {:5.1}x  {}",
            row.helm,
            row.process,
            row.within,
            row.factor(),
            row.title
        );
    }
    rows.sort_by(|a, b| a.factor().total_cmp(&b.factor()));
    let Some((first, last)) = rows.first().zip(rows.last()) else { return };
    let middle = rows.get(rows.len() / 2).map_or(0.0, Row::factor);
    println!(
        "{} cases, each as a process: median {middle:.1}x, least {:.1}x ({}), most {:.1}x",
        rows.len(),
        first.factor(),
        first.title,
        last.factor()
    );
    if let Some(slowest) = rows.iter().max_by(|a, b| a.within.total_cmp(&b.within)) {
        println!("the slowest within a process: {:.1} ms ({})", slowest.within, slowest.title);
    }
}

fn show_environments(measured: &[&Case], rows: &[Row], runs: usize) {
    let environments: BTreeSet<&str> =
        measured.iter().filter_map(|case| Some(case.title.rsplit_once(" in ")?.1)).collect();
    for environment in environments {
        let ending = format!(" in {environment}");
        let helm: f64 = rows.iter().filter(|row| row.title.ends_with(&ending)).map(|row| row.helm).sum();
        let own: Vec<&Case> = measured.iter().copied().filter(|case| case.title.ends_with(&ending)).collect();
        let together = least(&(0..runs).map(|_| at_once(&own)).collect::<Vec<_>>());
        println!(
            "{environment}: {} charts, Helm one by one {helm:.0} ms, here in one process {together:.1} ms: {:.0}x",
            own.len(),
            helm / together
        );
    }
}

/// Charts in this process, on as many threads as there are processors.
fn at_once(cases: &[&Case]) -> Duration {
    let start = Instant::now();
    cases.par_iter().with_max_len(1).for_each(|case| drop(compare::here(case)));
    start.elapsed()
}

fn run(program: &str, command: &str, case: &Case) -> Duration {
    let start = Instant::now();
    let _ =
        Command::new(program).arg(command).args(case.arguments()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    start.elapsed()
}

fn least(times: &[Duration]) -> f64 {
    times.iter().min().map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
