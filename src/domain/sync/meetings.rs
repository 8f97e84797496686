//! 1:1s as a calendar or another tool tells of them. They are evidence: what a calendar says took place is HELD. What one
//! of the two has said themselves stands, whatever a calendar says.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    import::{Directory, ImportAction, ImportedRow, Judged, PersonReference, judge_ids},
    issue::{Code, SyncIssue},
};
use crate::domain::{
    Date,
    meeting::{Evidence, MeetingStatus},
    person::PersonKey,
};

/// How far ahead a meeting may lie.
const AHEAD: TimeDelta = TimeDelta::days(366);

/// One 1:1 as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeetingRow {
    /// The number of the row, counted from 1.
    pub line: u64,
    /// Its id at the source.
    pub external_id: String,
    /// The two; of peers the one who arranged it comes first.
    pub participants: Vec<PersonReference>,
    /// When it begins, or began.
    pub starts_at: DateTime<Utc>,
    /// How long it is, in minutes.
    pub minutes: i32,
    /// How far it is.
    pub told: ToldMeeting,
}

/// How far a source says that a meeting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ToldMeeting {
    /// It is agreed.
    Scheduled,
    /// It took place.
    Held,
    /// It was called off.
    Cancelled,
}

/// A row that was read: of whom it speaks and of which day.
#[derive(Debug)]
pub struct ReadMeeting {
    judged: Judged,
    /// Of whom it speaks; none if it has an error, or is not used.
    pub pair: Option<(PersonKey, PersonKey)>,
    /// The day in the organisation's time zone.
    pub day: Date,
}

impl ReadMeeting {
    /// Its id at the source.
    pub fn external_id(&self) -> Option<&str> {
        self.judged.row.external_id.as_deref()
    }
}

/// A meeting that is here already, as far as a row can change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMeeting {
    /// Its id.
    pub id: Uuid,
    /// The two, in any order.
    pub pair: (PersonKey, PersonKey),
    /// What time has made of it.
    pub status: MeetingStatus,
    /// Why it counts as held.
    pub evidence: Option<Evidence>,
    /// From when to when.
    pub times: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Whether the source knows it by this row's id.
    pub known_by: KnownBy,
}

/// How a row found a meeting that is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// By its id at the source.
    Id,
    /// Because the same two meet on the same day.
    Day,
}

/// What a row makes of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeetingChange {
    /// A new one.
    Add(MeetingState),
    /// Another state of one that is here.
    Change(Uuid, MeetingState),
    /// Nothing but the id by which the source knows it.
    Link(Uuid),
}

/// How a meeting is after a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeetingState {
    /// SCHEDULED, HELD or CANCELLED.
    pub status: MeetingStatus,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Its day in the organisation's time zone.
    pub day: Date,
}

/// Reads rows: whom they speak of, and whether what they say can be.
pub fn read_meetings(
    directory: &Directory,
    rows: &[MeetingRow],
    now: DateTime<Utc>,
    day_of: impl Fn(DateTime<Utc>) -> Date,
) -> Vec<ReadMeeting> {
    let same =
        |a: &MeetingRow, b: &MeetingRow| MeetingRow { line: 0, ..a.clone() } == MeetingRow { line: 0, ..b.clone() };
    let ids = judge_ids(rows, |row| (&row.external_id, row.line), same);
    let read = |(judged, row): (Judged, &MeetingRow)| {
        let day = day_of(row.starts_at);
        if !judged.used {
            let pair = None;
            return ReadMeeting { judged, pair, day };
        }
        match pair(directory, row, now) {
            Ok(pair) => ReadMeeting {
                judged,
                pair: Some(pair),
                day,
            },
            Err(issue) => {
                let row = judged.refuse(issue);
                let judged = Judged { row, used: false };
                ReadMeeting {
                    judged,
                    pair: None,
                    day,
                }
            }
        }
    };
    ids.into_iter().zip(rows).map(read).collect()
}

/// What a row that was read makes of the meeting that is here, or of none.
pub fn judge_meeting(
    read: ReadMeeting,
    row: &MeetingRow,
    known: Option<&KnownMeeting>,
) -> (ImportedRow, Option<MeetingChange>) {
    let ReadMeeting { mut judged, pair, day } = read;
    let Some(pair) = pair else {
        return (judged.row, None);
    };
    let wanted = MeetingState {
        status: match row.told {
            ToldMeeting::Scheduled => MeetingStatus::Scheduled,
            ToldMeeting::Held => MeetingStatus::Held,
            ToldMeeting::Cancelled => MeetingStatus::Cancelled,
        },
        starts_at: row.starts_at,
        ends_at: row.starts_at + TimeDelta::minutes(row.minutes.into()),
        day,
    };
    let Some(known) = known else {
        return match row.told {
            ToldMeeting::Cancelled => (judged.end(ImportAction::Skipped), None),
            _ => (judged.end(ImportAction::Created), Some(MeetingChange::Add(wanted))),
        };
    };
    if known.pair != pair && known.pair != (pair.1, pair.0) {
        let message = "this meeting is between two others; a meeting keeps its people, another one needs another id";
        let issue = SyncIssue::error(Code::PeopleChanged, message).field("participants");
        return (judged.fail(issue), None);
    }
    let linked = known.known_by == KnownBy::Day;
    if !may_change(known, row.told) {
        if known.status != wanted.status {
            let message = "what the two have said of this meeting stands";
            judged.warn(SyncIssue::warning(Code::StatusStands, message).field("status"));
        }
        return if linked {
            (judged.end(ImportAction::Linked), Some(MeetingChange::Link(known.id)))
        } else {
            (judged.end(ImportAction::Unchanged), None)
        };
    }
    let stands = known.status == wanted.status && known.times == Some((wanted.starts_at, wanted.ends_at));
    match (linked, stands) {
        (true, true) => (judged.end(ImportAction::Linked), Some(MeetingChange::Link(known.id))),
        (false, true) => (judged.end(ImportAction::Unchanged), None),
        (_, false) => {
            let action = match (linked, row.told) {
                (_, ToldMeeting::Cancelled) => ImportAction::Removed,
                (true, _) => ImportAction::Linked,
                (false, _) => ImportAction::Updated,
            };
            (judged.end(action), Some(MeetingChange::Change(known.id, wanted)))
        }
    }
}

/// Adds a warning to a row that was judged.
pub fn warn(row: &mut ImportedRow, issue: SyncIssue) {
    row.issues.push(issue.line(row.line));
}

/// Lets a row fail that was judged.
pub fn fail(row: &mut ImportedRow, issue: SyncIssue) {
    warn(row, issue);
    row.action = ImportAction::Failed;
}

/// Whether a source may say so of a meeting that is here: what it has said itself, and what nobody has answered yet.
fn may_change(known: &KnownMeeting, told: ToldMeeting) -> bool {
    match (known.status, known.evidence) {
        (MeetingStatus::Held, Some(Evidence::Import)) | (MeetingStatus::Unconfirmed, _) => {
            told != ToldMeeting::Scheduled
        }
        (MeetingStatus::Held | MeetingStatus::Declined, _) => false,
        (MeetingStatus::Cancelled, _) => told == ToldMeeting::Held && known.known_by == KnownBy::Id,
        (MeetingStatus::Scheduled, _) => true,
    }
}

fn pair(directory: &Directory, row: &MeetingRow, now: DateTime<Utc>) -> Result<(PersonKey, PersonKey), SyncIssue> {
    let about = |issue: SyncIssue| issue.field("participants");
    let [first, second] = row.participants.as_slice() else {
        let message = format!(
            "a 1:1 is between two people, this is between {}",
            row.participants.len()
        );
        return Err(about(SyncIssue::error(Code::NotAPair, message)));
    };
    let pair = (
        directory.find(first).map_err(about)?,
        directory.find(second).map_err(about)?,
    );
    if pair.0 == pair.1 {
        let message = "a 1:1 is between two people, both participants are the same one";
        return Err(about(SyncIssue::error(Code::NotAPair, message)));
    }
    if !(5..=480).contains(&row.minutes) {
        let message = "durationMinutes should be between 5 and 480";
        return Err(SyncIssue::error(Code::InvalidDate, message).field("durationMinutes"));
    }
    if row.told == ToldMeeting::Held && row.starts_at > now {
        let message = "a meeting counts once it took place, and this one lies in the future";
        return Err(SyncIssue::error(Code::InvalidDate, message).field("startsAt"));
    }
    if row.starts_at > now + AHEAD {
        let message = "startsAt lies more than a year ahead";
        return Err(SyncIssue::error(Code::InvalidDate, message).field("startsAt"));
    }
    Ok(pair)
}
