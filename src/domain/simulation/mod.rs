//! A programme played ahead, before anybody switches it on: the same weeks of the same organisation under three
//! policies, measured by what each reached (product.md 4, "Reach").
//!
//! `timeline` decides who comes, goes, is away and moves in which week, once for all policies; `policy` says whom each
//! leader would meet; `play` decides what becomes of it and remembers; `measure` counts, and `report` is what it counted. What becomes of the suggestion
//! for a leader's slot follows from seed, week and leader alone, so all policies hold their meetings in the same slots.

mod dice;
mod measure;
mod play;
mod policy;
mod rates;
mod report;
#[cfg(test)]
mod tests;
mod timeline;

use std::ops::ControlFlow;

pub use policy::Policy;
pub use rates::{Rate, RateError, Rates};
pub use report::{Head, Played, Simulation, WeekReached, share};

use self::{measure::Measure, play::Play, timeline::Timeline};
use super::{chart::OrgChart, rotation::Facts, settings::Settings, week::Week};

/// How many weeks can be played.
pub const MOST_WEEKS: u32 = 520;

/// What to play.
#[derive(Clone, Copy, Debug)]
pub struct Programme<'a> {
    /// The organisation at the beginning.
    pub chart: &'a OrgChart,
    /// What is known of it, history included.
    pub facts: &'a Facts,
    /// The settings in force all the time.
    pub settings: &'a Settings,
    /// What chance does.
    pub rates: Rates,
    /// The first week that is played.
    pub first: Week,
    /// How many weeks.
    pub weeks: u32,
    /// Decides what nothing else does.
    pub seed: u64,
    /// Which policies to play.
    pub policies: &'a [Policy],
}

/// The play was stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the simulation was stopped before its end")]
pub struct Stopped;

/// Plays a programme under its policies, side by side. `after_week` is told how many weeks are done, and may stop the play.
pub fn simulate(
    programme: &Programme<'_>,
    mut after_week: impl FnMut(u32) -> ControlFlow<()>,
) -> Result<Simulation, Stopped> {
    let mut timeline = Timeline::new(programme);
    let play = |&policy: &Policy| (Play::new(programme, policy), Measure::default());
    let mut plays: Vec<_> = programme.policies.iter().map(play).collect();
    for week in 0..programme.weeks {
        timeline.enter(week);
        for (play, measure) in &mut plays {
            let done = play.week(&timeline);
            measure.count(&timeline, &done);
        }
        if after_week(week + 1).is_break() {
            return Err(Stopped);
        }
    }
    let policies = plays
        .into_iter()
        .map(|(play, measure)| measure.played(&timeline, &play));
    Ok(Simulation {
        people: programme.chart.len(),
        population: timeline.population(),
        policies: policies.collect(),
    })
}
