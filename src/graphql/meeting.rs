//! Meetings.

use async_graphql::{Context, Description, ID, Object};

use super::{
    agenda::AgendaItem,
    batch::{AgendaOf, KudosFrom, SuggestionOf},
    batches,
    error::Fault,
    id::NodeKind,
    kudos::Kudos,
    note::NoteConnection,
    page::{PageArgs, connection, seal},
    person::{Person, person},
    scalar::DateTime,
    session,
    suggestion::Suggestion,
    words::{Band, CancelReason, Evidence, MeetingKind, MeetingOrigin, MeetingStatus},
};
use crate::{
    app::{MeetingQuery, MeetingRow},
    domain::meeting,
};

/// A 1:1 of two people. Shown to the two; HR admins see its facts, and one that was declined as CANCELLED.
#[derive(Clone, Debug, Description)]
pub struct Meeting(pub(super) MeetingRow);

#[Object(use_type_description)]
impl Meeting {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Meeting.id(self.0.id)
    }

    /// What it is; frozen when it was created, whatever a re-org does later.
    async fn kind(&self) -> MeetingKind {
        self.0.kind.into()
    }

    /// How far it has come.
    async fn status(&self) -> MeetingStatus {
        self.0.status.into()
    }

    /// Where it came from.
    async fn origin(&self) -> MeetingOrigin {
        self.0.origin.into()
    }

    /// The senior side; of a PEER meeting the one who arranged it.
    async fn leader(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.leader).await
    }

    /// The other one.
    async fn counterpart(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.counterpart).await
    }

    /// Lines between the two when it was created; null for a PEER meeting.
    async fn distance(&self) -> Option<i32> {
        self.0.distance.and_then(|lines| lines.try_into().ok())
    }

    /// Band of the counterpart when it was created; null where the leader has no bands.
    async fn band(&self) -> Option<Band> {
        self.0.band.map(Into::into)
    }

    /// Agreed start; null while no time is agreed.
    async fn starts_at(&self) -> Option<DateTime> {
        self.0.starts_at.map(DateTime)
    }

    /// Agreed length in minutes; null while no time is agreed.
    async fn duration_minutes(&self) -> Option<i32> {
        let (start, end) = self.0.starts_at.zip(self.0.ends_at)?;
        (end - start).num_minutes().try_into().ok()
    }

    /// Why it was cancelled; null unless it is CANCELLED.
    async fn cancel_reason(&self) -> Option<CancelReason> {
        let called_off = meeting::CancelReason::CalledOff;
        (self.0.status == meeting::MeetingStatus::Cancelled).then(|| self.0.cancel_reason.unwrap_or(called_off).into())
    }

    /// Why it counts as held; null until it is HELD.
    async fn evidence(&self) -> Option<Evidence> {
        self.0.evidence.map(Into::into)
    }

    /// When it took place; null until it is HELD.
    async fn held_at(&self) -> Option<DateTime> {
        self.0.held_at.map(DateTime)
    }

    /// What the two wrote on it, oldest first: the viewer's own notes, and those that the other one shares. Nobody else is
    /// shown any, to HR admins neither, nor how many there are.
    async fn notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<NoteConnection, Fault> {
        NoteConnection::of(ctx, self.0.id, PageArgs::of((first, after), (last, before))).await
    }

    /// What the two want to talk about: the questions of the settings, until one of the two changes it. Empty for everybody
    /// else, HR admins included.
    async fn agenda(&self, ctx: &Context<'_>) -> Result<Vec<AgendaItem>, Fault> {
        let items = batches(ctx)?.load_one(AgendaOf(self.0.id)).await?;
        Ok(items.unwrap_or_default().into_iter().map(AgendaItem).collect())
    }

    /// The viewer's own thank-yous from this meeting, sent or not, oldest first. Nobody else's are shown.
    async fn kudos(&self, ctx: &Context<'_>) -> Result<Vec<Kudos>, Fault> {
        let kudos = batches(ctx)?.load_one(KudosFrom(self.0.id)).await?;
        Ok(kudos.unwrap_or_default().into_iter().map(Kudos).collect())
    }

    /// The suggestion it was accepted from; null for any other origin, and for the counterpart.
    async fn suggestion(&self, ctx: &Context<'_>) -> Result<Option<Suggestion>, Fault> {
        match self.0.suggestion {
            Some(id) => Ok(batches(ctx)?.load_one(SuggestionOf(id)).await?.map(Suggestion)),
            None => Ok(None),
        }
    }
}

connection!(
    MeetingConnection,
    MeetingEdge,
    Meeting,
    MeetingQuery,
    meetings_count,
    "A page of meetings."
);

impl MeetingConnection {
    pub(super) async fn of(ctx: &Context<'_>, query: MeetingQuery, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = format!("meetings {query:?}");
        let slice = session.meetings(&query, &page.read(session, &shape)?).await?;
        Ok(Self::new(seal(session, &shape, slice), Some(query), Meeting))
    }
}
