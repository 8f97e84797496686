//! Everything that is kept of the viewer, as one JSON document.

use async_graphql::{Context, InputObject, SimpleObject};
use serde_json::{Map, Value, json};

use super::{
    error::{ErrorCode, Fault},
    id::NodeKind,
    payload::UserError,
    session,
    suggestion::Reason,
};
use crate::{
    app::{
        AgendaFound, ExportMyDataInput as Part, Keyed, KudosFound, NoteFound, OwnData, OwnMeeting, OwnProfile, Session,
        SuggestionRow, Unreadable,
    },
    auth::sealing::Text,
    domain::{person::PersonKey, suggestion},
};

/// The shape of the document; another one has another number.
const VERSION: u32 = 1;

/// The list whose places say where a later part begins.
const SHAPE: &str = "exportMyData";

/// Get everything that is kept of oneself.
#[derive(Debug, InputObject)]
pub struct ExportMyDataInput {
    /// Where an earlier part ended, its `next`: then there are further meetings alone.
    after: Option<String>,
    /// Up to 128 characters of the client's choice, kept for 30 days: a repeated call is written down once. The answer
    /// itself is kept nowhere, and shows what there is by now.
    idempotency_key: Option<String>,
}

/// Everything that is kept of the viewer.
#[derive(Debug, SimpleObject)]
pub struct ExportMyDataPayload {
    /// A JSON document. Its `version` is 1; docs/privacy.md says what is in it.
    json: String,
    /// Give it as `after` to get the rest; null if this is all. Only what somebody has written in years does not fit.
    next: Option<String>,
    /// What is to be mended; there is nothing.
    user_errors: Vec<UserError>,
}

impl ExportMyDataPayload {
    pub(super) async fn of(ctx: &Context<'_>, input: ExportMyDataInput) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let key = session.cursor_key();
        let opened = input.after.as_deref().map(|after| {
            let foreign = || {
                Fault::new(
                    ErrorCode::BadUserInput,
                    "after is no `next` of an earlier part of the viewer's",
                )
            };
            key.open(SHAPE, after).ok_or_else(foreign)
        });
        let after = opened.transpose()?;
        let keyed = Keyed {
            key: input.idempotency_key,
            input: Part { after: input.after },
        };
        // There is nothing to mend.
        let _done = session.export_my_data(&keyed).await?;
        let data = session.own_data(after).await?;
        let next = data.next.as_ref().map(|place| key.seal(SHAPE, place));
        Ok(Self {
            json: serde_json::to_string_pretty(&document(session, &data)).map_err(Fault::internal)?,
            next,
            user_errors: vec![],
        })
    }
}

fn document(session: &Session, data: &OwnData) -> Value {
    let mut document = Map::new();
    let mut put = |name: &str, value| document.insert(name.to_owned(), value);
    put("version", VERSION.into());
    put("exportedAt", json!(session.now()));
    if let Some(profile) = &data.profile {
        put("person", person(data, profile));
        put(
            "absences",
            profile
                .absences
                .iter()
                .map(|leave| json!({ "startDate": leave.start, "endDate": leave.end, "source": leave.source }))
                .collect(),
        );
        let line = |line: &crate::app::LineRow| {
            json!({
                "id": NodeKind::ReportingLine.id(line.id), "kind": line.kind, "manager": card(data, line.manager),
                "validFrom": line.valid_from, "validTo": line.valid_to, "interim": line.interim,
            })
        };
        put("reportingLines", profile.lines.iter().map(line).collect());
        put(
            "participation",
            profile.participation.map_or(
                Value::Null,
                |said| json!({ "optedOut": said.opted_out, "snoozedUntil": said.snoozed_until }),
            ),
        );
        put(
            "workingHours",
            json!({ "start": profile.hours.start, "end": profile.hours.end, "days": profile.hours.days }),
        );
        put(
            "calendarFeed",
            profile
                .calendar_feed
                .map_or(Value::Null, |at| json!({ "createdAt": at })),
        );
        let peer = |peer: &crate::app::PeerFound| {
            json!({
                "id": NodeKind::Peer.id(peer.id), "person": card(data, peer.person), "state": peer.state,
                "origin": peer.origin, "agreedByMe": peer.agreed_by_me, "endProposed": peer.end_proposed,
            })
        };
        put("peers", profile.peers.iter().map(peer).collect());
        put(
            "suggestions",
            profile.suggestions.iter().map(|row| suggested(data, row)).collect(),
        );
        put(
            "kudosReceived",
            profile.kudos.iter().map(|kudos| thanks(data, kudos)).collect(),
        );
        put(
            "doneToMe",
            profile
                .done
                .iter()
                .map(|done| json!({ "at": done.at, "action": done.action }))
                .collect(),
        );
    }
    put(
        "meetings",
        data.meetings.iter().map(|meeting| met(data, meeting)).collect(),
    );
    Value::Object(document)
}

fn person(data: &OwnData, profile: &OwnProfile) -> Value {
    let Some(found) = data.people.get(&data.me) else {
        return Value::Null;
    };
    let row = &found.row;
    let identities = profile.identities.iter().map(|known| {
        json!({
            "source": known.source, "externalId": known.external_id, "userName": known.user_name,
            "givenName": known.given_name, "familyName": known.family_name, "employeeNumber": known.employee_number,
        })
    });
    let spells = profile
        .spells
        .iter()
        .map(|spell| json!({ "startDate": spell.start, "endDate": spell.end }));
    json!({
        "id": NodeKind::Person.id(row.uid), "name": row.name, "email": row.email, "title": row.title,
        "department": row.department, "location": row.location, "timeZone": row.time_zone, "status": row.status,
        "knownAs": identities.collect::<Value>(), "employment": spells.collect::<Value>(),
    })
}

fn suggested(data: &OwnData, row: &SuggestionRow) -> Value {
    let reason = |reason: &suggestion::Reason| {
        let branch = match reason {
            suggestion::Reason::BranchRarelyVisited { branch, .. } => data.people.get(branch),
            _ => None,
        };
        Reason::told(reason, branch.map(|found| found.row.name.as_str())).message
    };
    json!({
        "id": NodeKind::Suggestion.id(row.id), "week": row.week.to_string(), "kind": row.kind, "status": row.status,
        "counterpart": card(data, row.counterpart), "distance": row.distance, "band": row.band,
        "reasons": row.reasons.iter().map(reason).collect::<Vec<_>>(), "invalidReason": row.invalid_reason,
        "createdAt": row.created_at,
    })
}

fn met(
    data: &OwnData,
    OwnMeeting {
        row,
        agenda,
        notes,
        kudos,
    }: &OwnMeeting,
) -> Value {
    let item = |item: &AgendaFound| {
        let by_me = item.author == Some(data.me);
        json!({ "text": text(&item.text), "done": item.done, "addedByMe": by_me })
    };
    let note = |note: &NoteFound| {
        json!({
            "id": NodeKind::Note.id(note.id), "writtenByMe": note.author == data.me, "visibility": note.visibility,
            "text": text(&note.text), "createdAt": note.created_at, "updatedAt": note.updated_at,
        })
    };
    json!({
        "id": NodeKind::Meeting.id(row.id), "kind": row.kind, "status": row.status, "origin": row.origin,
        "leader": card(data, row.leader), "counterpart": card(data, row.counterpart), "distance": row.distance,
        "band": row.band, "startsAt": row.starts_at, "endsAt": row.ends_at, "heldAt": row.held_at,
        "evidence": row.evidence, "cancelReason": row.cancel_reason,
        "agenda": agenda.iter().map(item).collect::<Value>(),
        "notes": notes.iter().map(note).collect::<Value>(),
        "kudosWritten": kudos.iter().map(|kudos| thanks(data, kudos)).collect::<Value>(),
    })
}

fn thanks(data: &OwnData, kudos: &KudosFound) -> Value {
    json!({
        "id": NodeKind::Kudos.id(kudos.id), "from": kudos.author_name, "to": card(data, kudos.person),
        "text": text(&kudos.text), "sentAt": kudos.sent_at,
    })
}

/// Whom it is about, while their card is in reach.
fn card(data: &OwnData, key: PersonKey) -> Value {
    data.people.get(&key).map_or(
        Value::Null,
        |found| json!({ "id": NodeKind::Person.id(found.row.uid), "name": found.row.name }),
    )
}

/// A text; null where it cannot be opened.
fn text(text: &Result<Text, Unreadable>) -> Option<&str> {
    text.as_ref().ok().map(Text::expose)
}
