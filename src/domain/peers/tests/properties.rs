//! What holds of any draw of peers, checked pair by pair against the rules written down a second time.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::Index};

use super::*;
use crate::domain::{chart::Line, person::Spell};

/// An organisation with a history.
#[derive(Clone, Debug)]
struct Case {
    chart: OrgChart,
    facts: Facts,
    peers: PeerFacts,
    settings: Settings,
    seed: u64,
}

fn week() -> Week {
    "2026-W48".parse().unwrap()
}

/// A day so many days before (after, when negative) the target week.
fn before(days: i64) -> Date {
    week().starts_on() - chrono::Duration::days(days)
}

/// Days to the Monday from every peer 1:1 of somebody that was held or is to come.
fn days(person: PersonKey, meetings: &[PeersMet]) -> Vec<i64> {
    let of = meetings
        .iter()
        .filter(|met| [met.pair.low(), met.pair.high()].contains(&person));
    of.map(|met| (week().starts_on() - met.day).num_days()).collect()
}

impl Case {
    fn draw(&self) -> PeerDraw {
        let round = Round {
            chart: &self.chart,
            facts: &self.facts,
            settings: &self.settings,
            seed: self.seed,
            today: before(7),
            week: week(),
        };
        draw(&round, &self.peers)
    }

    fn window_is_open(&self, person: PersonKey) -> bool {
        let all = [days(person, &self.peers.met), days(person, &self.peers.pending)].concat();
        all.iter().all(|days| days.abs() >= 21)
    }

    fn is_due(&self, person: PersonKey) -> bool {
        days(person, &self.peers.met).iter().all(|days| days + 6 >= 28)
    }

    fn are_side_by_side(&self, pair: Pair) -> bool {
        self.chart.distance(pair.low(), pair.high()).is_none()
    }

    /// The report of the root through whom somebody is reached; a root is their own.
    fn branch(&self, person: PersonKey) -> PersonKey {
        let root = self.chart.managers(person).last();
        root.map_or(person, |root| self.chart.branch(root, person).unwrap())
    }

    fn may_be_discovered(&self, pair: Pair) -> bool {
        let leads = |person| self.chart.levels_below(person) >= 2;
        let depth = |person| self.chart.depth(person).unwrap();
        leads(pair.low())
            && leads(pair.high())
            && depth(pair.low()).abs_diff(depth(pair.high())) <= 1
            && self.branch(pair.low()) != self.branch(pair.high())
    }
}

type Fate = (Index, i64, Option<i64>);
type Between = (Index, Index, i64, u8);

fn any_case() -> impl Strategy<Value = Case> {
    let fate = (any::<Index>(), -20..400_i64, prop::option::of(0..4_i64));
    let people = prop::collection::vec(fate, 3..60);
    let between = (any::<Index>(), any::<Index>(), -30..120_i64, any::<u8>());
    let pairs = prop::collection::vec(between, 0..60);
    (people, pairs, any::<u64>(), 0..4_u32).prop_map(|(people, pairs, seed, most)| {
        let settings = Settings {
            peer_suggestions_per_week: most,
            ..Settings::default()
        };
        Case {
            chart: chart_of(&people),
            facts: facts_of(&people),
            peers: peers_of(&people, &pairs),
            settings,
            seed,
        }
    })
}

fn key(index: usize) -> PersonKey {
    PersonKey(i64::try_from(index * 31 % 61).unwrap())
}

/// Everybody reports to somebody among the few before them, but for a few roots.
fn chart_of(people: &[Fate]) -> OrgChart {
    let line = |index: usize| {
        let near = index.saturating_sub(5);
        Line {
            report: key(index),
            manager: key(near + people[index].0.index(index - near)),
        }
    };
    let below = (1..people.len()).filter(|index| index % 23 != 0);
    OrgChart::new((0..people.len()).map(key), below.map(line)).unwrap()
}

fn facts_of(people: &[Fate]) -> Facts {
    let employed = |(index, (_, start, _)): (usize, &Fate)| Employed {
        person: key(index),
        spell: Spell {
            start: before(*start),
            end: None,
        },
    };
    Facts {
        employed: people.iter().enumerate().map(employed).collect(),
        ..Facts::default()
    }
}

fn peers_of(people: &[Fate], pairs: &[Between]) -> PeerFacts {
    let mut peers = PeerFacts::default();
    let function = |(index, (.., number)): (usize, &Fate)| {
        let person = key(index);
        number.map(|number| Function { person, number })
    };
    peers.functions = people.iter().enumerate().filter_map(function).collect();
    let mut edges = BTreeMap::new();
    for &(a, b, days, happens) in pairs {
        let (a, b) = (key(a.index(people.len())), key(b.index(people.len())));
        if a == b {
            continue;
        }
        let (pair, day) = (Pair::of(a, b), before(days));
        match happens % 8 {
            0 | 1 => peers.met.push(PeersMet { pair, day }),
            2 => peers.pending.push(PeersMet { pair, day }),
            3 => peers.dotted.push(pair),
            4 => peers.told.push(pair),
            _ => {
                let origins = [PeerOrigin::Import, PeerOrigin::Person, PeerOrigin::Discovery];
                let mut edge = Edge::proposed(pair, origins[usize::from(happens / 8) % 3]);
                match happens / 24 {
                    0..=2 => confirm(&mut edge),
                    3 | 4 => edge.agree(a),
                    5 => edge.end(b),
                    6 => edge.skip(),
                    7 => (0..3).for_each(|_| edge.skip()),
                    _ => {}
                }
                edges.insert(pair, edge);
            }
        }
    }
    peers.edges = edges.into_values().collect();
    peers
}

fn shuffle<T>(list: &mut [T], turn: Index) {
    list.reverse();
    if !list.is_empty() {
        list.rotate_left(turn.index(list.len()));
    }
}

proptest! {
    #[test]
    fn every_pair_keeps_every_rule(case in any_case()) {
        let draw = case.draw();
        let mut count: BTreeMap<PersonKey, u32> = BTreeMap::new();
        for pair in &case.peers.told {
            *count.entry(pair.low()).or_default() += 1;
            *count.entry(pair.high()).or_default() += 1;
        }
        let mut seen = case.peers.told.clone();
        for PeerPick { pair, low_reasons, high_reasons } in &draw.picks {
            let sides = [pair.low(), pair.high()];
            for side in sides {
                *count.entry(side).or_default() += 1;
                prop_assert!(count[&side] <= case.settings.peer_suggestions_per_week, "{side} too often");
                prop_assert!(case.window_is_open(side), "{side}");
            }
            prop_assert!(sides.into_iter().any(|side| case.is_due(side)), "{pair:?}");
            prop_assert!(case.are_side_by_side(*pair), "{pair:?}");
            prop_assert!(!seen.contains(pair), "{pair:?} again");
            seen.push(*pair);
            prop_assert_eq!(low_reasons.len(), high_reasons.len());
            prop_assert!(!low_reasons.is_empty());
            let edge = case.peers.edges.iter().chain(&draw.edges).find(|edge| edge.pair == *pair).unwrap();
            prop_assert!(edge.may_be_suggested(), "{edge:?}");
            let new = draw.edges.contains(edge) && edge.origin == PeerOrigin::Discovery;
            prop_assert!(!new || case.may_be_discovered(*pair), "{pair:?}");
        }
    }

    /// Nobody is left over together with somebody they could have been brought together with.
    #[test]
    fn no_two_strangers_are_left_over(case in any_case()) {
        let draw = case.draw();
        let known: Vec<Pair> = case.peers.met.iter().map(|met| met.pair)
            .chain(case.peers.edges.iter().map(|edge| edge.pair))
            .chain(case.peers.told.iter().copied())
            .chain(draw.picks.iter().map(|pick| pick.pair))
            .collect();
        let told = |person: PersonKey| {
            let sides = case.peers.told.iter().copied().chain(draw.picks.iter().map(|pick| pick.pair));
            sides.filter(|pair| [pair.low(), pair.high()].contains(&person)).count()
        };
        let has_room = |person| told(person) < case.settings.peer_suggestions_per_week as usize;
        let works = |person| case.facts.employed.iter().any(|e| e.person == person && e.spell.start <= week().starts_on());
        let free: Vec<_> = case.chart.keys().filter(|&p| has_room(p) && works(p) && case.window_is_open(p)).collect();
        for (index, &a) in free.iter().enumerate() {
            for &b in &free[index + 1..] {
                let pair = Pair::of(a, b);
                let could = case.may_be_discovered(pair) && case.are_side_by_side(pair) && !known.contains(&pair);
                prop_assert!(!could || !(case.is_due(a) || case.is_due(b)), "{a} and {b}");
            }
        }
    }

    #[test]
    fn order_of_facts_means_nothing(case in any_case(), turn in any::<Index>()) {
        let mut shuffled = case.clone();
        shuffle(&mut shuffled.facts.employed, turn);
        let PeerFacts { functions, edges, dotted, met, pending, told } = &mut shuffled.peers;
        shuffle(functions, turn);
        shuffle(edges, turn);
        shuffle(dotted, turn);
        shuffle(met, turn);
        shuffle(pending, turn);
        shuffle(told, turn);
        prop_assert_eq!(case.draw(), shuffled.draw());
    }

    #[test]
    fn a_drawn_week_drawn_again_brings_nothing_new(case in any_case()) {
        let first = case.draw();
        let mut again = case.clone();
        again.peers.told.extend(first.picks.iter().map(|pick| pick.pair));
        again.peers.edges.extend(first.edges);
        prop_assert_eq!(again.draw(), PeerDraw::default());
    }
}
