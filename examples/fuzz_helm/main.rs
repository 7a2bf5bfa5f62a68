//! Random templates, in the engine and in the real Helm: `just fuzz-helm 10000`.
//!
//! Many templates share one chart, so that Helm starts once for all of them. One that the engine refuses is put to Helm alone:
//! it must refuse it too. What the two disagree on is printed, with the seed that makes it again, and can become a case of
//! `tests/helm`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program for people")]

mod grow;
mod run;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let count: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(1000);
    let seed: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(1);
    let helm = std::env::var("HELM").unwrap_or_else(|_| "helm".into());
    match run::run(&helm, seed, count) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
