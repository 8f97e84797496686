//! Who waits: those not heard in the window, the longest wait first.

use super::{Sight, Survey, Unit};
use crate::domain::{Date, person::PersonKey, settings::BetweenVisibility};

/// Somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The person.
    pub person: PersonKey,
    /// How many days at work.
    pub days: i64,
    /// Whether they were heard before; never is told first of equal waits.
    pub heard_before: bool,
}

impl Survey {
    /// Those of a unit who were not heard in the window. Who is no HR admin learns of skip-levels by month, and not before it
    /// is published, so somebody just heard stays on the list until then; where nothing is published, nobody is named.
    pub fn waiting(&self, unit: Unit, department: Option<&str>, sight: Sight) -> Vec<Waiting> {
        let from = self.window_from(self.asked.as_of);
        let waits = |at: usize| {
            let (since, heard_before): (Date, bool) = match sight {
                Sight::Whole => {
                    if self.is_heard(at) {
                        return None;
                    }
                    (self.waits_since(at), !self.heard_at(at).is_empty())
                }
                Sight::Above {
                    between: BetweenVisibility::None,
                    ..
                } => return None,
                Sight::Above { between, .. } => {
                    let published = self.waits_since_published(at, between);
                    if !published.is_never() && published.since() > from {
                        return None;
                    }
                    (published.since(), !published.is_never())
                }
            };
            Some(Waiting {
                person: self.chart.key_at(at),
                days: self.wait(at, since),
                heard_before,
            })
        };
        let people = self.population(unit, department).into_iter();
        let mut waiting: Vec<Waiting> = people.filter_map(waits).collect();
        waiting.sort_unstable_by_key(|waiting| (-waiting.days, waiting.heard_before, waiting.person));
        waiting
    }
}
