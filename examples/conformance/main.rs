//! The engine beside the real Helm, over folders of charts: `just conformance CHARTS [OUT]`.
//!
//! Each chart of CHARTS is rendered with its defaults, with each values file of its `ci/` folder, and with the values that
//! environments below OUT hold for it. What the two print is equal, equal but for what Helm itself does not repeat, or different.
//! With `--time N`, both are also run N times each, and what they take is compared.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program for people")]

mod cases;
mod compare;
mod time;

use std::path::PathBuf;
use std::process::ExitCode;

use cases::Case;
use compare::Verdict;

// As in stackgen itself, so that times say something of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Arguments {
    charts: PathBuf,
    out: Option<PathBuf>,
    helm: String,
    stackgen: PathBuf,
    runs: usize,
    table: bool,
    only_here: bool,
}

fn arguments() -> Option<Arguments> {
    let mut words = std::env::args().skip(1);
    let mut places = Vec::new();
    let helm = std::env::var("HELM").unwrap_or_else(|_| "helm".into());
    let (mut runs, mut table, mut only_here, mut stackgen) =
        (0, false, false, PathBuf::from("target/release/stackgen"));
    while let Some(word) = words.next() {
        match word.as_str() {
            "--time" => runs = words.next()?.parse().ok()?,
            "--table" => table = true,
            // For profilers: the engine alone, over the charts of the environments.
            "--only-here" => only_here = true,
            "--stackgen" => stackgen = words.next()?.into(),
            _ => places.push(PathBuf::from(word)),
        }
    }
    let mut places = places.into_iter();
    Some(Arguments { charts: places.next()?, out: places.next(), helm, stackgen, runs, table, only_here })
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("usage: conformance CHARTS [OUT] [--time N] [--table] [--stackgen BINARY]; HELM names the real Helm");
        return ExitCode::from(2);
    };
    let cases = cases::find(&arguments.charts, arguments.out.as_deref());
    if cases.is_empty() {
        eprintln!("no chart in `{}`", arguments.charts.display());
        return ExitCode::from(2);
    }
    if arguments.only_here {
        for case in cases.iter().filter(|case| !case.values.is_empty() && case.kube_version.is_some()) {
            let _ = compare::here(case);
        }
        return ExitCode::SUCCESS;
    }
    if arguments.runs > 0 {
        return time::compare(&cases, &arguments.helm, &arguments.stackgen, arguments.runs);
    }
    let verdicts: Vec<(&Case, Verdict)> =
        cases.iter().map(|case| (case, compare::compare(case, &arguments.helm))).inspect(show).collect();
    if arguments.table {
        print!("{}", compare::table(&verdicts));
    }
    let count = |wanted: &str| verdicts.iter().filter(|(_, v)| v.word() == wanted).count();
    let charts: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.chart).collect();
    println!(
        "{} charts, {} cases: {} equal, {} equal after masking, {} refused alike, {} refused in other words, {} different",
        charts.len(),
        cases.len(),
        count("equal"),
        count("masked"),
        count("refused"),
        count("reworded"),
        count("different"),
    );
    if count("different") == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn show((case, verdict): &(&Case, Verdict)) {
    match verdict {
        Verdict::Equal => {}
        Verdict::Masked(lines) => println!("masked     {}: {lines} lines that Helm does not repeat", case.title),
        Verdict::Refused => println!("refused    {}", case.title),
        Verdict::Reworded { helm, here } => println!("reworded   {}\n  helm {helm}\n  here {here}", case.title),
        Verdict::Different { line, helm, here } => {
            println!("different  {}, line {line}\n  helm {helm}\n  here {here}", case.title);
        }
    }
}
