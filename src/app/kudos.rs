//! Thank-yous: who has been especially helpful, written down by one of the two of a meeting. They keep it, or send it on
//! to whoever it thanks (product.md 3). The opposite does not exist.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AppError, Keyed, Mistake, MistakeCode, Outcome, Session, Unreadable,
    act::act,
    keyring::{Sealer, seal},
    notes::{fits, unsealed},
    session::{Current, Turn},
};
use crate::{
    auth::{
        scope::{Grant, action::Note},
        sealing::Text,
    },
    domain::{
        note::{KUDOS_MAX, LINE_MAX},
        person::PersonKey,
    },
    store::{KudosRow, PageRequest, PersonKeyed, Slice},
};

/// The thank-yous sent to the viewer, all of them.
#[derive(Clone, Copy, Debug)]
pub struct KudosQuery;

/// A thank-you that the viewer reads.
#[derive(Clone, Debug)]
pub struct KudosFound {
    /// Public id.
    pub id: Uuid,
    /// Public id of the meeting in which it came up; none for whoever it was sent to, whose meeting it was not.
    pub meeting: Option<Uuid>,
    /// Whom it thanks.
    pub person: PersonKey,
    /// The name of who wrote it.
    pub author_name: String,
    /// What it says, as far as that can be told.
    pub text: Result<Text, Unreadable>,
    /// When it was sent on; none while it is its author's alone.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Whom to thank, and for what.
#[derive(Clone, Debug, Serialize)]
pub struct WriteKudosInput {
    /// Public id of the meeting.
    pub meeting: Uuid,
    /// Public id of the person.
    pub person: Uuid,
    /// What for.
    #[serde(skip)]
    pub text: Text,
}

/// Which thank-you.
#[derive(Clone, Debug, Serialize)]
pub struct AboutKudos {
    /// Public id.
    pub kudos: Uuid,
}

/// What a mutation changed: the id of the thank-you.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KudosChanged {
    /// Public id.
    pub kudos: Uuid,
}

impl Session {
    /// The viewer's own thank-yous from these meetings, oldest first.
    pub async fn own_kudos(&self, meetings: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<KudosFound>>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.own_kudos(&current.viewer.notes(), meetings).await?;
        let mut by_meeting: HashMap<Uuid, Vec<KudosFound>> = HashMap::new();
        for found in self.kudos_found(&current, rows).await? {
            let meeting = found.meeting.unwrap_or_default();
            by_meeting.entry(meeting).or_default().push(found);
        }
        Ok(by_meeting)
    }

    /// One page of the thank-yous that were sent to the viewer, newest first.
    pub async fn kudos(&self, page: &PageRequest) -> Result<Slice<KudosFound>, AppError> {
        let current = self.current().await?;
        let slice = current.snapshot.kudos(&current.viewer.notes(), page).await?;
        let (places, rows): (Vec<_>, Vec<_>) = slice.rows.into_iter().unzip();
        let found = self.kudos_found(&current, rows).await?;
        Ok(Slice {
            rows: places.into_iter().zip(found).collect(),
            has_next: slice.has_next,
            has_previous: slice.has_previous,
        })
    }

    /// How many those are.
    pub async fn kudos_count(&self, _query: &KudosQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        Ok(current.snapshot.kudos_count(&current.viewer.notes()).await?)
    }

    /// The thank-yous with these public ids that the viewer reads.
    pub async fn kudos_by_id(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, KudosFound>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.kudos_by_id(&current.viewer.notes(), ids).await?;
        let found = self.kudos_found(&current, rows).await?;
        Ok(found.into_iter().map(|found| (found.id, found)).collect())
    }

    /// Writes a thank-you, for the viewer alone until they send it.
    pub async fn write_kudos(&self, keyed: &Keyed<WriteKudosInput>) -> Result<Outcome<KudosChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        let text = &keyed.input.text;
        if let Err(mistake) = fits("text", text, LINE_MAX) {
            return Ok(Err(vec![mistake]));
        }
        seal!(self, "writeKudos", &grant, keyed, text, |turn, sealer| {
            self.thank(turn, &sealer, &grant, &keyed.input).await?
        })
    }

    /// Sends a thank-you of the viewer's on to whoever it thanks, for good.
    pub async fn send_kudos(&self, keyed: &Keyed<AboutKudos>) -> Result<Outcome<KudosChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        act!(self, "sendKudos", keyed, |turn| self
            .send(turn, &grant, &keyed.input)
            .await?)
    }

    /// Deletes a thank-you of the viewer's that was not sent.
    pub async fn delete_kudos(&self, keyed: &Keyed<AboutKudos>) -> Result<Outcome<KudosChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        act!(self, "deleteKudos", keyed, |turn| {
            match unsent(turn, keyed.input.kudos, "deleted").await? {
                Ok(row) => {
                    turn.write.delete_kudos(&grant, row.id).await?;
                    Ok(KudosChanged { kudos: row.id })
                }
                Err(mistake) => Err(vec![mistake]),
            }
        })
    }

    async fn thank(
        &self,
        turn: &Turn,
        sealer: &Sealer,
        grant: &Grant<Note>,
        input: &WriteKudosInput,
    ) -> Result<Outcome<KudosChanged>, AppError> {
        let meeting = match self.noted_meeting(turn, input.meeting).await? {
            Ok(meeting) => meeting,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        let person = turn
            .write
            .person(&turn.viewer.cards(), &PersonKeyed::Uid(input.person))
            .await?;
        let (Some(person), Some(author)) = (person, grant.person()) else {
            return Ok(Err(vec![Mistake::not_found("personId")]));
        };
        if meeting.involves(person.key) {
            let message = "this person was there: tell them, or write it in a shared note";
            return Ok(Err(vec![Mistake::at("personId", MistakeCode::NotAllowed, message)]));
        }
        if turn.write.own_kudos_count(grant, meeting.id).await? >= KUDOS_MAX {
            let message = format!("you have thanked {KUDOS_MAX} times from this meeting, which is the most");
            return Ok(Err(vec![Mistake::at("meetingId", MistakeCode::Limit, message)]));
        }
        let mut row = KudosRow {
            id: Uuid::new_v4(),
            meeting: meeting.id,
            author,
            person: person.key,
            sealed: unsealed(),
            created_at: self.now(),
            sent_at: None,
        };
        row.sealed = sealer.seal(&row.label(), &input.text)?;
        turn.write.add_kudos(grant, &row).await?;
        Ok(Ok(KudosChanged { kudos: row.id }))
    }

    async fn send(
        &self,
        turn: &Turn,
        grant: &Grant<Note>,
        input: &AboutKudos,
    ) -> Result<Outcome<KudosChanged>, AppError> {
        let row = match unsent(turn, input.kudos, "sent").await? {
            Ok(row) => row,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if turn.write.cards(&turn.viewer.cards(), &[row.person]).await?.is_empty() {
            let message = "whoever it thanks is out of your reach by now";
            return Ok(Err(vec![Mistake::at("kudosId", MistakeCode::NotAllowed, message)]));
        }
        turn.write.send_kudos(grant, row.id, self.now()).await?;
        Ok(Ok(KudosChanged { kudos: row.id }))
    }

    async fn kudos_found(&self, current: &Current, rows: Vec<KudosRow>) -> Result<Vec<KudosFound>, AppError> {
        let authors = rows.iter().map(|row| row.author).collect();
        let names = current.snapshot.kudos_authors(&current.viewer.notes(), authors).await?;
        let found = |row: KudosRow| KudosFound {
            id: row.id,
            meeting: (current.viewer.key() == Some(row.author)).then_some(row.meeting),
            person: row.person,
            author_name: names.get(&row.author).cloned().unwrap_or_default(),
            text: self.keyring().show(&row.label(), &row.sealed),
            sent_at: row.sent_at,
        };
        Ok(rows.into_iter().map(found).collect())
    }
}

/// A thank-you of the viewer's own that was not sent yet.
async fn unsent(turn: &Turn, id: Uuid, step: &str) -> Result<Result<KudosRow, Mistake>, AppError> {
    let Some(row) = turn.write.own_kudos_by_id(&turn.viewer.notes(), id).await? else {
        return Ok(Err(Mistake::not_found("kudosId")));
    };
    if row.sent_at.is_some() {
        let message = format!("this was sent already and cannot be {step}");
        return Ok(Err(Mistake::at("kudosId", MistakeCode::WrongStatus, message)));
    }
    Ok(Ok(row))
}
