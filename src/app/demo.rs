//! A demonstration: an organisation that does not exist, with a year behind it, in an empty database.

use std::{cmp::Reverse, collections::HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{App, AppError, Session};
use crate::{
    auth::subject::SubjectRule,
    domain::{
        made_up::{
            Agreed, Answer, Ending, MadeUpPerson, Organisation, Plan, PlayedPick, PlayedWeek, Year, organisation, year,
        },
        meeting::{Evidence, MeetingKind, MeetingOrigin, MeetingStatus},
        person::PersonKey,
        suggestion::SuggestionStatus,
        week::{Week, start_of_day},
    },
    store::{Apply, Cause, Claim, DrawnWeek, History, MeetingRow, SuggestionRow},
};

/// What to make up. The same input at the same instant makes the same organisation up, ids that clients see left out.
#[derive(Clone, Copy, Debug)]
pub struct DemoInput {
    /// How many people.
    pub people: usize,
    /// On how many levels.
    pub levels: usize,
    /// Decides everything else.
    pub seed: u32,
}

/// What was made up.
#[derive(Clone, Debug)]
pub struct DemoReport {
    /// How many people.
    pub people: usize,
    /// How many skip-levels were held in the year behind them.
    pub held: usize,
    /// The source by whose external ids they are known.
    pub source: String,
    /// Whose eyes to look through.
    pub figures: Vec<Figure>,
}

/// Somebody whose eyes are worth looking through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What they are in the demonstration.
    pub part: Part,
    /// What the subject of their token must be.
    pub subject: String,
    /// Full name.
    pub name: String,
    /// Job title.
    pub title: String,
}

/// A part in the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Stands above everybody.
    Head,
    /// Leads in the middle of the ladder, and has somebody to meet this week.
    Manager,
    /// Has just joined and has no reports.
    Newcomer,
}

impl App {
    /// Fills an empty database with an organisation and its past year, and draws the weeks that are due. Needs no
    /// viewer: whoever can do this holds the database.
    pub async fn make_up(&self, input: &DemoInput, now: DateTime<Utc>) -> Result<DemoReport, AppError> {
        let session = self.operator("demo", now).await?;
        let organisation = organisation(&Plan {
            people: input.people,
            levels: input.levels,
            seed: input.seed.into(),
            today: session.today(),
        });
        let organisation = organisation.map_err(|impossible| AppError::Input(impossible.to_string()))?;
        let source = match &self.options.subject {
            SubjectRule::ExternalId { source } => source.clone(),
            SubjectRule::Email => "hr".to_owned(),
        };
        let held = session.found(&organisation, &source, input.seed).await?;
        self.draw_due(now).await?;
        Ok(DemoReport {
            people: organisation.people.len(),
            held,
            source,
            figures: session.figures(&organisation).await?,
        })
    }
}

impl Session {
    /// Writes an organisation and its past year in one transaction; says how many skip-levels were held.
    async fn found(&self, organisation: &Organisation, source: &str, seed: u32) -> Result<usize, AppError> {
        let turn = self.turn().await?;
        let (sync, draw) = (turn.viewer.may_sync(source)?, turn.viewer.may_draw()?);
        let roster = turn.write.roster(&sync).await?;
        if !roster.people.is_empty() || roster.next_key != 1 {
            let message = "the database is not empty; a demonstration needs one of its own";
            return Err(AppError::Input(message.to_owned()));
        }
        let played = year(&Year {
            organisation,
            settings: &turn.settings,
            zone: self.zone(),
            seed: seed.into(),
            today: self.today(),
        });
        let past = Past {
            zone: self.zone(),
            settings_version: turn.settings_version,
            seed: seed.into(),
        };
        let history = past.history(played);
        let zones: Vec<_> = organisation
            .people
            .iter()
            .map(|person| (person.key, person.time_zone))
            .collect();
        turn.write.seed_draws(&draw, seed.into()).await?;
        let apply = Apply {
            source,
            writes: &organisation.writes(source),
            cause: &Cause::source(source, self.now()),
            today: self.today(),
            wrote: &|_| {},
        };
        turn.write.apply(&sync, apply).await?;
        turn.write.set_time_zones(&sync, &zones).await?;
        turn.write.save_history(&draw, &history).await?;
        turn.write.commit().await?;
        let held = |meeting: &&(MeetingRow, _)| meeting.0.status == MeetingStatus::Held;
        Ok(history.meetings.iter().filter(held).count())
    }

    async fn figures(&self, organisation: &Organisation) -> Result<Vec<Figure>, AppError> {
        let current = self.current().await?;
        let drawn = current
            .snapshot
            .drawn(&current.viewer.may_draw()?, Week::of(self.today()))
            .await?;
        let skip_levels = drawn.iter().filter(|row| row.kind == MeetingKind::SkipLevel);
        let asked: HashSet<PersonKey> = skip_levels.map(|row| row.leader).collect();
        let chart = organisation.chart_on(self.today());
        let mut leaders: Vec<PersonKey> = chart.keys().filter(|key| asked.contains(key)).collect();
        leaders.retain(|&key| chart.manager(key).is_some());
        let manager = leaders.into_iter().max_by_key(|&key| {
            let in_the_middle = chart.depth(key) == Some(2);
            (in_the_middle, chart.below_count(key), Reverse(key))
        });
        let parts = [
            (Part::Head, organisation.people.first()),
            (Part::Manager, manager.and_then(|key| organisation.person(key))),
            (Part::Newcomer, organisation.newcomer()),
        ];
        let figure = |(part, person): (Part, Option<&MadeUpPerson>)| person.map(|person| self.figure(part, person));
        Ok(parts.into_iter().filter_map(figure).collect())
    }

    fn figure(&self, part: Part, person: &MadeUpPerson) -> Figure {
        let subject = match &self.inner.app.options.subject {
            SubjectRule::ExternalId { .. } => &person.external_id,
            SubjectRule::Email => &person.email,
        };
        Figure {
            part,
            subject: subject.clone(),
            name: person.name.clone(),
            title: person.title.clone(),
        }
    }
}

/// What turns a played year into rows.
struct Past {
    zone: Tz,
    settings_version: i64,
    seed: i64,
}

impl Past {
    fn history(&self, played: Vec<PlayedWeek>) -> History {
        let mut history = History::default();
        for PlayedWeek {
            week,
            drawn_on,
            picks,
            empty,
        } in played
        {
            let at = start_of_day(drawn_on, self.zone);
            let mut suggestions = Vec::with_capacity(picks.len());
            for played in picks {
                let suggestion = self.suggestion(&played, week, at);
                if let Answer::Accepted(agreed, ending) = played.answer {
                    let meeting = meeting(&suggestion, agreed, ending);
                    history.claims.extend(claim(&meeting, agreed));
                    // In the morning of the day on which the leader answered.
                    let agreed_at = start_of_day(played.answered_on, self.zone) + TimeDelta::hours(10);
                    history.meetings.push((meeting, agreed_at));
                }
                suggestions.push(suggestion);
            }
            history.weeks.push(DrawnWeek {
                week,
                at,
                suggestions,
                peers: vec![],
                empty,
                settings_version: self.settings_version,
                seed: self.seed,
            });
        }
        history
    }

    fn suggestion(&self, played: &PlayedPick, week: Week, drawn_at: DateTime<Utc>) -> SuggestionRow {
        let pick = &played.pick;
        SuggestionRow {
            id: Uuid::new_v4(),
            week,
            leader: pick.leader,
            counterpart: pick.person,
            kind: MeetingKind::SkipLevel,
            status: match played.answer {
                Answer::Accepted(..) => SuggestionStatus::Accepted,
                Answer::Skipped => SuggestionStatus::Skipped,
                // Stays OPEN in its row: time alone makes it EXPIRED.
                Answer::None => SuggestionStatus::Open,
            },
            distance: Some(pick.distance),
            branch: Some(pick.branch),
            band: pick.band,
            reasons: pick.reasons.clone(),
            invalid_reason: None,
            replaces: None,
            twin: None,
            created_at: drawn_at,
            expires_at: start_of_day(week.plus(1).starts_on(), self.zone),
        }
    }
}

fn meeting(suggestion: &SuggestionRow, agreed: Agreed, ending: Ending) -> MeetingRow {
    let (status, closed_on) = match ending {
        Ending::Held => (MeetingStatus::Held, None),
        // Stays SCHEDULED in its row: time alone makes it UNCONFIRMED.
        Ending::Unconfirmed => (MeetingStatus::Scheduled, None),
        Ending::Cancelled(on) => (MeetingStatus::Cancelled, Some(on)),
        Ending::Declined(on) => (MeetingStatus::Declined, Some(on)),
    };
    MeetingRow {
        id: Uuid::new_v4(),
        leader: suggestion.leader,
        counterpart: suggestion.counterpart,
        kind: suggestion.kind,
        status,
        origin: MeetingOrigin::Rotation,
        distance: suggestion.distance,
        branch: suggestion.branch,
        band: suggestion.band,
        day: Some(agreed.day),
        starts_at: Some(agreed.starts_at),
        ends_at: Some(agreed.ends_at),
        held_at: (ending == Ending::Held).then_some(agreed.starts_at),
        suggestion: Some(suggestion.id),
        closed_on,
        cancel_reason: None,
        evidence: (status == MeetingStatus::Held).then_some(Evidence::Participant),
    }
}

/// The claim that a meeting still has.
fn claim(meeting: &MeetingRow, agreed: Agreed) -> Option<Claim> {
    matches!(meeting.status, MeetingStatus::Held | MeetingStatus::Scheduled).then(|| Claim {
        person: meeting.counterpart,
        week: Week::of(agreed.day),
        day: agreed.day,
        leader: meeting.leader,
        suggestion: meeting.suggestion,
        meeting: Some(meeting.id),
    })
}

#[cfg(test)]
mod tests;
