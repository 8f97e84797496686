//! What happened, for those who follow the organisation from outside: what was compared with what is.
//!
//! Events tell what holds by now. What is planned for a day to come is told when that day comes; so whoever starts from
//! a full read and follows the events has the status and the manager of everybody as they are today.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Date,
    line::SolidLine,
    person::{Absence, PersonKey, PersonStatus, Spell},
    sync::{FieldChange, PersonRecord},
};

/// The name of the field of a change of manager. Its values are keys of people: what to call them depends on who reads.
pub const MANAGER: &str = "managerExternalId";

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChangeType {
    /// Somebody new.
    #[serde(rename = "person.created")]
    PersonCreated,
    /// Fields, dates or leave of somebody known.
    #[serde(rename = "person.updated")]
    PersonUpdated,
    /// Somebody has left.
    #[serde(rename = "person.terminated")]
    PersonTerminated,
    /// Somebody is back.
    #[serde(rename = "person.rehired")]
    PersonRehired,
    /// Somebody who had left is known by a pseudonym alone: whoever copied them is to erase them, too.
    #[serde(rename = "person.erased")]
    PersonErased,
    /// A reporting line holds from now on.
    #[serde(rename = "reporting_line.started")]
    LineStarted,
    /// A reporting line holds no longer.
    #[serde(rename = "reporting_line.ended")]
    LineEnded,
    /// To whom somebody reported in the past is known better now.
    #[serde(rename = "reporting_line.corrected")]
    LineCorrected,
    /// A source knows somebody by an id it did not have for them.
    #[serde(rename = "identity.linked")]
    IdentityLinked,
    /// A meeting will not take place.
    #[serde(rename = "meeting.cancelled")]
    MeetingCancelled,
    /// An import wrote something.
    #[serde(rename = "sync.applied")]
    SyncApplied,
    /// An import was held up until somebody looks.
    #[serde(rename = "sync.blocked")]
    SyncBlocked,
    /// Messages to a webhook are given up.
    #[serde(rename = "webhook.disabled")]
    WebhookDisabled,
}

impl ChangeType {
    /// Every kind, in the order of their documentation.
    pub const ALL: [Self; 13] = [
        Self::PersonCreated,
        Self::PersonUpdated,
        Self::PersonTerminated,
        Self::PersonRehired,
        Self::PersonErased,
        Self::LineStarted,
        Self::LineEnded,
        Self::LineCorrected,
        Self::IdentityLinked,
        Self::MeetingCancelled,
        Self::SyncApplied,
        Self::SyncBlocked,
        Self::WebhookDisabled,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PersonCreated => "person.created",
            Self::PersonUpdated => "person.updated",
            Self::PersonTerminated => "person.terminated",
            Self::PersonRehired => "person.rehired",
            Self::PersonErased => "person.erased",
            Self::LineStarted => "reporting_line.started",
            Self::LineEnded => "reporting_line.ended",
            Self::LineCorrected => "reporting_line.corrected",
            Self::IdentityLinked => "identity.linked",
            Self::MeetingCancelled => "meeting.cancelled",
            Self::SyncApplied => "sync.applied",
            Self::SyncBlocked => "sync.blocked",
            Self::WebhookDisabled => "webhook.disabled",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What.
    pub kind: ChangeType,
    /// To whom; of a meeting its leader.
    pub person: Option<PersonKey>,
    /// The manager of a line, the counterpart of a meeting.
    pub related: Option<PersonKey>,
    /// What is different.
    pub fields: Vec<FieldChange>,
    /// The meeting that was cancelled.
    pub meeting: Option<Uuid>,
    /// The webhook that was disabled.
    pub webhook: Option<Uuid>,
}

impl Change {
    /// Something that happened to nobody in particular.
    pub fn of(kind: ChangeType) -> Self {
        Self {
            kind,
            person: None,
            related: None,
            fields: Vec::new(),
            meeting: None,
            webhook: None,
        }
    }

    /// Something that happened to `person`.
    pub fn to(person: PersonKey, kind: ChangeType, fields: Vec<FieldChange>) -> Self {
        Self {
            person: Some(person),
            fields,
            ..Self::of(kind)
        }
    }
}

/// The dates of somebody, in any order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Life<'a> {
    /// Spells of employment.
    pub spells: &'a [Spell],
    /// Leave.
    pub absences: &'a [Absence],
    /// SOLID lines to their managers.
    pub lines: &'a [SolidLine],
}

/// What was written about somebody.
#[derive(Clone, Debug)]
pub struct Edit<'a> {
    /// Who.
    pub person: PersonKey,
    /// Their dates before; none for somebody new.
    pub before: Option<Life<'a>>,
    /// Their dates now.
    pub after: Life<'a>,
    /// What became of the fields of their record.
    pub fields: Vec<FieldChange>,
    /// The day of today.
    pub today: Date,
}

/// What a write means, the person first and their line after them. Nothing where nothing holds that did not before.
pub fn edited(edit: Edit<'_>) -> Vec<Change> {
    let Edit {
        person,
        before,
        after,
        mut fields,
        today,
    } = edit;
    let was = before.unwrap_or_default();
    let (old, new) = (was.newest_spell(), after.newest_spell());
    let start = |spell: Option<Spell>| spell.map(|spell| spell.start.to_string());
    let end = |spell: Option<Spell>| Some(spell?.end?.to_string());
    push(&mut fields, "startDate", (start(old), start(new)), None);
    push(&mut fields, "endDate", (end(old), end(new)), None);
    let status = (before.map(|life| life.status(today)), after.status(today));
    let kind = status_change(status.0, status.1);
    push(
        &mut fields,
        "status",
        (status.0.map(status_word), Some(status_word(status.1))),
        Some(today),
    );
    let mut changes = Vec::new();
    if !fields.is_empty() {
        changes.push(Change::to(person, kind, fields));
    }
    let lines = line_changes(person, (was, today), (after, today));
    let told_from = lines.iter().flat_map(|change| &change.fields);
    let told_from = told_from.filter_map(|field| field.effective_date).min();
    let corrected = corrected(was, after, told_from.map_or(today, |day| day.min(today)));
    changes.extend(lines);
    if !corrected.is_empty() {
        changes.push(Change {
            related: after.line(today).map(|line| line.manager),
            ..Change::to(person, ChangeType::LineCorrected, corrected)
        });
    }
    changes
}

/// What the days after `from` up to `to` brought to somebody, day by day; when the calendar goes back, at once.
pub fn passed(person: PersonKey, life: Life<'_>, from: Date, to: Date) -> Vec<Change> {
    let mut days: Vec<Date> = life.boundaries().filter(|day| from < *day && *day <= to).collect();
    days.sort_unstable();
    days.dedup();
    if to < from {
        days.push(to);
    }
    let mut changes = Vec::new();
    let mut last = from;
    for day in days {
        let (old, new) = (life.status(last), life.status(day));
        if old != new {
            let mut fields = Vec::new();
            push(
                &mut fields,
                "status",
                (Some(status_word(old)), Some(status_word(new))),
                Some(day),
            );
            changes.push(Change::to(person, status_change(Some(old), new), fields));
        }
        changes.extend(line_changes(person, (life, last), (life, day)));
        last = day;
    }
    changes
}

/// What is different about the columns of a person; of somebody new, all of them.
pub fn record_changes(before: Option<&PersonRecord>, after: &PersonRecord) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    let column = |value: fn(&PersonRecord) -> Option<&String>| (before.and_then(value).cloned(), value(after).cloned());
    push(&mut fields, "name", column(|record| Some(&record.name)), None);
    push(&mut fields, "email", column(|record| record.email.as_ref()), None);
    push(&mut fields, "title", column(|record| record.title.as_ref()), None);
    push(
        &mut fields,
        "department",
        column(|record| record.department.as_ref()),
        None,
    );
    push(&mut fields, "location", column(|record| record.location.as_ref()), None);
    fields
}

/// That a source knows somebody as `now`, and for a new id what it was.
pub fn linked(person: PersonKey, former: Option<String>, now: String) -> Change {
    let mut fields = Vec::new();
    push(&mut fields, "externalId", (former, Some(now)), None);
    Change::to(person, ChangeType::IdentityLinked, fields)
}

impl Life<'_> {
    fn status(&self, day: Date) -> PersonStatus {
        PersonStatus::on(day, self.spells, self.absences)
    }

    fn line(&self, day: Date) -> Option<SolidLine> {
        self.lines.iter().find(|line| line.covers(day)).copied()
    }

    fn newest_spell(&self) -> Option<Spell> {
        self.spells.iter().max_by_key(|spell| spell.start).copied()
    }

    /// The days on which something about this life may change.
    fn boundaries(&self) -> impl Iterator<Item = Date> {
        let after = |end: Option<Date>| end.and_then(|end| end.succ_opt());
        let spells = self
            .spells
            .iter()
            .flat_map(move |spell| [Some(spell.start), after(spell.end)]);
        let absences = self
            .absences
            .iter()
            .flat_map(move |absence| [Some(absence.start), after(absence.end)]);
        let lines = self
            .lines
            .iter()
            .flat_map(|line| [Some(line.valid_from), line.valid_to]);
        spells.chain(absences).chain(lines).flatten()
    }
}

fn status_change(before: Option<PersonStatus>, after: PersonStatus) -> ChangeType {
    match (before, after) {
        (None, _) => ChangeType::PersonCreated,
        (Some(before), PersonStatus::Terminated) if before != after => ChangeType::PersonTerminated,
        (Some(PersonStatus::Terminated), after) if after.is_present() => ChangeType::PersonRehired,
        (Some(_), _) => ChangeType::PersonUpdated,
    }
}

/// The line that ended and the line that started between two days, or two versions of a life.
fn line_changes(person: PersonKey, before: (Life<'_>, Date), after: (Life<'_>, Date)) -> Vec<Change> {
    let (old, new) = (before.0.line(before.1), after.0.line(after.1));
    if old.map(|line| line.manager) == new.map(|line| line.manager) {
        return Vec::new();
    }
    let ended = old.map(|old| {
        let same = |line: &&SolidLine| line.manager == old.manager && line.valid_from == old.valid_from;
        let left = after.0.lines.iter().find(same);
        let day = left.and_then(|line| line.valid_to).unwrap_or(old.valid_from);
        (ChangeType::LineEnded, old, (Some(old.manager), None), day)
    });
    let started = new.map(|new| (ChangeType::LineStarted, new, (None, Some(new.manager)), new.valid_from));
    let changes = ended
        .into_iter()
        .chain(started)
        .map(|(kind, line, managers, day)| Change {
            related: Some(line.manager),
            ..Change::to(person, kind, vec![manager_field(managers, day)])
        });
    changes.collect()
}

/// Where the managers of two versions of a life differ before `until`.
fn corrected(before: Life<'_>, after: Life<'_>, until: Date) -> Vec<FieldChange> {
    let lines = before.lines.iter().chain(after.lines);
    let mut days: Vec<Date> = lines
        .flat_map(|line| [Some(line.valid_from), line.valid_to])
        .flatten()
        .filter(|day| *day < until)
        .collect();
    days.sort_unstable();
    days.dedup();
    let manager = |life: Life<'_>, day| life.line(day).map(|line| line.manager);
    let on = |day: Date| ((manager(before, day), manager(after, day)), day);
    let differing = days.into_iter().map(on).filter(|((old, new), _)| old != new);
    differing.map(|(managers, day)| manager_field(managers, day)).collect()
}

fn manager_field((before, after): (Option<PersonKey>, Option<PersonKey>), day: Date) -> FieldChange {
    FieldChange {
        field: Cow::Borrowed(MANAGER),
        before: before.map(|key| key.to_string()),
        after: after.map(|key| key.to_string()),
        effective_date: Some(day),
    }
}

fn status_word(status: PersonStatus) -> String {
    status.as_str().to_owned()
}

fn push(
    fields: &mut Vec<FieldChange>,
    field: &'static str,
    (before, after): (Option<String>, Option<String>),
    effective_date: Option<Date>,
) {
    if before != after {
        fields.push(FieldChange {
            field: Cow::Borrowed(field),
            before,
            after,
            effective_date,
        });
    }
}
