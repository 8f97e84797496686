//! Looking beside and ahead of what is suggested: why somebody is not, and what the next weeks would bring.

use std::{collections::BTreeMap, ops::RangeInclusive};

use uuid::Uuid;

use super::{AppError, Session, WeekPlan, session::Current};
use crate::{
    domain::{
        chart::OrgChart,
        meeting::{MeetingKind, MeetingStatus},
        person::PersonKey,
        rotation::{Beside, Draw, Facts, Round, forecast, why_not},
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
        let nobody = current.snapshot.told_nobody(&scope, me.key(), week..=week).await?;
        let beside = if nobody.is_empty() {
            Beside::Suggestion
        } else {
            Beside::EmptySlot
        };
        let ground = self.ground(&current, week..=week).await?;
        Ok(why_not(&ground.round(self, &current, week), me.key(), person, beside))
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
        let (first, last) = (present.plus(1), present.plus(weeks.into()));
        let mut plans = BTreeMap::new();
        if let Some(me) = current.viewer.key() {
            plans = self.drawn_plans(&current, me, first..=last).await?;
            let own = current.snapshot.cards(&current.viewer.cards(), &[me]).await?;
            let leads = own.first().is_some_and(|row| row.leads);
            if leads && plans.len() < weeks as usize {
                for plan in self.foretold_plans(&current, me, present..=last).await? {
                    plans.entry(plan.week).or_insert(plan);
                }
            }
        }
        let plan = |ahead: u32| {
            let week = present.plus(ahead.into());
            let drawn = plans.remove(&week);
            drawn.unwrap_or_else(|| WeekPlan::nothing(week, NoSuggestionCode::NotALeader, None))
        };
        Ok((1..=weeks).map(plan).collect())
    }

    /// The plans of a leader for these weeks as they would be drawn by now.
    async fn foretold_plans(
        &self,
        current: &Current,
        leader: PersonKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<Vec<WeekPlan>, AppError> {
        let first = *weeks.start();
        let ground = self.ground(current, weeks.clone()).await?;
        let ahead = (weeks.end().starts_on() - first.starts_on()).num_weeks();
        let draws = forecast(
            &ground.round(self, current, first),
            u32::try_from(ahead + 1).unwrap_or(0),
        );
        let plan = |(week, draw): (Week, Draw)| {
            let picks = draw.picks.iter().filter(|pick| pick.leader == leader);
            let suggestions: Vec<_> = picks.map(|pick| self.suggestion_of(pick, week)).collect();
            if !suggestions.is_empty() {
                return WeekPlan {
                    week,
                    suggestions,
                    no_suggestion: None,
                };
            }
            let empty = draw.empty.iter().find(|slot| slot.leader == leader);
            // Whoever has neither a pick nor an empty slot has no slot at all.
            let (code, next) = empty.map_or((NoSuggestionCode::NoSlots, None), |slot| (slot.code, slot.next_week));
            WeekPlan::nothing(week, code, next)
        };
        Ok((0..).map(|ahead| first.plus(ahead)).zip(draws).map(plan).collect())
    }

    /// The plans of weeks that are settled for a leader.
    async fn drawn_plans(
        &self,
        current: &Current,
        leader: PersonKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<BTreeMap<Week, WeekPlan>, AppError> {
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        let mut plans = BTreeMap::new();
        for row in current.snapshot.told(&scope, &cards, leader, weeks.clone()).await? {
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
        for (week, code, next) in current.snapshot.told_nobody(&scope, leader, weeks).await? {
            plans.entry(week).or_insert_with(|| WeekPlan::nothing(week, code, next));
        }
        Ok(plans)
    }

    async fn ground(&self, current: &Current, weeks: RangeInclusive<Week>) -> Result<Ground, AppError> {
        let settings = current.settings().await?.clone();
        Ok(Ground {
            chart: current.snapshot.org_chart(self.today()).await?,
            facts: current.snapshot.draw_facts(&settings, weeks, self.now()).await?,
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
