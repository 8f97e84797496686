//! Thank-yous.

use async_graphql::{Context, Description, ID, Object, SimpleObject};

use super::{
    batch::{Card, MeetingById},
    batches,
    error::Fault,
    id::NodeKind,
    meeting::Meeting,
    mutation::uid,
    note::opened,
    page::{PageArgs, connection, seal},
    payload::{UserError, input, user_errors},
    person::Person,
    scalar::DateTime,
    session,
};
use crate::{
    app::{self, AboutKudos, Keyed, KudosChanged, KudosFound, KudosQuery, Outcome},
    auth::sealing::Text,
};

/// A thank-you to somebody who has been especially helpful. Its author's alone until they send it, then theirs and of
/// whoever it thanks; shown to nobody else, and counted nowhere.
#[derive(Clone, Debug, Description)]
pub struct Kudos(pub(super) KudosFound);

#[Object(use_type_description)]
impl Kudos {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Kudos.id(self.0.id)
    }

    /// The meeting in which it came up; null for whoever it was sent to.
    async fn meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>, Fault> {
        match self.0.meeting {
            Some(meeting) => Ok(batches(ctx)?.load_one(MeetingById(meeting)).await?.map(Meeting)),
            None => Ok(None),
        }
    }

    /// Whom it thanks; null once they are out of reach.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>, Fault> {
        Ok(batches(ctx)?.load_one(Card(self.0.person)).await?.map(Person))
    }

    /// The name of who wrote it: a name, and no way to anything else of theirs.
    async fn author_name(&self) -> &str {
        &self.0.author_name
    }

    /// What for; null, with the error `NOTE_UNREADABLE`, where it cannot be opened.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn text(&self) -> Result<Option<&str>, Fault> {
        opened(&self.0.text)
    }

    /// When it was sent on; null while it is its author's alone.
    async fn sent_at(&self) -> Option<DateTime> {
        self.0.sent_at.map(DateTime)
    }
}

connection!(
    KudosConnection,
    KudosEdge,
    Kudos,
    KudosQuery,
    kudos_count,
    "A page of thank-yous."
);

impl KudosConnection {
    pub(super) async fn of(ctx: &Context<'_>, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = "kudos";
        let slice = session.kudos(&page.read(session, shape)?).await?;
        Ok(Self::new(seal(session, shape, slice), Some(KudosQuery), Kudos))
    }
}

input! {
    /// Thank somebody.
    WriteKudosInput {
        /// A meeting of the viewer's.
        meeting_id: ID,
        /// Somebody in reach who was not in it.
        person_id: ID,
        /// What for: up to 500 characters.
        text: String,
    }
}
input! {
    /// Send a thank-you on.
    SendKudosInput {
        /// A thank-you of the viewer's own that was not sent.
        kudos_id: ID,
    }
}
input! {
    /// Delete a thank-you.
    DeleteKudosInput {
        /// A thank-you of the viewer's own that was not sent.
        kudos_id: ID,
    }
}

impl WriteKudosInput {
    pub(super) fn read(self) -> Keyed<app::WriteKudosInput> {
        let input = app::WriteKudosInput {
            meeting: uid(NodeKind::Meeting, &self.meeting_id),
            person: uid(NodeKind::Person, &self.person_id),
            text: Text::new(self.text),
        };
        Keyed {
            key: self.idempotency_key,
            input,
        }
    }
}

impl SendKudosInput {
    pub(super) fn read(self) -> Keyed<AboutKudos> {
        about(&self.kudos_id, self.idempotency_key)
    }
}

impl DeleteKudosInput {
    pub(super) fn read(self) -> Keyed<AboutKudos> {
        about(&self.kudos_id, self.idempotency_key)
    }
}

fn about(id: &ID, key: Option<String>) -> Keyed<AboutKudos> {
    let input = AboutKudos {
        kudos: uid(NodeKind::Kudos, id),
    };
    Keyed { key, input }
}

/// A thank-you after a change.
#[derive(Debug, SimpleObject)]
pub struct KudosPayload {
    /// The thank-you; null if there was a mistake.
    kudos: Option<Kudos>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl KudosPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<KudosChanged>) -> Result<Self, Fault> {
        Ok(match outcome {
            Ok(changed) => Self {
                kudos: session(ctx)?
                    .kudos_by_id(vec![changed.kudos])
                    .await?
                    .remove(&changed.kudos)
                    .map(Kudos),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                kudos: None,
                user_errors: user_errors(mistakes),
            },
        })
    }
}

/// What was deleted.
#[derive(Debug, SimpleObject)]
pub struct DeleteKudosPayload {
    /// The id that the thank-you had; null if there was a mistake.
    deleted_kudos_id: Option<ID>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl From<Outcome<KudosChanged>> for DeleteKudosPayload {
    fn from(outcome: Outcome<KudosChanged>) -> Self {
        match outcome {
            Ok(changed) => Self {
                deleted_kudos_id: Some(NodeKind::Kudos.id(changed.kudos)),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                deleted_kudos_id: None,
                user_errors: user_errors(mistakes),
            },
        }
    }
}
