//! Who comes, goes, is away and moves in a week.

use super::{Member, Timeline};
use crate::domain::{
    chart::OrgChart,
    person::{Absence, PersonKey, Spell},
    simulation::dice::{Purpose, index, roll},
    week::Week,
};

/// Weeks for which somebody is on leave: at least, and as many more at the most.
const LEAVE: (u32, u32) = (4, 13);
/// Weeks after which the place of a leaver can be taken.
const VACANT: i64 = 4;

impl Timeline<'_> {
    fn present(&self, week: Week) -> Vec<usize> {
        let there = |&member: &usize| self.members[member].spell.covers(week.starts_on());
        (0..self.members.len()).filter(there).collect()
    }

    fn roll(&self, purpose: Purpose, week: u32, member: usize) -> u64 {
        let key = self.members[member].key.0.cast_unsigned();
        roll(self.programme.seed, purpose, [u64::from(week), key, 0])
    }

    pub(super) fn send_on_leave(&mut self, number: u32, week: Week) {
        let rate = self.programme.rates.on_leave;
        let (least, more) = LEAVE;
        let starts = rate.starts_a_week(least + more / 2);
        for member in self.present(week) {
            let away_for = |part: u64| {
                let weeks = least + u32::try_from(part % u64::from(more)).unwrap_or(0);
                i64::from(weeks)
            };
            let length = away_for(self.roll(Purpose::AwayFor, number, member));
            let away = |absence: &Absence| absence.covers(week.starts_on());
            let left = if number == 0 {
                // Whoever is away at first has been so for some time.
                let gone = index(
                    self.roll(Purpose::AwayFrom, number, member),
                    usize::try_from(length).unwrap_or(1),
                );
                let away = rate.takes(self.roll(Purpose::AwayAtFirst, number, member));
                away.then(|| length - i64::try_from(gone).unwrap_or(0))
            } else {
                starts
                    .takes(self.roll(Purpose::AwayFrom, number, member))
                    .then_some(length)
            };
            if let Some(weeks) = left.filter(|_| !self.members[member].absences.iter().any(away)) {
                self.members[member].absences.push(Absence {
                    start: week.starts_on(),
                    end: Some(week.plus(weeks - 1).ends_on()),
                });
            }
        }
    }

    /// Whoever leaves has the Friday of this week as last day, and is not suggested for it any more.
    pub(super) fn part(&mut self, number: u32, week: Week) {
        let rate = self.programme.rates.exits.spread_over(52);
        for member in self.present(week) {
            let leaves = rate.takes(self.roll(Purpose::Exit, number, member));
            if leaves && self.members[member].spell.end.is_none() {
                self.members[member].spell.end = Some(week.ends_on() - chrono::Days::new(2));
                self.vacant.push(member);
            }
        }
        // Whose last day was in the week before stands in no chart from now on.
        let last = week.plus(-1);
        self.changed |= self
            .members
            .iter()
            .any(|member| member.spell.end.is_some_and(|end| last.contains(end)));
    }

    /// Newcomers take the places of leavers, with everybody who reported to them; who finds no place joins some team.
    pub(super) fn hire(&mut self, number: u32, week: Week) {
        let Some(chart) = self.stages.last().map(|stage| stage.chart.clone()) else {
            return;
        };
        self.due += self.programme.rates.hires.spread_over(52).millionths_of(chart.len());
        while self.due >= 1_000_000 {
            self.due -= 1_000_000;
            let key = PersonKey(self.members.last().map_or(1, |last| last.key.0 + 1));
            let manager = match self.vacant.first() {
                Some(&leaver) if self.members[leaver].spell.end < Some(week.plus(-VACANT).ends_on()) => {
                    self.vacant.remove(0);
                    self.hand_over(leaver, key);
                    self.members[leaver].manager
                }
                _ => self.some_manager(&chart, number, key),
            };
            self.by_key.insert(key, self.members.len());
            self.reachable.push(false);
            self.members.push(Member {
                key,
                manager,
                spell: Spell {
                    start: week.starts_on(),
                    end: None,
                },
                absences: vec![],
            });
            self.changed = true;
        }
    }

    fn hand_over(&mut self, leaver: usize, key: PersonKey) {
        let before = Some(self.members[leaver].key);
        for member in self.members.iter_mut().filter(|member| member.manager == before) {
            member.manager = Some(key);
        }
    }

    fn some_manager(&self, chart: &OrgChart, number: u32, key: PersonKey) -> Option<PersonKey> {
        let managers: Vec<PersonKey> = chart.keys().filter(|&one| chart.has_reports(one)).collect();
        let roll = roll(
            self.programme.seed,
            Purpose::JoinUnder,
            [u64::from(number), key.0.cast_unsigned(), 0],
        );
        (!managers.is_empty()).then(|| managers[index(roll, managers.len())])
    }

    /// Managers move with everybody below to another manager of the same level.
    pub(super) fn reorganise(&mut self, number: u32) {
        let rate = self.programme.rates.moves.spread_over(52);
        let Some(chart) = self.stages.last().map(|stage| stage.chart.clone()) else {
            return;
        };
        let leads = |&at: &usize| !chart.below_at(at).is_empty();
        // Everybody keeps their depth in the chart of the week before, so no ring can close.
        for at in (0..chart.len()).filter(leads) {
            let member = self.by_key[&chart.key_at(at)];
            let Some(manager) = chart
                .parent_at(at)
                .filter(|_| rate.takes(self.roll(Purpose::Move, number, member)))
            else {
                continue;
            };
            let others: Vec<usize> = (0..chart.len())
                .filter(leads)
                .filter(|&other| other != manager && chart.depth_at(other) == chart.depth_at(manager))
                .collect();
            if !others.is_empty() {
                let other = others[index(self.roll(Purpose::MoveTo, number, member), others.len())];
                self.members[member].manager = Some(chart.key_at(other));
                self.changed = true;
            }
        }
    }
}
