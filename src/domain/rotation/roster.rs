//! The facts laid out by position in the chart, and who could be met in which week (product.md 4, rules 1 and 2).

use super::{
    Asked, Heard, Round, Visit,
    grouped::{Grouped, newest},
    hindrance::{Hindrance, first_free},
    silence,
};
use crate::domain::{
    Date,
    person::{Absence, Spell},
    wait,
    week::Week,
};

/// Who works through all of the target week, by position in the chart.
pub(in crate::domain) fn at_work(round: &Round<'_>) -> Vec<bool> {
    let roster = Roster::new(round);
    (0..round.chart.len()).map(|at| roster.is_at_work(at)).collect()
}

/// Everything known about the people of the chart, and who has been taken in this draw.
pub(super) struct Roster<'a> {
    pub round: &'a Round<'a>,
    spells: Vec<Option<Spell>>,
    absences: Grouped<Absence>,
    asked: Grouped<Date>,
    heard: Vec<Option<Heard>>,
    pairs: Grouped<(usize, Pair)>,
    visits: Grouped<Visit>,
    waits: Vec<i64>,
    taken: Vec<bool>,
}

/// What is known of a leader and a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    /// When they last met, or will.
    pub met: Option<Date>,
    rests_until: Option<Date>,
}

impl<'a> Roster<'a> {
    pub fn new(round: &'a Round<'a>) -> Self {
        let Round { chart, facts, .. } = *round;
        let spells = newest(chart, &facts.employed, |employed| (employed.person, employed.spell));
        let heard = newest(chart, &facts.heard, |heard| (heard.person, *heard));
        let absences = Grouped::new(chart, &facts.absences, |absent| (absent.person, absent.absence));
        let asked: Vec<Asked> = facts.asked.iter().copied().chain(silence::claims(round)).collect();
        let mut roster = Self {
            round,
            spells,
            absences,
            asked: Grouped::new(chart, &asked, |asked| (asked.person, asked.day)),
            heard,
            pairs: pairs(round),
            visits: Grouped::new(chart, &facts.visits, |visit| (visit.leader, *visit)),
            waits: Vec::new(),
            taken: vec![false; chart.len()],
        };
        roster.waits = (0..chart.len())
            .map(|at| roster.wait_since(at, roster.wait_began(at)))
            .collect();
        roster
    }

    /// The first thing that keeps a person from being met in `week`; the load cap comes last, so that whoever it holds
    /// back is held back by nothing else. Silence stands among the claims of the load cap.
    pub fn hindrance(&self, at: usize, pair: Pair, week: Week) -> Option<Hindrance> {
        self.away(at, week)
            .or_else(|| self.too_new(at, week))
            .or_else(|| pair.resting(week))
            .or_else(|| self.cooling(pair, week))
            .or_else(|| self.at_load_cap(at, week))
    }

    /// What keeps anybody, leaders too, from working through all of `week`.
    pub fn away(&self, at: usize, week: Week) -> Option<Hindrance> {
        let Some(spell) = self.spells[at] else {
            return Some(Hindrance::Gone);
        };
        if spell.end.is_some_and(|end| end < week.ends_on()) {
            return Some(Hindrance::Gone);
        }
        let absent = self
            .absences
            .of(at)
            .iter()
            .find(|absence| absence.touches(week.starts_on(), week.ends_on()));
        absent.map(|absence| Hindrance::OnLeave(absence.end.and_then(|end| end.succ_opt())))
    }

    /// Whether a person at work has not been heard by anybody for 52 weeks, or ever.
    pub fn is_waiting(&self, at: usize) -> bool {
        let week = self.round.week;
        let long_ago = week.plus(-52).starts_on();
        self.is_at_work(at)
            && self.too_new(at, week).is_none()
            && self.heard[at].is_none_or(|heard| heard.day < long_ago)
    }

    /// Whether a person works through all of the target week.
    pub fn is_at_work(&self, at: usize) -> bool {
        self.away(at, self.round.week).is_none() && self.spells[at].is_some_and(|spell| spell.start <= self.monday())
    }

    /// The first day of the target week.
    pub fn monday(&self) -> Date {
        self.round.week.starts_on()
    }

    /// The first day of the present spell.
    pub fn start(&self, at: usize) -> Option<Date> {
        self.spells[at].map(|spell| spell.start)
    }

    /// The newest HELD skip-level with anybody.
    pub fn heard(&self, at: usize) -> Option<Heard> {
        self.heard[at]
    }

    /// Days that a person has waited to be heard by anybody.
    pub fn wait(&self, at: usize) -> i64 {
        self.waits[at]
    }

    /// Days at work from `since` to the target week.
    pub fn wait_since(&self, at: usize, since: Date) -> i64 {
        wait::days_at_work(since, self.monday(), self.absences.of(at))
    }

    /// What is known of a leader and a person.
    pub fn pair(&self, leader: usize, at: usize) -> Pair {
        let known = self.pairs.of(leader);
        known
            .binary_search_by_key(&at, |&(person, _)| person)
            .map_or(Pair::default(), |found| known[found].1)
    }

    /// The visits of a leader, oldest first.
    pub fn visits(&self, leader: usize) -> &[Visit] {
        self.visits.of(leader)
    }

    /// Notes that a person is asked in the target week.
    pub fn take(&mut self, at: usize) {
        self.taken[at] = true;
    }

    /// Everybody at distance two or more below a leader, in pre-order.
    pub fn pool(&self, leader: usize) -> impl Iterator<Item = usize> + '_ {
        self.round
            .chart
            .reports_at(leader)
            .flat_map(|report| self.round.chart.below_at(report))
    }

    /// The first week from `from` on in which the leader is at work and could meet somebody, by what is known now.
    pub fn next_week(&self, leader: usize, from: Week) -> Option<Week> {
        let mut from = from;
        loop {
            from = first_free(from, |week| self.away(leader, week))?;
            let free = |at| first_free(from, |week| self.hindrance(at, self.pair(leader, at), week));
            let first = self.pool(leader).filter_map(free).min()?;
            if self.away(leader, first).is_none() {
                return Some(first);
            }
            from = first;
        }
    }

    fn wait_began(&self, at: usize) -> Date {
        let started = || {
            self.start(at)
                .map(|start| start + days(self.round.settings.new_joiner_days))
        };
        self.heard[at]
            .map(|heard| heard.day)
            .or_else(started)
            .unwrap_or(self.monday())
    }

    fn too_new(&self, at: usize, week: Week) -> Option<Hindrance> {
        let known = self.start(at)? + days(self.round.settings.new_joiner_days);
        (week.starts_on() < known).then_some(Hindrance::TooNew(known))
    }

    fn cooling(&self, pair: Pair, week: Week) -> Option<Hindrance> {
        let cooled = pair.met? + chrono::Duration::weeks(self.round.settings.pair_cooldown_weeks);
        (week.starts_on() < cooled).then_some(Hindrance::Cooldown(cooled))
    }

    fn at_load_cap(&self, at: usize, week: Week) -> Option<Hindrance> {
        let cap = days(self.round.settings.load_cap_days);
        let taken = self.taken[at].then(|| self.monday());
        let too_near = |day: &Date| week.contains(*day) || (*day - week.starts_on()).abs() < cap;
        let claim = self.asked.of(at).iter().copied().chain(taken).filter(too_near).max()?;
        Some(Hindrance::LoadCap(
            (claim + cap).max(Week::of(claim).plus(1).starts_on()),
        ))
    }
}

impl Pair {
    fn resting(self, week: Week) -> Option<Hindrance> {
        self.rests_until
            .filter(|&until| week.starts_on() < until)
            .map(Hindrance::Resting)
    }
}

/// Both kinds of facts about pairs in one row a pair, by leader and person.
fn pairs(round: &Round<'_>) -> Grouped<(usize, Pair)> {
    let Round { chart, facts, .. } = round;
    let met = facts.met.iter().map(|met| {
        (
            met.leader,
            met.person,
            Pair {
                met: Some(met.day),
                rests_until: None,
            },
        )
    });
    let rests = facts.rests.iter().map(|rest| {
        (
            rest.leader,
            rest.person,
            Pair {
                met: None,
                rests_until: Some(rest.until),
            },
        )
    });
    let place = |(leader, person, pair)| Some((chart.position(leader)?, (chart.position(person)?, pair)));
    let mut rows: Vec<_> = met.chain(rests).filter_map(place).collect();
    rows.sort_unstable();
    rows.dedup_by(|&mut (leader, (person, more)), (other_leader, (other_person, kept))| {
        let same = (leader, person) == (*other_leader, *other_person);
        if same {
            *kept = Pair {
                met: kept.met.max(more.met),
                rests_until: kept.rests_until.max(more.rests_until),
            };
        }
        same
    });
    Grouped::of_rows(chart.len(), rows)
}

fn days(count: i64) -> chrono::Duration {
    chrono::Duration::days(count)
}
