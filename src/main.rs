//! The binary.

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    skiplevel::cli::run(env::args_os())
}
