//! What draws must know beside the chart: one set-based query for each list.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, Utc};
use entity::{participation, suggestion};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter};

use super::{
    Snapshot, StoreError,
    code::{maybe, word},
    to_millis,
};
use crate::domain::{
    Date,
    meeting::{MeetingKind, MeetingStatus, unconfirmed_before},
    person::{Absence, PersonKey, Spell},
    rotation::{Absent, Asked, Employed, Facts, Filled, Heard, Met, Open, Rest, Silent, Visit},
    settings::Settings,
    suggestion::SuggestionStatus,
    week::Week,
};

/// Weeks of a leader's rounds that the draw looks back on (product.md 4, rule 4).
const VISIT_WEEKS: i64 = 26;
/// Weeks during which a leader who goes round meets nobody again.
const ROUND_WEEKS: i64 = 52;

#[derive(FromQueryResult)]
struct Period {
    person_id: i64,
    start_date: Date,
    end_date: Option<Date>,
}

#[derive(FromQueryResult)]
struct Pair {
    leader_id: i64,
    counterpart_id: i64,
    day: Date,
}

#[derive(FromQueryResult)]
struct Round {
    leader_id: i64,
    branch_id: i64,
    band: Option<String>,
    day: Date,
}

#[derive(FromQueryResult)]
struct Told {
    week: Date,
    leader_id: i64,
}

impl Snapshot {
    /// What the draws of `weeks` must know beside the chart. Takes no scope: ids and days, no names, for the draw only.
    pub async fn draw_facts(
        &self,
        settings: &Settings,
        weeks: RangeInclusive<Week>,
        now: DateTime<Utc>,
    ) -> Result<Facts, StoreError> {
        let now = to_millis(now);
        let first = *weeks.start();
        let open = self.open(now).await?;
        let mut visits = self.visits(settings, first, now).await?;
        visits.extend(open.iter().filter_map(|(_, visit)| *visit));
        Ok(Facts {
            employed: self.employed().await?,
            absences: self.absences().await?,
            heard: self.heard().await?,
            asked: self.asked(settings, &weeks, now).await?,
            met: self.met(settings, first, now).await?,
            rests: self.rests(settings, first).await?,
            visits,
            silent: self.silent().await?,
            open: open.into_iter().map(|(open, _)| open).collect(),
            filled: self.filled(&weeks).await?,
        })
    }

    async fn employed(&self) -> Result<Vec<Employed>, StoreError> {
        let sql = "SELECT e.person_id, e.start_date, e.end_date FROM employment e JOIN person p ON p.id = e.person_id \
                   WHERE p.path IS NOT NULL";
        let rows = self.all::<Period>(sql, []).await?.into_iter();
        let employed = rows.map(|row| Employed {
            person: PersonKey(row.person_id),
            spell: Spell {
                start: row.start_date,
                end: row.end_date,
            },
        });
        Ok(employed.collect())
    }

    async fn absences(&self) -> Result<Vec<Absent>, StoreError> {
        let rows = self
            .all::<Period>("SELECT person_id, start_date, end_date FROM absence", [])
            .await?;
        let absent = rows.into_iter().map(|row| Absent {
            person: PersonKey(row.person_id),
            absence: Absence {
                start: row.start_date,
                end: row.end_date,
            },
        });
        Ok(absent.collect())
    }

    /// The newest of each person; MIN settles which leader when two held one on the same day.
    async fn heard(&self) -> Result<Vec<Heard>, StoreError> {
        let sql = "SELECT MIN(m.leader_id) AS leader_id, m.counterpart_id, m.day FROM meeting m JOIN \
                   (SELECT counterpart_id, MAX(day) AS day FROM meeting WHERE kind = $1 AND status = $2 GROUP BY counterpart_id) n \
                   ON n.counterpart_id = m.counterpart_id AND n.day = m.day WHERE m.kind = $1 AND m.status = $2 \
                   GROUP BY m.counterpart_id, m.day";
        let rows = self.all::<Pair>(sql, [skip_level(), held()]).await?.into_iter();
        let heard = rows.map(|row| Heard {
            person: PersonKey(row.counterpart_id),
            day: row.day,
            by: PersonKey(row.leader_id),
        });
        Ok(heard.collect())
    }

    async fn asked(
        &self,
        settings: &Settings,
        weeks: &RangeInclusive<Week>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Asked>, StoreError> {
        let margin = Days::new(settings.load_cap_days.unsigned_abs() + 7);
        let sql = "SELECT c.person_id AS counterpart_id, c.leader_id, c.day FROM load_claim c \
                   LEFT JOIN suggestion s ON s.id = c.suggestion_id \
                   WHERE c.day BETWEEN $1 AND $2 AND (c.meeting_id IS NOT NULL OR s.expires_at > $3)";
        let (from, to) = (weeks.start().starts_on() - margin, weeks.end().ends_on() + margin);
        let rows = self
            .all::<Pair>(sql, [from.into(), to.into(), now.into()])
            .await?
            .into_iter();
        Ok(rows
            .map(|row| Asked {
                person: PersonKey(row.counterpart_id),
                day: row.day,
            })
            .collect())
    }

    /// A meeting agreed for its week without a day counts on the Monday of the week it was accepted for. One that time
    /// has made UNCONFIRMED does not count.
    async fn met(&self, settings: &Settings, week: Week, now: DateTime<Utc>) -> Result<Vec<Met>, StoreError> {
        let sql = "SELECT m.leader_id, m.counterpart_id, MAX(COALESCE(m.day, s.week)) AS day FROM meeting m \
                   LEFT JOIN suggestion s ON s.id = m.suggestion_id \
                   WHERE m.kind = $1 AND (m.status = $2 OR (m.status = $3 AND m.ends_at >= $5)) \
                   AND COALESCE(m.day, s.week) >= $4 GROUP BY m.leader_id, m.counterpart_id";
        let since = week
            .plus(-settings.pair_cooldown_weeks.max(ROUND_WEEKS) - 1)
            .starts_on();
        let rows = self
            .all::<Pair>(
                sql,
                [
                    skip_level(),
                    held(),
                    scheduled(),
                    since.into(),
                    unconfirmed_before(now, settings).into(),
                ],
            )
            .await?
            .into_iter();
        let met = rows.map(|row| Met {
            leader: PersonKey(row.leader_id),
            person: PersonKey(row.counterpart_id),
            day: row.day,
        });
        Ok(met.collect())
    }

    async fn rests(&self, settings: &Settings, week: Week) -> Result<Vec<Rest>, StoreError> {
        let sql = "SELECT leader_id, counterpart_id, MAX(closed_on) AS day FROM meeting \
                   WHERE status = $1 AND closed_on >= $2 GROUP BY leader_id, counterpart_id";
        let rest = settings.decline_rest_weeks;
        let since = week.plus(-rest - 1).starts_on();
        let rows = self
            .all::<Pair>(sql, [word(&MeetingStatus::Declined).into(), since.into()])
            .await?
            .into_iter();
        let rests = rows.map(|row| Rest {
            leader: PersonKey(row.leader_id),
            person: PersonKey(row.counterpart_id),
            until: row.day + chrono::Duration::weeks(rest),
        });
        Ok(rests.collect())
    }

    async fn visits(&self, settings: &Settings, week: Week, now: DateTime<Utc>) -> Result<Vec<Visit>, StoreError> {
        let sql = "SELECT m.leader_id, m.branch_id, m.band, COALESCE(m.day, s.week) AS day FROM meeting m \
                   LEFT JOIN suggestion s ON s.id = m.suggestion_id \
                   WHERE m.kind = $1 AND (m.status = $2 OR (m.status = $3 AND m.ends_at >= $5)) \
                   AND m.branch_id IS NOT NULL AND COALESCE(m.day, s.week) >= $4";
        let since = week.plus(-VISIT_WEEKS).starts_on();
        let values = [
            skip_level(),
            held(),
            scheduled(),
            since.into(),
            unconfirmed_before(now, settings).into(),
        ];
        let visit = |row: Round| {
            Ok(Visit {
                leader: PersonKey(row.leader_id),
                day: row.day,
                branch: PersonKey(row.branch_id),
                band: maybe(row.band.as_deref())?,
            })
        };
        self.all::<Round>(sql, values).await?.into_iter().map(visit).collect()
    }

    /// What waits for an answer, each with the visit it would be.
    async fn open(&self, now: DateTime<Utc>) -> Result<Vec<(Open, Option<Visit>)>, StoreError> {
        let open = suggestion::Entity::find()
            .filter(suggestion::Column::Kind.eq(word(&MeetingKind::SkipLevel)))
            .filter(suggestion::Column::Status.eq(word(&SuggestionStatus::Open)))
            .filter(suggestion::Column::ExpiresAt.gt(now));
        let visit = |row: suggestion::Model| {
            let (leader, band) = (PersonKey(row.leader_id), maybe(row.band.as_deref())?);
            let open = Open {
                leader,
                person: PersonKey(row.counterpart_id),
                week: Week::of(row.week),
            };
            let visit = row.branch_id.map(|branch| Visit {
                leader,
                day: row.week,
                branch: PersonKey(branch),
                band,
            });
            Ok((open, visit))
        };
        open.all(&self.tx).await?.into_iter().map(visit).collect()
    }

    /// Who does not want to be suggested; also those whose snooze is over, until they say something again.
    pub(super) async fn silent(&self) -> Result<Vec<Silent>, StoreError> {
        let silent = Condition::any()
            .add(participation::Column::OptedOut.eq(true))
            .add(participation::Column::SnoozedUntil.is_not_null());
        let rows = participation::Entity::find().filter(silent).all(&self.tx).await?;
        let silent = rows.into_iter().map(|row| Silent {
            person: PersonKey(row.person_id),
            since: row.silent_since,
            until: row.snoozed_until.filter(|_| !row.opted_out),
        });
        Ok(silent.collect())
    }

    /// Who has been told of a skip-level, or of none, for which week: what was taken away from them can be drawn anew.
    async fn filled(&self, weeks: &RangeInclusive<Week>) -> Result<Vec<Filled>, StoreError> {
        let sql = "SELECT week, leader_id FROM suggestion WHERE week BETWEEN $1 AND $2 AND status <> $3 AND kind = $4 \
                   UNION SELECT week, leader_id FROM empty_slot WHERE week BETWEEN $1 AND $2";
        let (first, last) = (weeks.start().starts_on(), weeks.end().starts_on());
        let invalidated = word(&SuggestionStatus::Invalidated).into();
        let values = [first.into(), last.into(), invalidated, skip_level()];
        let filled = self.all::<Told>(sql, values).await?.into_iter().map(|row| Filled {
            week: Week::of(row.week),
            leader: PersonKey(row.leader_id),
        });
        Ok(filled.collect())
    }

    pub(super) async fn all<T: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<Vec<T>, StoreError> {
        Ok(T::find_by_statement(self.sql(sql, values)).all(&self.tx).await?)
    }
}

fn skip_level() -> sea_orm::Value {
    word(&MeetingKind::SkipLevel).into()
}

fn held() -> sea_orm::Value {
    word(&MeetingStatus::Held).into()
}

fn scheduled() -> sea_orm::Value {
    word(&MeetingStatus::Scheduled).into()
}
