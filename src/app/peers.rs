//! Peers: reading one's own, keeping them, and what answers to suggestions mean for both (product.md 5).

use std::collections::HashMap;

use chrono::Days;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AppError, Keyed, Mistake, MistakeCode, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::Meet},
    domain::{
        Date,
        meeting::{MeetingKind, MeetingStatus},
        peers::{Edge, Pair, PeerOrigin, PeerPick, PeerState, TARGET_DAYS, Word},
        person::PersonKey,
        suggestion::{InvalidReason, Reason, SuggestionStatus},
        week::{Week, start_of_day},
    },
    store::{MeetingRow, PageRequest, PeerRow, Slice, SuggestionRow},
};

/// The viewer's peers: there is nothing to choose.
#[derive(Clone, Copy, Debug, Default)]
pub struct PeerQuery;

/// A peer as one of the two sees them.
#[derive(Clone, Debug)]
pub struct PeerFound {
    /// Public id of the edge.
    pub id: Uuid,
    /// The other one.
    pub person: PersonKey,
    /// How far the two have come.
    pub state: PeerState,
    /// Where the edge came from.
    pub origin: PeerOrigin,
    /// Whether the viewer has agreed.
    pub agreed_by_me: bool,
    /// Whether skips in a row propose to end it.
    pub end_proposed: bool,
}

impl PeerFound {
    fn by(me: PersonKey, PeerRow { id, edge }: &PeerRow) -> Self {
        Self {
            id: *id,
            person: edge.pair.other(me),
            state: edge.state,
            origin: edge.origin,
            agreed_by_me: edge.word_of(me) == Some(Word::Agrees),
            end_proposed: edge.end_proposed(),
        }
    }

    /// The day on which the two should meet again after `meeting`.
    pub fn due_after(&self, meeting: &MeetingRow) -> Option<Date> {
        Some(meeting.day? + Days::new(TARGET_DAYS.unsigned_abs()))
    }
}

/// Whom to propose.
#[derive(Clone, Debug, Serialize)]
pub struct ProposePeerInput {
    /// Public id of the person.
    pub person: Uuid,
}

/// Which peer edge.
#[derive(Clone, Debug, Serialize)]
pub struct AboutPeer {
    /// Public id.
    pub peer: Uuid,
}

/// What a mutation changed: the id of the peer edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerChanged {
    /// Public id.
    pub peer: Uuid,
}

impl Session {
    /// One page of the viewer's peers, proposed or confirmed, by name; as far as their card is in reach.
    pub async fn peers(&self, page: &PageRequest) -> Result<Slice<PeerFound>, AppError> {
        let current = self.current().await?;
        let Some(me) = current.viewer.key() else {
            return Ok(Slice::empty());
        };
        let (scope, cards) = (current.viewer.peers(), current.viewer.cards());
        let slice = current.snapshot.peers(&scope, &cards, page).await?;
        Ok(slice.map(|row| PeerFound::by(me, &row)))
    }

    /// How many those are.
    pub async fn peers_count(&self, _query: &PeerQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        let (scope, cards) = (current.viewer.peers(), current.viewer.cards());
        Ok(current.snapshot.peers_count(&scope, &cards).await?)
    }

    /// The viewer's peer edges with these public ids, as far as the other one's card is in reach.
    pub async fn peers_by_id(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, PeerFound>, AppError> {
        let current = self.current().await?;
        let (scope, cards) = (current.viewer.peers(), current.viewer.cards());
        let rows = current.snapshot.peers_by_id(&scope, &cards, ids).await?;
        let found = |row: PeerRow| Some((row.id, PeerFound::by(current.viewer.key()?, &row)));
        Ok(rows.into_iter().filter_map(found).collect())
    }

    /// Proposes somebody in reach as a peer, or agrees where the other one proposed it.
    pub async fn propose_peer(&self, keyed: &Keyed<ProposePeerInput>) -> Result<Outcome<PeerChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "proposePeer", keyed, |turn| self
            .propose(turn, &grant, &keyed.input)
            .await?)
    }

    /// Agrees to a peer, or keeps one after skips.
    pub async fn confirm_peer(&self, keyed: &Keyed<AboutPeer>) -> Result<Outcome<PeerChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "confirmPeer", keyed, |turn| self
            .agree(turn, &grant, &keyed.input)
            .await?)
    }

    /// Ends a peer edge: the two are not suggested to each other any more.
    pub async fn end_peer(&self, keyed: &Keyed<AboutPeer>) -> Result<Outcome<PeerChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "endPeer", keyed, |turn| self
            .end(turn, &grant, &keyed.input)
            .await?)
    }

    async fn propose(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &ProposePeerInput,
    ) -> Result<Outcome<PeerChanged>, AppError> {
        let draft = match self.draft(turn, grant, "personId", input.person).await? {
            Ok(draft) => draft,
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        if draft.kind != MeetingKind::Peer {
            let message = "one of you stands above the other: peers stand side by side";
            return Ok(Err(vec![Mistake::at("personId", MistakeCode::NotAllowed, message)]));
        }
        let pair = Pair::of(draft.leader, draft.counterpart);
        let known = turn.write.peer_of(grant, pair).await?;
        let mut row = known.unwrap_or_else(|| PeerRow {
            id: Uuid::new_v4(),
            edge: Edge::proposed(pair, PeerOrigin::Person),
        });
        row.edge.agree(draft.me);
        turn.write.put_peer(grant, &row, self.now()).await?;
        Ok(Ok(PeerChanged { peer: row.id }))
    }

    async fn agree(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &AboutPeer,
    ) -> Result<Outcome<PeerChanged>, AppError> {
        let (me, mut row) = match self.standing_peer(turn, grant, input.peer).await? {
            Ok(found) => found,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        row.edge.agree(me);
        turn.write.put_peer(grant, &row, self.now()).await?;
        Ok(Ok(PeerChanged { peer: row.id }))
    }

    async fn end(&self, turn: &Turn, grant: &Grant<Meet>, input: &AboutPeer) -> Result<Outcome<PeerChanged>, AppError> {
        let (me, mut row) = match self.standing_peer(turn, grant, input.peer).await? {
            Ok(found) => found,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        row.edge.end(me);
        turn.write.put_peer(grant, &row, self.now()).await?;
        let other = row.edge.pair.other(me);
        while let Some(open) = turn.write.open_suggestion(grant, me, other, self.now()).await? {
            self.pass_over(turn, grant, &open).await?;
        }
        Ok(Ok(PeerChanged { peer: row.id }))
    }

    /// The viewer and an edge of theirs that has not ended.
    async fn standing_peer(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        id: Uuid,
    ) -> Result<Result<(PersonKey, PeerRow), Mistake>, AppError> {
        let (scope, cards) = (turn.viewer.peers(), turn.viewer.cards());
        let row = turn.write.peers_by_id(&scope, &cards, vec![id]).await?.pop();
        Ok(match grant.person().zip(row) {
            None => Err(Mistake::not_found("peerId")),
            Some((_, row)) if row.edge.state == PeerState::Ended => {
                let message = "this peer has ended; propose them anew with proposePeer";
                Err(Mistake::at("peerId", MistakeCode::WrongStatus, message))
            }
            Some(found) => Ok(found),
        })
    }

    /// The viewer skipped a suggestion of a peer: the pair goes behind others, and nothing happens to either of the two.
    pub(super) async fn skip_peer(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        suggestion: &SuggestionRow,
    ) -> Result<(), AppError> {
        self.pass_over(turn, grant, suggestion).await?;
        let pair = Pair::of(suggestion.leader, suggestion.counterpart);
        self.change_peer(turn, grant, pair, Edge::skip).await
    }

    /// A peer 1:1 took place: the skips before it are forgotten, and what was suggested to the two for that week is
    /// answered by it.
    pub(super) async fn peers_met(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        meeting: &MeetingRow,
    ) -> Result<(), AppError> {
        if meeting.kind != MeetingKind::Peer || meeting.status != MeetingStatus::Held {
            return Ok(());
        }
        let pair = Pair::of(meeting.leader, meeting.counterpart);
        self.change_peer(turn, grant, pair, Edge::met).await?;
        let open = turn
            .write
            .open_suggestion(grant, pair.low(), pair.high(), self.now())
            .await?;
        let answered = open.filter(|open| meeting.day.is_some_and(|day| open.week.contains(day)));
        if let Some(open) = answered {
            self.accept_both(turn, grant, &open).await?;
        }
        Ok(())
    }

    /// Marks a suggestion as accepted, and its twin with it: one accepting serves both.
    pub(super) async fn accept_both(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        suggestion: &SuggestionRow,
    ) -> Result<(), AppError> {
        for id in [Some(suggestion.id), suggestion.twin].into_iter().flatten() {
            turn.write
                .change_suggestion(grant, id, SuggestionStatus::Accepted)
                .await?;
        }
        Ok(())
    }

    /// What a pick suggests to each of the two.
    pub(super) fn peer_suggestions(&self, pick: &PeerPick, week: Week) -> [SuggestionRow; 2] {
        let (low, high) = (Uuid::new_v4(), Uuid::new_v4());
        let row = |id, leader, twin, reasons: &[Reason]| SuggestionRow {
            id,
            week,
            leader,
            counterpart: pick.pair.other(leader),
            kind: MeetingKind::Peer,
            status: SuggestionStatus::Open,
            distance: None,
            branch: None,
            band: None,
            reasons: reasons.to_vec(),
            invalid_reason: None,
            replaces: None,
            twin: Some(twin),
            created_at: self.now(),
            expires_at: start_of_day(week.plus(1).starts_on(), self.zone()),
        };
        [
            row(low, pick.pair.low(), high, &pick.low_reasons),
            row(high, pick.pair.high(), low, &pick.high_reasons),
        ]
    }

    /// The viewer's row is skipped, the other one's is taken away.
    async fn pass_over(&self, turn: &Turn, grant: &Grant<Meet>, suggestion: &SuggestionRow) -> Result<(), AppError> {
        turn.write
            .change_suggestion(grant, suggestion.id, SuggestionStatus::Skipped)
            .await?;
        if let Some(twin) = suggestion.twin {
            turn.write.take_away(grant, twin, InvalidReason::NotThisTime).await?;
        }
        Ok(())
    }

    async fn change_peer(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        pair: Pair,
        change: impl FnOnce(&mut Edge),
    ) -> Result<(), AppError> {
        if let Some(mut row) = turn.write.peer_of(grant, pair).await? {
            change(&mut row.edge);
            turn.write.put_peer(grant, &row, self.now()).await?;
        }
        Ok(())
    }
}
