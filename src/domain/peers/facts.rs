//! What the draw of peers must know beside the facts of the round. Order and strangers in a list mean nothing.

use super::edge::{Edge, Pair};
use crate::domain::{Date, person::PersonKey};

/// The facts of a draw of peers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerFacts {
    /// In which function people work, where that is known.
    pub functions: Vec<Function>,
    /// All edges, the ended ones too; a pair has one at most.
    pub edges: Vec<Edge>,
    /// Pairs between whom a dotted line is valid.
    pub dotted: Vec<Pair>,
    /// When each pair last HELD a peer 1:1; of several the newest counts.
    pub met: Vec<PeersMet>,
    /// Peer 1:1s that may still take place: SCHEDULED, or an OPEN suggestion for another week.
    pub pending: Vec<PeersMet>,
    /// Pairs that were suggested for the target week, whatever they answered; not what was taken away by leave, an exit
    /// or a re-org.
    pub told: Vec<Pair>,
}

/// A person's function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Function {
    /// Whose.
    pub person: PersonKey,
    /// The same number for everybody of the same function; it means nothing else.
    pub number: i64,
}

/// A peer 1:1 of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PeersMet {
    /// Of whom.
    pub pair: Pair,
    /// When; the Monday of its week while the day is open.
    pub day: Date,
}
