//! Running `skiplevel import people` against the database.

use std::{
    fs,
    io::{self, Read},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Carried, Exit, ImportPeople};
use crate::{
    app::SyncStep,
    cli::{Failure, organisation, print},
    config::Config,
    domain::{sync::SyncStatus, week::day_of},
    http::Clock,
};

/// Plans, or applies, the file and prints what came of it.
pub(in crate::cli) async fn run(
    args: &ImportPeople,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<Exit, Failure> {
    let bytes = match read(&args.file) {
        Ok(bytes) => bytes,
        Err(source) => {
            eprintln!("error: {} cannot be read: {source}", args.file);
            return Ok(Exit::Unusable);
        }
    };
    let now = clock.now();
    let mut run = match args.run(&bytes, day_of(now, config.time_zone)) {
        Ok(run) => run,
        Err(issues) => {
            print(out, args.show_unusable(&issues).trim_end())?;
            return Ok(Exit::Unusable);
        }
    };
    let app = organisation::open(config).await?;
    let session = app.operator("import people", now).await?;
    // The settings may name another time zone than the program's, and so another day.
    run.as_of = args.as_of.unwrap_or(session.today());
    let bar = Bar::new();
    let told = |step| bar.told(step);
    let plan = if args.apply {
        session.apply_sync(run, &told).await
    } else {
        session.plan_sync(run, &told).await
    };
    bar.finish();
    let plan = plan?;
    drop(session);
    app.close().await?;
    if let Some(file) = &args.errors {
        // The bytes were read once already, so that they can be read again.
        let failed = args.failed_rows(&bytes, &plan).unwrap_or_default();
        fs::write(file, failed).map_err(|source| Failure::File(file.clone(), source))?;
    }
    let carried = match plan.status {
        SyncStatus::Applied | SyncStatus::AppliedWithErrors => Carried::Out,
        _ => Carried::Not,
    };
    print(out, args.show(&plan, carried).trim_end())?;
    Ok(Exit::of(&plan))
}

/// How far the run is, for whoever waits at a terminal; elsewhere nothing is drawn.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::no_length().with_message("planning");
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg} {elapsed}").unwrap_or(ProgressStyle::default_bar()),
        );
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    fn told(&self, step: SyncStep) {
        match step {
            SyncStep::Planned { rows } => {
                let style = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len} rows {elapsed}");
                self.0.set_style(style.unwrap_or(ProgressStyle::default_bar()));
                self.0.set_message("writing");
                self.0.set_length(rows as u64);
            }
            SyncStep::Wrote { rows } => self.0.inc(rows as u64),
        }
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}

fn read(file: &str) -> io::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(bytes)
    } else {
        fs::read(file)
    }
}
