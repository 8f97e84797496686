//! Columns: which header means which field.

use super::records::Record;
use crate::domain::sync::{Code, Field, Row, SyncIssue};

/// A column of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// `external_id`, without which there is no row.
    ExternalId,
    /// `previous_external_id`.
    PreviousExternalId,
    /// `name`.
    Name,
    /// `email`.
    Email,
    /// `title`.
    Title,
    /// `department`.
    Department,
    /// `location`.
    Location,
    /// `manager_external_id`.
    ManagerExternalId,
    /// `manager_email`.
    ManagerEmail,
    /// `start_date`.
    StartDate,
    /// `end_date`.
    EndDate,
    /// `status`.
    Status,
    /// `effective_date`.
    EffectiveDate,
}

impl Column {
    /// The column that a header means by our own names or those that HR systems commonly use.
    pub fn named(header: &str) -> Option<Self> {
        Some(match fold(header).as_str() {
            "external_id" | "employee_id" | "employee_number" | "id" => Self::ExternalId,
            "previous_external_id" => Self::PreviousExternalId,
            "name" | "full_name" | "display_name" => Self::Name,
            "email" | "e_mail" | "e_mail_address" | "work_email" => Self::Email,
            "title" | "job_title" | "position" => Self::Title,
            "department" => Self::Department,
            "location" => Self::Location,
            "manager_external_id" | "supervisor_id" | "manager_id" | "reports_to" | "supervisor_eid" => {
                Self::ManagerExternalId
            }
            "manager_email" | "supervisor_email" => Self::ManagerEmail,
            "start_date" | "hire_date" => Self::StartDate,
            "end_date" | "termination_date" | "last_day" => Self::EndDate,
            "status" | "employment_status" => Self::Status,
            "effective_date" => Self::EffectiveDate,
            _ => return None,
        })
    }

    /// Its name in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::PreviousExternalId => "previous_external_id",
            Self::Name => "name",
            Self::Email => "email",
            Self::Title => "title",
            Self::Department => "department",
            Self::Location => "location",
            Self::ManagerExternalId => "manager_external_id",
            Self::ManagerEmail => "manager_email",
            Self::StartDate => "start_date",
            Self::EndDate => "end_date",
            Self::Status => "status",
            Self::EffectiveDate => "effective_date",
        }
    }
}

/// The first record of a file, understood.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// What each cell of a row means; none for a column that nobody asked for.
    pub(super) columns: Vec<Option<Column>>,
    /// Columns that nobody asked for.
    pub(super) warnings: Vec<SyncIssue>,
}

impl Header {
    /// Reads a header; `mapped` headers mean what was said of them, the others what they are called.
    pub(super) fn read(record: &Record, mapped: &[(String, Column)]) -> Result<Self, Vec<SyncIssue>> {
        let meaning = |header: &String| {
            let own = mapped.iter().find(|(name, _)| fold(name) == fold(header));
            own.map(|(_, column)| *column).or_else(|| Column::named(header))
        };
        let columns: Vec<Option<Column>> = record.cells.iter().map(meaning).collect();
        let mut errors = twice(&columns, record);
        let seen = || {
            record
                .cells
                .iter()
                .map(|header| header.trim())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let missing = |name: &str| {
            let message = format!("there is no column {name}; the file has: {}", seen());
            SyncIssue::error(Code::MissingColumn, message)
                .value(name)
                .line(record.line)
        };
        let absent = mapped
            .iter()
            .filter(|(name, _)| !record.cells.iter().any(|header| fold(header) == fold(name)));
        errors.extend(absent.map(|(name, _)| missing(name)));
        if !columns.contains(&Some(Column::ExternalId)) {
            errors.push(missing(Column::ExternalId.as_str()));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let unknown = record
            .cells
            .iter()
            .zip(&columns)
            .filter(|(header, column)| column.is_none() && !header.trim().is_empty());
        let warning = |(header, _): (&String, _)| {
            let message = "nobody asked for this column; its values are not kept";
            SyncIssue::warning(Code::UnknownColumn, message)
                .value(header.trim())
                .line(record.line)
        };
        let warnings = unknown.map(warning).collect();
        Ok(Self { columns, warnings })
    }
}

impl Column {
    /// Its field in a row; the id is none, for it is never absent.
    pub(super) fn field(self, row: &mut Row) -> Option<&mut Field> {
        Some(match self {
            Self::ExternalId => return None,
            Self::PreviousExternalId => &mut row.previous_external_id,
            Self::Name => &mut row.name,
            Self::Email => &mut row.email,
            Self::Title => &mut row.title,
            Self::Department => &mut row.department,
            Self::Location => &mut row.location,
            Self::ManagerExternalId => &mut row.manager_external_id,
            Self::ManagerEmail => &mut row.manager_email,
            Self::StartDate => &mut row.start_date,
            Self::EndDate => &mut row.end_date,
            Self::Status => &mut row.status,
            Self::EffectiveDate => &mut row.effective_date,
        })
    }
}

fn twice(columns: &[Option<Column>], record: &Record) -> Vec<SyncIssue> {
    let mut errors = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let Some(known) = column.filter(|_| columns[..at].contains(column)) else {
            continue;
        };
        let message = format!("two columns mean {}; one of them has to go", known.as_str());
        let header = record.cells[at].trim();
        errors.push(
            SyncIssue::error(Code::DuplicateColumn, message)
                .field(known.as_str())
                .value(header)
                .line(record.line),
        );
    }
    errors
}

/// Upper and lower case, blanks and hyphens do not matter in a header.
fn fold(header: &str) -> String {
    header.trim().to_lowercase().replace([' ', '-'], "_")
}
