//! What a source sends: rows as they came, and the rules of the run. Every door (CSV, GraphQL, SCIM) hands over these.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::{issue::SyncIssue, limits::Limits};
use crate::domain::Date;

/// One import: rows of one source, judged together on the state they lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Who sends it, e.g. `hris`.
    pub source: String,
    /// Whether the rows are all there is.
    pub mode: Mode,
    /// The day for which it speaks.
    pub as_of: Date,
    /// The rows, in any order; the order never matters.
    pub rows: Vec<Row>,
    /// What a row with an error does to the others.
    pub on_error: OnError,
    /// What a manager nobody knows does to a row.
    pub unknown_manager: OnUnknownManager,
    /// What becomes of the reports of those who leave.
    pub terminated_manager: OnTerminatedManager,
    /// Whether people of other sources may be found by what else is known of them.
    pub link_by: LinkBy,
    /// How dates and statuses are written.
    pub dialect: Dialect,
    /// How much may go before somebody has to look.
    pub limits: Limits,
    /// People whom the source let leave shortly before, where it lets them leave one by one: they count too.
    #[serde(skip)]
    pub left_before: usize,
    /// Numbers beyond the limits that somebody looked at and allowed.
    pub allow: Allowances,
    /// The hash of the plan that somebody looked at: another plan is not carried out.
    pub expected_plan_hash: Option<String>,
    /// What the reader had to say about the whole; warnings only.
    pub issues: Vec<SyncIssue>,
    /// Whom the answer may name.
    pub naming: Naming,
}

/// Whether `text` can name a source: 1 to 64 letters, digits, dots, hyphens or underscores.
pub fn is_source(text: &str) -> bool {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&text.len()) && text.chars().all(sound)
}

/// Whether the rows of a run are all there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// People it does not name stay as they are.
    #[default]
    Partial,
    /// A snapshot: people of the source whom it does not name have left. Rows with errors name theirs all the same.
    Full,
}

/// What a manager nobody knows does to a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum OnUnknownManager {
    /// The row has an error.
    #[default]
    Error,
    /// The person keeps the manager they have, with a warning, until the one named arrives.
    Pending,
    /// The person keeps the manager they have, with a warning.
    Keep,
}

/// What becomes of the reports of those who leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum OnTerminatedManager {
    /// They keep their line, with a warning; the chart closes the gap by itself.
    #[default]
    Keep,
    /// From the day after the exit on they report to the nearest manager above who has not left.
    SkipLevel,
}

/// Whether people of other sources may be found by what else is known of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum LinkBy {
    /// Only by the source's own ids.
    #[default]
    None,
    /// By the e-mail address of somebody whom the source does not know yet.
    Email,
}

/// Whom findings may name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Naming {
    /// Everybody, people of other sources as `source:id`.
    #[default]
    Everybody,
    /// People of the run's own source.
    OwnSource,
}

/// What a row with an error does to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum OnError {
    /// Nothing is written.
    #[default]
    Abort,
    /// It is left out; the others are written, unless that keeps putting others in the wrong.
    Skip,
}

/// One row as it was sent; texts are checked by the engine, so that every door gives the same findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The line on which it starts, or its number counted from 1.
    pub line: u64,
    /// The person's id at the source.
    pub external_id: String,
    /// The id they had there before.
    pub previous_external_id: Field,
    /// Full name.
    pub name: Field,
    /// Work e-mail.
    pub email: Field,
    /// Job title.
    pub title: Field,
    /// Department.
    pub department: Field,
    /// Place of work.
    pub location: Field,
    /// The manager's id at the source.
    pub manager_external_id: Field,
    /// The manager's e-mail: second choice.
    pub manager_email: Field,
    /// First working day.
    pub start_date: Field,
    /// Last working day.
    pub end_date: Field,
    /// A status word.
    pub status: Field,
    /// The day on which a change of manager takes effect.
    pub effective_date: Field,
    /// What the reader had to say about it; an error there fails the row.
    pub issues: Vec<SyncIssue>,
}

/// One cell: not there, emptied, or a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Field<T = String> {
    /// The source does not speak of it: what is stored stays.
    #[default]
    Absent,
    /// The source says that there is none.
    Cleared,
    /// The source says this; in a [`Row`], blank text counts as [`Field::Cleared`].
    Given(T),
}

impl<T> Field<T> {
    /// What is given, if anything.
    pub fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Cleared => None,
        }
    }
}

/// How a source writes dates and statuses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dialect {
    /// A `strftime` format; without one only `YYYY-MM-DD` is a date.
    pub date_format: Option<String>,
    statuses: BTreeMap<String, StatusWord>,
}

impl Dialect {
    /// Lets a status word of the source mean `meaning`, also instead of what it usually means.
    pub fn map_status(&mut self, word: &str, meaning: StatusWord) {
        self.statuses.insert(fold(word), meaning);
    }

    /// What a status word means; upper and lower case, blanks and hyphens do not matter.
    pub fn status(&self, word: &str) -> Option<StatusWord> {
        let word = fold(word);
        self.statuses.get(&word).copied().or_else(|| StatusWord::usual(&word))
    }

    /// The date that `text` means; years from 1900 to 2999.
    pub fn date(&self, text: &str) -> Option<Date> {
        let iso = || {
            (text.len() == 10)
                .then(|| Date::parse_from_str(text, "%Y-%m-%d").ok())
                .flatten()
        };
        match &self.date_format {
            Some(format) => Date::parse_from_str(text, format).ok(),
            None => iso(),
        }
        .filter(|date| (1900..3000).contains(&date.year()))
    }
}

/// What a status word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum StatusWord {
    /// Employed and at work.
    Active,
    /// Employed and absent until further notice.
    Leave,
    /// Has left.
    Terminated,
    /// Will start on the start date.
    PreHire,
    /// Not a person but an unfilled post.
    Vacancy,
}

impl StatusWord {
    fn usual(word: &str) -> Option<Self> {
        match word {
            "active" => Some(Self::Active),
            "leave" | "on_leave" => Some(Self::Leave),
            "terminated" | "inactive" | "left" | "former" => Some(Self::Terminated),
            "pre_hire" | "pending" => Some(Self::PreHire),
            _ => None,
        }
    }
}

fn fold(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Numbers beyond the limits that were allowed; each must be exactly the plan's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Allowances {
    /// So many people leave.
    pub terminations: Option<usize>,
    /// So many people lose their manager.
    pub manager_clears: Option<usize>,
}
