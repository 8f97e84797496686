//! What of an event a viewer may see. Nobody who may read the feed is left out of an event by silence: what is not
//! theirs to read is taken out of it, and it says so.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::change_event;
use uuid::Uuid;

use super::{ChangeRow, Detail};
use crate::{
    auth::scope::{Reach, Scope, facet::Changes},
    domain::{
        change::{Change, ChangeType, MANAGER},
        person::PersonKey,
        sync::FieldChange,
    },
    store::{StoreError, code::value},
};

/// An event as it is stored.
pub(super) struct Event {
    uid: Uuid,
    at: DateTime<Utc>,
    change: Change,
    source: Option<String>,
    run: Option<i64>,
    line: Option<i64>,
}

/// The ids of people at their sources.
type Known = HashMap<PersonKey, Vec<(String, String)>>;

pub(super) fn read(row: change_event::Model) -> Result<Event, StoreError> {
    let detail: Detail = serde_json::from_str(&row.detail).map_err(|cause| StoreError::Row(cause.to_string()))?;
    Ok(Event {
        uid: row.uid,
        at: row.at,
        change: Change {
            kind: value(&row.kind)?,
            person: row.person_id.map(PersonKey),
            related: row.related_person_id.map(PersonKey),
            fields: detail.changes,
            meeting: detail.meeting,
            webhook: detail.webhook,
        },
        source: row.source,
        run: row.run,
        line: row.line,
    })
}

/// Everybody whose ids decide what is shown.
pub(super) fn people(event: &Event) -> impl Iterator<Item = PersonKey> {
    let managers = event.change.fields.iter().filter(|field| field.field == MANAGER);
    let managers = managers.flat_map(|field| [&field.before, &field.after]).flatten();
    event
        .change
        .person
        .into_iter()
        .chain(managers.filter_map(|text| key(text)))
}

/// The event as somebody with this scope sees it.
pub(super) fn to(scope: &Scope<Changes>, known: &Known, event: Event) -> ChangeRow {
    if scope.is_everyone() {
        return to_everyone(known, event);
    }
    let source = scope.reaches().iter().find_map(|reach| match reach {
        Reach::Source(source) => Some(source.as_str()),
        _ => None,
    });
    match source {
        Some(source) => to_source(source, known, event),
        None => bare(&event),
    }
}

fn to_everyone(known: &Known, event: Event) -> ChangeRow {
    let source = event.source.clone();
    let id = |person| source.as_deref().and_then(|source| id_at(known, person, source));
    let label = |person| {
        let own = id(person).map(str::to_owned);
        let ids = || known.get(&person)?.iter().min();
        own.or_else(|| ids().map(|(source, id)| format!("{source}:{id}")))
    };
    let external_id = event.change.person.and_then(id).map(str::to_owned);
    let mut change = event.change;
    for field in managers(&mut change.fields) {
        field.before = field.before.as_deref().and_then(key).and_then(label);
        field.after = field.after.as_deref().and_then(key).and_then(label);
    }
    ChangeRow {
        uid: event.uid,
        at: event.at,
        change,
        external_id,
        run: event.run,
        line: event.line,
        redacted: false,
    }
}

/// An integration reads back what its own source wrote: of people whom it knows, new values that were written in its
/// name, or where no other source knows the person; what they were before only in the latter case. Meetings are nothing
/// to it.
fn to_source(source: &str, known: &Known, event: Event) -> ChangeRow {
    let own = event.source.as_deref() == Some(source);
    let Some(person) = event.change.person else {
        return if own { whole(event) } else { bare(&event) };
    };
    let Some(external_id) = id_at(known, person, source).map(str::to_owned) else {
        return bare(&event);
    };
    if event.change.kind == ChangeType::MeetingCancelled {
        return bare(&event);
    }
    let alone = known
        .get(&person)
        .is_some_and(|ids| ids.iter().all(|(of, _)| of == source));
    let shows_after = own || (event.source.is_none() && alone);
    let shows_before = shows_after && alone;
    let mut row = whole(event);
    let mut redacted = false;
    let mut show = |value: &mut Option<String>, shows: bool, is_manager: bool| {
        let shown = match value.take() {
            Some(text) if shows && is_manager => {
                let id = key(&text).and_then(|manager| id_at(known, manager, source));
                id.map(str::to_owned)
            }
            Some(text) if shows => Some(text),
            Some(_) => None,
            None => return,
        };
        redacted |= shown.is_none();
        *value = shown;
    };
    for field in &mut row.change.fields {
        let is_manager = field.field == MANAGER;
        show(&mut field.before, shows_before, is_manager);
        show(&mut field.after, shows_after, is_manager);
    }
    row.redacted = redacted;
    row.external_id = Some(external_id);
    if !own {
        (row.run, row.line) = (None, None);
    }
    row
}

/// All of it.
fn whole(event: Event) -> ChangeRow {
    ChangeRow {
        uid: event.uid,
        at: event.at,
        change: event.change,
        external_id: None,
        run: event.run,
        line: event.line,
        redacted: false,
    }
}

/// That something of this kind happened, and when.
fn bare(event: &Event) -> ChangeRow {
    ChangeRow {
        uid: event.uid,
        at: event.at,
        change: Change::of(event.change.kind),
        external_id: None,
        run: None,
        line: None,
        redacted: true,
    }
}

fn managers(fields: &mut [FieldChange]) -> impl Iterator<Item = &mut FieldChange> {
    fields.iter_mut().filter(|field| field.field == MANAGER)
}

fn key(text: &str) -> Option<PersonKey> {
    text.parse().ok().map(PersonKey)
}

fn id_at<'a>(known: &'a Known, person: PersonKey, source: &str) -> Option<&'a str> {
    let ids = known.get(&person)?.iter().filter(|(of, _)| of == source);
    ids.map(|(_, id)| id.as_str()).min()
}
