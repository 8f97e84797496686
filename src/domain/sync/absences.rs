//! Leave, as a time-off system tells of it. The people's own import knows no more of leave than a status word; what is
//! told here stands beside it and is not touched by it.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::{
    import::{Directory, Import, ImportAction, ImportedRow, Judged, PersonReference, judge_ids},
    issue::{Code, SyncIssue},
    run::OnError,
};
use crate::domain::{
    Date,
    person::{Absence, PersonKey},
};

/// One absence as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AbsenceRow {
    /// The number of the row, counted from 1.
    pub line: u64,
    /// Its id at the source.
    pub external_id: String,
    /// What the source says of it.
    pub told: ToldAbsence,
}

/// What a source says of an absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ToldAbsence {
    /// Somebody is absent.
    Absent {
        /// Who.
        person: PersonReference,
        /// The first absent day.
        start: Date,
        /// The last one; none until further notice.
        end: Option<Date>,
    },
    /// It is taken back.
    Cancelled,
    /// Neither, because the person or the first day is not given.
    Unsaid,
}

/// An absence of the source that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredAbsence {
    /// The row's id.
    pub id: Uuid,
    /// Whose.
    pub person: PersonKey,
    /// From when to when.
    pub absence: Absence,
}

/// What has to be written for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbsenceWrite {
    /// A new one.
    Add {
        /// Its id at the source.
        external_id: String,
        /// Whose.
        person: PersonKey,
        /// From when to when.
        absence: Absence,
    },
    /// Another person or other days.
    Change(StoredAbsence),
    /// It goes.
    Remove(Uuid),
}

/// What absences of a source amount to, given those of it that are `stored` by their ids there.
pub fn plan_absences(
    directory: &Directory,
    stored: &BTreeMap<String, StoredAbsence>,
    rows: &[AbsenceRow],
    on_error: OnError,
) -> Import<AbsenceWrite> {
    let ids = judge_ids(rows, |row| (&row.external_id, row.line), |a, b| a.told == b.told);
    let judged = ids.into_iter().zip(rows);
    let judged = judged.map(|(judged, row)| judge(directory, stored, judged, row));
    Import::of(on_error, judged.collect())
}

fn judge(
    directory: &Directory,
    stored: &BTreeMap<String, StoredAbsence>,
    judged: Judged,
    row: &AbsenceRow,
) -> (ImportedRow, Option<AbsenceWrite>) {
    let (true, Some(external_id)) = (judged.used, judged.row.external_id.clone()) else {
        return (judged.row, None);
    };
    let known = stored.get(&external_id);
    let (person, start, end) = match &row.told {
        ToldAbsence::Cancelled => {
            return match known {
                Some(known) => (judged.end(ImportAction::Removed), Some(AbsenceWrite::Remove(known.id))),
                None => (judged.end(ImportAction::Skipped), None),
            };
        }
        ToldAbsence::Unsaid => {
            let message = "person and startDate are needed, unless the absence is cancelled";
            return (judged.fail(SyncIssue::error(Code::RequiredField, message)), None);
        }
        ToldAbsence::Absent { person, start, end } => (person, *start, *end),
    };
    let person = match directory.find(person) {
        Ok(person) => person,
        Err(issue) => return (judged.refuse(issue.field("person")), None),
    };
    if let Some(end) = end.filter(|end| *end < start) {
        let message = format!("the last absent day {end} is before the first one {start}");
        let issue = SyncIssue::error(Code::EndBeforeStart, message).field("endDate");
        return (judged.fail(issue.value(end.to_string())), None);
    }
    let absence = Absence { start, end };
    match known {
        None => {
            let write = AbsenceWrite::Add {
                external_id,
                person,
                absence,
            };
            (judged.end(ImportAction::Created), Some(write))
        }
        Some(known) if (known.person, known.absence) == (person, absence) => {
            (judged.end(ImportAction::Unchanged), None)
        }
        Some(known) => {
            let id = known.id;
            let change = StoredAbsence { id, person, absence };
            (judged.end(ImportAction::Updated), Some(AbsenceWrite::Change(change)))
        }
    }
}
