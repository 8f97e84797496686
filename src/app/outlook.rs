//! Looking beside and ahead of what is suggested: why somebody is not, and what the next weeks would bring.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{AppError, Session, WeekPlan, session::Current};
use crate::{
    domain::{
        chart::OrgChart,
        meeting::{MeetingKind, MeetingStatus},
        person::PersonKey,
        rotation::{Facts, Round, forecast, why_not},
        settings::Settings,
        suggestion::{NoSuggestionCode, SuggestionStatus, WhyNot},
        week::Week,
    },
    store::PersonKeyed,
};

/// Most weeks of a preview.
const MOST_WEEKS: u32 = 12;

/// Weeks ahead, further than anything is drawn.
const FAR: i64 = 520;

impl Session {
    /// Why a person, by public id, is not suggested to the viewer this week; none for anybody who is not below them, and
    /// for whom they are suggested: by something open, or by something accepted that was not called off.
    pub async fn why_not(&self, person: Uuid) -> Result<Option<WhyNot>, AppError> {
        let current = self.current().await?;
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        let found = current.snapshot.person(&cards, &PersonKeyed::Uid(person)).await?;
        let found = found.and_then(|row| Some((row.key, row.place?)));
        let (Some(me), Some((person, place))) = (current.viewer.place(), found) else {
            return Ok(None);
        };
        if !me.is_above(&place) {
            return Ok(None);
        }
        let week = Week::of(self.today());
        let told = current
            .snapshot
            .told(&scope, &cards, me.key(), week..=week.plus(FAR))
            .await?;
        let told = told.into_iter().map(|row| self.aged_suggestion(row));
        let told: Vec<_> = told
            .filter(|row| row.counterpart == person && row.kind == MeetingKind::SkipLevel)
            .collect();
        if told.iter().any(|row| row.status == SuggestionStatus::Open) {
            return Ok(None);
        }
        let accepted = told.iter().filter(|row| row.status == SuggestionStatus::Accepted);
        let meetings = self
            .meetings_of_suggestions(accepted.map(|row| row.id).collect())
            .await?;
        let stands = |status| matches!(status, MeetingStatus::Scheduled | MeetingStatus::Held);
        if meetings.values().any(|meeting| stands(meeting.status)) {
            return Ok(None);
        }
        let ground = self.ground(&current, week, week).await?;
        Ok(why_not(&ground.round(self, &current, week), me.key(), person))
    }

    /// The viewer's plans for so many weeks after the present one: as they are stored where they are drawn, and else as
    /// they would be drawn by now if everything suggested before were held. Nothing is stored, so the ids of suggestions
    /// that are not drawn yet lead nowhere. Skip-levels only.
    pub async fn preview(&self, weeks: u32) -> Result<Vec<WeekPlan>, AppError> {
        if !(1..=MOST_WEEKS).contains(&weeks) {
            return Err(AppError::Input(format!("weeks should be between 1 and {MOST_WEEKS}")));
        }
        let current = self.current().await?;
        let present = Week::of(self.today());
        let ahead: Vec<Week> = (1..=weeks).map(|ahead| present.plus(ahead.into())).collect();
        let Some(me) = current.viewer.key() else {
            let nothing = |week| WeekPlan::nothing(week, NoSuggestionCode::NotALeader, None);
            return Ok(ahead.into_iter().map(nothing).collect());
        };
        let last = present.plus(weeks.into());
        let mut plans = self.drawn_plans(&current, me, (present.plus(1), last)).await?;
        if plans.len() < ahead.len() {
            let cards = current.snapshot.cards(&current.viewer.cards(), &[me]).await?;
            if cards.first().is_some_and(|row| row.leads) {
                let ground = self.ground(&current, present, last).await?;
                let draws = forecast(&ground.round(self, &current, present), weeks + 1);
                for (&week, draw) in ahead.iter().zip(draws.iter().skip(1)) {
                    let picks = draw.picks.iter().filter(|pick| pick.leader == me);
                    let suggestions: Vec<_> = picks.map(|pick| self.suggestion_of(pick, week)).collect();
                    let empty = draw.empty.iter().find(|slot| slot.leader == me);
                    let reason = empty.map_or((NoSuggestionCode::NotDrawnYet, None), |slot| {
                        (slot.code, slot.next_week)
                    });
                    plans.entry(week).or_insert_with(|| WeekPlan {
                        week,
                        no_suggestion: suggestions.is_empty().then_some(reason),
                        suggestions,
                    });
                }
            }
        }
        let plan = |week| {
            plans
                .remove(&week)
                .unwrap_or_else(|| WeekPlan::nothing(week, NoSuggestionCode::NotALeader, None))
        };
        Ok(ahead.into_iter().map(plan).collect())
    }

    /// The plans of weeks that are settled for a leader.
    async fn drawn_plans(
        &self,
        current: &Current,
        leader: PersonKey,
        (first, last): (Week, Week),
    ) -> Result<BTreeMap<Week, WeekPlan>, AppError> {
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        let mut plans = BTreeMap::new();
        for row in current.snapshot.told(&scope, &cards, leader, first..=last).await? {
            // What was taken away leaves a slot to be drawn anew.
            if row.kind == MeetingKind::SkipLevel && row.status != SuggestionStatus::Invalidated {
                let plan = plans.entry(row.week).or_insert_with(|| WeekPlan {
                    week: row.week,
                    suggestions: vec![],
                    no_suggestion: None,
                });
                plan.suggestions.push(self.aged_suggestion(row));
            }
        }
        for (week, code, next) in current.snapshot.told_nobody(&scope, leader, first..=last).await? {
            plans.entry(week).or_insert_with(|| WeekPlan::nothing(week, code, next));
        }
        Ok(plans)
    }

    async fn ground(&self, current: &Current, first: Week, last: Week) -> Result<Ground, AppError> {
        let settings = current.settings().await?.clone();
        Ok(Ground {
            chart: current.snapshot.org_chart(self.today()).await?,
            facts: current.snapshot.draw_facts(&settings, first..=last, self.now()).await?,
            settings,
        })
    }
}

/// What draws follow from.
struct Ground {
    chart: OrgChart,
    facts: Facts,
    settings: Settings,
}

impl Ground {
    fn round(&self, session: &Session, current: &Current, week: Week) -> Round<'_> {
        Round {
            chart: &self.chart,
            facts: &self.facts,
            settings: &self.settings,
            seed: current.state.draw_seed.cast_unsigned(),
            today: session.today(),
            week,
        }
    }
}
