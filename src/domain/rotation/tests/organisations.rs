//! Made-up organisations, larger than one would draw by hand.

use std::{fmt::Write, ops::RangeInclusive};

use super::*;

/// An organisation under one head, `levels` deep; the number of reports of each manager lies in `span`, by chance.
pub(super) fn organisation(levels: usize, span: RangeInclusive<u64>, chance: u64) -> World {
    let mut picture = String::new();
    let mut people = 0;
    grow(&mut picture, &mut people, (levels, 0), &span, chance);
    World::new(&picture)
}

fn grow(
    picture: &mut String,
    people: &mut u64,
    (levels, depth): (usize, usize),
    span: &RangeInclusive<u64>,
    chance: u64,
) {
    writeln!(picture, "{:indent$}p{people}", "", indent = 2 * depth).unwrap();
    let own = i64::try_from(*people).unwrap();
    *people += 1;
    if depth + 1 == levels {
        return;
    }
    let dice = rank::lot(chance, World::new("dice").week, PersonKey(own), PersonKey(0));
    let reports = span.start() + dice % (span.end() - span.start() + 1);
    for _ in 0..reports {
        grow(picture, people, (levels, depth + 1), span, chance);
    }
}
