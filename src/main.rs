//! The command `stackgen`.

mod cli;

use std::process::ExitCode;

/// A compile is many small allocations on several threads: the system's allocator asks for their memory page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
