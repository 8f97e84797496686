//! The weekly draw over the whole organisation: by an HR admin, by command, and by the server itself.

use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Serialize};

use super::{App, AppError, Keyed, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::Draw},
    domain::{
        audit::Action,
        peers::{self, Edge},
        rotation::{EmptySlot, Round, draw},
        settings::Settings,
        week::Week,
    },
    store::{DrawnWeek, Snapshot, SuggestionRow},
};

/// Which week to draw.
#[derive(Clone, Debug)]
pub struct DrawInput {
    /// The week.
    pub week: Week,
    /// Whether to store nothing.
    pub dry_run: bool,
}

/// What a week looks like after its draw.
#[derive(Clone, Debug)]
pub struct DrawReport {
    /// The week.
    pub week: Week,
    /// Every suggestion of the week, those of earlier runs included; of a dry run those it would make.
    pub suggestions: Vec<SuggestionRow>,
    /// The slots for which there is nobody.
    pub empty: Vec<EmptySlot>,
    /// How many suggestions this run made, or would make.
    pub new: usize,
    /// Version of the settings that what was found follows from; none for a week that has no draw.
    pub settings_version: Option<i64>,
}

/// What a draw answers under an idempotency key: the rest is in the rows.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Drawn {
    new: usize,
}

impl Session {
    /// Draws a week: fills the slots of all leaders who have nothing for it yet, and brings peers together who are due.
    /// Drawing a drawn week again changes nothing.
    pub async fn draw(&self, keyed: &Keyed<DrawInput>) -> Result<DrawReport, AppError> {
        let grant = self.viewer().await?.may_draw()?;
        let DrawInput { week, dry_run } = keyed.input;
        if dry_run {
            return self.dry_draw(week).await;
        }
        let drawn = self
            .draw_under_key(
                &grant,
                &Keyed {
                    key: keyed.key.clone(),
                    input: week.to_string(),
                },
                week,
            )
            .await?;
        let new = drawn.map_or(0, |drawn| drawn.new);
        let current = self.current().await?;
        let suggestions = current.snapshot.drawn(&grant, week).await?;
        let suggestions = suggestions.into_iter().map(|row| self.aged_suggestion(row)).collect();
        let empty = current.snapshot.empty_slots(&grant, week).await?;
        let settings_version = current.snapshot.drawn_by(&grant, week).await?;
        Ok(DrawReport {
            week,
            suggestions,
            empty,
            new,
            settings_version,
        })
    }

    async fn draw_under_key(
        &self,
        grant: &Grant<Draw>,
        keyed: &Keyed<String>,
        week: Week,
    ) -> Result<Outcome<Drawn>, AppError> {
        act!(self, "drawSuggestions", keyed, |turn| {
            let drawn = self.draw_in(turn, grant, week).await?;
            if drawn.new > 0 {
                let details = [("week", week.to_string()), ("suggestions", drawn.new.to_string())];
                self.audit(turn, Action::DrawSuggestions, None, details).await?;
            }
            Ok(drawn)
        })
    }

    async fn draw_in(&self, turn: &Turn, grant: &Grant<Draw>, week: Week) -> Result<Drawn, AppError> {
        let seed = turn.state.draw_seed;
        let Some(found) = self.find(&turn.write, &turn.settings, seed, week).await? else {
            // An organisation that is not there yet has no drawn week: its first import comes before its first draw.
            return Ok(Drawn { new: 0 });
        };
        let new = found.suggestions.len();
        let row = DrawnWeek {
            week,
            at: self.now(),
            suggestions: found.suggestions,
            peers: found.peers,
            empty: found.empty,
            settings_version: turn.settings_version,
            seed,
        };
        turn.write.save_draw(grant, &row).await?;
        Ok(Drawn { new })
    }

    async fn dry_draw(&self, week: Week) -> Result<DrawReport, AppError> {
        let current = self.current().await?;
        let (settings, seed) = (current.settings().await?, current.state.draw_seed);
        let found = self
            .find(&current.snapshot, settings, seed, week)
            .await?
            .unwrap_or_default();
        Ok(DrawReport {
            week,
            new: found.suggestions.len(),
            suggestions: found.suggestions,
            empty: found.empty,
            settings_version: Some(current.kept_settings().await?.version),
        })
    }

    /// What a draw finds, skip-levels first; none where nobody is in the chart.
    async fn find(
        &self,
        snapshot: &Snapshot,
        settings: &Settings,
        seed: i64,
        week: Week,
    ) -> Result<Option<Found>, AppError> {
        let chart = snapshot.org_chart(self.today()).await?;
        if chart.is_empty() {
            return Ok(None);
        }
        let facts = snapshot.draw_facts(settings, week..=week, self.now()).await?;
        let peer_facts = snapshot.peer_facts(settings, week, self.now(), self.today()).await?;
        let round = Round {
            chart: &chart,
            facts: &facts,
            settings,
            seed: seed.cast_unsigned(),
            today: self.today(),
            week,
        };
        let (drawn, peers) = (draw(&round), peers::draw(&round, &peer_facts));
        let skip_levels = drawn.picks.iter().map(|pick| self.suggestion_of(pick, week));
        let of_peers = peers.picks.iter().flat_map(|pick| self.peer_suggestions(pick, week));
        Ok(Some(Found {
            suggestions: skip_levels.chain(of_peers).collect(),
            empty: drawn.empty,
            peers: peers.edges,
        }))
    }
}

/// What a draw finds.
#[derive(Debug, Default)]
struct Found {
    suggestions: Vec<SuggestionRow>,
    empty: Vec<EmptySlot>,
    peers: Vec<Edge>,
}

impl App {
    /// Draws every week that is due at `now` and not settled: this one and all that begin within the days ahead of the
    /// settings. Returns the weeks it drew. Called by every replica; the writer's turn lets each week be drawn once.
    pub async fn draw_due(&self, now: DateTime<Utc>) -> Result<Vec<Week>, AppError> {
        let session = self.operator("weekly draw", now).await?;
        let ahead = session.settings().await?.draw_days_ahead.unsigned_abs();
        let today = session.today();
        let (mut week, last) = (Week::of(today), Week::of(today + Days::new(ahead)));
        let mut drawn = Vec::new();
        while week <= last {
            let current = session.current().await?;
            let settled = current.snapshot.is_settled(week, &current.state).await?;
            drop(current);
            if !settled {
                session
                    .draw(&Keyed {
                        key: None,
                        input: DrawInput { week, dry_run: false },
                    })
                    .await?;
                drawn.push(week);
            }
            week = week.plus(1);
        }
        Ok(drawn)
    }
}
