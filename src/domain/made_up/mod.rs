//! Organisations that do not exist, for demonstrations, simulations and measurements.
//!
//! The same plan gives the same organisation, to the last name. `shape` grows the tree, `people` dresses it with
//! `names` and `jobs`, [`year()`] plays its past: 52 weeks of draws and what became of them, by the rules of the rotation.

mod dice;
mod import;
mod jobs;
mod names;
mod people;
mod shape;
#[cfg(test)]
mod tests;
mod year;

pub use year::{Agreed, Answer, Ending, PlayedPick, PlayedWeek, WEEKS, Year, year};

use chrono_tz::Tz;

use self::{
    dice::Dice,
    shape::{MAX_SPAN, MIN_SPAN},
};
use super::{
    Date,
    chart::{Line, OrgChart},
    person::{Absence, PersonKey, Spell},
    rotation::{Absent, Employed, Facts},
};

/// Most people that an organisation can be made up of.
pub const MOST_PEOPLE: usize = 100_000;

/// What an organisation shall be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many people stand in its chart today.
    pub people: usize,
    /// On how many levels, the head's included.
    pub levels: usize,
    /// Decides everything else.
    pub seed: u64,
    /// The day it is looked at.
    pub today: Date,
}

/// Why there is no such organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// Nobody at all.
    #[error("an organisation needs somebody")]
    Nobody,
    /// Names run out.
    #[error("at most {MOST_PEOPLE} people can be made up")]
    TooMany,
    /// The people cannot be split into teams.
    #[error("{people} people cannot be split into teams of {MIN_SPAN} to {MAX_SPAN} and their managers")]
    Spans {
        /// How many were asked for.
        people: usize,
    },
    /// The tree would be too flat or too deep.
    #[error(
        "{people} people in teams of {MIN_SPAN} to {MAX_SPAN} stand on {shallowest} to {deepest} levels, not on {levels}"
    )]
    Levels {
        /// How many people were asked for.
        people: usize,
        /// How many levels were asked for.
        levels: usize,
        /// The fewest that so many people can stand on.
        shallowest: usize,
        /// The most.
        deepest: usize,
    },
}

/// An organisation that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Everybody, level by level from the head; keys count from 1 in this order.
    pub people: Vec<MadeUpPerson>,
}

/// Somebody who does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeUpPerson {
    /// Key in this organisation.
    pub key: PersonKey,
    /// The id that an HR system would have, like `P0001`.
    pub external_id: String,
    /// A colour and one or two plants; nobody else has the same.
    pub name: String,
    /// An address that is never delivered to.
    pub email: String,
    /// Job title.
    pub title: String,
    /// Department.
    pub department: &'static str,
    /// Place of work.
    pub location: &'static str,
    /// The time zone of the place of work.
    pub time_zone: Tz,
    /// Whom they report to, from the first day on; none for the head.
    pub manager: Option<PersonKey>,
    /// First working day, not before the manager's.
    pub start: Date,
    /// Leave, past and present.
    pub absences: Vec<Absence>,
}

/// Makes an organisation up: spans of 5 to 9, branches of different depth, a few on leave, some who joined this year,
/// and one, the last, who has just done so.
pub fn organisation(plan: &Plan) -> Result<Organisation, Impossible> {
    if plan.people > MOST_PEOPLE {
        return Err(Impossible::TooMany);
    }
    let nodes = shape::grow(plan.people, plan.levels, &mut Purpose::Shape.dice(plan.seed))?;
    Ok(Organisation {
        people: people::dress(plan, &nodes),
    })
}

/// The bare tree of an organisation of any size, without names: the number of everybody's manager, smaller than their
/// own; the head has number 0 and no manager.
pub fn tree(people: usize, levels: usize, seed: u64) -> Result<Vec<Option<usize>>, Impossible> {
    let nodes = shape::grow(people, levels, &mut Purpose::Shape.dice(seed))?;
    Ok(nodes.into_iter().map(|node| node.manager).collect())
}

/// The fewest levels on which so many people stand in teams of seven: what a plan usually asks for.
pub fn usual_levels(people: usize) -> usize {
    shape::usual_levels(people)
}

impl Organisation {
    /// The person with this key.
    pub fn person(&self, key: PersonKey) -> Option<&MadeUpPerson> {
        let at = usize::try_from(key.0.checked_sub(1)?).ok()?;
        self.people.get(at)
    }

    /// Who joined last.
    pub fn newcomer(&self) -> Option<&MadeUpPerson> {
        self.people.last()
    }

    /// What a draw knows of everybody before the first meeting: spells of employment and absences.
    pub fn facts(&self) -> Facts {
        let employed = self.people.iter().map(|person| Employed {
            person: person.key,
            spell: Spell {
                start: person.start,
                end: None,
            },
        });
        let absent = |person: &MadeUpPerson| {
            let of = person.key;
            let absences = person.absences.clone().into_iter();
            absences.map(move |absence| Absent { person: of, absence })
        };
        Facts {
            employed: employed.collect(),
            absences: self.people.iter().flat_map(absent).collect(),
            ..Facts::default()
        }
    }

    /// The chart of `day`: everybody who had started by then.
    pub fn chart_on(&self, day: Date) -> OrgChart {
        let here = || self.people.iter().filter(|person| person.start <= day);
        let line = |person: &MadeUpPerson| {
            let report = person.key;
            person.manager.map(|manager| Line { report, manager })
        };
        OrgChart::new(here().map(|person| person.key), here().filter_map(line))
            .unwrap_or_else(|ring| unreachable!("everybody stands behind their manager, but {ring}"))
    }
}

/// What chance decides; each has numbers of its own, so that a change to one leaves the others as they were.
#[derive(Clone, Copy)]
enum Purpose {
    Shape,
    Names,
    Places,
    Starts,
    Leave,
    Answers,
}

impl Purpose {
    fn dice(self, seed: u64) -> Dice {
        Dice::new(seed, self as u64)
    }
}
