//! The command line as people and programs meet it: each case runs the real binary, and what it says is beside this file.
//! `SNAPSHOTS=overwrite cargo test --test cli` writes the expectations anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod answers;
mod build;
mod diff;
mod graph;
mod lists;
mod reference;
mod rendered;
mod sandbox;
mod start;
mod unchanged;
mod usage;
mod waive;
