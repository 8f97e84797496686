//! Draws of one week: the arithmetic alone, and the whole command.

use std::{hint::black_box, time::Instant};

use skiplevel::domain::{
    made_up::{Year, organisation, year},
    rotation::{Round, draw},
    settings::Settings,
    week::Week,
};

use super::{
    Args, Failure,
    place::Place,
    process::{Run, skiplevel, time},
    report::{Report, Took},
    say,
    world::{World, config, plan, seed},
};

/// How often the arithmetic is repeated; the median counts.
const ROUNDS: usize = 5;

/// `skiplevel draw` of a week that is not drawn yet.
pub fn of_a_process(args: &Args, place: &Place, world: &World, report: &mut Report) -> Result<(), Failure> {
    say(&format!("drawing a week on {}", place.name()));
    let mut command = skiplevel(place);
    command.args(["draw", "--week", &world.week.plus(2).to_string()]);
    report.took.push(Took {
        what: "skiplevel draw",
        people: args.people,
        database: Some(place.name()),
        run: time(command)?,
    });
    Ok(())
}

/// The draw alone, with a year of facts.
pub fn of_the_library(people: usize, report: &mut Report) -> Result<(), Failure> {
    say(&format!("playing a year of {people} people, then drawing a week"));
    let plan = plan(people)?;
    let organisation = organisation(&plan)?;
    let settings = Settings::default();
    let past = Year {
        organisation: &organisation,
        settings: &settings,
        zone: config()?.time_zone,
        seed: seed(),
        today: plan.today,
    };
    let facts = past.known_on(plan.today, &year(&past));
    let chart = organisation.chart_on(plan.today);
    let round = Round {
        chart: &chart,
        facts: &facts,
        settings: &settings,
        seed: seed(),
        today: plan.today,
        week: Week::of(plan.today),
    };
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            black_box(draw(black_box(&round)));
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    report.took.push(Took {
        what: "draw, the arithmetic alone",
        people,
        database: None,
        run: Run {
            time: times[ROUNDS / 2],
            peak: 0,
        },
    });
    Ok(())
}
