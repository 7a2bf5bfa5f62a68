//! Charts from repositories on this machine: those that the real Helm and a real registry make, and servers that misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod archive;
mod authority;
mod certificates;
mod credentials;
mod fetch;
mod helm;
mod hostile;
mod hub;
mod lock;
mod network;
mod platform;
mod recorded;
mod registry;
mod server;
mod store;
mod update;

#[allow(dead_code, reason = "the other tests use all of it")]
#[path = "../cli/sandbox.rs"]
mod sandbox;
