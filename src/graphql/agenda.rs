//! Agendas of meetings.

use async_graphql::{Context, Description, ID, Object, SimpleObject};

use super::{
    batch::{AgendaOf, Card},
    batches,
    error::Fault,
    id::NodeKind,
    mutation::uid,
    note::opened,
    payload::{UserError, input, user_errors},
    person::Person,
};
use crate::{
    app::{self, AboutAgendaItem, AgendaChanged, AgendaFound, Keyed, Outcome},
    auth::sealing::Text,
};

/// Something the two of a meeting want to talk about. Shown to the two alone.
#[derive(Clone, Debug, Description)]
pub struct AgendaItem(pub(super) AgendaFound);

#[Object(use_type_description)]
impl AgendaItem {
    /// Names it among the items of its agenda, for mutations. It is no global id: a question that nobody has changed stands
    /// nowhere but in the settings.
    async fn item_id(&self) -> ID {
        NodeKind::AgendaItem.id(self.0.id)
    }

    /// Who added it; null for the questions that every agenda starts from.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<Person>, Fault> {
        match self.0.author {
            Some(author) => Ok(batches(ctx)?.load_one(Card(author)).await?.map(Person)),
            None => Ok(None),
        }
    }

    /// What it says; null, with the error `NOTE_UNREADABLE`, where it cannot be opened.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn text(&self) -> Result<Option<&str>, Fault> {
        opened(&self.0.text)
    }

    /// Whether it has been talked about.
    async fn done(&self) -> bool {
        self.0.done
    }

    /// How often it was written: what `editAgendaItem` and `removeAgendaItem` have to name.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

input! {
    /// Add something to an agenda.
    AddAgendaItemInput {
        /// A meeting of the viewer's.
        meeting_id: ID,
        /// What it says: up to 500 characters.
        text: String,
    }
}
input! {
    /// Change an item of an agenda.
    EditAgendaItemInput {
        /// A meeting of the viewer's.
        meeting_id: ID,
        /// An item of its agenda, whoever added it.
        item_id: ID,
        /// The version that was read; if it has another by now, it is a CONFLICT.
        version: i32,
        /// What it says from now on; if not given, it stays as it is.
        text: Option<String>,
        /// Whether it has been talked about; if not given, it stays as it is.
        done: Option<bool>,
    }
}
input! {
    /// Take something off an agenda.
    RemoveAgendaItemInput {
        /// A meeting of the viewer's.
        meeting_id: ID,
        /// An item of its agenda, whoever added it.
        item_id: ID,
        /// The version that was read; if it has another by now, it is a CONFLICT.
        version: i32,
    }
}

impl AddAgendaItemInput {
    pub(super) fn read(self) -> Keyed<app::AddAgendaItemInput> {
        let input = app::AddAgendaItemInput {
            meeting: uid(NodeKind::Meeting, &self.meeting_id),
            text: Text::new(self.text),
        };
        Keyed {
            key: self.idempotency_key,
            input,
        }
    }
}

impl EditAgendaItemInput {
    pub(super) fn read(self) -> Keyed<app::EditAgendaItemInput> {
        let input = app::EditAgendaItemInput {
            item: AboutAgendaItem {
                meeting: uid(NodeKind::Meeting, &self.meeting_id),
                item: uid(NodeKind::AgendaItem, &self.item_id),
                version: self.version,
            },
            text: self.text.map(Text::new),
            done: self.done,
        };
        Keyed {
            key: self.idempotency_key,
            input,
        }
    }
}

impl RemoveAgendaItemInput {
    pub(super) fn read(self) -> Keyed<AboutAgendaItem> {
        let input = AboutAgendaItem {
            meeting: uid(NodeKind::Meeting, &self.meeting_id),
            item: uid(NodeKind::AgendaItem, &self.item_id),
            version: self.version,
        };
        Keyed {
            key: self.idempotency_key,
            input,
        }
    }
}

/// An agenda after a change.
#[derive(Debug, SimpleObject)]
pub struct AgendaPayload {
    /// The agenda as it is now; null if there was a mistake.
    agenda: Option<Vec<AgendaItem>>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl AgendaPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<AgendaChanged>) -> Result<Self, Fault> {
        Ok(match outcome {
            Ok(changed) => {
                let agenda = batches(ctx)?.load_one(AgendaOf(changed.meeting)).await?;
                Self {
                    agenda: agenda.map(|items| items.into_iter().map(AgendaItem).collect()),
                    user_errors: vec![],
                }
            }
            Err(mistakes) => Self {
                agenda: None,
                user_errors: user_errors(mistakes),
            },
        })
    }
}
