//! The rules of peers: a picture, what has happened, and who is suggested to whom.

mod properties;
mod rules;
mod year;

use expect_test::Expect;

use super::*;
use crate::domain::{
    Date,
    chart::OrgChart,
    outline::Outline,
    person::PersonKey,
    rotation::{Absent, Employed, Facts, Rest, Silent},
    settings::Settings,
    week::Week,
};

/// A drawn organisation with what peers have done so far, settings and a week to draw.
#[derive(Clone)]
struct World {
    outline: Outline,
    chart: OrgChart,
    facts: Facts,
    peers: PeerFacts,
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
            let spell = person.spell;
            facts.employed.push(Employed {
                person: person.key,
                spell,
            });
            let absent = |&absence| Absent {
                person: person.key,
                absence,
            };
            facts.absences.extend(person.absences.iter().map(absent));
        }
        Self {
            outline,
            chart,
            facts,
            peers: PeerFacts::default(),
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

    fn pair(&self, a: &str, b: &str) -> Pair {
        Pair::of(self.key(a), self.key(b))
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Functions with whoever works in them.
    fn functions(mut self, functions: &[&[&str]]) -> Self {
        for (number, people) in (1..).zip(functions) {
            for name in *people {
                let person = self.key(name);
                self.peers.functions.push(Function { person, number });
            }
        }
        self
    }

    fn held(mut self, a: &str, b: &str, on: &str) -> Self {
        let pair = self.pair(a, b);
        self.peers.met.push(PeersMet { pair, day: day(on) });
        self
    }

    /// A peer 1:1 that may still take place.
    fn pending(mut self, a: &str, b: &str, on: &str) -> Self {
        let pair = self.pair(a, b);
        self.peers.pending.push(PeersMet { pair, day: day(on) });
        self
    }

    fn told(mut self, a: &str, b: &str) -> Self {
        let pair = self.pair(a, b);
        self.peers.told.push(pair);
        self
    }

    fn dotted(mut self, a: &str, b: &str) -> Self {
        let pair = self.pair(a, b);
        self.peers.dotted.push(pair);
        self
    }

    fn rests(mut self, a: &str, b: &str, until: &str) -> Self {
        let (leader, person) = (self.key(a), self.key(b));
        let until = day(until);
        self.facts.rests.push(Rest { leader, person, until });
        self
    }

    fn silent(mut self, name: &str, until: Option<&str>) -> Self {
        let (person, since, until) = (self.key(name), day("2026-01-05"), until.map(day));
        self.facts.silent.push(Silent { person, since, until });
        self
    }

    fn edge(mut self, a: &str, b: &str, origin: PeerOrigin, happens: impl FnOnce(&mut Edge)) -> Self {
        let mut edge = Edge::proposed(self.pair(a, b), origin);
        happens(&mut edge);
        self.peers.edges.push(edge);
        self
    }

    fn confirmed(self, a: &str, b: &str) -> Self {
        self.edge(a, b, PeerOrigin::Person, confirm)
    }

    fn round(&self) -> Round<'_> {
        Round {
            chart: &self.chart,
            facts: &self.facts,
            settings: &self.settings,
            seed: self.seed,
            today: self.week.plus(-1).starts_on(),
            week: self.week,
        }
    }

    fn draw(&self) -> PeerDraw {
        draw(&self.round(), &self.peers)
    }

    /// The pairs by name, sorted.
    fn pairs(&self) -> Vec<String> {
        let named = |pick: &PeerPick| format!("{} {}", self.name(pick.pair.low()), self.name(pick.pair.high()));
        let mut pairs: Vec<_> = self.draw().picks.iter().map(named).collect();
        pairs.sort();
        pairs
    }

    /// The pairs, if they are the same whatever the seed.
    fn always(&self) -> Vec<String> {
        let of = |seed| Self { seed, ..self.clone() }.pairs();
        let first = of(0);
        if (1..24).all(|seed| of(seed) == first) {
            first
        } else {
            vec!["depends on the seed".to_owned()]
        }
    }

    /// What each side is told, in the order in which pairs are served.
    fn check(&self, expected: &Expect) {
        let side = |of: PersonKey, reasons: &[Reason]| format!("{} {reasons:?}", self.name(of));
        let told = |pick: &PeerPick| {
            let (low, high) = (pick.pair.low(), pick.pair.high());
            format!("{}; {}\n", side(low, &pick.low_reasons), side(high, &pick.high_reasons))
        };
        expected.assert_eq(&self.draw().picks.iter().map(told).collect::<String>());
    }
}

fn confirm(edge: &mut Edge) {
    edge.agree(edge.pair.low());
    edge.agree(edge.pair.high());
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}
