//! `skiplevel backup`: a copy of an SQLite database that servers are working on.

use std::{fs, io, path::PathBuf};

use clap::Args;

use super::{Failure, organisation, print};
use crate::config::Config;

/// Where to.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The new file; one that is there is never overwritten
    file: PathBuf,
}

/// Copies, and says how large the copy is.
pub(super) async fn run(args: &BackupArgs, config: &Config, out: &mut impl io::Write) -> Result<(), Failure> {
    organisation::back_up(config, &args.file).await?;
    let size = fs::metadata(&args.file)
        .map_err(|cause| Failure::File(args.file.clone(), cause))?
        .len();
    print(
        out,
        &format!("copied the database to {}, {size} bytes, checked", args.file.display()),
    )
}
