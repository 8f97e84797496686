//! The weekly draw: whom each leader should meet next, by the rules of product.md 4.
//!
//! `roster` lays the facts out and knows who could be met when (rules 1 and 2); leaders take their turns here, smallest
//! Pop first (rule 3); `band` says which band and branch a leader goes to (rule 4); `rank` compares people by `wait` and
//! `pressure` (rule 5); who finds nobody is told why and until when (rule 6). Nothing is ever relaxed to fill a slot.
//! `why` answers the opposite, and `forecast` looks at the weeks to come; both ask the same roster.

mod band;
mod facts;
mod forecast;
mod grouped;
mod hindrance;
mod pressure;
mod rank;
mod reason;
mod roster;
mod silence;
#[cfg(test)]
mod tests;
mod turn;
mod why;

pub use band::{Standing, band_from, band_of};
pub(super) use band::{band_at, has_bands};
pub use facts::{Absent, Asked, Employed, Facts, Filled, Heard, Met, Open, Rest, Silent, Visit};
pub use forecast::forecast;
pub(super) use rank::{lot, mix};
pub(super) use roster::at_work;
pub(super) use silence::silent;
pub use why::{Beside, why_not};

use std::collections::HashSet;

use self::{
    pressure::{PopCount, Pressure},
    roster::Roster,
    turn::Turn,
};
use super::{
    Date,
    chart::OrgChart,
    meeting::Band,
    person::PersonKey,
    settings::Settings,
    suggestion::{NoSuggestionCode, Reason},
    week::Week,
};

/// One week's draw: everything it follows from. The same data, in any order, give the same picks.
#[derive(Clone, Copy, Debug)]
pub struct Round<'a> {
    /// The chart of the day of the draw.
    pub chart: &'a OrgChart,
    /// What is known beside the chart.
    pub facts: &'a Facts,
    /// The organisation's settings.
    pub settings: &'a Settings,
    /// Decides what nothing else does.
    pub seed: u64,
    /// The day of the draw; of the picks only what their reasons may tell depends on it.
    pub today: Date,
    /// The target week.
    pub week: Week,
}

/// What a draw found; both lists in the order in which the leaders took their turns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draw {
    /// One for each slot that is filled.
    pub picks: Vec<Pick>,
    /// One for each leader with a slot that stays empty.
    pub empty: Vec<EmptySlot>,
}

/// Somebody for a leader to meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Who should meet.
    pub leader: PersonKey,
    /// Whom.
    pub person: PersonKey,
    /// Lines between the two, at least 2.
    pub distance: u32,
    /// The direct report of the leader through whom the person is reached.
    pub branch: PersonKey,
    /// Where the person stands; none for leaders without bands.
    pub band: Option<Band>,
    /// Why, at least one, the strongest first.
    pub reasons: Vec<Reason>,
}

/// A slot without anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptySlot {
    /// Whose.
    pub leader: PersonKey,
    /// Why.
    pub code: NoSuggestionCode,
    /// The first later week in which somebody could be met by what is known now.
    pub next_week: Option<Week>,
}

/// Fills the slots of all leaders whose week is not settled yet. Who has nobody two or more levels below has no slot
/// and is in neither list.
pub fn draw(round: &Round<'_>) -> Draw {
    let mut draw = Draw::default();
    let slots = round.settings.slots_per_week;
    if slots == 0 {
        return draw;
    }
    let mut roster = Roster::new(round);
    let pressure = Pressure::new(&roster);
    let mut empty = Vec::new();
    for leader in leaders(&roster) {
        let mut turn = Turn::new(leader, &[], &roster);
        for slots_after in (0..slots).rev() {
            match turn.take(&mut roster, &pressure, slots_after) {
                Ok(pick) => draw.picks.push(pick),
                Err(code) => {
                    empty.push((leader, code));
                    break;
                }
            }
        }
    }
    // Only now is it known who is taken this week, and so held back in the next ones.
    draw.empty = empty
        .into_iter()
        .map(|(leader, code)| empty_slot(&roster, leader, code))
        .collect();
    draw
}

/// One pick for one leader by the same rules as in [`draw`], whatever the leader has already; `excluded` are people whom
/// the leader has just swapped away.
pub fn pick_for(round: &Round<'_>, leader: PersonKey, excluded: &[PersonKey]) -> Result<Pick, EmptySlot> {
    let at = round.chart.position(leader).filter(|&at| is_leader(round.chart, at));
    let at = at.ok_or(EmptySlot {
        leader,
        code: NoSuggestionCode::NotALeader,
        next_week: None,
    })?;
    let mut roster = Roster::new(round);
    let pressure = Pressure::new(&roster);
    let mut turn = Turn::new(at, excluded, &roster);
    turn.take(&mut roster, &pressure, 0)
        .map_err(|code| empty_slot(&roster, at, code))
}

/// The leaders with open slots, smallest Pop first: of nested sets the inner one chooses before the outer one takes from it.
fn leaders(roster: &Roster<'_>) -> Vec<usize> {
    let chart = roster.round.chart;
    let filled = roster.round.facts.filled.iter();
    let filled = filled.filter(|filled| filled.week == roster.round.week);
    let filled: HashSet<PersonKey> = filled.map(|filled| filled.leader).collect();
    let pops = PopCount::new((0..chart.len()).map(|at| roster.is_at_work(at)));
    let open = |&at: &usize| is_leader(chart, at) && !filled.contains(&chart.key_at(at));
    let mut leaders: Vec<usize> = (0..chart.len()).filter(open).collect();
    leaders.sort_by_cached_key(|&at| (pops.below(chart, at), chart.key_at(at)));
    leaders
}

fn is_leader(chart: &OrgChart, at: usize) -> bool {
    chart.levels_below_at(at) >= 2
}

fn empty_slot(roster: &Roster<'_>, leader: usize, code: NoSuggestionCode) -> EmptySlot {
    let next_week = roster.next_week(leader, roster.round.week.plus(1));
    EmptySlot {
        leader: roster.round.chart.key_at(leader),
        code,
        next_week,
    }
}
