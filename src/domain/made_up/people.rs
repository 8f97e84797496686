//! Names, jobs, places and days for the bare tree. Every number here is what a demonstration can tell at a glance.

use chrono::TimeDelta;

use super::{
    MadeUpPerson, Plan, Purpose,
    dice::Dice,
    jobs::{DEPARTMENTS, Department, HEAD_OFFICE, LOCATIONS, Location, Rank},
    names,
    shape::Node,
};
use crate::domain::{
    Date,
    person::{Absence, PersonKey},
    week::Week,
};

/// Years since the head started.
const YEARS: i64 = 12;
/// Days that everybody has been there at the least, this year's joiners left out.
const SETTLED: i64 = 400;
/// How many of a hundred people without reports joined this year.
const JOINERS: i64 = 8;
/// Days since the newcomer started.
const NEWCOMER: i64 = 8;
/// How many of a hundred people are on leave today.
const ON_LEAVE: i64 = 2;
/// How many of a hundred were on leave in the last year and have come back.
const BACK_FROM_LEAVE: i64 = 6;
/// How many of a hundred work where their manager does.
const WITH_MANAGER: i64 = 85;

/// Everybody, in the order of the nodes.
pub(super) fn dress(plan: &Plan, nodes: &[Node]) -> Vec<MadeUpPerson> {
    let mut wardrobe = Wardrobe {
        plan,
        last: nodes.len() - 1,
        digits: nodes.len().to_string().len().max(4),
        first_name: Purpose::Names.dice(plan.seed).index(names::PAIRS),
        places: Purpose::Places.dice(plan.seed),
        starts: Purpose::Starts.dice(plan.seed),
        leave: Purpose::Leave.dice(plan.seed),
        worn: Vec::with_capacity(nodes.len()),
    };
    let mut people: Vec<MadeUpPerson> = Vec::with_capacity(nodes.len());
    for (at, (node, levels_below)) in nodes.iter().zip(levels_below(nodes)).enumerate() {
        let manager = node.manager.map(|manager| &people[manager]);
        let person = wardrobe.dress(Bare {
            at,
            node,
            levels_below,
            manager,
        });
        people.push(person);
    }
    people
}

/// Somebody of whom only the place in the tree is known.
#[derive(Clone, Copy)]
struct Bare<'a> {
    at: usize,
    node: &'a Node,
    levels_below: usize,
    manager: Option<&'a MadeUpPerson>,
}

struct Wardrobe<'a> {
    plan: &'a Plan,
    last: usize,
    digits: usize,
    first_name: usize,
    places: Dice,
    starts: Dice,
    leave: Dice,
    /// Department and location of those who are dressed.
    worn: Vec<(&'static Department, &'static Location)>,
}

impl Wardrobe<'_> {
    fn dress(&mut self, bare: Bare<'_>) -> MadeUpPerson {
        let Bare {
            at,
            node,
            levels_below,
            manager,
        } = bare;
        let (department, location) = self.place(at, node);
        self.worn.push((department, location));
        let name = names::name(self.first_name, at);
        let start = self.start(bare);
        let rank = Rank {
            depth: node.depth,
            levels_below,
        };
        MadeUpPerson {
            key: PersonKey(i64::try_from(at + 1).unwrap_or(i64::MAX)),
            external_id: format!("P{:0digits$}", at + 1, digits = self.digits),
            email: format!("{}@demo.example", name.to_lowercase().replace(' ', ".")),
            name,
            title: department.title(rank),
            department: department.name,
            location: location.name,
            time_zone: location.time_zone,
            manager: manager.map(|manager| manager.key),
            start,
            absences: self.absences(at, start),
        }
    }

    fn place(&mut self, at: usize, node: &Node) -> (&'static Department, &'static Location) {
        let Some(manager) = node.manager else {
            return (&HEAD_OFFICE, &LOCATIONS[0]);
        };
        let (department, location) = self.worn[manager];
        // Those right below the head have the numbers from 1.
        let department = if node.depth == 1 {
            &DEPARTMENTS[at - 1]
        } else {
            department
        };
        let together = self.places.happens(WITH_MANAGER);
        (
            department,
            if together {
                location
            } else {
                self.places.one_of(&LOCATIONS)
            },
        )
    }

    /// A Monday, not before the manager's.
    fn start(&mut self, bare: Bare<'_>) -> Date {
        let today = self.plan.today;
        let day = match bare.manager {
            None => today - TimeDelta::days(YEARS * 365),
            Some(_) if bare.at == self.last => today - TimeDelta::days(NEWCOMER),
            Some(_) if bare.levels_below == 0 && self.starts.happens(JOINERS) => {
                today - TimeDelta::days(self.starts.within(45..=350))
            }
            Some(manager) => {
                let since = (today - TimeDelta::days(SETTLED) - manager.start).num_days();
                // Squared, most start soon after their manager, or nobody at the bottom would have stayed for long.
                let late = self.starts.within(0..=1000);
                manager.start + TimeDelta::days(since * late * late / 1_000_000)
            }
        };
        Week::of(day).starts_on()
    }

    fn absences(&mut self, at: usize, start: Date) -> Vec<Absence> {
        let today = self.plan.today;
        let dice = &mut self.leave;
        let absence = match dice.within(1..=100) {
            _ if at == 0 || at == self.last => return vec![],
            lot if lot <= ON_LEAVE => Absence {
                start: today - TimeDelta::days(dice.within(5..=60)),
                end: dice.happens(50).then(|| today + TimeDelta::days(dice.within(14..=100))),
            },
            lot if lot <= ON_LEAVE + BACK_FROM_LEAVE => {
                let end = today - TimeDelta::days(dice.within(10..=330));
                Absence {
                    start: end - TimeDelta::days(dice.within(13..=80)),
                    end: Some(end),
                }
            }
            _ => return vec![],
        };
        if absence.start > start { vec![absence] } else { vec![] }
    }
}

/// How many levels of people are below each; everybody stands behind their manager.
fn levels_below(nodes: &[Node]) -> Vec<usize> {
    let mut levels = vec![0; nodes.len()];
    for (at, node) in nodes.iter().enumerate().rev() {
        if let Some(manager) = node.manager {
            levels[manager] = levels[manager].max(levels[at] + 1);
        }
    }
    levels
}
