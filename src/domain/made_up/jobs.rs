//! What made-up people do and where.

use chrono_tz::Tz;

/// A part of the organisation, led by somebody right below the head.
#[derive(Debug)]
pub(super) struct Department {
    pub name: &'static str,
    /// What those without reports do.
    trade: &'static str,
}

/// As many as the head can have reports.
pub(super) const DEPARTMENTS: [Department; super::shape::MAX_SPAN] = [
    department("Engineering", "Software Engineer"),
    department("Operations", "Operations Specialist"),
    department("Sales", "Sales Adviser"),
    department("Support", "Support Specialist"),
    department("Product", "Product Designer"),
    department("Finance", "Accountant"),
    department("Marketing", "Copywriter"),
    department("Research", "Researcher"),
    department("People", "Recruiter"),
];

/// The head's own.
pub(super) const HEAD_OFFICE: Department = department("Head Office", "Chief Executive");

/// A place of work, made up, and the time zone it would lie in.
#[derive(Debug)]
pub(super) struct Location {
    pub name: &'static str,
    pub time_zone: Tz,
}

/// The head sits in the first. Between any two there are hours in which both work.
pub(super) const LOCATIONS: [Location; 5] = [
    location("Lanternbridge", Tz::Europe__Berlin),
    location("Saltmarsh Quay", Tz::Europe__London),
    location("Marigold Falls", Tz::America__New_York),
    location("Papaya Bay", Tz::America__Sao_Paulo),
    location("Acacia Rise", Tz::Africa__Nairobi),
];

/// Where somebody stands, as far as their title tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rank {
    /// How many people are above.
    pub depth: usize,
    /// How many levels of people are below.
    pub levels_below: usize,
}

impl Department {
    pub fn title(&self, rank: Rank) -> String {
        let name = self.name;
        match (rank.depth, rank.levels_below) {
            (0, _) | (2.., 0) => self.trade.to_owned(),
            (1, _) => format!("Head of {name}"),
            (_, 1) => format!("Team Lead, {name}"),
            (_, 2) => format!("Manager, {name}"),
            (_, _) => format!("Director, {name}"),
        }
    }
}

const fn department(name: &'static str, trade: &'static str) -> Department {
    Department { name, trade }
}

const fn location(name: &'static str, time_zone: Tz) -> Location {
    Location { name, time_zone }
}
