//! Notes on one's own meetings: PRIVATE ones for oneself, SHARED ones for both (product.md 3).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AppError, Keyed, Keyring, Mistake, MistakeCode, Outcome, Session, Unreadable,
    act::act,
    keyring::{Sealer, seal},
    session::Turn,
};
use crate::{
    auth::{
        scope::{Grant, action::Note},
        sealing::{Sealed, Text},
    },
    domain::{
        note::{NOTES_MAX, Visibility, kept_since},
        person::PersonKey,
    },
    store::{MeetingRow, NoteRow, PageRequest, Slice},
};

/// Notes on which meeting.
#[derive(Clone, Copy, Debug)]
pub struct NoteQuery {
    /// Public id of the meeting.
    pub meeting: Uuid,
}

/// A note that the viewer reads.
#[derive(Clone, Debug)]
pub struct NoteFound {
    /// Public id.
    pub id: Uuid,
    /// Public id of its meeting.
    pub meeting: Uuid,
    /// Who wrote it.
    pub author: PersonKey,
    /// Who reads it.
    pub visibility: Visibility,
    /// What it says, as far as that can be told.
    pub text: Result<Text, Unreadable>,
    /// How often it was written.
    pub version: i32,
    /// When it was first written.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

/// What to write.
#[derive(Clone, Debug, Serialize)]
pub struct WriteNoteInput {
    /// Public id of the meeting.
    pub meeting: Uuid,
    /// Who shall read it.
    pub visibility: Visibility,
    /// What it says.
    #[serde(skip)]
    pub text: Text,
}

/// What a note shall say instead.
#[derive(Clone, Debug, Serialize)]
pub struct EditNoteInput {
    /// Public id of the note.
    pub note: Uuid,
    /// The version that was read.
    pub version: i32,
    /// What it says from now on.
    #[serde(skip)]
    pub text: Text,
}

/// Which note.
#[derive(Clone, Debug, Serialize)]
pub struct AboutNote {
    /// Public id.
    pub note: Uuid,
}

/// What a mutation changed: the id of the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteChanged {
    /// Public id.
    pub note: Uuid,
}

impl Session {
    /// One page of the notes on a meeting that the viewer reads, oldest first.
    pub async fn notes(&self, query: &NoteQuery, page: &PageRequest) -> Result<Slice<NoteFound>, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.notes();
        let slice = current.snapshot.notes(&scope, query.meeting, page).await?;
        Ok(slice.map(|row| shown(self.keyring(), &row)))
    }

    /// How many those are.
    pub async fn notes_count(&self, query: &NoteQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.notes();
        Ok(current.snapshot.notes_count(&scope, query.meeting).await?)
    }

    /// The notes on these meetings that the viewer reads, by meeting, oldest first.
    pub async fn notes_on(&self, meetings: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<NoteFound>>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.notes_on(&current.viewer.notes(), meetings).await?;
        let mut by_meeting: HashMap<Uuid, Vec<NoteFound>> = HashMap::new();
        for row in rows {
            by_meeting
                .entry(row.meeting)
                .or_default()
                .push(shown(self.keyring(), &row));
        }
        Ok(by_meeting)
    }

    /// The notes with these public ids, as far as the viewer reads them.
    pub async fn notes_by_id(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, NoteFound>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.notes_by_id(&current.viewer.notes(), ids).await?;
        Ok(rows.iter().map(|row| (row.id, shown(self.keyring(), row))).collect())
    }

    /// Writes a note on a meeting of the viewer's.
    pub async fn write_note(&self, keyed: &Keyed<WriteNoteInput>) -> Result<Outcome<NoteChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        let text = &keyed.input.text;
        if let Err(mistake) = self.note_fits(text) {
            return Ok(Err(vec![mistake]));
        }
        seal!(self, "writeNote", &grant, keyed, text, |turn, sealer| {
            self.write_in(turn, &sealer, &grant, &keyed.input).await?
        })
    }

    /// Writes a note of the viewer's anew, if it is still the one they have read.
    pub async fn edit_note(&self, keyed: &Keyed<EditNoteInput>) -> Result<Outcome<NoteChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        let text = &keyed.input.text;
        if let Err(mistake) = self.note_fits(text) {
            return Ok(Err(vec![mistake]));
        }
        seal!(self, "editNote", &grant, keyed, text, |turn, sealer| {
            self.edit_in(turn, &sealer, &grant, &keyed.input).await?
        })
    }

    /// Deletes a note of the viewer's.
    pub async fn delete_note(&self, keyed: &Keyed<AboutNote>) -> Result<Outcome<NoteChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        act!(self, "deleteNote", keyed, |turn| {
            let note = own_note(turn, keyed.input.note).await?;
            if let Ok(note) = &note {
                turn.write.delete_note(&grant, note.id).await?;
            }
            note.map(|note| NoteChanged { note: note.id })
                .map_err(|mistake| vec![mistake])
        })
    }

    /// A meeting of the viewer's beside which can be written still.
    pub(super) async fn noted_meeting(&self, turn: &Turn, id: Uuid) -> Result<Result<MeetingRow, Mistake>, AppError> {
        let Some(meeting) = self.own_meeting(turn, id).await? else {
            return Ok(Err(Mistake::not_found("meetingId")));
        };
        let months = turn.settings.notes_retention_months;
        let old = |day| day < kept_since(self.today(), months);
        if meeting.day.is_some_and(old) {
            let message = format!("what is written beside a meeting is kept for {months} months; this one is older");
            return Ok(Err(Mistake::at("meetingId", MistakeCode::Limit, message)));
        }
        Ok(Ok(meeting))
    }

    /// The keys of this server.
    pub(super) fn keyring(&self) -> &Keyring {
        &self.inner.app.options.notes
    }

    fn note_fits(&self, text: &Text) -> Result<(), Mistake> {
        fits("text", text, self.inner.app.options.note_characters)
    }

    async fn write_in(
        &self,
        turn: &Turn,
        sealer: &Sealer,
        grant: &Grant<Note>,
        input: &WriteNoteInput,
    ) -> Result<Outcome<NoteChanged>, AppError> {
        let meeting = match self.noted_meeting(turn, input.meeting).await? {
            Ok(meeting) => meeting,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        let Some(author) = grant.person() else {
            return Ok(Err(vec![Mistake::not_found("meetingId")]));
        };
        if turn.write.own_notes_count(grant, meeting.id).await? >= NOTES_MAX {
            let message =
                format!("you have written {NOTES_MAX} notes on this meeting, which is the most: edit one of them");
            return Ok(Err(vec![Mistake::at("meetingId", MistakeCode::Limit, message)]));
        }
        let mut note = NoteRow {
            id: Uuid::new_v4(),
            meeting: meeting.id,
            author,
            visibility: input.visibility,
            sealed: unsealed(),
            version: 1,
            created_at: self.now(),
            updated_at: self.now(),
        };
        note.sealed = sealer.seal(&note.label(), &input.text)?;
        turn.write.add_note(grant, &note).await?;
        Ok(Ok(NoteChanged { note: note.id }))
    }

    async fn edit_in(
        &self,
        turn: &Turn,
        sealer: &Sealer,
        grant: &Grant<Note>,
        input: &EditNoteInput,
    ) -> Result<Outcome<NoteChanged>, AppError> {
        let mut note = match own_note(turn, input.note).await? {
            Ok(note) => note,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if let Err(mistake) = is_current("version", input.version, note.version) {
            return Ok(Err(vec![mistake]));
        }
        (note.version, note.updated_at) = (note.version + 1, self.now());
        note.sealed = sealer.seal(&note.label(), &input.text)?;
        turn.write.change_note(grant, &note).await?;
        Ok(Ok(NoteChanged { note: note.id }))
    }
}

/// Whether a text can be kept: not blank, and not longer than `most` characters.
pub(super) fn fits(field: &str, text: &Text, most: usize) -> Result<(), Mistake> {
    let text = text.expose();
    if text.trim().is_empty() {
        let message = format!("{field} says nothing");
        return Err(Mistake::at(field, MistakeCode::Required, message));
    }
    let length = text.chars().count();
    if length > most {
        let message = format!("{field} has {length} characters, at most {most} can be kept");
        return Err(Mistake::at(field, MistakeCode::TooLong, message));
    }
    Ok(())
}

/// Whether what is to be changed is what was read.
pub(super) fn is_current(field: &str, read: i32, present: i32) -> Result<(), Mistake> {
    if read == present {
        return Ok(());
    }
    let message = format!("this is at version {present} by now, not {read}: read it again and change that");
    Err(Mistake::at(field, MistakeCode::Conflict, message))
}

/// What stands in a row until its text is sealed, for which the rest of the row is needed.
pub(super) fn unsealed() -> Sealed {
    Sealed {
        key: String::new(),
        bytes: vec![],
    }
}

/// A note that the viewer reads and has written.
async fn own_note(turn: &Turn, id: Uuid) -> Result<Result<NoteRow, Mistake>, AppError> {
    let rows = turn.write.notes_by_id(&turn.viewer.notes(), vec![id]).await?;
    let Some(note) = rows.into_iter().next() else {
        return Ok(Err(Mistake::not_found("noteId")));
    };
    if turn.viewer.key() != Some(note.author) {
        let message = "only its author changes a note";
        return Ok(Err(Mistake::at("noteId", MistakeCode::NotAllowed, message)));
    }
    Ok(Ok(note))
}

fn shown(keyring: &Keyring, row: &NoteRow) -> NoteFound {
    NoteFound {
        id: row.id,
        meeting: row.meeting,
        author: row.author,
        visibility: row.visibility,
        text: keyring.show(&row.label(), &row.sealed),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
