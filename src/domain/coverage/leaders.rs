//! Leaders: whom they meet, and how regularly.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::Days;

use super::{Sight, Survey, Unit};
use crate::domain::{
    Date,
    meeting::Band,
    person::PersonKey,
    rotation::{band_at, has_bands},
    week::Week,
};

/// The largest Pop for which every person is counted; larger ones are looked at by parts (product.md 7).
const COUNTED_ONE_BY_ONE: usize = 100;
/// Days of the 26 weeks in which parts are visited.
const VISITED_WITHIN: u64 = 26 * 7;
/// Days of an average month.
const MONTH: f64 = 365.25 / 12.0;

/// What the figures of leaders follow from, beside the survey.
#[derive(Clone, Debug, Default)]
pub struct LeaderFacts {
    /// The weeks in which each was given a slot.
    pub slots: HashMap<PersonKey, BTreeSet<Week>>,
    /// The skip-levels that each held, in any order; from [`Survey::visits_from`] on.
    pub visits: HashMap<PersonKey, Vec<Visit>>,
}

/// A leader's skip-level as it was frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The day.
    pub day: Date,
    /// Who was heard; they may have left since.
    pub counterpart: PersonKey,
    /// The branch that it was in.
    pub branch: Option<PersonKey>,
    /// The band, where the leader had bands.
    pub band: Option<Band>,
}

/// Which of two measures fits a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Up to a hundred people: the share of them who were met.
    Coverage,
    /// More: the share of parts, branch by band, that were visited.
    Strata,
}

/// What is told of a leader. Everything but sizes is none if suppressed.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderFigures {
    /// The leader.
    pub leader: PersonKey,
    /// People in Pop: ACTIVE, two or more levels below.
    pub population: usize,
    /// Which measure fits.
    pub measure: Measure,
    /// Weeks of the window in which the leader was given a slot.
    pub weeks_with_slot: usize,
    /// What was counted.
    pub told: Option<LeaderCounts>,
}

/// What was counted of a leader.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderCounts {
    /// People in Pop whom the leader met in the window.
    pub met: usize,
    /// Parts, branch by band, that anybody in Pop is in.
    pub strata: usize,
    /// How many of these the leader visited in 26 weeks.
    pub strata_visited: usize,
    /// Bottom meetings a month, on average of the window; none without bands.
    pub bottom_per_month: Option<f64>,
    /// Weeks with a slot in which a skip-level was held.
    pub weeks_held: usize,
    /// Skip-levels held in the window.
    pub meetings: usize,
    /// How many of these were with somebody already met in it.
    pub repeats: usize,
}

impl Survey {
    /// The figures of these leaders, in their order; whoever is not in the chart is left out.
    pub fn leaders(&self, leaders: &[PersonKey], facts: &LeaderFacts, sight: Sight) -> Vec<LeaderFigures> {
        let positions = leaders.iter().filter_map(|leader| self.chart.position(*leader));
        positions.map(|at| self.leader(at, facts, sight)).collect()
    }

    /// The first day whose skip-levels a leader's figures need.
    pub fn visits_from(&self) -> Date {
        self.window_from(self.asked.as_of).min(self.visited_from())
    }

    /// The first day of the weeks in which parts are visited.
    fn visited_from(&self) -> Date {
        self.asked.as_of - Days::new(VISITED_WITHIN - 1)
    }

    /// A unit's leaders, or those of one department of it: ACTIVE, with somebody in Pop.
    pub fn leading(&self, unit: Unit, department: Option<&str>) -> Vec<PersonKey> {
        let leaders = self.leaders_of(unit, department).into_iter();
        leaders.map(|at| self.chart.key_at(at)).collect()
    }

    /// Their positions.
    pub(super) fn leaders_of(&self, unit: Unit, department: Option<&str>) -> Vec<usize> {
        let number = department.map(|name| self.department(name));
        let of_it = |at: &usize| number.is_none_or(|number| number.is_some() && self.people[*at].department == number);
        let leads = |at: &usize| self.people[*at].active && self.pop(*at).next().is_some();
        self.range(unit).filter(of_it).filter(leads).collect()
    }

    /// ACTIVE people two or more levels below.
    fn pop(&self, leader: usize) -> impl Iterator<Item = usize> + '_ {
        let far_enough = self.chart.depth_at(leader) + 2;
        let below = self.chart.below_at(leader);
        below.filter(move |&at| self.people[at].active && self.chart.depth_at(at) >= far_enough)
    }

    fn leader(&self, at: usize, facts: &LeaderFacts, sight: Sight) -> LeaderFigures {
        let leader = self.chart.key_at(at);
        let pop: HashSet<usize> = self.pop(at).collect();
        let from = self.window_from(self.asked.as_of);
        let in_window = |week: &&Week| week.ends_on() >= from && week.starts_on() <= self.asked.as_of;
        let weeks: BTreeSet<Week> = facts
            .slots
            .get(&leader)
            .into_iter()
            .flatten()
            .filter(in_window)
            .copied()
            .collect();
        let shown = match sight {
            Sight::Whole => true,
            Sight::Above { smallest, .. } => pop.len() >= smallest,
        };
        LeaderFigures {
            leader,
            population: pop.len(),
            measure: if pop.len() <= COUNTED_ONE_BY_ONE {
                Measure::Coverage
            } else {
                Measure::Strata
            },
            weeks_with_slot: weeks.len(),
            told: shown.then(|| {
                let visits = facts.visits.get(&leader).map_or(&[][..], Vec::as_slice);
                self.counts(at, visits, (&pop, &weeks))
            }),
        }
    }

    fn counts(
        &self,
        leader: usize,
        visits: &[Visit],
        (pop, slots): (&HashSet<usize>, &BTreeSet<Week>),
    ) -> LeaderCounts {
        let from = self.window_from(self.asked.as_of);
        let window: Vec<&Visit> = visits.iter().filter(|visit| visit.day >= from).collect();
        let met: HashSet<PersonKey> = window.iter().map(|held| held.counterpart).collect();
        let weeks: BTreeSet<Week> = window.iter().map(|held| Week::of(held.day)).collect();
        let strata = self.strata(leader, pop);
        let recent = visits.iter().filter(|visit| visit.day >= self.visited_from());
        let visited: HashSet<Stratum> = recent
            .filter_map(|visit| Some((visit.branch?, visit.band)))
            .filter(|stratum| strata.contains(stratum))
            .collect();
        let bottoms = window.iter().filter(|held| held.band == Some(Band::Bottom)).count();
        #[expect(clippy::cast_precision_loss, reason = "no window has 2^52 days")]
        let months = self.asked.window_days as f64 / MONTH;
        #[expect(clippy::cast_precision_loss, reason = "nobody holds 2^52 meetings")]
        let bottom_per_month = has_bands(&self.chart, leader).then(|| bottoms as f64 / months);
        LeaderCounts {
            met: met
                .iter()
                .filter_map(|key| self.chart.position(*key))
                .filter(|at| pop.contains(at))
                .count(),
            strata: strata.len(),
            strata_visited: visited.len(),
            bottom_per_month,
            weeks_held: weeks.intersection(slots).count(),
            meetings: window.len(),
            repeats: window.len() - met.len(),
        }
    }

    /// The parts of Pop that anybody is in.
    fn strata(&self, leader: usize, pop: &HashSet<usize>) -> HashSet<Stratum> {
        let chart = &self.chart;
        let of_branch = |branch: usize| {
            let people = chart.below_at(branch).filter(|at| pop.contains(at));
            people.map(move |at| (chart.key_at(branch), self.band_below(leader, at)))
        };
        chart.reports_at(leader).flat_map(of_branch).collect()
    }

    fn band_below(&self, leader: usize, at: usize) -> Option<Band> {
        let distance = self.chart.depth_at(at) - self.chart.depth_at(leader);
        has_bands(&self.chart, leader).then(|| band_at(&self.chart, at, distance))
    }
}

/// A branch, and a band where there are bands.
type Stratum = (PersonKey, Option<Band>);
