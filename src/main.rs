//! The command `understudy`.

#![forbid(unsafe_code)]

mod cli;

use std::process::ExitCode;

/// Several threads allocate at once, and musl's own allocator has one lock for all of them.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
