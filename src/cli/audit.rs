//! `skiplevel audit`: whether the audit log is whole.

use std::{fmt::Write as _, io};

use clap::Subcommand;

use super::{Failure, organisation, print};
use crate::{config::Config, http::Clock};

/// What to do about the log.
#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Check every entry; keep the printed seal elsewhere, it shows later that nothing was cut off
    Verify,
}

/// Checks, and prints the newest entry's number and seal.
pub(super) async fn run(
    command: &Audit,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let Audit::Verify = command;
    let app = organisation::look(config).await?;
    let session = app.operator("audit", clock.now()).await?;
    let verified = session.verify_audit().await?;
    drop(session);
    app.close().await?;
    let whole = verified.map_err(Failure::BrokenAudit)?;
    let mut seal = String::new();
    for byte in whole.head {
        let _ = write!(seal, "{byte:02x}");
    }
    print(out, &format!("{} entries, whole up to {seal}", whole.entries))
}
