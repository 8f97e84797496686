//! The organisation of each week: who is there, where, and can be met. The same whatever the policy; `motion` says who
//! comes, goes, is away and moves.

mod motion;

use std::{collections::HashMap, sync::Arc};

use super::Programme;
use crate::domain::{
    Date,
    chart::{Line, OrgChart},
    person::{Absence, PersonKey, Spell},
    rotation::{Absent, Employed},
    week::Week,
};

/// Somebody of the organisation, from the first day to the last.
#[derive(Clone, Debug)]
struct Member {
    key: PersonKey,
    manager: Option<PersonKey>,
    spell: Spell,
    absences: Vec<Absence>,
}

/// The organisation as a week's draw finds it.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub week: Week,
    /// The chart of the day of the draw.
    pub chart: Arc<OrgChart>,
    /// The number of whoever stands at each position of the chart.
    members: Arc<Vec<usize>>,
    /// Whether the person at each position works through the week.
    at_work: Vec<bool>,
    /// Whether the person at each position can be met: at work, and not new.
    eligible: Vec<bool>,
}

impl Stage {
    pub fn member_at(&self, at: usize) -> usize {
        self.members[at]
    }

    pub fn is_at_work(&self, at: usize) -> bool {
        self.at_work[at]
    }

    pub fn is_eligible(&self, at: usize) -> bool {
        self.eligible[at]
    }

    /// The positions of everybody in Pop who is there this week and not new.
    pub fn pop(&self, leader: usize) -> impl Iterator<Item = usize> + '_ {
        let pool = self
            .chart
            .reports_at(leader)
            .flat_map(|report| self.chart.below_at(report));
        pool.filter(|&at| self.eligible[at])
    }

    /// Whoever has somebody two or more levels below.
    pub fn leaders(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.chart.len()).filter(|&at| self.chart.levels_below_at(at) >= 2)
    }
}

/// The weeks up to the present one.
pub(super) struct Timeline<'a> {
    pub programme: Programme<'a>,
    members: Vec<Member>,
    by_key: HashMap<PersonKey, usize>,
    stages: Vec<Stage>,
    /// Leavers whose place nobody has taken, in the order of their last days.
    vacant: Vec<usize>,
    /// Millionths of a person still to be hired.
    due: u64,
    /// Whether anybody came, went or moved since the last chart.
    changed: bool,
    /// Whether each member was ever within anybody's reach.
    reachable: Vec<bool>,
}

impl<'a> Timeline<'a> {
    pub fn new(programme: &Programme<'a>) -> Self {
        let Programme { chart, facts, .. } = *programme;
        let first = programme.first.starts_on();
        let mut members: Vec<Member> = chart
            .keys()
            .map(|key| Member {
                key,
                manager: chart.manager(key),
                spell: Spell {
                    start: first,
                    end: None,
                },
                absences: vec![],
            })
            .collect();
        members.sort_unstable_by_key(|member| member.key);
        let by_key: HashMap<PersonKey, usize> = members.iter().enumerate().map(|(at, one)| (one.key, at)).collect();
        let mut employed: Vec<Employed> = facts.employed.clone();
        employed.sort_unstable();
        for Employed { person, spell } in employed {
            if let Some(&at) = by_key.get(&person) {
                members[at].spell = spell;
            }
        }
        for Absent { person, absence } in &facts.absences {
            if let Some(&at) = by_key.get(person) {
                members[at].absences.push(*absence);
            }
        }
        Self {
            programme: *programme,
            reachable: vec![false; members.len()],
            members,
            by_key,
            stages: vec![],
            vacant: vec![],
            due: 0,
            changed: true,
        }
    }

    /// Goes on to the next week.
    pub fn enter(&mut self, number: u32) {
        let week = self.programme.first.plus(i64::from(number));
        // What is decided now is known when the week is drawn.
        self.send_on_leave(number, week);
        self.part(number, week);
        self.hire(number, week);
        self.reorganise(number);
        let (chart, members) = match self.stages.last() {
            Some(stage) if !self.changed => (stage.chart.clone(), stage.members.clone()),
            _ => self.chart_of(week),
        };
        self.changed = false;
        let at_work: Vec<bool> = members.iter().map(|&member| self.works_through(member, week)).collect();
        let settled = week.starts_on() - chrono::Duration::days(self.programme.settings.new_joiner_days);
        let is_new = |member: usize| settled < self.members[member].spell.start;
        let eligible: Vec<bool> = (0..chart.len()).map(|at| at_work[at] && !is_new(members[at])).collect();
        for at in 0..chart.len() {
            self.reachable[members[at]] |= eligible[at] && chart.depth_at(at) >= 2;
        }
        self.stages.push(Stage {
            week,
            chart,
            members,
            at_work,
            eligible,
        });
    }

    /// The week that was entered last.
    pub fn stage(&self) -> &Stage {
        &self.stages[self.stages.len() - 1]
    }

    /// The stage of an earlier week, by its number.
    pub fn stage_of(&self, week: usize) -> &Stage {
        &self.stages[week]
    }

    /// The number of the week that was entered last.
    pub fn number(&self) -> usize {
        self.stages.len() - 1
    }

    /// How many people there have been so far.
    pub fn members(&self) -> usize {
        self.members.len()
    }

    /// How many people there have been within anybody's reach.
    pub fn population(&self) -> usize {
        self.reachable.iter().filter(|&&reachable| reachable).count()
    }

    /// The first day of somebody's spell.
    pub fn start_of(&self, member: usize) -> Date {
        self.members[member].spell.start
    }

    /// The absences of somebody.
    pub fn absences_of(&self, member: usize) -> &[Absence] {
        &self.members[member].absences
    }

    /// What a draw knows of spells and absences.
    pub fn employed(&self) -> (Vec<Employed>, Vec<Absent>) {
        let employed = self.members.iter().map(|member| Employed {
            person: member.key,
            spell: member.spell,
        });
        let absent = self.members.iter().flat_map(|member| {
            member.absences.iter().map(|&absence| Absent {
                person: member.key,
                absence,
            })
        });
        (employed.collect(), absent.collect())
    }

    fn works_through(&self, member: usize, week: Week) -> bool {
        let member = &self.members[member];
        let touched = |absence: &Absence| absence.touches(week.starts_on(), week.ends_on());
        member.spell.covers(week.starts_on())
            && member.spell.covers(week.ends_on())
            && !member.absences.iter().any(touched)
    }

    fn chart_of(&self, week: Week) -> (Arc<OrgChart>, Arc<Vec<usize>>) {
        let present = self
            .members
            .iter()
            .filter(|member| member.spell.covers(week.starts_on()));
        let line = |member: &Member| {
            let report = member.key;
            member.manager.map(|manager| Line { report, manager })
        };
        let chart = OrgChart::new(present.map(|member| member.key), self.members.iter().filter_map(line))
            .unwrap_or_else(|ring| unreachable!("nobody moves below themselves, but {ring}"));
        let members = chart.keys().map(|key| self.by_key[&key]).collect();
        (Arc::new(chart), Arc::new(members))
    }
}
