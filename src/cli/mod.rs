//! The command line: reads arguments, configuration and the clock, makes one call, prints the answer.
//!
//! A new command is a variant of [`Command`] and an arm in [`dispatch`].

use std::{env, error::Error, ffi::OsString, io, path::PathBuf, process::ExitCode};

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError};

pub mod clock;
pub mod csv;
pub mod import;
pub mod log;

mod token;

use clock::Clock;

/// Picks whom each leader should meet next, across reporting lines.
#[derive(Debug, Parser)]
#[command(name = "skiplevel", version, propagate_version = true)]
pub struct Cli {
    /// Configuration file [default: skiplevel.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Pretend that it is this instant, for example 2026-01-05T09:00:00Z
    #[arg(long, global = true, value_name = "INSTANT", value_parser = instant)]
    now: Option<DateTime<Utc>>,

    #[command(subcommand)]
    command: Command,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
enum Command {
    /// Sign a token with the configured secret
    Token(token::TokenArgs),
    /// Print the effective configuration without secrets
    Config,
}

/// What ended a command early.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Token(#[from] crate::auth::token::SignError),
    #[error("the answer cannot be printed")]
    Output(#[from] io::Error),
}

impl Failure {
    /// The code to exit with, by the habits of `sysexits.h`.
    fn code(&self) -> u8 {
        match self {
            Self::Config(_) => 78,
            Self::Token(_) => USAGE,
            Self::Output(_) => 74,
        }
    }
}

/// The code to exit with when the arguments are wrong.
const USAGE: u8 = 64;

/// Runs one command to its end; `arguments` begin with the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", with_causes(&failure));
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    let config = Config::load(cli.config.as_deref(), variable)?;
    let clock = Clock::new(cli.now);
    let out = &mut io::stdout().lock();
    match cli.command {
        Command::Token(args) => token::run(&args, &config, clock.now(), out),
        Command::Config => print(out, config.to_toml().trim_end()),
    }
}

/// The environment. What is no Unicode is kept recognisable, so that the setting is refused and not overlooked.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn print(out: &mut impl io::Write, text: &str) -> Result<(), Failure> {
    match writeln!(out, "{text}") {
        // Whoever reads has read enough: `skiplevel config | head -1`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Help and version are answers, everything else is a usage error.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to be told when even this cannot be printed.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::from(USAGE)
    } else {
        ExitCode::SUCCESS
    }
}

fn with_causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.to_utc())
        .map_err(|_| "write the instant like 2026-01-05T09:00:00Z".to_owned())
}

#[cfg(test)]
mod tests;
