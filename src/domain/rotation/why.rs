//! Why somebody is not suggested to a leader: the opposite of a reason (product.md 4).

use super::{Round, hindrance::Hindrance, roster::Roster, silence};
use crate::domain::{
    Date,
    person::PersonKey,
    settings::BetweenVisibility,
    suggestion::{WhyNot, WhyNotCode},
    week::Week,
};

/// What the leader was told for the target week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Somebody, or nothing yet.
    Suggestion,
    /// That nobody is left.
    EmptySlot,
}

/// Why `person` is not suggested to `leader` in the target week; none for anybody who is not below them.
///
/// Somebody silent comes later in the order, as most people do. Only beside an empty slot that would be no answer, and
/// tell: there they are at the load cap, as the slot has it.
///
/// The leader's own state makes no difference: an answer about somebody else should not change with it. What the leader
/// may know of the skip-levels of others limits it (product.md 6): of a load cap the week in which it ends and never
/// the day, and where managers in between learn nothing, that others come first.
pub fn why_not(round: &Round<'_>, leader: PersonKey, person: PersonKey, beside: Beside) -> Option<WhyNot> {
    let chart = round.chart;
    let (above, at) = (chart.position(leader)?, chart.position(person)?);
    if !chart.below_at(above).contains(&at) {
        return None;
    }
    if chart.depth_at(at) == chart.depth_at(above) + 1 {
        return Some(WhyNotCode::DirectReport.until(None));
    }
    let roster = Roster::new(round);
    let passed_over = beside == Beside::Suggestion && silence::is_silent(round, person);
    Some(match roster.hindrance(at, roster.pair(above, at), round.week) {
        None => WhyNotCode::LowerInOrder.until(None),
        Some(Hindrance::Gone) => WhyNotCode::Leaving.until(None),
        Some(Hindrance::OnLeave(until)) => WhyNotCode::OnLeave.until(until),
        Some(Hindrance::TooNew(until)) => WhyNotCode::TooNew.until(Some(until)),
        Some(Hindrance::Resting(until) | Hindrance::Cooldown(until)) => WhyNotCode::Cooldown.until(Some(until)),
        Some(Hindrance::LoadCap(_)) if passed_over => WhyNotCode::LowerInOrder.until(None),
        Some(Hindrance::LoadCap(until)) => match round.settings.between_visibility {
            BetweenVisibility::Month => WhyNotCode::LoadCap.until(Some(next_monday(until))),
            BetweenVisibility::None => WhyNotCode::LowerInOrder.until(None),
        },
    })
}

/// The first Monday on `day` or after it.
fn next_monday(day: Date) -> Date {
    Week::of(day + chrono::Days::new(6)).starts_on()
}
