//! What a simulation found.

use super::Policy;

/// What a simulation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// How many people were in the chart at the beginning.
    pub people: usize,
    /// How many were within reach of a leader in any week.
    pub population: usize,
    /// What each policy came to, in the order of the programme.
    pub policies: Vec<Played>,
}

/// What one policy came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// Which.
    pub policy: Policy,
    /// How many suggestions were made.
    pub suggested: u32,
    /// How many of them became held meetings.
    pub held: u32,
    /// How many slots stayed empty.
    pub empty_slots: u32,
    /// How many of the suggestions brought two together who had met before, in these weeks.
    pub repeats: u32,
    /// How many of those repeats fell to leaders with more people in Pop than slots.
    pub needless_repeats: u32,
    /// After each week, how many people had been heard and how many the same held meetings could have reached.
    pub by_week: Vec<WeekReached>,
    /// Of everybody at work in the last week who could be met: the longest wait to be heard, in days at work. Waits
    /// begin with the first week or a later start, where nothing was held before.
    pub longest_wait_days: i64,
    /// The most agreed meetings of one person within 28 days.
    pub most_asked_in_28_days: u32,
    /// Cells of branch and band of all leaders with bands that had a held meeting, and how many have people.
    pub cells: (u32, u32),
    /// What the head was suggested.
    pub head: Head,
}

/// How far the held meetings had come after a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekReached {
    /// People heard at least once.
    pub heard: usize,
    /// The most that the same held meetings could have reached.
    pub bound: usize,
}

/// What the leader with the largest Pop was suggested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Suggestions of people without reports, three or more levels below.
    pub bottom: u32,
    /// Suggestions of people two levels below.
    pub near: u32,
    /// All others.
    pub middle: u32,
    /// Of the branches with anybody two or more levels below the head, how many were suggested at least once.
    pub branches_visited: u32,
    /// How many there are.
    pub branches: u32,
}

impl Played {
    /// How many people were heard.
    pub fn heard(&self) -> usize {
        self.by_week.last().map_or(0, |week| week.heard)
    }

    /// How many the same held meetings could have reached.
    pub fn bound(&self) -> usize {
        self.by_week.last().map_or(0, |week| week.bound)
    }

    /// Reach: heard of the bound; one where nothing was held.
    pub fn reach(&self) -> f64 {
        share(self.heard(), self.bound())
    }
}

/// So many of so many; one of none.
pub fn share(part: usize, whole: usize) -> f64 {
    let number = |count| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 1.0 } else { number(part) / number(whole) }
}
