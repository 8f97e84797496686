//! What chance does in a simulation, as shares.

use std::{fmt, str::FromStr};

/// A share between 0 and 1, to the millionth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u32);

/// A share of one.
const WHOLE: u32 = 1_000_000;

/// The number is no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a share should be a number from 0 to 1, like 0.7")]
pub struct RateError;

impl Rate {
    /// So many of a hundred; more than a hundred are all.
    pub const fn percent(percent: u32) -> Self {
        let share = percent.saturating_mul(WHOLE / 100);
        Self(if share > WHOLE { WHOLE } else { share })
    }

    /// Whether a roll of the dice falls into this share.
    pub(super) fn takes(self, roll: u64) -> bool {
        roll % u64::from(WHOLE) < u64::from(self.0)
    }

    /// The share of it that falls into one of `parts` equal parts of the time.
    #[must_use]
    pub(super) fn spread_over(self, parts: u32) -> Self {
        Self(self.0 / parts)
    }

    /// The share of those present who have to go away each week, for so many weeks, so that this share is away at any time.
    #[must_use]
    pub(super) fn starts_a_week(self, weeks: u32) -> Self {
        let present = (WHOLE - self.0).max(1);
        let share = u64::from(self.0) * u64::from(WHOLE) / (u64::from(present) * u64::from(weeks));
        Self(u32::try_from(share).unwrap_or(WHOLE).min(WHOLE))
    }

    /// How many of so many this share is, times a million.
    pub(super) fn millionths_of(self, people: usize) -> u64 {
        u64::from(self.0) * people as u64
    }
}

impl TryFrom<f64> for Rate {
    type Error = RateError;

    fn try_from(share: f64) -> Result<Self, RateError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(RateError);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a million is between 0 and a million"
        )]
        Ok(Self((share * f64::from(WHOLE)).round() as u32))
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        text.parse::<f64>().map_err(|_| RateError)?.try_into()
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (f64::from(self.0) / f64::from(WHOLE)).fmt(f)
    }
}

/// What chance does in a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Of suggestions, those that their leader accepts.
    pub accepted: Rate,
    /// Of accepted ones, those that take place.
    pub held: Rate,
    /// Of people, those on leave at any time.
    pub on_leave: Rate,
    /// Of people, those who leave the organisation in a year.
    pub exits: Rate,
    /// Of people, those who join in a year; they take the places of leavers first.
    pub hires: Rate,
    /// Of managers, those who move with everybody below to another manager in a year.
    pub moves: Rate,
}

impl Default for Rates {
    /// Seven of ten suggestions become held meetings, and nobody comes, goes, is away or moves.
    fn default() -> Self {
        Self {
            accepted: Rate::percent(80),
            held: Rate(875_000),
            on_leave: Rate::default(),
            exits: Rate::default(),
            hires: Rate::default(),
            moves: Rate::default(),
        }
    }
}
