//! The trend: the same people, month by month.

use chrono::Months;

use super::{Sight, Survey, Unit, figures::Verdict};
use crate::domain::{Date, reach::most_at};

/// How many months a trend has.
const MONTHS: u32 = 12;

/// One month of a trend. The people are always those of the report's day, so that no two months are about others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub month: Date,
    /// How many people the unit has.
    pub population: usize,
    /// Skip-levels held with them in the month, as far as the report's day; none if suppressed.
    pub held: Option<usize>,
    /// How many were heard in the window that ends with the month, or with the report's day; none if suppressed.
    pub heard: Option<usize>,
    /// The most that the skip-levels of that window could have reached; none if suppressed.
    pub possible: Option<usize>,
}

impl Survey {
    /// The twelve months that end with the report's.
    pub fn trend(&self, unit: Unit, department: Option<&str>, sight: Sight) -> Vec<Month> {
        let population = self.population(unit, department);
        let suppressed = self.verdict(unit, department, sight) == Verdict::Suppressed;
        let this = first_of_month(self.asked.as_of);
        let month = |back: u32| {
            let month = this - Months::new(back);
            let end = (month + Months::new(1))
                .pred_opt()
                .unwrap_or(month)
                .min(self.asked.as_of);
            if suppressed {
                return Month {
                    month,
                    population: population.len(),
                    held: None,
                    heard: None,
                    possible: None,
                };
            }
            let heard = population.iter().filter(|&&at| self.is_heard_by(at, end)).count();
            Month {
                month,
                population: population.len(),
                held: Some(self.held_between(&population, (month, end))),
                heard: Some(heard),
                possible: Some(self.possible(&population, end).max(heard)),
            }
        };
        (0..MONTHS).rev().map(month).collect()
    }

    fn held_between(&self, people: &[usize], (from, to): (Date, Date)) -> usize {
        let days = people.iter().flat_map(|&at| self.heard_at(at));
        days.filter(|held| (from..=to).contains(&held.day)).count()
    }

    /// The most people that the skip-levels of a window could have reached, by the chart of the report's day.
    fn possible(&self, people: &[usize], end: Date) -> usize {
        let from = self.window_from(end);
        let (mut slots, mut counts) = (vec![0; self.chart.len()], vec![false; self.chart.len()]);
        for &at in people {
            counts[at] = true;
            for held in self.heard_at(at).iter().filter(|held| (from..=end).contains(&held.day)) {
                if let Some(leader) = held.leader {
                    slots[leader as usize] += 1;
                }
            }
        }
        most_at(&self.chart, |at| slots[at], |at| counts[at])
    }
}

fn first_of_month(day: Date) -> Date {
    chrono::Datelike::with_day(&day, 1).unwrap_or(day)
}
