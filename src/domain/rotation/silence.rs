//! People who do not want to be suggested, by opting out or by a snooze, and how nobody learns of it.
//!
//! To everybody else somebody silent must look like somebody who could be anybody: one whom other leaders ask whenever
//! the load cap lets them. So silence is not a rule of its own, with a code that would tell it, but a claim on the person
//! that nobody made: on the Monday of the week in which the silence began, and again each time the cap has run out. The
//! draw, swaps and the next week follow from that claim as they follow from any other: whoever asks gets, to the letter,
//! the answer they would get if another leader had such a claim. `why_not` alone says that they come later in the order,
//! unless the leader was told that nobody is left. Claims that stay where they are, instead of moving along with the week
//! that is asked about, keep the next week from sliding away from week to week, which a real claim never does. Wait and
//! pressure do not read claims, so neither anybody's order nor anybody's reasons change.

use super::{Asked, Round, Silent};
use crate::domain::{person::PersonKey, week::Week};

/// The claims that stand for silence in the target week.
pub(super) fn claims(round: &Round<'_>) -> impl Iterator<Item = Asked> {
    let monday = round.week.starts_on();
    let every = (round.settings.load_cap_days + 6).div_euclid(7).max(1);
    silent(round).map(move |&Silent { person, since, .. }| {
        let weeks = (monday - Week::of(since).starts_on()).num_weeks();
        let day = round.week.plus(-weeks.rem_euclid(every)).starts_on();
        Asked { person, day }
    })
}

/// Whether somebody is silent in the target week.
pub(super) fn is_silent(round: &Round<'_>, person: PersonKey) -> bool {
    silent(round).any(|silent| silent.person == person)
}

/// Who does not want to be suggested in the target week.
pub(in crate::domain) fn silent<'a>(round: &Round<'a>) -> impl Iterator<Item = &'a Silent> {
    let monday = round.week.starts_on();
    let silent = round.facts.silent.iter();
    silent.filter(move |silent| silent.until.is_none_or(|until| monday < until))
}
