//! The change feed: what happened, for those who follow the organisation from outside.

use async_graphql::{Context, Description, ID, Object};

use super::{
    batch::{MeetingById, RunOf, WebhookById},
    batches,
    error::Fault,
    id::NodeKind,
    meeting::Meeting,
    page::{PageArgs, connection, seal_with},
    person::{Person, person_in_reach},
    scalar::DateTime,
    session,
    sync::{FieldChange, SyncRun},
    webhook::Webhook,
};
use crate::{
    app::{ChangeFilter, ChangePage, ChangeRow, FEED, change_types},
    domain::change::ChangeType,
};

/// Something that happened. What is not the viewer's to read is taken out of it, and `redacted` says so.
#[derive(Clone, Debug, Description)]
pub struct Change(pub(super) ChangeRow);

#[Object(use_type_description)]
impl Change {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Change.id(self.0.uid)
    }

    /// What happened: `person.created`, `person.updated`, `person.terminated`, `person.rehired`, `reporting_line.started`,
    /// `reporting_line.ended`, `reporting_line.corrected`, `identity.linked`, `meeting.cancelled`, `sync.applied`,
    /// `sync.blocked` or `webhook.disabled`. More may come: ignore those unknown.
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        self.0.change.kind.as_str()
    }

    /// When it was written.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// To whom, if in reach. Null for a meeting, which tells itself whose it is.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>, Fault> {
        match self.0.change.person.filter(|_| !self.is_of_meeting()) {
            Some(key) => person_in_reach(ctx, key).await,
            None => Ok(None),
        }
    }

    /// The person's id at the viewer's source; for HR admins, at the source that brought this about.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref().filter(|_| !self.is_of_meeting())
    }

    /// Of a reporting line its manager, if in reach.
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<Person>, Fault> {
        match self.0.change.related.filter(|_| !self.is_of_meeting()) {
            Some(key) => person_in_reach(ctx, key).await,
            None => Ok(None),
        }
    }

    /// The meeting that was cancelled, if in reach.
    async fn meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>, Fault> {
        let Some(id) = self.0.change.meeting else {
            return Ok(None);
        };
        Ok(batches(ctx)?.load_one(MeetingById(id)).await?.map(Meeting))
    }

    /// The webhook that was disabled, if in reach.
    async fn webhook(&self, ctx: &Context<'_>) -> Result<Option<Webhook>, Fault> {
        let Some(id) = self.0.change.webhook else {
            return Ok(None);
        };
        Ok(batches(ctx)?.load_one(WebhookById(id)).await?.map(Webhook))
    }

    /// The import that did it, if in reach.
    async fn run(&self, ctx: &Context<'_>) -> Result<Option<SyncRun>, Fault> {
        let Some(number) = self.0.run else {
            return Ok(None);
        };
        Ok(batches(ctx)?.load_one(RunOf(number)).await?.map(SyncRun::from))
    }

    /// The line of that import.
    async fn line(&self) -> Option<i32> {
        self.0.line.and_then(|line| line.try_into().ok())
    }

    /// What is different, in the words of an import.
    async fn changes(&self) -> Vec<FieldChange> {
        self.0.change.fields.iter().cloned().map(Into::into).collect()
    }

    /// Whether something was taken out because it is not the viewer's to read: about people whom an integration's source
    /// does not know all but type and instant, else values that are not its own.
    async fn redacted(&self) -> bool {
        self.0.redacted
    }
}

impl Change {
    fn is_of_meeting(&self) -> bool {
        self.0.change.kind == ChangeType::MeetingCancelled
    }
}

connection!(
    ChangeConnection,
    ChangeEdge,
    Change,
    ChangeFilter,
    changes_count,
    "A page of the change feed, oldest first. `pageInfo.endCursor` is always there: the place up to which was looked, from which to go on later, whether or not anything was found."
);

impl ChangeConnection {
    pub(super) async fn of(ctx: &Context<'_>, types: Option<Vec<String>>, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let key = session.feed_key();
        let filter = ChangeFilter {
            kinds: types.as_deref().map(change_types).transpose()?,
        };
        let page = page.read_with(session, key, FEED)?;
        let ChangePage { slice, end } = session.changes(&filter, &page).await?;
        let sealed = seal_with(key, FEED, slice).ending_at(key.seal(FEED, &end));
        Ok(Self::new(sealed, Some(filter), Change))
    }
}
