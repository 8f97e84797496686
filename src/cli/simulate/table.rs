//! A simulation for people: what was measured, and a column for each policy.

use std::fmt::Write;

use crate::domain::simulation::{Played, Simulation, share};

/// Nobody has four levels below.
const NO_BANDS: &str = "no bands";

/// The table under its title.
pub(super) fn text(title: &str, simulation: &Simulation) -> String {
    let policies = &simulation.policies;
    let mut text = format!("{title}\n\n");
    row(&mut text, "", policies, |played| played.policy.word().to_owned());
    row(&mut text, "people heard", policies, |played| grouped(played.heard()));
    let population = simulation.population;
    let people = format!("of {} within reach of a leader", grouped(population));
    row(&mut text, &people, policies, |played| {
        percent(share(played.heard(), population))
    });
    row(&mut text, "most the same meetings could reach", policies, |played| {
        grouped(played.bound())
    });
    row(&mut text, "reach", policies, |played| percent(played.reach()));
    row(&mut text, "longest wait, in days", policies, |played| {
        played.longest_wait_days.to_string()
    });
    row(&mut text, "most asked of a person in 28 days", policies, |played| {
        played.most_asked_in_28_days.to_string()
    });
    row(&mut text, "suggestions", policies, |played| {
        grouped(played.suggested as usize)
    });
    row(&mut text, "held meetings", policies, |played| {
        grouped(played.held as usize)
    });
    row(&mut text, "of the same two again", policies, |played| {
        grouped(played.repeats as usize)
    });
    row(&mut text, "empty slots", policies, |played| {
        grouped(played.empty_slots as usize)
    });
    row(
        &mut text,
        "bottom meetings a month of the head",
        policies,
        bottom_a_month,
    );
    row(&mut text, "branches that the head visited", policies, |played| {
        of(played.head.branches_visited, played.head.branches)
    });
    row(&mut text, "cells of branch and band visited", policies, |played| {
        of(played.cells.0, played.cells.1)
    });
    text
}

/// A name, and what it is for each policy.
fn row(text: &mut String, name: &str, policies: &[Played], cell: impl Fn(&Played) -> String) {
    let _ = write!(text, "{name:<37}");
    for played in policies {
        let _ = write!(text, "{:>14}", cell(played));
    }
    text.push('\n');
}

fn bottom_a_month(played: &Played) -> String {
    if played.cells.1 == 0 {
        return NO_BANDS.to_owned();
    }
    let weeks = u32::try_from(played.by_week.len()).unwrap_or(u32::MAX);
    let months = f64::from(weeks) * 12.0 / 52.0;
    format!("{:.1}", f64::from(played.head.bottom) / months.max(1.0))
}

fn of(part: u32, whole: u32) -> String {
    if whole == 0 {
        return NO_BANDS.to_owned();
    }
    format!("{} of {}", grouped(part as usize), grouped(whole as usize))
}

/// A number with its thousands apart.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}
