//! The figures of one group.

use super::{Survey, survey::Published};
use crate::domain::settings::BetweenVisibility;

/// Whether figures may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may.
    Shown,
    /// Too few people, or those beside them are too few.
    Suppressed,
}

/// Whose eyes figures are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// An HR admin's: every group, every day.
    Whole,
    /// Those of leaders: no small groups, and months instead of days.
    Above {
        /// What managers in between may know of a skip-level.
        between: BetweenVisibility,
        /// People in the smallest group that is shown.
        smallest: usize,
    },
}

/// What is told of a group. Shares are between 0 and 1, waits are days at work.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// How many people it has.
    pub population: usize,
    /// How many of them were heard in the window; none if suppressed.
    pub heard: Option<usize>,
    /// The longest wait; none if suppressed, where nobody is, and where those above are told nothing of single skip-levels.
    pub wait_max: Option<i64>,
    /// Nine of ten wait at most so long.
    pub wait_p90: Option<i64>,
    /// Half wait at most so long.
    pub wait_median: Option<i64>,
    /// Whether anything is kept back.
    pub suppressed: bool,
}

impl Figures {
    /// The share of people heard; none where nobody is.
    pub fn share(&self) -> Option<f64> {
        share(self.heard?, self.population)
    }
}

/// So many of so many, 0 to 1; none of none.
#[expect(clippy::cast_precision_loss, reason = "no organisation has 2^52 people")]
pub fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Survey {
    /// Counts a group, and keeps back what must not be told.
    pub(super) fn publish(&self, group: &[usize], sight: Sight, verdict: Verdict) -> Figures {
        if verdict == Verdict::Suppressed {
            return Figures {
                population: group.len(),
                heard: None,
                wait_max: None,
                wait_p90: None,
                wait_median: None,
                suppressed: true,
            };
        }
        let since = |at: usize| match sight {
            Sight::Whole => Some(self.waits_since(at)),
            Sight::Above {
                between: BetweenVisibility::None,
                ..
            } => None,
            Sight::Above { between, .. } => Some(self.waits_since_published(at, between).since()),
        };
        let waits = group.iter().filter_map(|&at| Some(self.wait(at, since(at)?)));
        let mut waits: Vec<i64> = waits.collect();
        waits.sort_unstable();
        Figures {
            population: group.len(),
            heard: Some(group.iter().filter(|&&at| self.is_heard(at)).count()),
            wait_max: waits.last().copied(),
            wait_p90: rank(&waits, 90),
            wait_median: rank(&waits, 50),
            suppressed: false,
        }
    }
}

/// The value that `percent` of a hundred do not exceed, by nearest rank.
fn rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let at = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(at).copied()
}

impl Published {
    /// Whether nothing is known of a skip-level.
    pub(super) fn is_never(self) -> bool {
        matches!(self, Self::Never(_))
    }
}
