//! A simulation for people: what was measured, and a column for each policy.

use std::fmt::Write;

use crate::domain::simulation::{Played, Simulation, share};

/// The table under its title.
pub(super) fn text(title: &str, simulation: &Simulation) -> String {
    let weeks = simulation.policies.first().map_or(0, |played| played.by_week.len());
    let months = f64::from(u32::try_from(weeks).unwrap_or(u32::MAX)) * 12.0 / 52.0;
    let population = simulation.population;
    let people = format!("of {} within reach of a leader", grouped(population));
    let rows: [(&str, &dyn Fn(&Played) -> String); 13] = [
        ("people heard", &|played| grouped(played.heard())),
        (&people, &|played| percent(share(played.heard(), population))),
        ("most the same meetings could reach", &|played| grouped(played.bound())),
        ("reach", &|played| percent(played.reach())),
        ("longest wait, in days", &|played| played.longest_wait_days.to_string()),
        ("most asked of a person in 28 days", &|played| {
            played.most_asked_in_28_days.to_string()
        }),
        ("suggestions", &|played| grouped(played.suggested as usize)),
        ("held meetings", &|played| grouped(played.held as usize)),
        ("of the same two again", &|played| grouped(played.repeats as usize)),
        ("empty slots", &|played| grouped(played.empty_slots as usize)),
        ("bottom meetings a month of the head", &|played| {
            let bottom = format!("{:.1}", f64::from(played.head.bottom) / months.max(1.0));
            if played.cells.1 == 0 {
                "no bands".to_owned()
            } else {
                bottom
            }
        }),
        ("branches that the head visited", &|played| {
            format!("{} of {}", played.head.branches_visited, played.head.branches)
        }),
        ("cells of branch and band visited", &|played| {
            format!(
                "{} of {}",
                grouped(played.cells.0 as usize),
                grouped(played.cells.1 as usize)
            )
        }),
    ];
    let mut text = format!("{title}\n\n{:<37}", "");
    for played in &simulation.policies {
        let _ = write!(text, "{:>14}", played.policy.word());
    }
    text.push('\n');
    for (name, cell) in rows {
        let _ = write!(text, "{name:<37}");
        for played in &simulation.policies {
            let _ = write!(text, "{:>14}", cell(played));
        }
        text.push('\n');
    }
    text
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
