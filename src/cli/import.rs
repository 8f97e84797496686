//! `skiplevel import people`: its arguments, and what is printed of a run.

mod json;
mod run;
mod text;

pub(super) use run::run;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::csv::{self, Column, Encoding, Reading};
use crate::domain::{
    Date,
    sync::{
        Allowances, Code, Dialect, LinkBy, Mode, OnError, OnTerminatedManager, OnUnknownManager, Plan, RowAction, Run,
        StatusWord, SyncIssue, SyncStatus, is_source,
    },
};

/// Reads people from a CSV file of an HR system. Plans only, unless told to apply.
#[derive(Args, Clone, Debug)]
pub struct ImportPeople {
    /// The file, or - for standard input
    pub file: String,
    /// The system the file comes from; its ids mean nothing to other sources
    #[arg(long, value_parser = source)]
    pub source: String,
    /// Write the plan to the database
    #[arg(long)]
    pub apply: bool,
    /// Apply only if the plan has this hash; having looked at it also lets it pass the limits
    #[arg(long, value_name = "HASH")]
    pub expect_plan: Option<String>,
    /// Let so many people leave, exactly
    #[arg(long, value_name = "N")]
    pub allow_terminations: Option<usize>,
    /// Let so many people lose their manager, exactly
    #[arg(long, value_name = "N")]
    pub allow_manager_clears: Option<usize>,
    /// Whether the file names everybody whom the source has
    #[arg(long, value_enum, default_value_t)]
    pub mode: ModeArg,
    /// What a row with an error does to the others
    #[arg(long, value_enum, default_value_t)]
    pub on_error: OnErrorArg,
    /// What a manager nobody knows does to a row
    #[arg(long, value_enum, default_value_t)]
    pub unknown_manager: UnknownManagerArg,
    /// What becomes of the reports of those who leave
    #[arg(long, value_enum, default_value_t)]
    pub terminated_manager: TerminatedManagerArg,
    /// Find people of other sources by what else is known of them
    #[arg(long, value_enum, value_name = "WHAT")]
    pub link_by: Option<LinkByArg>,
    /// The day for which the file speaks; today if none
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// How the bytes of the file are to be read
    #[arg(long, value_enum, default_value_t)]
    pub encoding: Encoding,
    /// What parts the cells: , or ; or tab; found in the header if none
    #[arg(long, value_parser = delimiter)]
    pub delimiter: Option<char>,
    /// Lets a header of the file mean a column, like "Their Header=title"
    #[arg(long = "map", value_name = "HEADER=COLUMN", value_parser = mapped_column)]
    pub columns: Vec<(String, Column)>,
    /// Lets a status word mean active, leave, terminated, `pre_hire` or skip (no person), like "vacancy=skip"
    #[arg(long = "map-status", value_name = "WORD=STATUS", value_parser = mapped_status)]
    pub statuses: Vec<(String, StatusWord)>,
    /// How dates are written, like %d/%m/%Y; YYYY-MM-DD if not said
    #[arg(long, value_name = "FORMAT", value_parser = date_format)]
    pub date_format: Option<String>,
    /// Write the rows that have errors, as they stand in the file, into this one
    #[arg(long, value_name = "FILE")]
    pub errors: Option<PathBuf>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Whether the file names everybody whom the source has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum ModeArg {
    /// People it does not name stay as they are
    #[default]
    Partial,
    /// People it does not name have left
    Full,
}

/// What a manager nobody knows does to a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum UnknownManagerArg {
    /// The row has an error
    #[default]
    Error,
    /// The person keeps the manager they have until the one named arrives
    Pending,
    /// The person keeps the manager they have
    Keep,
}

/// What becomes of the reports of those who leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum TerminatedManagerArg {
    /// They keep their line
    #[default]
    Keep,
    /// They report to the nearest manager above who has not left
    SkipLevel,
}

/// By what people of other sources are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum LinkByArg {
    /// Their e-mail address
    Email,
}

/// What a row with an error does to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum OnErrorArg {
    /// Nothing is written
    #[default]
    Abort,
    /// It is left out
    Skip,
}

/// How the answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// How the command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// All is well, also if there was nothing to do.
    Fine = 0,
    /// Rows have errors.
    RowErrors = 1,
    /// The file cannot be used.
    Unusable = 2,
    /// Somebody has to look first.
    Blocked = 3,
    /// The plan is not the expected one.
    PlanChanged = 4,
    /// The database cannot be reached, or refuses.
    Connection = 5,
    /// The arguments make no sense.
    Usage = 64,
}

/// Whether a plan has been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carried {
    /// It is in the database.
    Out,
    /// It was made only.
    Not,
}

impl ImportPeople {
    /// The run that the file's bytes ask for; fails with what makes the file unusable.
    pub fn run(&self, bytes: &[u8], today: Date) -> Result<Run, Vec<SyncIssue>> {
        let table = csv::read(bytes, &self.reading())?;
        let mut dialect = Dialect::default();
        dialect.date_format.clone_from(&self.date_format);
        for (word, meaning) in &self.statuses {
            dialect.map_status(word, *meaning);
        }
        Ok(Run {
            source: self.source.clone(),
            as_of: self.as_of.unwrap_or(today),
            rows: table.rows,
            on_error: match self.on_error {
                OnErrorArg::Abort => OnError::Abort,
                OnErrorArg::Skip => OnError::Skip,
            },
            dialect,
            mode: match self.mode {
                ModeArg::Partial => Mode::Partial,
                ModeArg::Full => Mode::Full,
            },
            unknown_manager: match self.unknown_manager {
                UnknownManagerArg::Error => OnUnknownManager::Error,
                UnknownManagerArg::Pending => OnUnknownManager::Pending,
                UnknownManagerArg::Keep => OnUnknownManager::Keep,
            },
            terminated_manager: match self.terminated_manager {
                TerminatedManagerArg::Keep => OnTerminatedManager::Keep,
                TerminatedManagerArg::SkipLevel => OnTerminatedManager::SkipLevel,
            },
            link_by: match self.link_by {
                None => LinkBy::None,
                Some(LinkByArg::Email) => LinkBy::Email,
            },
            allow: Allowances {
                terminations: self.allow_terminations,
                manager_clears: self.allow_manager_clears,
            },
            expected_plan_hash: self.expect_plan.clone(),
            issues: table.issues,
            ..Run::default()
        })
    }

    /// A file of the rows that have errors, as they stand in the one that was read.
    pub fn failed_rows(&self, bytes: &[u8], plan: &Plan) -> Result<String, Vec<SyncIssue>> {
        let failed = plan.rows.iter().filter(|row| row.action == RowAction::Failed);
        csv::extract(bytes, &self.reading(), &failed.map(|row| row.line).collect())
    }

    /// What to print of a plan.
    pub fn show(&self, plan: &Plan, carried: Carried) -> String {
        match self.format {
            Format::Text => text::plan(plan, carried),
            Format::Json => json::plan(plan, carried),
        }
    }

    fn reading(&self) -> Reading {
        Reading {
            encoding: self.encoding,
            delimiter: self.delimiter,
            columns: self.columns.clone(),
        }
    }

    /// What to print of a file that cannot be used.
    pub fn show_unusable(&self, issues: &[SyncIssue]) -> String {
        match self.format {
            Format::Text => text::unusable(issues),
            Format::Json => json::unusable(issues),
        }
    }
}

impl Exit {
    /// How the command ends that made, or carried out, `plan`.
    pub fn of(plan: &Plan) -> Self {
        let empty = plan.issues.iter().any(|issue| issue.code == Code::EmptySnapshot);
        let changed = plan.blocked.iter().any(|block| block.code == Code::PlanChanged);
        match plan.status {
            SyncStatus::Blocked if changed => Self::PlanChanged,
            SyncStatus::Blocked => Self::Blocked,
            _ if empty => Self::Unusable,
            _ if plan.counts.failed > 0 => Self::RowErrors,
            _ => Self::Fine,
        }
    }
}

fn source(text: &str) -> Result<String, String> {
    if !is_source(text) {
        return Err("a source is named by 1 to 64 letters, digits, dots, hyphens or underscores".to_owned());
    }
    Ok(text.to_owned())
}

fn delimiter(text: &str) -> Result<char, String> {
    match text {
        "," => Ok(','),
        ";" => Ok(';'),
        "tab" | "\t" => Ok('\t'),
        _ => Err("a delimiter is , or ; or tab".to_owned()),
    }
}

fn mapped_column(text: &str) -> Result<(String, Column), String> {
    let (header, name) = text.rsplit_once('=').ok_or("write it like \"Their Header=title\"")?;
    let column = Column::named(name).ok_or_else(|| format!("there is no column {name}"))?;
    Ok((header.to_owned(), column))
}

fn mapped_status(text: &str) -> Result<(String, StatusWord), String> {
    let (word, status) = text.rsplit_once('=').ok_or("write it like \"vacancy=skip\"")?;
    let meaning = match status {
        "active" => StatusWord::Active,
        "leave" => StatusWord::Leave,
        "terminated" => StatusWord::Terminated,
        "pre_hire" => StatusWord::PreHire,
        "skip" => StatusWord::Vacancy,
        _ => return Err(format!("{status} is none of active, leave, terminated, pre_hire, skip")),
    };
    Ok((word.to_owned(), meaning))
}

fn date_format(text: &str) -> Result<String, String> {
    use chrono::format::{Item, StrftimeItems};
    if StrftimeItems::new(text).any(|item| matches!(item, Item::Error)) {
        return Err("write it like %d/%m/%Y".to_owned());
    }
    Ok(text.to_owned())
}

/// The status of a plan that has, or has not, been carried out.
fn status(plan: &Plan, carried: Carried) -> SyncStatus {
    match carried {
        Carried::Out => plan.applied_status(),
        Carried::Not => plan.status,
    }
}

#[cfg(test)]
mod tests;
