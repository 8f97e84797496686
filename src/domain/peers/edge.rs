//! What holds between two peers, and what the two and the draw do to it.

use serde::{Deserialize, Serialize};

use crate::domain::person::PersonKey;

/// Skips of a pair in a row that propose to end its edge.
const SKIPS_TO_END: u32 = 3;

/// Two people, whichever is named first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    low: PersonKey,
    high: PersonKey,
}

impl Pair {
    /// The pair of two different people.
    pub fn of(a: PersonKey, b: PersonKey) -> Self {
        Self {
            low: a.min(b),
            high: a.max(b),
        }
    }

    /// The one with the smaller key.
    pub fn low(self) -> PersonKey {
        self.low
    }

    /// The one with the larger key.
    pub fn high(self) -> PersonKey {
        self.high
    }

    /// The other one than `person`, who is one of the two.
    pub fn other(self, person: PersonKey) -> PersonKey {
        if person == self.low { self.high } else { self.low }
    }
}

/// How far two peers have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PeerState {
    /// Not both have agreed.
    Proposed,
    /// Both have agreed: each may read the other's card.
    Confirmed,
    /// One of the two ended it: it is never suggested or discovered again, unless proposed anew.
    Ended,
}

/// Where an edge came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PeerOrigin {
    /// A dotted line.
    Import,
    /// One of the two.
    Person,
    /// The draw.
    Discovery,
}

/// What one side last said of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Word {
    /// They agree.
    Agrees,
    /// They ended it.
    Ended,
}

/// A peer edge. Both sides count alike, so it stands between a pair and leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Between whom.
    pub pair: Pair,
    /// How far the two have come.
    pub state: PeerState,
    /// Where it came from.
    pub origin: PeerOrigin,
    /// What the one with the smaller key last said.
    pub low_word: Option<Word>,
    /// What the one with the larger key last said.
    pub high_word: Option<Word>,
    /// Skips since the two last met or said that they want to.
    pub skips: u32,
}

impl Edge {
    /// A proposal to which nobody has said anything.
    pub fn proposed(pair: Pair, origin: PeerOrigin) -> Self {
        Self {
            pair,
            state: PeerState::Proposed,
            origin,
            low_word: None,
            high_word: None,
            skips: 0,
        }
    }

    /// What `side`, one of the two, last said.
    pub fn word_of(&self, side: PersonKey) -> Option<Word> {
        if side == self.pair.low {
            self.low_word
        } else {
            self.high_word
        }
    }

    /// `side` wants to be, or to stay, the other's peer. An edge that had ended begins anew with this.
    pub fn agree(&mut self, side: PersonKey) {
        if self.state == PeerState::Ended {
            (self.state, self.origin) = (PeerState::Proposed, PeerOrigin::Person);
        }
        self.say(side, Some(Word::Agrees));
        self.skips = 0;
        if self.low_word == Some(Word::Agrees) && self.high_word == Some(Word::Agrees) {
            self.state = PeerState::Confirmed;
        }
    }

    /// `side` does not want to be the other's peer, or no longer. What the other one said before is forgotten, so that
    /// nothing begins again without both; what `side` says now stays, so that a new proposal is not suggested to them.
    pub fn end(&mut self, side: PersonKey) {
        self.state = PeerState::Ended;
        self.say(side, Some(Word::Ended));
        let other = self.pair.other(side);
        if self.word_of(other) == Some(Word::Agrees) {
            self.say(other, None);
        }
    }

    /// One of the two skipped the other.
    pub fn skip(&mut self) {
        self.skips += 1;
    }

    /// The two met.
    pub fn met(&mut self) {
        self.skips = 0;
    }

    /// Whether so many skips in a row propose to end it: it is not suggested until one side keeps it, or they meet.
    pub fn end_proposed(&self) -> bool {
        self.skips >= SKIPS_TO_END
    }

    /// Whether somebody else than the draw brought the two together: one of them, or an import.
    pub fn is_named(&self) -> bool {
        let agreed = [self.low_word, self.high_word].contains(&Some(Word::Agrees));
        self.origin != PeerOrigin::Discovery || agreed
    }

    /// Whether the draw may suggest the two to each other.
    pub fn may_be_suggested(&self) -> bool {
        let refused = [self.low_word, self.high_word].contains(&Some(Word::Ended));
        self.state != PeerState::Ended && !refused && !self.end_proposed()
    }

    fn say(&mut self, side: PersonKey, word: Option<Word>) {
        if side == self.pair.low {
            self.low_word = word;
        } else {
            self.high_word = word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: PersonKey = PersonKey(1);
    const BOB: PersonKey = PersonKey(2);

    fn edge() -> Edge {
        Edge::proposed(Pair::of(BOB, ADA), PeerOrigin::Discovery)
    }

    #[test]
    fn it_takes_both_to_confirm() {
        let mut edge = edge();
        edge.agree(ADA);
        edge.agree(ADA);
        assert_eq!(edge.state, PeerState::Proposed);
        edge.agree(BOB);
        assert_eq!(edge.state, PeerState::Confirmed);
    }

    #[test]
    fn it_takes_one_to_end_and_both_to_begin_again() {
        for (ends, proposes, other) in [(ADA, ADA, BOB), (ADA, BOB, ADA), (BOB, ADA, BOB)] {
            let mut edge = edge();
            edge.agree(ADA);
            edge.agree(BOB);
            edge.end(ends);
            assert_eq!(edge.state, PeerState::Ended);
            assert!(!edge.may_be_suggested());
            edge.agree(proposes);
            assert_eq!((edge.state, edge.origin), (PeerState::Proposed, PeerOrigin::Person));
            // Whoever ended it is not asked by the draw, as long as they do not take it back.
            assert_eq!(edge.may_be_suggested(), ends == proposes);
            edge.agree(other);
            assert_eq!(edge.state, PeerState::Confirmed);
            assert!(edge.may_be_suggested());
        }
    }

    #[test]
    fn three_skips_in_a_row_propose_to_end_it() {
        let skipped = || {
            let mut edge = edge();
            edge.skip();
            edge.skip();
            assert!(edge.may_be_suggested() && !edge.end_proposed());
            edge.skip();
            assert!(!edge.may_be_suggested() && edge.end_proposed());
            assert_eq!(edge.state, PeerState::Proposed, "a skip ends nothing");
            edge
        };
        let (mut kept, mut met) = (skipped(), skipped());
        kept.agree(ADA);
        met.met();
        assert!(kept.may_be_suggested() && met.may_be_suggested());
    }
}
