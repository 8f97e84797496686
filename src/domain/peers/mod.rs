//! Peer 1:1s: which two people who stand side by side should meet next, by the rules of product.md 5.
//!
//! `need` says who is due, `beside` who stands beside whom, `known` in which order pairs are served that know each other;
//! `strangers` finds leaders of other branches for the rest, and `matching` puts the pairs together. An [`Edge`] is what holds between two peers. The
//! draw suggests each pair to both, and it is nobody's duty: a skip does nothing but send the pair behind others.

mod beside;
mod edge;
mod facts;
mod known;
mod matching;
mod need;
mod people;
mod strangers;
#[cfg(test)]
mod tests;

pub use edge::{Edge, Pair, PeerOrigin, PeerState, Word};
pub use facts::{Function, PeerFacts, PeersMet};
pub use need::{LATE_DAYS, TARGET_DAYS, WINDOW_DAYS};

use self::{known::Known, people::People};
use super::{rotation::Round, settings::PeerDiscovery, suggestion::Reason};

/// What a draw of peers found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerDraw {
    /// Pairs to be suggested to both.
    pub picks: Vec<PeerPick>,
    /// Edges that are new with this draw: discovered with a pick, or of a dotted line.
    pub edges: Vec<Edge>,
}

/// Two people who should meet, and why, for each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerPick {
    /// Who.
    pub pair: Pair,
    /// What the one with the smaller key is told.
    pub low_reasons: Vec<Reason>,
    /// What the one with the larger key is told.
    pub high_reasons: Vec<Reason>,
}

/// Finds a peer for everybody who is due one in the week of `round`, where there is one. The same data, in any order,
/// give the same pairs.
pub fn draw(round: &Round<'_>, facts: &PeerFacts) -> PeerDraw {
    let mut known = Known::new(round, facts);
    let mut draw = PeerDraw {
        picks: Vec::new(),
        edges: known.imported.clone(),
    };
    if round.settings.peer_discovery == PeerDiscovery::Off {
        return draw;
    }
    let mut people = People::new(round, facts);
    let chart = round.chart;
    for (a, b) in matching::pairs(round, &mut people, &mut known) {
        let pair = Pair::of(chart.key_at(a), chart.key_at(b));
        let (low, high) = if chart.key_at(a) == pair.low() { (a, b) } else { (b, a) };
        let shared = shared_reasons(&known, pair, people.same_function((a, b)));
        let reasons = |at| {
            std::iter::once(own_reason(people.since(at)))
                .chain(shared.clone())
                .collect()
        };
        draw.picks.push(PeerPick {
            pair,
            low_reasons: reasons(low),
            high_reasons: reasons(high),
        });
        if known.edge(pair).is_none() {
            draw.edges.push(Edge::proposed(pair, PeerOrigin::Discovery));
        }
    }
    draw
}

/// What one side may know of the rhythm: their own.
fn own_reason(since: Option<i64>) -> Reason {
    since.map_or(Reason::FirstPeer, |days| Reason::PeerDue { days })
}

/// What both sides may know.
fn shared_reasons(known: &Known, pair: Pair, same_function: Option<bool>) -> Vec<Reason> {
    let edge = known.edge(pair).and_then(|edge| match edge.state {
        PeerState::Confirmed => Some(Reason::ConfirmedPeer),
        PeerState::Proposed if edge.is_named() => Some(Reason::ProposedPeer),
        PeerState::Proposed | PeerState::Ended => None,
    });
    let function = same_function.map(|same| {
        if same {
            Reason::SameFunction
        } else {
            Reason::OtherFunction
        }
    });
    edge.into_iter().chain(function).collect()
}
