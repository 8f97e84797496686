//! The command line: reads arguments, configuration and the clock, makes one call, prints the answer.
//!
//! A new command is a variant of [`Command`] and an arm in [`dispatch`].

use std::{env, error::Error, ffi::OsString, io, net::SocketAddr, path::PathBuf, process::ExitCode};

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

use crate::{
    app::{AppError, BackupError},
    config::{Config, ConfigError, NoteKeyFileError},
    http::Clock,
};

pub mod csv;
pub mod import;
pub mod log;

mod audit;
mod backup;
mod coverage;
mod demo;
mod draw;
mod export;
mod keys;
mod organisation;
mod scim_token;
mod serve;
mod simulate;
mod token;
mod version;

/// Picks whom each leader should meet next, across reporting lines.
#[derive(Debug, Parser)]
#[command(name = "skiplevel", version = version::text(), propagate_version = true)]
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
    /// Migrate if needed, serve, and draw weekly
    Serve,
    /// Make an organisation up, print tokens to look at it with, and serve it
    Demo(demo::DemoArgs),
    /// Bring data in
    #[command(subcommand)]
    Import(Import),
    /// Take data out
    #[command(subcommand)]
    Export(Export),
    /// Draw a week: whom each leader should meet
    Draw(draw::DrawArgs),
    /// Report how well the organisation is being heard
    Coverage(Box<coverage::CoverageArgs>),
    /// Write a month as one page that can be mailed
    Digest(coverage::DigestArgs),
    /// Play a programme ahead: how many people would be heard in a year
    Simulate(simulate::SimulateArgs),
    /// Copy an `SQLite` database into a new file, while servers go on with it
    Backup(backup::BackupArgs),
    /// Apply the migrations
    Migrate,
    /// Print the GraphQL schema
    Schema,
    /// Make, list and take back the tokens by which identity providers speak SCIM
    #[command(subcommand)]
    ScimToken(scim_token::ScimToken),
    /// Make, change and check the keys that notes are sealed with
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Look after the audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Sign a token with the configured secret
    Token(token::TokenArgs),
    /// Print the effective configuration without secrets
    Config,
}

/// What can be brought in.
#[derive(Debug, Subcommand)]
enum Import {
    /// Read people and their reporting lines from a CSV file
    People(Box<import::ImportPeople>),
}

/// What can be taken out.
#[derive(Debug, Subcommand)]
enum Export {
    /// Write the people of a source and their reporting lines to a CSV file
    People(export::ExportPeople),
}

/// What ended a command early.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Token(#[from] crate::auth::token::SignError),
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Place(#[from] demo::PlaceError),
    #[error(transparent)]
    Log(#[from] log::LogError),
    #[error(transparent)]
    Documents(#[from] crate::http::TrustedDocumentsError),
    #[error("cannot listen on {0}; set SKIPLEVEL_LISTEN to a free address")]
    Listen(SocketAddr, #[source] io::Error),
    #[error("{} cannot be written", .0.display())]
    File(PathBuf, #[source] io::Error),
    #[error("there is no SCIM token {0} that could be taken back")]
    NoScimToken(uuid::Uuid),
    #[error("the audit log is broken")]
    BrokenAudit(#[source] crate::auth::audit::Broken),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("the answer cannot be printed")]
    Output(#[from] io::Error),
}

impl Failure {
    /// The code to exit with, by the habits of `sysexits.h`.
    fn code(&self) -> u8 {
        match self {
            Self::Place(_)
            | Self::File(..)
            | Self::Backup(BackupError::Exists(_) | BackupError::Name(_) | BackupError::File(..))
            | Self::Config(ConfigError::NoteKeys {
                source: NoteKeyFileError::Exists | NoteKeyFileError::Unwritten(_),
                ..
            }) => 73,
            Self::Config(_) | Self::Documents(_) | Self::Log(_) | Self::App(AppError::NoteKeys(_)) => 78,
            Self::Token(_) | Self::App(AppError::Input(_)) | Self::Backup(BackupError::NotAFile(_)) => USAGE,
            Self::NoScimToken(_) | Self::BrokenAudit(_) => 1,
            Self::App(_) | Self::Backup(_) => 5,
            Self::Listen(..) | Self::Output(_) => 74,
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
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {}", with_causes(&failure));
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, Failure> {
    let config = Config::load(cli.config.as_deref(), variable)?;
    let clock = cli.now.map_or(Clock::System, Clock::Held);
    let out = &mut io::stdout();
    match cli.command {
        Command::Serve => {
            log::start(&config.log)?;
            runtime()?.block_on(serve::run(&config, clock))?;
        }
        Command::Demo(args) => {
            log::start(&config.log)?;
            runtime()?.block_on(demo::run(&args, &config, clock, out))?;
        }
        Command::Import(Import::People(args)) => {
            let exit = runtime()?.block_on(import::run(&args, &config, clock, out))?;
            return Ok(ExitCode::from(exit as u8));
        }
        Command::Export(Export::People(args)) => runtime()?.block_on(export::run(&args, &config, clock, out))?,
        Command::Draw(args) => runtime()?.block_on(draw::run(&args, &config, clock, out))?,
        Command::Coverage(args) => runtime()?.block_on(coverage::run(&args, &config, clock, out))?,
        Command::Digest(args) => runtime()?.block_on(coverage::digest(&args, &config, clock, out))?,
        Command::Simulate(args) => runtime()?.block_on(simulate::run(&args, &config, clock, out))?,
        Command::Backup(args) => runtime()?.block_on(backup::run(&args, &config, out))?,
        Command::Migrate => runtime()?.block_on(organisation::migrate(&config))?,
        Command::Schema => print(out, crate::graphql::sdl().trim_end())?,
        Command::ScimToken(command) => runtime()?.block_on(scim_token::run(&command, &config, clock, out))?,
        Command::Keys(command) => {
            if runtime()?.block_on(keys::run(command, &config, clock, out))? == keys::Opened::NotAll {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Audit(command) => runtime()?.block_on(audit::run(&command, &config, clock, out))?,
        Command::Token(args) => token::run(&args, &config, clock.now(), out)?,
        Command::Config => print(out, config.to_toml().trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
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
