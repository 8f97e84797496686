//! The materialised path: where each person stands, as text that a database can slice (security.md 2.2).
//!
//! Everybody below `p` is the range `path >= p.path || '.' AND path < p.path || '/'`: the dot and the slash are
//! neighbours in byte order, and both come before every digit and letter of a key.

use super::OrgChart;
use crate::domain::person::PersonKey;

/// One person's place in the chart, ready to be stored beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who.
    pub key: PersonKey,
    /// The [`path_key`] of everybody above, root first, and of the person last, joined by dots.
    pub path: String,
    /// How many people are above; 0 for a root.
    pub depth: u32,
    /// The nearest present person above.
    pub manager: Option<PersonKey>,
    /// Whether the line to the manager closes a gap of absent people.
    pub interim: bool,
    /// How many people are below.
    pub below: u32,
    /// How many people report to this person.
    pub reports: u32,
}

impl OrgChart {
    /// Everybody's place, in pre-order, which is the byte order of the paths too.
    pub fn places(&self) -> impl ExactSizeIterator<Item = Place> + '_ {
        let mut path = String::new();
        let mut ends: Vec<usize> = Vec::new();
        (0..self.len()).map(move |at| {
            ends.truncate(self.depth[at] as usize);
            path.truncate(ends.last().copied().unwrap_or(0));
            if !ends.is_empty() {
                path.push('.');
            }
            path.push_str(&path_key(self.keys[at]));
            ends.push(path.len());
            Place {
                key: self.keys[at],
                path: path.clone(),
                depth: self.depth[at],
                manager: self.parent_at(at).map(|parent| self.keys[parent]),
                interim: self.interim[at],
                below: count(self.below_at(at).len()),
                reports: count(self.reports_at(at).count()),
            }
        })
    }
}

/// A key as a part of a path: eight characters, digits and lower-case letters to base 36, padded with zeros.
///
/// Keys past 36^8 (2.8 million million) get longer, so that two people never share a part.
pub fn path_key(person: PersonKey) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = person.0.cast_unsigned();
    let mut text = Vec::with_capacity(8);
    while rest > 0 || text.len() < 8 {
        text.push(char::from(DIGITS[(rest % 36) as usize]));
        rest /= 36;
    }
    text.into_iter().rev().collect()
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
