//! The rules of the draw: a picture, what has happened, and an answer.

mod bands;
mod forecast;
mod organisations;
mod properties;
mod reach;
mod rules;
mod why;
mod year;

use chrono::Days;
use expect_test::Expect;

use super::*;
use crate::domain::{
    outline::Outline,
    person::{Absence, Spell},
};

/// A drawn organisation with its history, settings and a week to draw.
#[derive(Clone)]
struct World {
    outline: Outline,
    chart: OrgChart,
    facts: Facts,
    settings: Settings,
    seed: u64,
    week: Week,
}

impl World {
    /// Nobody has met anybody; the week is 2026-W48, which begins on November 23rd, and is drawn a week ahead.
    fn new(picture: &str) -> Self {
        let outline: Outline = picture.parse().unwrap();
        let week: Week = "2026-W48".parse().unwrap();
        let chart = outline.chart(week.plus(-1).starts_on()).unwrap();
        let mut facts = Facts::default();
        for person in &outline.people {
            facts.employed.push(Employed {
                person: person.key,
                spell: person.spell,
            });
            facts.absences.extend(person.absences.iter().map(|&absence| Absent {
                person: person.key,
                absence,
            }));
        }
        Self {
            outline,
            chart,
            facts,
            settings: Settings::default(),
            seed: 7,
            week,
        }
    }

    fn key(&self, name: &str) -> PersonKey {
        self.outline
            .key(name)
            .unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    fn name(&self, key: PersonKey) -> &str {
        &self.outline.person(key).unwrap().name
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// A skip-level that took place.
    fn held(mut self, leader: &str, person: &str, on: &str) -> Self {
        let (leader, person) = (self.key(leader), self.key(person));
        self.hold(leader, person, day(on));
        self
    }

    fn hold(&mut self, leader: PersonKey, person: PersonKey, day: Date) {
        self.facts.heard.push(Heard {
            person,
            day,
            by: leader,
        });
        self.schedule(leader, person, day);
    }

    fn schedule(&mut self, leader: PersonKey, person: PersonKey, day: Date) {
        let branch = self.chart.branch(leader, person).unwrap();
        let band = band_of(&self.chart, leader, person);
        self.facts.asked.push(Asked { person, day });
        self.facts.met.push(Met { leader, person, day });
        self.facts.visits.push(Visit {
            leader,
            day,
            branch,
            band,
        });
    }

    /// A skip-level to come.
    fn scheduled(mut self, leader: &str, person: &str, on: &str) -> Self {
        let (leader, person) = (self.key(leader), self.key(person));
        self.schedule(leader, person, day(on));
        self
    }

    /// The person has a skip-level with some other leader.
    fn asked(mut self, person: &str, on: &str) -> Self {
        self.facts.asked.push(Asked {
            person: self.key(person),
            day: day(on),
        });
        self
    }

    fn rests(mut self, leader: &str, person: &str, until: &str) -> Self {
        self.facts.rests.push(Rest {
            leader: self.key(leader),
            person: self.key(person),
            until: day(until),
        });
        self
    }

    /// The person does not want to be suggested since a day, until another one or until further notice.
    fn silent(mut self, person: &str, since: &str, until: Option<&str>) -> Self {
        self.facts.silent.push(Silent {
            person: self.key(person),
            since: day(since),
            until: until.map(day),
        });
        self
    }

    /// All weeks around this one are settled for these leaders.
    fn filled(mut self, leaders: &[&str]) -> Self {
        for name in leaders {
            let leader = self.key(name);
            let weeks = (-30..30).map(|weeks| self.week.plus(weeks));
            self.facts.filled.extend(weeks.map(|week| Filled { week, leader }));
        }
        self
    }

    fn round(&self) -> Round<'_> {
        let today = self.week.plus(-1).starts_on();
        let Self {
            chart,
            facts,
            settings,
            seed,
            week,
            ..
        } = self;
        Round {
            chart,
            facts,
            settings,
            seed: *seed,
            today,
            week: *week,
        }
    }

    fn draw(&self) -> Draw {
        draw(&self.round())
    }

    fn pick(&self, pick: &Pick) -> String {
        let band = pick.band.map(|band| format!(", {band:?}")).unwrap_or_default();
        let reasons: Vec<_> = pick.reasons.iter().map(|reason| self.reason(*reason)).collect();
        let (leader, person, branch) = (self.name(pick.leader), self.name(pick.person), self.name(pick.branch));
        format!(
            "{leader} -> {person} ({} by {branch}{band}): {}\n",
            pick.distance,
            reasons.join(", ")
        )
    }

    fn reason(&self, reason: Reason) -> String {
        match reason {
            Reason::NeverHeard => "never heard".to_owned(),
            Reason::LongestWait { days } => format!("{days} days"),
            Reason::OnlyYouCanReach => "only you".to_owned(),
            Reason::BottomOfLadder { count, of } => format!("bottom {count} of {of}"),
            Reason::BranchRarelyVisited { branch, visits } => format!("{} visited {visits} times", self.name(branch)),
            Reason::NewJoiner { days } => format!("joined {days} days ago"),
            of_peers => unreachable!("{of_peers:?} is no reason for a skip-level"),
        }
    }

    fn empty(&self, slot: &EmptySlot) -> String {
        let next = slot
            .next_week
            .map_or("nobody knows when".to_owned(), |week| format!("next {week}"));
        format!("{}: {:?}, {next}\n", self.name(slot.leader), slot.code)
    }

    /// The draw in words.
    fn check(&self, expected: &Expect) {
        let draw = self.draw();
        let picks = draw.picks.iter().map(|pick| self.pick(pick));
        expected.assert_eq(
            &picks
                .chain(draw.empty.iter().map(|slot| self.empty(slot)))
                .collect::<String>(),
        );
    }

    /// Whom the leader should meet, if it is the same person whatever the seed.
    fn always(&self, leader: &str) -> String {
        let choice = |seed| {
            let draw = Self { seed, ..self.clone() }.draw();
            let pick = draw.picks.iter().find(|pick| pick.leader == self.key(leader));
            pick.map_or("nobody", |pick| self.name(pick.person)).to_owned()
        };
        let first = choice(0);
        if (1..24).all(|seed| choice(seed) == first) {
            first
        } else {
            "depends on the seed".to_owned()
        }
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}
