//! `skiplevel export people`: what a source sent, as a file that it could send again.

use std::{fs, io, path::PathBuf};

use clap::Args;

use super::{Failure, csv, organisation, print};
use crate::{config::Config, domain::Date, http::Clock};

/// Writes the people of a source as CSV; imported again on the same day, the file changes nothing.
#[derive(Args, Clone, Debug)]
pub(super) struct ExportPeople {
    /// The system whose people, and whose ids
    #[arg(long)]
    source: String,
    /// The day for which lines and employment are told; today if none
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// The file; standard output if none
    file: Option<PathBuf>,
}

/// Reads and writes.
pub(super) async fn run(
    args: &ExportPeople,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let app = organisation::open(config).await?;
    let session = app.operator("export people", clock.now()).await?;
    let rows = session.export_people(&args.source, args.as_of).await?;
    drop(session);
    app.close().await?;
    let text = csv::write(&rows);
    match &args.file {
        Some(file) => fs::write(file, text).map_err(|source| Failure::File(file.clone(), source)),
        None => print(out, text.trim_end_matches('\n')),
    }
}
