//! `skiplevel simulate`: a programme played ahead on the terminal, on the organisation in the database or on one that is
//! made up. Writes nothing but the files it is asked for.

mod chart;
mod json;
mod table;

use std::{fs, io, ops::ControlFlow, path::PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, organisation, print};
use crate::{
    app::{AppError, ProgrammeInput},
    config::Config,
    domain::{
        Date,
        made_up::{self, Plan, usual_levels},
        settings::{Settings, SettingsPatch},
        simulation::{MOST_WEEKS, Policy, Programme, Rate, Rates, Simulation, simulate},
        week::{Week, day_of},
    },
    http::Clock,
};

/// Arguments of `skiplevel simulate`.
#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// Make an organisation of so many people up [default: take the one in the database]
    #[arg(long, value_name = "N")]
    people: Option<usize>,

    /// On how many levels [default: as few as teams of seven need]
    #[arg(long, value_name = "N", requires = "people")]
    levels: Option<usize>,

    /// Another seed gives another play, and makes another organisation up
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,

    /// How many weeks
    #[arg(long, value_name = "N", default_value_t = 52, value_parser = clap::value_parser!(u32).range(1..=MOST_WEEKS.into()))]
    weeks: u32,

    /// Share of suggestions that their leader accepts
    #[arg(long, value_name = "SHARE", default_value = "0.8")]
    accept: Rate,

    /// Share of accepted suggestions that become held meetings
    #[arg(long, value_name = "SHARE", default_value = "0.875")]
    hold: Rate,

    /// Share of people on leave at any time
    #[arg(long, value_name = "SHARE", default_value = "0")]
    leave: Rate,

    /// Share of people who leave the organisation in a year
    #[arg(long, value_name = "SHARE", default_value = "0")]
    exits: Rate,

    /// Share of people who join in a year; they take the places of leavers first
    #[arg(long, value_name = "SHARE", default_value = "0")]
    hires: Rate,

    /// Share of managers who move with their teams to another manager in a year
    #[arg(long, value_name = "SHARE", default_value = "0")]
    reorgs: Rate,

    /// Draw the share of people heard, week by week, into this SVG file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Plays and prints.
pub(super) async fn run(
    args: &SimulateArgs,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let bar = progress(args.weeks);
    let simulation = match args.people {
        Some(people) => {
            let today = day_of(clock.now(), config.time_zone);
            args.play_made_up(people, today, &bar)?
        }
        None => args.play_present(config, clock, &bar).await?,
    };
    bar.finish_and_clear();
    if let Some(file) = &args.svg {
        let drawn = chart::svg(&args.title(&simulation), &simulation);
        fs::write(file, drawn).map_err(|source| Failure::File(file.clone(), source))?;
    }
    if args.json {
        return print(out, &json::text(args, &simulation));
    }
    print(out, table::text(&args.title(&simulation), &simulation).trim_end())
}

impl SimulateArgs {
    fn rates(&self) -> Rates {
        Rates {
            accepted: self.accept,
            held: self.hold,
            on_leave: self.leave,
            exits: self.exits,
            hires: self.hires,
            moves: self.reorgs,
        }
    }

    fn play_made_up(&self, people: usize, today: Date, bar: &ProgressBar) -> Result<Simulation, Failure> {
        let plan = Plan {
            people,
            levels: self.levels.unwrap_or_else(|| usual_levels(people)),
            seed: self.seed.into(),
            today,
        };
        let organisation = made_up::organisation(&plan).map_err(|cause| AppError::Input(cause.to_string()))?;
        let settings = Settings::default();
        let programme = Programme {
            chart: &organisation.chart_on(today),
            facts: &organisation.facts(),
            settings: &settings,
            rates: self.rates(),
            first: Week::of(today).plus(1),
            weeks: self.weeks,
            seed: self.seed.into(),
            policies: &Policy::ALL,
        };
        let played = simulate(&programme, |done| {
            bar.set_position(done.into());
            ControlFlow::Continue(())
        });
        Ok(played.map_err(|_| AppError::Broken("a simulation was stopped"))?)
    }

    async fn play_present(&self, config: &Config, clock: Clock, bar: &ProgressBar) -> Result<Simulation, Failure> {
        let app = organisation::look(config).await?;
        let input = ProgrammeInput {
            weeks: self.weeks,
            seed: self.seed.into(),
            rates: self.rates(),
            settings: SettingsPatch::default(),
        };
        let bar = bar.clone();
        let played = app
            .simulate(input, clock.now(), move |done| {
                bar.set_position(done.into());
                ControlFlow::Continue(())
            })
            .await;
        app.close().await?;
        Ok(played?)
    }

    fn title(&self, simulation: &Simulation) -> String {
        let people = table::grouped(simulation.people);
        let made_up = match self.people {
            Some(count) => {
                let levels = self.levels.unwrap_or_else(|| usual_levels(count));
                format!("made up on {levels} levels")
            }
            None => "in the chart".to_owned(),
        };
        let weeks = self.weeks;
        format!("{people} people {made_up}, {weeks} weeks, seed {}", self.seed)
    }
}

/// A bar on a terminal, and nothing elsewhere.
fn progress(weeks: u32) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} week {pos} of {len}, {eta} left");
    ProgressBar::new(weeks.into()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests;
