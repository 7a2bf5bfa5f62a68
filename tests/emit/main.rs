//! Writing trees into `out/`: what is compared, what is kept, and what a build that is killed leaves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test may fail")]

mod comparison;
mod crash;
mod foreign;
mod locks;
mod random;
mod recovery;
mod sandbox;
mod swap;
