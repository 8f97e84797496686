//! Chance as a function: what happens to somebody in a week depends on nothing that happened to others.

use crate::domain::rotation::mix;

/// What a roll decides; each purpose has rolls of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Accept,
    Hold,
    Day,
    AwayAtFirst,
    AwayFrom,
    AwayFor,
    Exit,
    Move,
    MoveTo,
    JoinUnder,
    RandomPick,
    AlonePick,
}

/// A number that follows from its arguments alone.
pub(super) fn roll(seed: u64, purpose: Purpose, parts: [u64; 3]) -> u64 {
    parts
        .into_iter()
        .fold(mix(seed ^ ((purpose as u64) << 32)), |state, part| mix(state ^ part))
}

/// An index into something of `len` elements, at least one.
pub(super) fn index(roll: u64, len: usize) -> usize {
    usize::try_from(roll % (len as u64)).unwrap_or(0)
}
