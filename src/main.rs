//! The command `stackgen`.
fn main() {}
