//! Peers of the viewer.

use async_graphql::{Context, Description, ID, Object};

use super::{
    batch::LastMet,
    batches,
    error::Fault,
    id::NodeKind,
    meeting::Meeting,
    page::{PageArgs, connection, seal},
    person::{Person, person},
    scalar::Date,
    session,
    words::{PeerOrigin, PeerState},
};
use crate::app::{PeerFound, PeerQuery};

/// Somebody who stands beside the viewer and whom they meet now and then. Shown to the two alone, and only while the
/// other one's card is in reach; that of a confirmed peer always is.
#[derive(Clone, Debug, Description)]
pub struct Peer(pub(super) PeerFound);

#[Object(use_type_description)]
impl Peer {
    /// Global id: that of the edge between the two, so both know it by the same.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Peer.id(self.0.id)
    }

    /// The other one.
    async fn person(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.person).await
    }

    /// How far the two have come.
    async fn state(&self) -> PeerState {
        self.0.state.into()
    }

    /// Where the two know of each other from.
    async fn origin(&self) -> PeerOrigin {
        self.0.origin.into()
    }

    /// Whether the viewer has agreed. Whether the other one has, `state` tells once both have.
    async fn agreed_by_me(&self) -> bool {
        self.0.agreed_by_me
    }

    /// Whether three skips in a row propose to end it: the two are not suggested to each other until one of them confirms
    /// it anew, or they meet.
    async fn end_proposed(&self) -> bool {
        self.0.end_proposed
    }

    /// The newest HELD 1:1 of the two; null if there was none.
    async fn last_met(&self, ctx: &Context<'_>) -> Result<Option<Meeting>, Fault> {
        Ok(batches(ctx)?.load_one(LastMet(self.0.person)).await?.map(Meeting))
    }

    /// Four weeks after the two last met; null if they have not.
    async fn due_on(&self, ctx: &Context<'_>) -> Result<Option<Date>, Fault> {
        let met = batches(ctx)?.load_one(LastMet(self.0.person)).await?;
        Ok(met.and_then(|meeting| self.0.due_after(&meeting)).map(Date))
    }
}

connection!(
    PeerConnection,
    PeerEdge,
    Peer,
    PeerQuery,
    peers_count,
    "A page of peers."
);

impl PeerConnection {
    pub(super) async fn of(ctx: &Context<'_>, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = "peers";
        let slice = session.peers(&page.read(session, shape)?).await?;
        Ok(Self::new(seal(session, shape, slice), Some(PeerQuery), Peer))
    }
}
