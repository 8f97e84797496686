//! `skiplevel draw`: the weekly draw on the terminal.

use std::{collections::HashMap, fmt::Write as _, io};

use clap::Args;

use super::{Failure, organisation, print};
use crate::{
    app::{DrawInput, DrawReport, Keyed, PersonFound, Session},
    config::Config,
    domain::{person::PersonKey, week::Week},
    http::Clock,
};

/// Arguments of `skiplevel draw`.
#[derive(Debug, Args)]
pub(super) struct DrawArgs {
    /// The week, like 2026-W47 [default: the present one]
    #[arg(long)]
    week: Option<Week>,

    /// Say what the draw would find and store nothing
    #[arg(long)]
    dry_run: bool,
}

/// Draws and prints a week.
pub(super) async fn run(
    args: &DrawArgs,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let app = organisation::open(config).await?;
    let session = app.operator("draw", clock.now()).await?;
    let week = args.week.unwrap_or(Week::of(session.today()));
    let input = DrawInput {
        week,
        dry_run: args.dry_run,
    };
    let report = session.draw(&Keyed { key: None, input }).await?;
    let text = show(&session, &report, args).await?;
    drop(session);
    app.close().await?;
    print(out, text.trim_end())
}

async fn show(session: &Session, report: &DrawReport, args: &DrawArgs) -> Result<String, Failure> {
    let picks = report.suggestions.iter().flat_map(|row| [row.leader, row.counterpart]);
    let keys: Vec<PersonKey> = picks.chain(report.empty.iter().map(|slot| slot.leader)).collect();
    let mut people: HashMap<PersonKey, PersonFound> = HashMap::new();
    // In parts, far from either database's limit of parameters.
    for keys in keys.chunks(10_000) {
        people.extend(session.cards(keys).await?);
    }
    let name = |key: PersonKey| people.get(&key).map_or("?", |found| found.row.name.as_str());
    let mut text = String::new();
    for row in &report.suggestions {
        let band = row
            .band
            .map(|band| format!(", {}", format!("{band:?}").to_lowercase()))
            .unwrap_or_default();
        let how = row
            .distance
            .map_or("peer".to_owned(), |lines| format!("distance {lines}{band}"));
        let _ = writeln!(
            text,
            "{} -> {} ({how}) {:?}",
            name(row.leader),
            name(row.counterpart),
            row.status
        );
    }
    for slot in &report.empty {
        let next = slot.next_week.map(|week| format!(", next {week}")).unwrap_or_default();
        let _ = writeln!(text, "{} -> nobody ({:?}{next})", name(slot.leader), slot.code);
    }
    let what = if args.dry_run { "would be made" } else { "made" };
    let _ = writeln!(
        text,
        "{}: {} suggestions {what}, {} empty slots",
        report.week,
        report.new,
        report.empty.len()
    );
    Ok(text)
}
