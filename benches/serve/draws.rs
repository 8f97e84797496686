//! Draws of one week: the arithmetic alone, and the whole command.

use std::{hint::black_box, process::Command, time::Instant};

use chrono::Days;
use skiplevel::domain::{
    chart::{Line, OrgChart},
    made_up::{Year, organisation, tree, usual_levels, year},
    person::{PersonKey, Spell},
    rotation::{Asked, Employed, Facts, Heard, Met, Round, Visit, band_of, draw},
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

/// People of the largest organisation.
const A_MILLION: usize = 1_000_000;

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

/// The draw of one week in a process of its own, from bare lines and facts in memory to the picks.
pub fn of_a_million(report: &mut Report) -> Result<(), Failure> {
    say("drawing a week of 1,000,000 people");
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--bench", "--draw-bare", &A_MILLION.to_string()]);
    report.took.push(Took {
        what: "draw, a process from lines to picks",
        people: A_MILLION,
        database: None,
        run: time(command)?,
    });
    Ok(())
}

/// What that process does: most people have been heard, a third of the leaders' last visits are known.
pub fn bare(people: usize) -> Result<(), Failure> {
    let managers = tree(people, usual_levels(people), seed())?;
    let key = |at: usize| PersonKey(i64::try_from(at).unwrap_or(i64::MAX));
    let lines = managers.iter().enumerate().filter_map(|(at, manager)| {
        manager.map(|manager| Line {
            report: key(at),
            manager: key(manager),
        })
    });
    let chart = OrgChart::new((0..people).map(key), lines)?;
    let week = Week::of(plan(1)?.today);
    let ago = |days: usize| week.starts_on() - Days::new(days as u64);
    let mut facts = Facts::default();
    for (at, manager) in managers.iter().enumerate() {
        let person = key(at);
        let spell = Spell {
            start: ago(400 + at % 3000),
            end: None,
        };
        facts.employed.push(Employed { person, spell });
        let above = manager.and_then(|manager| managers[manager]);
        let Some(leader) = above.filter(|_| at % 8 != 0).map(key) else {
            continue;
        };
        let day = ago(1 + at * 7 % 700);
        facts.heard.push(Heard {
            person,
            day,
            by: leader,
        });
        facts.met.push(Met { leader, person, day });
        if at % 3 == 0
            && let Some(branch) = chart.branch(leader, person)
        {
            facts.asked.push(Asked { person, day });
            facts.visits.push(Visit {
                leader,
                day,
                branch,
                band: band_of(&chart, leader, person),
            });
        }
    }
    let settings = Settings::default();
    let round = Round {
        chart: &chart,
        facts: &facts,
        settings: &settings,
        seed: seed(),
        today: ago(7),
        week,
    };
    println!("{} picks", draw(&round).picks.len());
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
