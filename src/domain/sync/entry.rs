//! A row, read: texts cleaned, dates and status understood, and whatever cannot be understood reported.

use super::{
    issue::{Code, SyncIssue},
    roster::ManagerReference,
    run::{Dialect, Field, Row, StatusWord},
    text::{Texts, is_email},
};
use crate::domain::Date;

/// What a row says, understood. Fields in error are absent; the row fails by its findings.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) line: u64,
    pub(super) external_id: Option<String>,
    pub(super) previous_id: Option<String>,
    pub(super) name: Field,
    pub(super) email: Field,
    pub(super) title: Field,
    pub(super) department: Field,
    pub(super) location: Field,
    pub(super) manager_id: Field,
    pub(super) manager_email: Field,
    pub(super) start: Option<Date>,
    pub(super) end: Field<Date>,
    pub(super) status: Option<StatusWord>,
    pub(super) effective: Option<Date>,
    pub(super) issues: Vec<SyncIssue>,
}

impl Entry {
    /// Reads a row.
    pub(super) fn read(row: &Row, dialect: &Dialect) -> Self {
        let mut issues = row.issues.clone();
        // A row whose cells may have slipped into other columns is good for its id alone.
        let unreadable = issues.iter().any(SyncIssue::is_error);
        let blank = Row::default();
        let cells = if unreadable { &blank } else { row };

        let mut texts = Texts { issues: &mut issues };
        let external_id = texts
            .prose("externalId", &Field::Given(row.external_id.clone()))
            .given()
            .cloned();
        let previous_id = texts
            .plain("previousExternalId", &cells.previous_external_id)
            .given()
            .cloned();
        let name = texts.prose("name", &cells.name);
        let email = texts.plain("email", &cells.email);
        let title = texts.prose("title", &cells.title);
        let department = texts.prose("department", &cells.department);
        let location = texts.prose("location", &cells.location);
        let manager_id = texts.plain("managerExternalId", &cells.manager_external_id);
        let manager_email = texts.plain("managerEmail", &cells.manager_email);
        let start = texts.date("startDate", &cells.start_date, dialect).given().copied();
        let end = texts.date("endDate", &cells.end_date, dialect);
        let effective = texts
            .date("effectiveDate", &cells.effective_date, dialect)
            .given()
            .copied();
        let status = texts.status(&cells.status, dialect);
        let email = texts.email(email);

        let mut entry = Self {
            line: row.line,
            external_id,
            previous_id,
            name,
            email,
            title,
            department,
            location,
            manager_id,
            manager_email,
            start,
            end,
            status,
            effective,
            issues,
        };
        entry.require_what_identifies();
        entry
    }

    /// A row that nobody sent: the person has left on `day`.
    pub(super) fn leaver(external_id: String, day: Date) -> Self {
        Self {
            end: Field::Given(day),
            status: Some(StatusWord::Terminated),
            ..Self::silent(external_id)
        }
    }

    /// A row that nobody sent and that says nothing: what others say may change something about the person.
    pub(super) fn silent(external_id: String) -> Self {
        Self {
            line: 0,
            external_id: Some(external_id),
            previous_id: None,
            name: Field::Absent,
            email: Field::Absent,
            title: Field::Absent,
            department: Field::Absent,
            location: Field::Absent,
            manager_id: Field::Absent,
            manager_email: Field::Absent,
            start: None,
            end: Field::Absent,
            status: None,
            effective: None,
            issues: Vec::new(),
        }
    }

    /// Whether somebody sent the row.
    pub(super) fn was_sent(&self) -> bool {
        self.line > 0
    }

    /// Whether the row has an error of its own.
    pub(super) fn is_failed(&self) -> bool {
        self.issues.iter().any(SyncIssue::is_error)
    }

    /// Whether the row says that somebody has left by the end of `as_of`.
    pub(super) fn is_exit(&self, as_of: Date) -> bool {
        matches!(self.status, Some(StatusWord::Terminated | StatusWord::Vacancy))
            || self.end.given().is_some_and(|end| *end <= as_of)
    }

    /// Whether the row says anything of a manager, if only that there is none.
    pub(super) fn tells_manager(&self) -> bool {
        self.manager_id != Field::Absent || self.manager_email != Field::Absent
    }

    /// What the row names the manager by; the id comes first.
    pub(super) fn manager_reference(&self) -> Option<ManagerReference> {
        let id = self.manager_id.given().cloned().map(ManagerReference::ExternalId);
        id.or_else(|| self.manager_email.given().cloned().map(ManagerReference::Email))
    }

    /// Whether the row is an unfilled post.
    pub(super) fn is_vacancy(&self) -> bool {
        self.status == Some(StatusWord::Vacancy)
    }

    fn require_what_identifies(&mut self) {
        let missing = |field: &'static str, what: &str| {
            SyncIssue::error(Code::RequiredField, format!("{field} is blank; {what}")).field(field)
        };
        // Where the id could not be read, that has been said already.
        if self.external_id.is_none() && !self.is_failed() {
            self.issues
                .push(missing("externalId", "every row needs the person's id at the source"));
        }
        // The name of an unfilled post is nobody's.
        if self.name == Field::Cleared && !self.is_vacancy() {
            self.issues.push(missing("name", "every person has one"));
        }
    }
}

impl Texts<'_> {
    fn date(&mut self, field: &'static str, raw: &Field, dialect: &Dialect) -> Field<Date> {
        let text = match self.plain(field, raw) {
            Field::Absent => return Field::Absent,
            Field::Cleared => return Field::Cleared,
            Field::Given(text) => text,
        };
        if let Some(date) = dialect.date(&text) {
            return Field::Given(date);
        }
        let format = dialect.date_format.as_deref().unwrap_or("YYYY-MM-DD");
        let message = format!("{field} is not a date from 1900 to 2999 written as {format}");
        self.issues
            .push(SyncIssue::error(Code::InvalidDate, message).field(field).value(text));
        Field::Absent
    }

    fn status(&mut self, raw: &Field, dialect: &Dialect) -> Option<StatusWord> {
        let Field::Given(word) = self.plain("status", raw) else {
            return None;
        };
        let meaning = dialect.status(&word);
        if meaning.is_none() {
            let message = "status is none of active, leave, terminated, pre_hire, and no mapping was given for it";
            self.issues.push(
                SyncIssue::error(Code::InvalidStatus, message)
                    .field("status")
                    .value(word),
            );
        }
        meaning
    }

    fn email(&mut self, email: Field) -> Field {
        match email {
            Field::Given(text) if !is_email(&text) => {
                let issue = SyncIssue::error(Code::InvalidEmail, "email is not an e-mail address");
                self.issues.push(issue.field("email").value(text));
                Field::Absent
            }
            other => other,
        }
    }
}
