//! Playing a programme ahead on the present organisation, before anybody switches it on. Nothing is written.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Days, Utc};

use super::{App, AppError, Session};
use crate::{
    domain::{
        Date,
        chart::OrgChart,
        rotation::Facts,
        settings::{Settings, SettingsPatch},
        simulation::{MOST_WEEKS, Policy, Programme, Rates, Simulation, simulate},
        week::{Week, day_of},
    },
    store::Snapshot,
};

/// The most people times weeks that a request may play.
const MOST_PERSON_WEEKS: usize = 2_000_000;
/// How long a request may play.
const MOST_TIME: Duration = Duration::from_secs(8);

/// What to play on the present organisation.
#[derive(Clone, Debug)]
pub struct ProgrammeInput {
    /// How many weeks, from 1 to [`MOST_WEEKS`].
    pub weeks: u32,
    /// Decides what nothing else does.
    pub seed: u64,
    /// What chance does.
    pub rates: Rates,
    /// What differs from the settings in force.
    pub settings: SettingsPatch,
}

/// Everything that a play follows from.
struct Stage {
    chart: OrgChart,
    facts: Facts,
    settings: Settings,
    first: Week,
}

impl Session {
    /// Plays a programme for an HR admin: one at a time in a process, and not for long.
    pub async fn simulate(&self, input: ProgrammeInput) -> Result<Simulation, AppError> {
        let current = self.current().await?;
        current.viewer.may_draw()?;
        let app = &self.inner.app;
        let turn = app.simulations.clone().try_acquire_owned();
        let turn =
            turn.map_err(|_| AppError::Occupied("another programme is being simulated; try again in a moment"))?;
        let settings = changed(current.settings().await?, &input)?;
        let stage = stage(&current.snapshot, settings, (self.today(), self.now())).await?;
        drop(current);
        let asked = stage.chart.len().saturating_mul(input.weeks as usize);
        if asked > MOST_PERSON_WEEKS {
            let weeks = MOST_PERSON_WEEKS / stage.chart.len().max(1);
            let message = format!(
                "{} people can be simulated for {weeks} weeks here; the command skiplevel simulate has no such limit",
                stage.chart.len()
            );
            return Err(AppError::Input(message));
        }
        // Stopped when time is up, and when whoever asked has gone.
        let stop = StopOnDrop::default();
        let stopped = stop.0.clone();
        let after_week = move |_| {
            if stopped.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let playing = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            play(&stage, &input, after_week)
        });
        let Ok(played) = tokio::time::timeout(MOST_TIME, playing).await else {
            let message = "this simulation takes too long here; ask for fewer weeks, or use skiplevel simulate";
            return Err(AppError::Input(message.to_owned()));
        };
        played.map_err(|_| AppError::Broken("a simulation broke off"))?
    }
}

impl App {
    /// Plays a programme for whoever runs a command here, however long it takes. Writes nothing, not even the chart of
    /// a new day.
    pub async fn simulate(
        &self,
        input: ProgrammeInput,
        now: DateTime<Utc>,
        after_week: impl FnMut(u32) -> ControlFlow<()> + Send + 'static,
    ) -> Result<Simulation, AppError> {
        let snapshot = self.store.snapshot().await?;
        let settings = changed(&snapshot.settings().await?.settings, &input)?;
        let today = day_of(now, self.zone(&snapshot.org_state().await?));
        let stage = stage(&snapshot, settings, (today, now)).await?;
        drop(snapshot);
        if stage.chart.is_empty() {
            let message = "nobody is in the chart yet; import people first, or make an organisation up with --people";
            return Err(AppError::Input(message.to_owned()));
        }
        let playing = tokio::task::spawn_blocking(move || play(&stage, &input, after_week));
        playing.await.map_err(|_| AppError::Broken("a simulation broke off"))?
    }
}

/// The settings to play with, and whether the input fits at all.
fn changed(settings: &Settings, input: &ProgrammeInput) -> Result<Settings, AppError> {
    if !(1..=MOST_WEEKS).contains(&input.weeks) {
        let message = format!("weeks should be between 1 and {MOST_WEEKS}");
        return Err(AppError::Input(message));
    }
    let settings = settings.clone().with(input.settings.clone());
    match settings.check().first() {
        Some(misfit) => Err(AppError::Input(format!(
            "settings.{}: {}",
            misfit.field, misfit.message
        ))),
        None => Ok(settings),
    }
}

async fn stage(
    snapshot: &Snapshot,
    settings: Settings,
    (today, now): (Date, DateTime<Utc>),
) -> Result<Stage, AppError> {
    let ahead = settings.draw_days_ahead.unsigned_abs();
    // The first week that no draw has settled yet.
    let first = Week::of(today + Days::new(ahead)).plus(1);
    Ok(Stage {
        chart: snapshot.org_chart(today).await?,
        facts: Facts {
            // No number tells who does not want to be suggested.
            silent: vec![],
            ..snapshot.draw_facts(&settings, first..=first, now).await?
        },
        settings,
        first,
    })
}

#[derive(Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn play(
    stage: &Stage,
    input: &ProgrammeInput,
    after_week: impl FnMut(u32) -> ControlFlow<()>,
) -> Result<Simulation, AppError> {
    let programme = Programme {
        chart: &stage.chart,
        facts: &stage.facts,
        settings: &stage.settings,
        rates: input.rates,
        first: stage.first,
        weeks: input.weeks,
        seed: input.seed,
        policies: &Policy::ALL,
    };
    simulate(&programme, after_week).map_err(|_| AppError::Broken("a simulation was stopped"))
}
