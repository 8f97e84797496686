//! Coverage: how well an organisation is being heard (product.md 7). Facts in, figures out.
//!
//! A [`Survey`] lays the facts out by the positions of the chart, where everybody below a person is one range. Figures of
//! groups come out of [`suppression`] alone: [`Figures`] can be made nowhere else.

#[cfg(test)]
mod attack;
mod figures;
mod groups;
mod leaders;
mod load;
mod suppression;
mod survey;
#[cfg(test)]
mod tests;
mod trend;
mod waiting;

pub use figures::{Figures, Sight, share};
pub use groups::{Group, GroupKey, Grouping, Table, Tenure};
pub use leaders::{LeaderCounts, LeaderFacts, LeaderFigures, Measure, Visit};
pub use load::{Load, LoadBucket, PeerFreshness, PeerMeetings};
pub use survey::{Asked, Survey, Unit};
pub use trend::Month;
pub use waiting::Waiting;

use super::{
    Date,
    chart::OrgChart,
    person::{Absence, PersonKey},
};

/// Days of employment after which somebody counts (product.md 7).
pub const TENURE_DAYS: i64 = 90;

/// What reports follow from.
#[derive(Debug)]
pub struct Facts {
    /// The chart of the report's day.
    pub chart: OrgChart,
    /// Everybody in that chart, in any order.
    pub members: Vec<Member>,
    /// The departments that members are in.
    pub departments: Vec<String>,
    /// The locations that members are at.
    pub locations: Vec<String>,
    /// HELD skip-levels up to the report's day, in any order.
    pub held: Vec<Held>,
    /// Everybody's absences, in any order.
    pub absences: Vec<(PersonKey, Absence)>,
}

/// Somebody in the chart.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The person.
    pub person: PersonKey,
    /// Their department, by its place in [`Facts::departments`].
    pub department: Option<u32>,
    /// Their location, by its place in [`Facts::locations`].
    pub location: Option<u32>,
    /// The first day of their employment.
    pub started: Date,
    /// Whether they are ACTIVE, not on leave.
    pub active: bool,
}

/// A skip-level that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The day.
    pub day: Date,
    /// Who listened.
    pub leader: PersonKey,
    /// Who was heard.
    pub counterpart: PersonKey,
}
