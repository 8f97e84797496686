//! What the draw of peers must know, one set-based query for each list.

use chrono::{DateTime, Utc};
use entity::peer_edge;
use sea_orm::{EntityTrait, FromQueryResult, Value};

use super::PeerRow;
use crate::{
    domain::{
        Date,
        line::LineKind,
        meeting::{MeetingKind, MeetingStatus, unconfirmed_before},
        peers::{Edge, Function, Pair, PeerFacts, PeersMet},
        person::PersonKey,
        settings::Settings,
        suggestion::{InvalidReason, SuggestionStatus},
        week::Week,
    },
    store::{Snapshot, StoreError, code::word, to_millis},
};

#[derive(FromQueryResult)]
struct FunctionRow {
    id: i64,
    number: i64,
}

#[derive(FromQueryResult)]
struct PairRow {
    a: i64,
    b: i64,
}

#[derive(FromQueryResult)]
struct MetRow {
    a: i64,
    b: i64,
    day: Date,
}

impl Snapshot {
    /// What the draw of peers for `week` must know beside chart and [`draw_facts`](Snapshot::draw_facts), as of `now` on
    /// `today`. Takes no scope: ids and days, no names, for the draw only.
    pub async fn peer_facts(
        &self,
        settings: &Settings,
        week: Week,
        now: DateTime<Utc>,
        today: Date,
    ) -> Result<PeerFacts, StoreError> {
        Ok(PeerFacts {
            functions: self.functions().await?,
            edges: self.edges().await?,
            dotted: self.dotted(today).await?,
            met: self.peers_met().await?,
            pending: self.pending(settings, week, now).await?,
            told: self.peers_told(week).await?,
        })
    }

    /// The function is the department; which one it is the draw need not know.
    async fn functions(&self) -> Result<Vec<Function>, StoreError> {
        let sql = "SELECT id, DENSE_RANK() OVER (ORDER BY department) AS number FROM person \
                   WHERE path IS NOT NULL AND department IS NOT NULL";
        let rows = self.all::<FunctionRow>(sql, []).await?.into_iter();
        let function = |row: FunctionRow| Function {
            person: PersonKey(row.id),
            number: row.number,
        };
        Ok(rows.map(function).collect())
    }

    async fn edges(&self) -> Result<Vec<Edge>, StoreError> {
        let rows = peer_edge::Entity::find().all(&self.tx).await?.into_iter();
        rows.map(|row| Ok(PeerRow::try_from(row)?.edge)).collect()
    }

    async fn dotted(&self, today: Date) -> Result<Vec<Pair>, StoreError> {
        let sql = "SELECT report_id AS a, manager_id AS b FROM reporting_line \
                   WHERE kind = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)";
        self.pairs(sql, [word(&LineKind::Dotted).into(), today.into()]).await
    }

    async fn peers_met(&self) -> Result<Vec<PeersMet>, StoreError> {
        let sql = "SELECT leader_id AS a, counterpart_id AS b, MAX(day) AS day FROM meeting \
                   WHERE kind = $1 AND status = $2 AND day IS NOT NULL GROUP BY leader_id, counterpart_id";
        self.days(sql, [peer(), word(&MeetingStatus::Held).into()]).await
    }

    /// Scheduled meetings that time has not made UNCONFIRMED, and what waits for an answer for another week. Without a
    /// day they count on the Monday of their week.
    async fn pending(&self, settings: &Settings, week: Week, now: DateTime<Utc>) -> Result<Vec<PeersMet>, StoreError> {
        let sql = "SELECT m.leader_id AS a, m.counterpart_id AS b, COALESCE(m.day, s.week) AS day FROM meeting m \
                   LEFT JOIN suggestion s ON s.id = m.suggestion_id \
                   WHERE m.kind = $1 AND m.status = $2 AND m.ends_at >= $3 AND COALESCE(m.day, s.week) IS NOT NULL \
                   UNION ALL SELECT leader_id AS a, counterpart_id AS b, week AS day FROM suggestion \
                   WHERE kind = $1 AND status = $4 AND expires_at > $5 AND week <> $6";
        let values = [
            peer(),
            word(&MeetingStatus::Scheduled).into(),
            to_millis(unconfirmed_before(now, settings)).into(),
            word(&SuggestionStatus::Open).into(),
            to_millis(now).into(),
            week.starts_on().into(),
        ];
        self.days(sql, values).await
    }

    /// Each pair once, though both were told. Who was passed over by the other has been told something all the same.
    async fn peers_told(&self, week: Week) -> Result<Vec<Pair>, StoreError> {
        let sql = "SELECT leader_id AS a, counterpart_id AS b FROM suggestion \
                   WHERE kind = $1 AND week = $2 AND leader_id < counterpart_id AND (status <> $3 OR invalid_reason = $4)";
        let values = [
            peer(),
            week.starts_on().into(),
            word(&SuggestionStatus::Invalidated).into(),
            word(&InvalidReason::NotThisTime).into(),
        ];
        self.pairs(sql, values).await
    }

    async fn pairs(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<Pair>, StoreError> {
        let rows = self.all::<PairRow>(sql, values).await?.into_iter();
        Ok(rows.map(|row| Pair::of(PersonKey(row.a), PersonKey(row.b))).collect())
    }

    async fn days(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<PeersMet>, StoreError> {
        let rows = self.all::<MetRow>(sql, values).await?.into_iter();
        let met = |row: MetRow| PeersMet {
            pair: Pair::of(PersonKey(row.a), PersonKey(row.b)),
            day: row.day,
        };
        Ok(rows.map(met).collect())
    }
}

fn peer() -> Value {
    word(&MeetingKind::Peer).into()
}
