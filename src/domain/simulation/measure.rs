//! What a policy reached.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    Head, Played, WeekReached,
    play::{Became, Done, Play, Suggested},
    timeline::{Stage, Timeline},
};
use crate::domain::{
    Date,
    meeting::Band,
    person::PersonKey,
    reach::{Matching, Meetings},
    rotation::band_of,
    wait::days_at_work,
};

/// Counts while a policy is played.
#[derive(Debug, Default)]
pub(super) struct Measure {
    suggested: u32,
    empty: u32,
    repeats: BTreeMap<PersonKey, u32>,
    slots: BTreeMap<PersonKey, u32>,
    heard: HashMap<PersonKey, Date>,
    asked: HashMap<PersonKey, Vec<Date>>,
    /// Week and leader's position of each held meeting.
    held: Vec<(usize, usize)>,
    matching: Option<Matching>,
    by_week: Vec<WeekReached>,
    visited: HashSet<(PersonKey, PersonKey, Band)>,
    head: Head,
    head_branches: BTreeSet<PersonKey>,
}

/// The held meetings of the weeks so far, and who was there.
struct HeldThen<'a> {
    timeline: &'a Timeline<'a>,
    held: &'a [(usize, usize)],
}

impl Meetings for HeldThen<'_> {
    fn candidates(&self, meeting: usize) -> impl Iterator<Item = usize> + '_ {
        let (week, leader) = self.held[meeting];
        let stage = self.timeline.stage_of(week);
        stage.pop(leader).map(|at| stage.member_at(at))
    }
}

impl Measure {
    pub fn count(&mut self, timeline: &Timeline<'_>, done: &Done) {
        self.suggested += count(done.suggested.len());
        self.empty += done.empty;
        let stage = timeline.stage();
        let head = head(stage);
        for suggested in &done.suggested {
            *self.slots.entry(suggested.leader).or_default() += 1;
            if suggested.again {
                *self.repeats.entry(suggested.leader).or_default() += 1;
            }
            if Some(suggested.leader) == head {
                self.count_for_head(suggested);
            }
            self.count_meeting(suggested);
        }
        let first = self.held.len();
        let held = done
            .suggested
            .iter()
            .filter(|one| matches!(one.became, Became::Held(_)));
        self.held
            .extend(held.filter_map(|one| Some((timeline.number(), stage.chart.position(one.leader)?))));
        // The smallest sets first: they seldom have to be made way for.
        self.held[first..].sort_by_cached_key(|&(_, leader)| stage.chart.below_at(leader).len());
        self.grow_bound(timeline, first);
    }

    fn count_for_head(&mut self, suggested: &Suggested) {
        let counted = match suggested.band {
            Some(Band::Bottom) => &mut self.head.bottom,
            Some(Band::Near) => &mut self.head.near,
            Some(Band::Middle) | None => &mut self.head.middle,
        };
        *counted += 1;
        self.head_branches.insert(suggested.branch);
    }

    fn count_meeting(&mut self, suggested: &Suggested) {
        let (Became::Held(day) | Became::Unconfirmed(day)) = suggested.became else {
            return;
        };
        self.asked.entry(suggested.person).or_default().push(day);
        if let Became::Held(day) = suggested.became {
            let heard = self.heard.entry(suggested.person).or_insert(day);
            *heard = day.max(*heard);
            if let Some(band) = suggested.band {
                self.visited.insert((suggested.leader, suggested.branch, band));
            }
        }
    }

    fn grow_bound(&mut self, timeline: &Timeline<'_>, first: usize) {
        let mut matching = self.matching.take().unwrap_or_else(|| Matching::new(0));
        matching.admit(timeline.members());
        let meetings = HeldThen {
            timeline,
            held: &self.held,
        };
        for meeting in first..self.held.len() {
            matching.add(&meetings, meeting);
        }
        self.by_week.push(WeekReached {
            heard: self.heard.len(),
            bound: matching.size(),
        });
        self.matching = Some(matching);
    }

    pub fn played(mut self, timeline: &Timeline<'_>, play: &Play) -> Played {
        let stage = timeline.stage();
        if let Some(at) = head(stage).and_then(|head| stage.chart.position(head)) {
            let open = |&report: &usize| !stage.chart.below_at(report).is_empty();
            let branches = stage.chart.reports_at(at).filter(open).map(|at| stage.chart.key_at(at));
            let (visited, others): (Vec<_>, Vec<_>) = branches.partition(|key| self.head_branches.contains(key));
            self.head.branches_visited = count(visited.len());
            self.head.branches = count(visited.len() + others.len());
        }
        let needless = |(leader, repeats): (&PersonKey, &u32)| {
            let at = stage.chart.position(*leader)?;
            let spared = stage.pop(at).count() >= self.slots.get(leader).map_or(0, |&slots| slots as usize);
            spared.then_some(*repeats)
        };
        Played {
            policy: play.policy,
            suggested: self.suggested,
            held: count(self.held.len()),
            empty_slots: self.empty,
            repeats: self.repeats.values().sum(),
            needless_repeats: self.repeats.iter().filter_map(needless).sum(),
            longest_wait_days: self.longest_wait(timeline, play),
            most_asked_in_28_days: most_within(28, self.asked.into_values()),
            cells: cells(stage, &self.visited),
            by_week: self.by_week,
            head: self.head,
        }
    }

    fn longest_wait(&self, timeline: &Timeline<'_>, play: &Play) -> i64 {
        let stage = timeline.stage();
        let programme = &timeline.programme;
        let until = stage.week.plus(1).starts_on();
        let joined = chrono::Duration::days(programme.settings.new_joiner_days);
        let before = play.memory.heard_before();
        let wait = |at: usize| {
            let (key, member) = (stage.chart.key_at(at), stage.member_at(at));
            let heard = self.heard.get(&key).or(before.get(&key)).copied();
            let since = heard.unwrap_or_else(|| {
                let started = timeline.start_of(member) + joined;
                started.max(programme.first.starts_on())
            });
            days_at_work(since, until, timeline.absences_of(member))
        };
        let open = |&at: &usize| stage.chart.depth_at(at) >= 2 && stage.is_eligible(at);
        (0..stage.chart.len()).filter(open).map(wait).max().unwrap_or(0)
    }
}

/// The leader with the largest Pop; of several the first in the chart.
fn head(stage: &Stage) -> Option<PersonKey> {
    let size = |&at: &usize| (stage.chart.below_at(at).len(), std::cmp::Reverse(at));
    stage.leaders().max_by_key(size).map(|at| stage.chart.key_at(at))
}

/// The most days of one person that lie within so many days.
fn most_within(days: i64, asked: impl Iterator<Item = Vec<Date>>) -> u32 {
    let most = asked.map(|mut on| {
        on.sort_unstable();
        let within = |(at, first): (usize, &Date)| {
            on[at..]
                .iter()
                .take_while(|&&day| (day - *first).num_days() < days)
                .count()
        };
        on.iter().enumerate().map(within).max().unwrap_or(0)
    });
    count(most.max().unwrap_or(0))
}

/// Of the cells of branch and band that have people, of all leaders with bands, how many are visited, and how many there are.
fn cells(stage: &Stage, visited: &HashSet<(PersonKey, PersonKey, Band)>) -> (u32, u32) {
    let chart = &stage.chart;
    let mut cells = HashSet::new();
    for leader in stage.leaders() {
        let key = chart.key_at(leader);
        for branch in chart.reports_at(leader) {
            for at in chart.below_at(branch).filter(|&at| stage.is_eligible(at)) {
                match band_of(chart, key, chart.key_at(at)) {
                    Some(band) => cells.insert((key, chart.key_at(branch), band)),
                    None => break,
                };
            }
        }
    }
    (count(cells.intersection(visited).count()), count(cells.len()))
}

fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}
