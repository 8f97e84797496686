//! Who is suggested to whom: one pair after the other, the most urgent first.

use super::{
    edge::Pair,
    known::{Candidate, Known, Tier},
    need::Urgency,
    people::People,
    strangers::Strangers,
};
use crate::domain::{rotation::Round, settings::PeerDiscovery};

/// Finds the pairs of the week, in turns that bring one to each who may have several.
///
/// Greedy: a best matching of the whole organisation would be dearer and harder to explain, and who is left over this
/// week comes first in the next one.
pub(super) fn pairs(round: &Round<'_>, people: &mut People<'_>, known: &mut Known) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    loop {
        let before = pairs.len();
        people.begin_turn();
        let candidates = known.candidates(round, people);
        let strangers = match round.settings.peer_discovery {
            PeerDiscovery::Leaders => Strangers::new(round, people),
            PeerDiscovery::ConfirmedOnly | PeerDiscovery::Off => Strangers::default(),
        };
        let mut turn = Turn {
            people,
            known,
            strangers,
            pairs: &mut pairs,
        };
        for urgency in [Urgency::Late, Urgency::Due] {
            let of_urgency = || candidates.iter().filter(move |candidate| candidate.urgency == urgency);
            turn.serve_known(of_urgency().filter(|candidate| candidate.tier != Tier::Again));
            turn.serve_strangers(urgency);
            turn.serve_known(of_urgency().filter(|candidate| candidate.tier == Tier::Again));
        }
        if pairs.len() == before {
            return pairs;
        }
    }
}

/// One suggestion for each, at most.
struct Turn<'t, 'a> {
    people: &'t mut People<'a>,
    known: &'t mut Known,
    strangers: Strangers,
    pairs: &'t mut Vec<(usize, usize)>,
}

impl Turn<'_, '_> {
    fn serve_known<'c>(&mut self, candidates: impl Iterator<Item = &'c Candidate>) {
        for &Candidate { sides: (a, b), .. } in candidates {
            if self.people.is_free(a) && self.people.is_free(b) && !self.known.is_barred(self.pair(a, b)) {
                self.take(a, b);
            }
        }
    }

    fn serve_strangers(&mut self, urgency: Urgency) {
        let mut waiting: Vec<_> = self
            .strangers
            .all()
            .filter_map(|(lot, at)| Some((self.people.need(at)?, lot, at)))
            .filter(|(need, ..)| need.urgency == urgency)
            .map(|(need, lot, at)| (need.order(), lot, at))
            .collect();
        waiting.sort_unstable();
        for (_, _, at) in waiting {
            if !self.people.is_free(at) {
                continue;
            }
            let suits = |other| self.known.are_strangers(self.pair(at, other));
            if let Some(other) = self.strangers.partner(self.people, at, suits) {
                self.take(at, other);
            }
        }
    }

    fn pair(&self, a: usize, b: usize) -> Pair {
        let chart = self.people.beside.chart;
        Pair::of(chart.key_at(a), chart.key_at(b))
    }

    fn take(&mut self, a: usize, b: usize) {
        for at in [a, b] {
            self.strangers.remove(self.people, at);
            self.people.serve(at);
        }
        self.known.bar(self.pair(a, b));
        self.pairs.push((a, b));
    }
}
