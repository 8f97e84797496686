//! Peer edges, in reach.

mod facts;

use chrono::{DateTime, Utc};
use entity::{peer_edge, person};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, SimpleExpr},
};
use uuid::Uuid;

use super::{
    PageRequest, Slice, Snapshot, StoreError, Write,
    chart::BULK,
    code::{maybe, value, word},
    order::{Key, KeyKind},
    to_millis,
    within::owned_within,
};
use crate::{
    auth::scope::{
        Grant, Scope,
        action::{Draw, Meet},
        facet::{Cards, Peers},
    },
    domain::{
        peers::{Edge, Pair, PeerState},
        person::PersonKey,
    },
};

/// One peer edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerRow {
    /// Public id.
    pub id: Uuid,
    /// What holds between the two.
    pub edge: Edge,
}

impl Snapshot {
    /// One page of the edges in reach that have not ended, by the other one's name.
    pub async fn peers(
        &self,
        scope: &Scope<Peers>,
        cards: &Scope<Cards>,
        page: &PageRequest,
    ) -> Result<Slice<PeerRow>, StoreError> {
        let name = other_name(scope.viewer().map_or(0, |key| key.0));
        let id = Expr::col((peer_edge::Entity, peer_edge::Column::Id));
        let keys = vec![Key::ascending(name, KeyKind::Text), Key::ascending(id, KeyKind::Id)];
        let slice = self.page(standing(scope, cards), keys, page).await?;
        let rows = slice
            .rows
            .into_iter()
            .map(|(cursor, row)| Ok((cursor, row.try_into()?)));
        let rows = rows.collect::<Result<_, StoreError>>()?;
        Ok(Slice {
            rows,
            has_next: slice.has_next,
            has_previous: slice.has_previous,
        })
    }

    /// How many edges are in reach that have not ended.
    pub async fn peers_count(&self, scope: &Scope<Peers>, cards: &Scope<Cards>) -> Result<u64, StoreError> {
        Ok(standing(scope, cards).count(&self.tx).await?)
    }

    /// The edges with these public ids, as far as they are in reach, whether or not they have ended; in no order.
    pub async fn peers_by_id(
        &self,
        scope: &Scope<Peers>,
        cards: &Scope<Cards>,
        ids: Vec<Uuid>,
    ) -> Result<Vec<PeerRow>, StoreError> {
        let select = select(scope, cards).filter(peer_edge::Column::Id.is_in(ids));
        select.all(&self.tx).await?.into_iter().map(TryInto::try_into).collect()
    }
}

impl Write {
    /// The edge of a pair, if there is one; one of the two is whoever was granted this.
    pub async fn peer_of(&self, _grant: &Grant<Meet>, pair: Pair) -> Result<Option<PeerRow>, StoreError> {
        let select = peer_edge::Entity::find()
            .filter(peer_edge::Column::LowId.eq(pair.low().0))
            .filter(peer_edge::Column::HighId.eq(pair.high().0));
        select.one(&self.tx).await?.map(TryInto::try_into).transpose()
    }

    /// Writes an edge, new or changed.
    pub async fn put_peer(&self, _grant: &Grant<Meet>, row: &PeerRow, now: DateTime<Utc>) -> Result<(), StoreError> {
        use peer_edge::Column;
        let changed = OnConflict::column(Column::Id)
            .update_columns([
                Column::State,
                Column::Origin,
                Column::LowWord,
                Column::HighWord,
                Column::Skips,
                Column::ChangedAt,
            ])
            .to_owned();
        peer_edge::Entity::insert(model(row.id, &row.edge, now))
            .on_conflict(changed)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Writes edges that a draw brings.
    pub(super) async fn add_peers(
        &self,
        _grant: &Grant<Draw>,
        edges: &[Edge],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for edges in edges.chunks(BULK) {
            let rows = edges.iter().map(|edge| model(Self::new_id(), edge, now));
            peer_edge::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
        }
        Ok(())
    }
}

impl TryFrom<peer_edge::Model> for PeerRow {
    type Error = StoreError;

    fn try_from(row: peer_edge::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            edge: Edge {
                pair: Pair::of(PersonKey(row.low_id), PersonKey(row.high_id)),
                state: value(&row.state)?,
                origin: value(&row.origin)?,
                low_word: maybe(row.low_word.as_deref())?,
                high_word: maybe(row.high_word.as_deref())?,
                skips: row.skips.try_into().unwrap_or(0),
            },
        })
    }
}

fn model(id: Uuid, edge: &Edge, now: DateTime<Utc>) -> peer_edge::ActiveModel {
    let now = to_millis(now);
    peer_edge::ActiveModel {
        id: Set(id),
        low_id: Set(edge.pair.low().0),
        high_id: Set(edge.pair.high().0),
        state: Set(word(&edge.state)),
        origin: Set(word(&edge.origin)),
        low_word: Set(edge.low_word.map(|said| word(&said))),
        high_word: Set(edge.high_word.map(|said| word(&said))),
        skips: Set(edge.skips.try_into().unwrap_or(i32::MAX)),
        created_at: Set(now),
        changed_at: Set(now),
    }
}

/// The viewer's own edges, each while the other one's card is in reach, because an edge shows it. A confirmed edge puts
/// the card in reach itself.
fn select(scope: &Scope<Peers>, cards: &Scope<Cards>) -> Select<peer_edge::Entity> {
    use peer_edge::Column;
    let Some(me) = scope.viewer().filter(|_| !scope.reaches().is_empty()) else {
        return peer_edge::Entity::find().filter(Expr::value(false));
    };
    let side = |own: Column, other: Column| Condition::all().add(own.eq(me.0)).add(owned_within(cards, other));
    let own = Condition::any()
        .add(side(Column::LowId, Column::HighId))
        .add(side(Column::HighId, Column::LowId));
    peer_edge::Entity::find().filter(own)
}

fn standing(scope: &Scope<Peers>, cards: &Scope<Cards>) -> Select<peer_edge::Entity> {
    select(scope, cards).filter(peer_edge::Column::State.ne(word(&PeerState::Ended)))
}

/// The name by which the other one than `me` is sorted.
fn other_name(me: i64) -> SimpleExpr {
    use peer_edge::Column;
    let column = |column: Column| Expr::col((peer_edge::Entity, column));
    let other = CaseStatement::new()
        .case(column(Column::LowId).eq(me), column(Column::HighId))
        .finally(column(Column::LowId));
    let name = person::Entity::find()
        .select_only()
        .column(person::Column::NameKey)
        .filter(Expr::col((person::Entity, person::Column::Id)).eq(Expr::expr(other)))
        .into_query();
    SimpleExpr::SubQuery(None, Box::new(name.into()))
}
