//! Load, and how fresh 1:1s with peers are.

use std::collections::{BTreeMap, HashMap};

use super::{Sight, Survey, Unit, figures::Verdict};
use crate::domain::{
    Date,
    peers::{LATE_DAYS, WINDOW_DAYS},
    person::PersonKey,
    week::Week,
};

/// Skip-levels a person: how they are spread, and that nobody has too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// How many people had how many in the window; from none on, without gaps. Empty if suppressed.
    pub buckets: Vec<LoadBucket>,
    /// The most that one person had in one ISO week; none if suppressed, or if nobody had any.
    pub most_in_a_week: Option<usize>,
    /// Whether anything is kept back.
    pub suppressed: bool,
}

/// People with the same number of skip-levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadBucket {
    /// So many in the window.
    pub meetings: usize,
    /// How many people.
    pub people: usize,
}

/// HELD 1:1s with peers, as far as a report needs them: each person with the day of their last one.
pub type PeerMeetings = HashMap<PersonKey, Date>;

/// When leaders last met a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerFreshness {
    /// How many leaders the unit has.
    pub people: usize,
    /// By their last 1:1 with a peer in the window: under 21 days ago, up to 35, longer ago, and none; none if suppressed.
    pub counts: Option<[usize; 4]>,
    /// The median of the days since then; none if suppressed or if there is none.
    pub median_days: Option<i64>,
}

impl Survey {
    /// The load of a unit's people.
    pub fn load(&self, unit: Unit, department: Option<&str>, sight: Sight) -> Load {
        let suppressed = self.verdict(unit, department, sight) == Verdict::Suppressed;
        let from = self.window_from(self.asked.as_of);
        let mut people: BTreeMap<usize, usize> = BTreeMap::new();
        let mut most = 0;
        for at in self.population(unit, department) {
            let heard = self.heard_at(at).iter().filter(|held| held.day >= from);
            let weeks: Vec<Week> = heard.map(|held| Week::of(held.day)).collect();
            *people.entry(weeks.len()).or_default() += 1;
            most = most.max(weeks.chunk_by(Week::eq).map(<[Week]>::len).max().unwrap_or(0));
        }
        let last = people.keys().next_back().copied();
        let bucket = |meetings: usize| LoadBucket {
            meetings,
            people: people.get(&meetings).copied().unwrap_or(0),
        };
        if suppressed {
            return Load {
                buckets: Vec::new(),
                most_in_a_week: None,
                suppressed: true,
            };
        }
        Load {
            buckets: last.map_or_else(Vec::new, |last| (0..=last).map(bucket).collect()),
            most_in_a_week: (most > 0).then_some(most),
            suppressed: false,
        }
    }

    /// How fresh the 1:1s of a unit's leaders with peers are; those of one department if it is named.
    pub fn peers(&self, unit: Unit, department: Option<&str>, last: &PeerMeetings, sight: Sight) -> PeerFreshness {
        let leaders = self.leaders_of(unit, department);
        let from = self.window_from(self.asked.as_of);
        let days = leaders.iter().map(|&at| {
            let day = last.get(&self.chart.key_at(at)).filter(|day| **day >= from);
            day.map(|day| (self.asked.as_of - *day).num_days())
        });
        let days: Vec<Option<i64>> = days.collect();
        let shown = match sight {
            Sight::Whole => true,
            Sight::Above { smallest, .. } => {
                leaders.len() >= smallest && self.verdict(unit, department, sight) == Verdict::Shown
            }
        };
        let count = |fits: fn(i64) -> bool| days.iter().flatten().filter(|days| fits(**days)).count();
        let mut known: Vec<i64> = days.iter().flatten().copied().collect();
        known.sort_unstable();
        let median = known.get(known.len().div_ceil(2).max(1) - 1).copied();
        PeerFreshness {
            people: leaders.len(),
            counts: shown.then(|| {
                [
                    count(|days| days < WINDOW_DAYS),
                    count(|days| (WINDOW_DAYS..=LATE_DAYS).contains(&days)),
                    count(|days| days > LATE_DAYS),
                    days.iter().filter(|days| days.is_none()).count(),
                ]
            }),
            median_days: median.filter(|_| shown),
        }
    }
}
