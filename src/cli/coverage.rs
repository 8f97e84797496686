//! `skiplevel coverage` and `skiplevel digest`: how well the organisation is being heard, on the terminal and as files.

use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use chrono::{Datelike, Months};
use clap::{Args, ValueEnum};

use super::{Failure, organisation, print};
use crate::{
    app::{AppError, CoverageQuery, Eyes, PersonKeyInput, Session},
    config::Config,
    domain::{Date, coverage::Grouping},
    http::Clock,
    report::{self, Document},
};

/// Prints a report, or writes it as files; a dash as FILE stands for standard output.
#[derive(Args, Clone, Debug)]
pub(super) struct CoverageArgs {
    /// Everybody below this person, as SOURCE:ID; the whole organisation if none
    #[arg(long, value_name = "SOURCE:ID")]
    under: Option<String>,
    /// Days in which a skip-level counts, 1 to 730
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    window_days: i64,
    /// The day of the report; today if none
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Only those of exactly this department
    #[arg(long, value_name = "NAME")]
    department: Option<String>,
    /// By what the printed groups are
    #[arg(long, value_enum, default_value_t = GroupBy::Depth)]
    group_by: GroupBy,
    /// Keep small groups back, and leave out who waits and the leaders: for files that are handed on
    #[arg(long)]
    for_anybody: bool,
    /// Write the figures of all groups
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    csv: Option<PathBuf>,
    /// Write everything, for programs
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    json: Option<PathBuf>,
    /// Write a picture of the trend, and of departments against levels
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    svg: Option<PathBuf>,
    /// Write everything as one page that needs nothing else
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    html: Option<PathBuf>,
}

/// Writes a month as one HTML page that can be mailed: small groups kept back, nobody named.
#[derive(Args, Clone, Debug)]
pub(super) struct DigestArgs {
    /// The month, like 2026-03
    #[arg(long, value_parser = month)]
    month: Date,
    /// The new file [default: skiplevel-MONTH.html]; one that is there is never overwritten
    file: Option<PathBuf>,
}

/// By what groups are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GroupBy {
    /// Lines to the top of the chart
    Depth,
    /// Department
    Department,
    /// Location
    Location,
    /// The direct report of the unit's head
    Branch,
    /// Where people stand below the unit's head
    Band,
    /// Time employed
    Tenure,
}

impl From<GroupBy> for Grouping {
    fn from(group_by: GroupBy) -> Self {
        match group_by {
            GroupBy::Depth => Self::Depth,
            GroupBy::Department => Self::Department,
            GroupBy::Location => Self::Location,
            GroupBy::Branch => Self::Branch,
            GroupBy::Band => Self::Band,
            GroupBy::Tenure => Self::Tenure,
        }
    }
}

/// Reports.
pub(super) async fn run(
    args: &CoverageArgs,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let app = organisation::open(config).await?;
    let session = app.operator("coverage", clock.now()).await?;
    let gathered = gather(args, &session).await;
    drop(session);
    app.close().await?;
    let document = gathered?;
    let mut written = false;
    for (file, text) in [
        (&args.csv, report::csv as fn(&Document) -> String),
        (&args.json, Document::json),
        (&args.svg, report::svg),
        (&args.html, report::html),
    ] {
        let Some(file) = file else { continue };
        written = true;
        if file == Path::new("-") {
            print(out, text(&document).trim_end())?;
        } else {
            std::fs::write(file, text(&document)).map_err(|cause| Failure::File(file.clone(), cause))?;
        }
    }
    if written {
        return Ok(());
    }
    print(out, table(&document, args.group_by).trim_end())
}

/// Writes the digest of a month.
pub(super) async fn digest(
    args: &DigestArgs,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let app = organisation::open(config).await?;
    let session = app.operator("digest", clock.now()).await?;
    let last = args.month + Months::new(1) - chrono::Days::new(1);
    let query = CoverageQuery {
        under: None,
        window_days: 365,
        as_of: Some(last.min(session.today())),
        department: None,
        grouping: Grouping::Depth,
        eyes: Eyes::Anybody,
    };
    let gathered = async {
        let coverage = session.coverage(query).await?;
        Document::gather(&session, &coverage).await
    };
    let gathered = gathered.await;
    let is_to_come = args.month > session.today();
    drop(session);
    app.close().await?;
    if is_to_come {
        let message = format!("{} has not begun", args.month.format("%B %Y"));
        return Err(AppError::Input(message).into());
    }
    let text = report::digest(&gathered?);
    let name = || PathBuf::from(format!("skiplevel-{}.html", args.month.format("%Y-%m")));
    let file = args.file.clone().unwrap_or_else(name);
    let refused = |cause| Failure::File(file.clone(), cause);
    let mut new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .map_err(refused)?;
    new.write_all(text.as_bytes()).map_err(refused)?;
    print(out, &format!("wrote {}", file.display()))
}

async fn gather(args: &CoverageArgs, session: &Session) -> Result<Document, Failure> {
    let under = match &args.under {
        None => None,
        Some(text) => Some(head(session, text).await?),
    };
    let query = CoverageQuery {
        under,
        window_days: args.window_days,
        as_of: args.as_of,
        department: args.department.clone(),
        grouping: args.group_by.into(),
        eyes: if args.for_anybody { Eyes::Anybody } else { Eyes::Viewer },
    };
    let coverage = session.coverage(query).await?;
    Ok(Document::gather(session, &coverage).await?)
}

/// The public id of somebody who is named as SOURCE:ID.
async fn head(session: &Session, text: &str) -> Result<uuid::Uuid, Failure> {
    let unknown = || AppError::Input(format!("{text:?} is nobody; name somebody as SOURCE:ID, like hr:4711"));
    let (source, id) = text.split_once(':').ok_or_else(unknown)?;
    let key = PersonKeyInput::ExternalId(source.to_owned(), id.to_owned());
    let found = session.person(&key).await?;
    Ok(found.ok_or_else(unknown)?.row.uid)
}

/// The headline and one breakdown, for a terminal.
fn table(document: &Document, group_by: GroupBy) -> String {
    let mut text = format!(
        "{}, as of {}, skip-levels of {} days\n\n",
        document.title(),
        document.as_of,
        document.window_days
    );
    let width = |line: &report::Line| line.label.chars().count();
    let breakdown = &document.breakdowns[group_by as usize];
    let label = breakdown.groups.iter().map(width).max().unwrap_or(0).max(12);
    let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.0}%", share * 100.0));
    let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let heads = ["people", "heard", "share", "longest", "9 of 10", "median"];
    let _ = writeln!(text, "{:label$}{}", "", heads.map(|head| format!("{head:>9}")).concat());
    for line in [&document.total].into_iter().chain(&breakdown.groups) {
        let cells = [
            line.population.to_string(),
            number(line.heard.and_then(|heard| i64::try_from(heard).ok())),
            share(line.share),
            number(line.wait_days_max),
            number(line.wait_days_p90),
            number(line.wait_days_median),
        ];
        let _ = writeln!(
            text,
            "{:label$}{}",
            line.label,
            cells.map(|cell| format!("{cell:>9}")).concat()
        );
    }
    text.push_str("\nwaits in days at work; - is kept back, or nobody\n");
    text
}

fn month(text: &str) -> Result<Date, String> {
    let day = Date::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
    let sound = day.filter(|day| (1900..3000).contains(&day.year()) && text.len() == 7);
    sound.ok_or_else(|| "write the month like 2026-03".to_owned())
}
