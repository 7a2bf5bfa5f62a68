//! What one component says of another is read at both ends, in the committed output of every environment.

#![allow(clippy::expect_used)] // A test may stop.

mod cluster;
mod core;
mod delivery;
mod hosts;
mod network;
mod observe;
mod output;
mod storage;
