//! The facts by the positions of the chart.

use std::{collections::HashMap, ops::Range, sync::Mutex};

use chrono::{Days, Months};
use rustc_hash::FxHashMap;

use super::{Facts, Held, TENURE_DAYS, suppression::Decided};
use crate::domain::{
    Date,
    chart::OrgChart,
    meeting::published_heard,
    person::{Absence, PersonKey},
    settings::BetweenVisibility,
    wait::days_at_work,
};

/// What a report is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Its day: the chart and the people are those of this day.
    pub as_of: Date,
    /// Days up to and with that day in which a skip-level counts.
    pub window_days: i64,
    /// Days after the start before anybody waits.
    pub new_joiner_days: i64,
}

/// Whom a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The whole organisation.
    Everybody,
    /// Everybody below a person of the chart.
    Below(PersonKey),
    /// Nobody.
    Nobody,
}

/// Everything that figures are counted from.
#[derive(Debug)]
pub struct Survey {
    pub(super) chart: OrgChart,
    pub(super) asked: Asked,
    pub(super) departments: Vec<String>,
    pub(super) locations: Vec<String>,
    /// By position, like all that follow.
    pub(super) people: Vec<Person>,
    /// Skip-levels by counterpart, then day; `heard` has the range of each position.
    held: Vec<HeldAt>,
    heard: Vec<Range<u32>>,
    absences: HashMap<usize, Vec<Absence>>,
    pub(super) decided: Mutex<Decided>,
}

/// Somebody at a position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) department: Option<u32>,
    pub(super) location: Option<u32>,
    pub(super) started: Date,
    pub(super) active: bool,
    /// Whether they belong to the population of reports.
    pub(super) counts: bool,
}

/// A skip-level with somebody of the chart, by the positions of the two; the leader may have left it.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldAt {
    pub(super) day: Date,
    pub(super) leader: Option<u32>,
    counterpart: u32,
}

impl Survey {
    /// Lays facts out. Who counts: ACTIVE, 90 days employed, and with somebody two or more levels above.
    pub fn new(facts: Facts, asked: Asked) -> Self {
        let Facts {
            chart,
            members,
            departments,
            locations,
            held,
            absences,
        } = facts;
        let nobody = Person {
            department: None,
            location: None,
            started: Date::MAX,
            active: false,
            counts: false,
        };
        let mut people = vec![nobody; chart.len()];
        for member in members {
            let Some(at) = chart.position(member.person) else {
                continue;
            };
            let long_enough = (asked.as_of - member.started).num_days() >= TENURE_DAYS;
            people[at] = Person {
                department: member.department,
                location: member.location,
                started: member.started,
                active: member.active,
                counts: member.active && long_enough && chart.depth_at(at) >= 2,
            };
        }
        let mut absent: HashMap<usize, Vec<Absence>> = HashMap::new();
        for (person, absence) in absences {
            if let Some(at) = chart.position(person) {
                absent.entry(at).or_default().push(absence);
            }
        }
        for absences in absent.values_mut() {
            absences.sort_unstable_by_key(|absence| absence.start);
        }
        let (held, heard) = by_counterpart(&chart, held);
        Self {
            chart,
            asked,
            departments,
            locations,
            people,
            held,
            heard,
            absences: absent,
            decided: Mutex::default(),
        }
    }

    /// The positions of a unit; none of its head's own.
    pub(super) fn range(&self, unit: Unit) -> Range<usize> {
        match unit {
            Unit::Everybody => 0..self.chart.len(),
            Unit::Below(head) => self.chart.position(head).map_or(0..0, |at| self.chart.below_at(at)),
            Unit::Nobody => 0..0,
        }
    }

    /// Those of a unit who count, of one department if it is named.
    pub(super) fn population(&self, unit: Unit, department: Option<&str>) -> Vec<usize> {
        let department = department.map(|name| self.department(name));
        let of_it = |at: &usize| match department {
            None => true,
            Some(number) => number.is_some() && self.people[*at].department == number,
        };
        self.range(unit)
            .filter(|&at| self.people[at].counts)
            .filter(of_it)
            .collect()
    }

    pub(super) fn department(&self, name: &str) -> Option<u32> {
        let at = self.departments.iter().position(|known| known == name)?;
        u32::try_from(at).ok()
    }

    /// The skip-levels in which somebody was heard, oldest first.
    pub(super) fn heard_at(&self, at: usize) -> &[HeldAt] {
        let Range { start, end } = self.heard[at];
        &self.held[start as usize..end as usize]
    }

    /// The first day of the window that ends with `end`.
    pub(super) fn window_from(&self, end: Date) -> Date {
        end - Days::new(self.asked.window_days.unsigned_abs().saturating_sub(1))
    }

    /// Whether somebody was heard in the window of the report.
    pub(super) fn is_heard(&self, at: usize) -> bool {
        self.is_heard_by(at, self.asked.as_of)
    }

    /// Whether somebody was heard in the window that ends with `end`.
    pub(super) fn is_heard_by(&self, at: usize, end: Date) -> bool {
        let heard = self.heard_at(at);
        let until = heard.partition_point(|held| held.day <= end);
        until > 0 && heard[until - 1].day >= self.window_from(end)
    }

    /// Since when somebody waits, as whoever knows every day counts.
    pub(super) fn waits_since(&self, at: usize) -> Date {
        let last = self.heard_at(at).last().map(|held| held.day);
        last.unwrap_or_else(|| self.could_be_heard_from(at))
    }

    /// Since when somebody waits, as those above them may know it: from the end of a month, once that is published.
    pub(super) fn waits_since_published(&self, at: usize, visibility: BetweenVisibility) -> Published {
        let mut heard = self.heard_at(at).iter().rev();
        let month = heard.find_map(|held| published_heard(held.day, self.asked.as_of, visibility));
        match month {
            Some(month) => Published::Month(month + Months::new(1)),
            None => Published::Never(self.could_be_heard_from(at)),
        }
    }

    /// Days at work from `since` up to the report's day.
    pub(super) fn wait(&self, at: usize, since: Date) -> i64 {
        let absences = self.absences.get(&at).map_or(&[][..], Vec::as_slice);
        days_at_work(since, self.asked.as_of, absences)
    }

    fn could_be_heard_from(&self, at: usize) -> Date {
        self.people[at].started + Days::new(self.asked.new_joiner_days.unsigned_abs())
    }
}

/// What those above somebody may know of when they were last heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// The day after the month.
    Month(Date),
    /// Nothing: never, or not yet to be told. They could have been heard from this day on.
    Never(Date),
}

impl Published {
    /// The day from which the wait counts.
    pub(super) fn since(self) -> Date {
        match self {
            Self::Month(day) | Self::Never(day) => day,
        }
    }
}

/// Skip-levels by counterpart, then day, and where those of each position lie.
fn by_counterpart(chart: &OrgChart, held: Vec<Held>) -> (Vec<HeldAt>, Vec<Range<u32>>) {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    // One table of keys is quicker than a search for each of the two of every meeting.
    let positions: FxHashMap<PersonKey, u32> = chart.keys().enumerate().map(|(at, key)| (key, number(at))).collect();
    let place = |held: Held| {
        Some(HeldAt {
            day: held.day,
            leader: positions.get(&held.leader).copied(),
            counterpart: positions.get(&held.counterpart).copied()?,
        })
    };
    let mut placed: Vec<HeldAt> = held.into_iter().filter_map(place).collect();
    placed.sort_unstable_by_key(|held| (held.counterpart, held.day, held.leader));
    let mut ranges = vec![0..0; chart.len()];
    let mut from = 0;
    for part in placed.chunk_by(|one, other| one.counterpart == other.counterpart) {
        let to = from + number(part.len());
        ranges[part[0].counterpart as usize] = from..to;
        from = to;
    }
    (placed, ranges)
}
