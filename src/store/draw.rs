//! The draw: its facts, one set-based query for each list, and what it found.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, Utc};
use entity::{empty_slot, load_claim, participation, suggestion, weekly_draw};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, sea_query::OnConflict,
};

use super::{
    OrgState, Snapshot, StoreError, Write,
    chart::BULK,
    claims::{Claim, claim_model},
    code::{maybe, word},
    suggestions::{SuggestionRow, model},
    to_millis,
};
use crate::{
    auth::scope::{Grant, action::Draw},
    domain::{
        Date,
        meeting::{MeetingKind, MeetingStatus, unconfirmed_before},
        peers::Edge,
        person::{Absence, PersonKey, Spell},
        rotation::{Absent, Asked, Employed, EmptySlot, Facts, Filled, Heard, Met, Open, Rest, Silent, Visit},
        settings::Settings,
        suggestion::SuggestionStatus,
        week::Week,
    },
};

/// Weeks of a leader's rounds that the draw looks back on (product.md 4, rule 4).
const VISIT_WEEKS: i64 = 26;
/// Weeks during which a leader who goes round meets nobody again.
const ROUND_WEEKS: i64 = 52;

/// What a draw leaves behind.
#[derive(Clone, Debug)]
pub struct DrawnWeek {
    /// The week.
    pub week: Week,
    /// When.
    pub at: DateTime<Utc>,
    /// New suggestions; a skip-level comes with its claim.
    pub suggestions: Vec<SuggestionRow>,
    /// New peer edges.
    pub peers: Vec<Edge>,
    /// New empty slots.
    pub empty: Vec<EmptySlot>,
    /// Version of the settings it used.
    pub settings_version: i64,
    /// Seed it used.
    pub seed: i64,
}

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

    /// Whether `week` was drawn over the chart as it is now, so that drawing it again would change nothing.
    pub async fn is_settled(&self, week: Week, state: &OrgState) -> Result<bool, StoreError> {
        let row = weekly_draw::Entity::find_by_id(week.starts_on()).one(&self.tx).await?;
        Ok(row.is_some_and(|row| row.org_version == state.version))
    }

    /// Version of the settings by which the newest run over `week` that found something was made.
    pub async fn drawn_by(&self, _grant: &Grant<Draw>, week: Week) -> Result<Option<i64>, StoreError> {
        let row = weekly_draw::Entity::find_by_id(week.starts_on()).one(&self.tx).await?;
        Ok(row.map(|row| row.settings_version))
    }

    /// Everything that was suggested for `week`, whatever became of it, in the order of leaders.
    pub async fn drawn(&self, _grant: &Grant<Draw>, week: Week) -> Result<Vec<SuggestionRow>, StoreError> {
        use sea_orm::QueryOrder;
        let select = suggestion::Entity::find()
            .filter(suggestion::Column::Week.eq(week.starts_on()))
            .order_by_asc(suggestion::Column::LeaderId)
            .order_by_asc(suggestion::Column::CreatedAt)
            .order_by_asc(suggestion::Column::Id);
        select.all(&self.tx).await?.into_iter().map(TryInto::try_into).collect()
    }

    /// The slots of `week` that stayed empty, in the order of leaders.
    pub async fn empty_slots(&self, _grant: &Grant<Draw>, week: Week) -> Result<Vec<EmptySlot>, StoreError> {
        use sea_orm::QueryOrder;
        let select = empty_slot::Entity::find()
            .filter(empty_slot::Column::Week.eq(week.starts_on()))
            .order_by_asc(empty_slot::Column::LeaderId);
        let slot = |row: empty_slot::Model| {
            let next_week = row.next_week.map(Week::of);
            Ok(EmptySlot {
                leader: PersonKey(row.leader_id),
                code: super::code::value(&row.code)?,
                next_week,
            })
        };
        select.all(&self.tx).await?.into_iter().map(slot).collect()
    }

    pub(super) async fn all<T: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<Vec<T>, StoreError> {
        Ok(T::find_by_statement(self.sql(sql, values)).all(&self.tx).await?)
    }
}

impl Write {
    /// Writes what a draw found. The primary key of the claims refuses a second skip-level of a person in the week.
    pub async fn save_draw(&self, grant: &Grant<Draw>, drawn: &DrawnWeek) -> Result<(), StoreError> {
        let version = self.org_state().await?.version;
        let row = weekly_draw::ActiveModel {
            week: Set(drawn.week.starts_on()),
            drawn_at: Set(to_millis(drawn.at)),
            org_version: Set(version),
            settings_version: Set(drawn.settings_version),
            seed: Set(drawn.seed),
        };
        let mut again = OnConflict::column(weekly_draw::Column::Week);
        again.update_column(weekly_draw::Column::OrgVersion);
        if !(drawn.suggestions.is_empty() && drawn.empty.is_empty()) {
            // What stands there already follows from the settings of its own run.
            again.update_column(weekly_draw::Column::SettingsVersion);
        }
        weekly_draw::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&self.tx)
            .await?;
        for rows in drawn.suggestions.chunks(BULK) {
            let models = rows
                .iter()
                .map(|row| model(row).map(IntoActiveModel::into_active_model));
            let models = models.collect::<Result<Vec<_>, _>>()?;
            suggestion::Entity::insert_many(models)
                .exec_without_returning(&self.tx)
                .await?;
        }
        // A claim that stands in that week belongs to a suggestion that expired unanswered: the draw saw it so.
        let stale = "DELETE FROM load_claim WHERE week = $1 AND meeting_id IS NULL AND suggestion_id IN \
                     (SELECT id FROM suggestion WHERE week = $1 AND expires_at <= $2)";
        let values = [drawn.week.starts_on().into(), to_millis(drawn.at).into()];
        self.tx.execute_raw(self.sql(stale, values)).await?;
        let skip_levels = drawn
            .suggestions
            .iter()
            .filter(|row| row.kind == MeetingKind::SkipLevel);
        let claims: Vec<_> = skip_levels.map(|row| claim_model(&claim_of(row))).collect();
        for claims in claims.chunks(BULK) {
            load_claim::Entity::insert_many(claims.to_vec())
                .exec_without_returning(&self.tx)
                .await?;
        }
        self.add_peers(grant, &drawn.peers, drawn.at).await?;
        for slots in drawn.empty.chunks(BULK) {
            let models = slots.iter().map(|slot| slot_model(drawn.week, slot));
            empty_slot::Entity::insert_many(models)
                .exec_without_returning(&self.tx)
                .await?;
        }
        Ok(())
    }
}

/// The row that holds an empty slot of `week`.
pub(super) fn slot_model(week: Week, slot: &EmptySlot) -> empty_slot::ActiveModel {
    empty_slot::ActiveModel {
        week: Set(week.starts_on()),
        leader_id: Set(slot.leader.0),
        code: Set(word(&slot.code)),
        next_week: Set(slot.next_week.map(Week::starts_on)),
    }
}

/// The claim of a suggestion whose day is open.
pub(crate) fn claim_of(row: &SuggestionRow) -> Claim {
    Claim {
        person: row.counterpart,
        week: row.week,
        day: row.week.starts_on(),
        leader: row.leader,
        suggestion: Some(row.id),
        meeting: None,
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
