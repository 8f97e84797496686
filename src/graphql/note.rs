//! Notes on meetings.

use async_graphql::{Context, Description, ID, Object, SimpleObject};
use uuid::Uuid;

use super::{
    batch::{Card, MeetingById},
    batches,
    error::{ErrorCode, Fault},
    id::NodeKind,
    meeting::Meeting,
    mutation::uid,
    page::{PageArgs, connection, seal},
    payload::{UserError, input, user_errors},
    person::Person,
    scalar::DateTime,
    session,
    words::NoteVisibility,
};
use crate::{
    app::{self, AboutNote, Keyed, NoteChanged, NoteFound, NoteQuery, Outcome, Unreadable},
    auth::sealing::Text,
};

/// What one of the two wrote on a meeting. A PRIVATE note is there for its author alone, a SHARED one for both: for
/// anybody else, whatever their role, there is nothing.
#[derive(Clone, Debug, Description)]
pub struct Note(pub(super) NoteFound);

#[Object(use_type_description)]
impl Note {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Note.id(self.0.id)
    }

    /// The meeting it is about.
    async fn meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>, Fault> {
        Ok(batches(ctx)?.load_one(MeetingById(self.0.meeting)).await?.map(Meeting))
    }

    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<Person>, Fault> {
        Ok(batches(ctx)?.load_one(Card(self.0.author)).await?.map(Person))
    }

    /// Who reads it; never changes.
    async fn visibility(&self) -> NoteVisibility {
        self.0.visibility.into()
    }

    /// What it says; null, with the error `NOTE_UNREADABLE`, where it cannot be opened.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn text(&self) -> Result<Option<&str>, Fault> {
        opened(&self.0.text)
    }

    /// How often it was written: what `editNote` has to name.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was first written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last written.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

connection!(
    NoteConnection,
    NoteEdge,
    Note,
    NoteQuery,
    notes_count,
    "A page of notes."
);

impl NoteConnection {
    pub(super) async fn of(ctx: &Context<'_>, meeting: Uuid, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = format!("notes {meeting}");
        let query = NoteQuery { meeting };
        let slice = session.notes(&query, &page.read(session, &shape)?).await?;
        Ok(Self::new(seal(session, &shape, slice), Some(query), Note))
    }
}

input! {
    /// Write a note.
    WriteNoteInput {
        /// A meeting of the viewer's.
        meeting_id: ID,
        /// Who reads it; cannot be changed later.
        visibility: NoteVisibility,
        /// What it says: up to 10,000 characters, unless the server is set up otherwise.
        text: String,
    }
}
input! {
    /// Write a note anew.
    EditNoteInput {
        /// A note of the viewer's own.
        note_id: ID,
        /// The version that was read; if it has another by now, it is a CONFLICT.
        version: i32,
        /// What it says from now on.
        text: String,
    }
}
input! {
    /// Delete a note.
    DeleteNoteInput {
        /// A note of the viewer's own.
        note_id: ID,
    }
}

impl WriteNoteInput {
    pub(super) fn read(self) -> Keyed<app::WriteNoteInput> {
        let input = app::WriteNoteInput {
            meeting: uid(NodeKind::Meeting, &self.meeting_id),
            visibility: self.visibility.into(),
            text: Text::new(self.text),
        };
        Keyed {
            key: self.idempotency_key,
            input,
        }
    }
}

impl EditNoteInput {
    pub(super) fn read(self) -> Keyed<app::EditNoteInput> {
        let input = app::EditNoteInput {
            note: uid(NodeKind::Note, &self.note_id),
            version: self.version,
            text: Text::new(self.text),
        };
        Keyed {
            key: self.idempotency_key,
            input,
        }
    }
}

impl DeleteNoteInput {
    pub(super) fn read(self) -> Keyed<AboutNote> {
        let input = AboutNote {
            note: uid(NodeKind::Note, &self.note_id),
        };
        Keyed {
            key: self.idempotency_key,
            input,
        }
    }
}

/// What was written.
#[derive(Debug, SimpleObject)]
pub struct NotePayload {
    /// The note; null if there was a mistake.
    note: Option<Note>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl NotePayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<NoteChanged>) -> Result<Self, Fault> {
        match outcome {
            Ok(changed) => {
                let mut rows = session(ctx)?.notes_by_id(vec![changed.note]).await?;
                Ok(Self {
                    note: rows.remove(&changed.note).map(Note),
                    user_errors: vec![],
                })
            }
            Err(mistakes) => Ok(Self {
                note: None,
                user_errors: user_errors(mistakes),
            }),
        }
    }
}

/// What was deleted.
#[derive(Debug, SimpleObject)]
pub struct DeleteNotePayload {
    /// The id that the note had; null if there was a mistake.
    deleted_note_id: Option<ID>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl From<Outcome<NoteChanged>> for DeleteNotePayload {
    fn from(outcome: Outcome<NoteChanged>) -> Self {
        match outcome {
            Ok(changed) => Self {
                deleted_note_id: Some(NodeKind::Note.id(changed.note)),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                deleted_note_id: None,
                user_errors: user_errors(mistakes),
            },
        }
    }
}

/// A sealed text as a client reads it.
pub(super) fn opened(text: &Result<Text, Unreadable>) -> Result<Option<&str>, Fault> {
    match text {
        Ok(text) => Ok(Some(text.expose())),
        Err(unreadable) => Err(Fault::new(ErrorCode::NoteUnreadable, unreadable.to_string())),
    }
}
