//! Pairs that are known: by an edge, a dotted line, or because they met.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use super::{
    edge::{Edge, Pair, PeerOrigin, PeerState},
    facts::PeerFacts,
    need::Urgency,
    people::People,
};
use crate::domain::{
    Date,
    rotation::{Round, lot},
    settings::PeerDiscovery,
};

/// In which order known pairs are served among those of the same urgency. Strangers come before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// Both want it.
    Confirmed,
    /// An import or one of the two named them.
    Named,
    /// Nobody but the draw ever brought them together, and they have met; or one of them skipped the other.
    Again,
}

/// Two people who know each other and may be suggested this week. Sorts in the order in which pairs are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub urgency: Urgency,
    pub tier: Tier,
    skips: u32,
    /// Of the one who waits longer; never is longest.
    since: Reverse<i64>,
    /// Whom they met last month comes after whom they met last year, whatever the function: else somebody with one peer
    /// of their own function would never meet another.
    met: Option<Date>,
    other_function: bool,
    lot: u64,
    /// Positions in the chart.
    pub sides: (usize, usize),
}

/// What is known of pairs.
pub(super) struct Known {
    edges: HashMap<Pair, Edge>,
    /// Edges that dotted lines bring with this draw.
    pub imported: Vec<Edge>,
    met: HashMap<Pair, Date>,
    /// Pairs that are not for this week, whatever their edge.
    barred: HashSet<Pair>,
}

impl Known {
    pub fn new(round: &Round<'_>, facts: &PeerFacts) -> Self {
        let chart = round.chart;
        let mut edges: HashMap<Pair, Edge> = facts.edges.iter().map(|edge| (edge.pair, *edge)).collect();
        let stands = |pair: &Pair| {
            let here = chart.contains(pair.low()) && chart.contains(pair.high());
            here && chart.distance(pair.low(), pair.high()).is_none()
        };
        let mut dotted: Vec<Pair> = facts.dotted.iter().copied().filter(stands).collect();
        dotted.sort_unstable();
        dotted.dedup();
        dotted.retain(|pair| !edges.contains_key(pair));
        let imported: Vec<Edge> = dotted
            .into_iter()
            .map(|pair| Edge::proposed(pair, PeerOrigin::Import))
            .collect();
        edges.extend(imported.iter().map(|edge| (edge.pair, *edge)));
        let mut met: HashMap<Pair, Date> = HashMap::new();
        for meeting in &facts.met {
            let newest = met.entry(meeting.pair).or_insert(meeting.day);
            *newest = meeting.day.max(*newest);
        }
        let monday = round.week.starts_on();
        let resting = round.facts.rests.iter().filter(|rest| monday < rest.until);
        let resting = resting.map(|rest| Pair::of(rest.leader, rest.person));
        Self {
            edges,
            imported,
            met,
            barred: resting.chain(facts.told.iter().copied()).collect(),
        }
    }

    pub fn edge(&self, pair: Pair) -> Option<&Edge> {
        self.edges.get(&pair)
    }

    /// Whether the draw may bring two people together who have nothing to do with each other.
    pub fn are_strangers(&self, pair: Pair) -> bool {
        let untouched = |edge: &Edge| tier_of(edge, None).is_none() && edge.may_be_suggested();
        !self.barred.contains(&pair) && !self.met.contains_key(&pair) && self.edge(pair).is_none_or(untouched)
    }

    /// Bars a pair that is suggested now.
    pub fn bar(&mut self, pair: Pair) {
        self.barred.insert(pair);
    }

    pub fn is_barred(&self, pair: Pair) -> bool {
        self.barred.contains(&pair)
    }

    /// The known pairs of whom one is due and both may be suggested, in the order in which they are served.
    pub fn candidates(&self, round: &Round<'_>, people: &People<'_>) -> Vec<Candidate> {
        let met = self.met.keys().filter(|pair| !self.edges.contains_key(pair));
        let met = met.map(|&pair| Edge::proposed(pair, PeerOrigin::Discovery));
        let edges = self.edges.values().copied().chain(met);
        let mut candidates: Vec<Candidate> = edges.filter_map(|edge| self.candidate(round, people, &edge)).collect();
        candidates.sort_unstable();
        candidates
    }

    fn candidate(&self, round: &Round<'_>, people: &People<'_>, edge: &Edge) -> Option<Candidate> {
        let (chart, pair) = (round.chart, edge.pair);
        let met = self.met.get(&pair).copied();
        let tier = tier_of(edge, met).filter(|_| edge.may_be_suggested())?;
        let (a, b) = (chart.position(pair.low())?, chart.position(pair.high())?);
        let (urgency, since) = people.need(a)?.order().min(people.need(b)?.order());
        let wanted = match round.settings.peer_discovery {
            _ if edge.state == PeerState::Confirmed => true,
            PeerDiscovery::Leaders => edge.is_named() || people.beside.may_be_discovered(a, b),
            PeerDiscovery::ConfirmedOnly | PeerDiscovery::Off => false,
        };
        (wanted && people.beside.are_peers(a, b) && urgency != Urgency::Open).then(|| Candidate {
            urgency,
            tier,
            skips: edge.skips,
            since,
            met,
            other_function: people.same_function((a, b)) != Some(true),
            lot: lot(round.seed, round.week, pair.low(), pair.high()),
            sides: (a, b),
        })
    }
}

/// Where an edge stands in the order; none while the draw alone has proposed it and nothing came of that.
fn tier_of(edge: &Edge, met: Option<Date>) -> Option<Tier> {
    match edge.state {
        PeerState::Ended => None,
        _ if edge.skips > 0 => Some(Tier::Again),
        PeerState::Confirmed => Some(Tier::Confirmed),
        PeerState::Proposed if edge.is_named() => Some(Tier::Named),
        PeerState::Proposed => met.map(|_| Tier::Again),
    }
}
