//! What the draw must know beside the chart. Each list is one set-based query; order and strangers in it mean nothing.

use crate::domain::{
    Date,
    meeting::Band,
    person::{Absence, PersonKey, Spell},
    week::Week,
};

/// The facts of a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The present spell of employment of everybody in the chart; of several the one that starts last counts.
    pub employed: Vec<Employed>,
    /// Absences that touch the target week, come later, or fall into somebody's wait.
    pub absences: Vec<Absent>,
    /// The newest HELD skip-level of each person with any leader; of several the newest counts.
    pub heard: Vec<Heard>,
    /// Every claim on a person that may come within the load cap of the target week.
    pub asked: Vec<Asked>,
    /// When each leader last met each person one to one, and when they will: HELD or SCHEDULED skip-levels of a year, and
    /// of the cooldown where that is longer.
    pub met: Vec<Met>,
    /// Pairs that rest after a decline.
    pub rests: Vec<Rest>,
    /// Skip-levels of each leader in the last 26 weeks and to come that are HELD or pending: SCHEDULED, or an
    /// open or accepted suggestion. Not one that is swapped away just now.
    pub visits: Vec<Visit>,
    /// People who do not want to be suggested.
    pub silent: Vec<Silent>,
    /// Skip-level suggestions that wait for an answer. The draw knows them as claims and visits; a forecast lets them be
    /// held.
    pub open: Vec<Open>,
    /// Weeks that are settled for a leader, by a suggestion or by a recorded reason for none: they get no new slot.
    pub filled: Vec<Filled>,
}

/// A spell of employment of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Employed {
    /// Whose.
    pub person: PersonKey,
    /// The spell; its end is the planned last working day.
    pub spell: Spell,
}

/// An absence of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absent {
    /// Whose.
    pub person: PersonKey,
    /// From when to when.
    pub absence: Absence,
}

/// A HELD skip-level seen from the person who was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heard {
    /// Who was heard.
    pub person: PersonKey,
    /// When.
    pub day: Date,
    /// By which leader.
    pub by: PersonKey,
}

/// A claim on a person that counts for the load cap: a scheduled or held skip-level, or an open or accepted suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// Who is asked.
    pub person: PersonKey,
    /// The day of the meeting; the Monday of its week while the day is open.
    pub day: Date,
}

/// Somebody who does not want to be suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Silent {
    /// Who.
    pub person: PersonKey,
    /// The day on which that began.
    pub since: Date,
    /// The first day on which they may be suggested again; none while they have opted out.
    pub until: Option<Date>,
}

/// A skip-level of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Met {
    /// The senior side.
    pub leader: PersonKey,
    /// The other side.
    pub person: PersonKey,
    /// When they met or will.
    pub day: Date,
}

/// A suggestion that waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// Whom it is made to.
    pub leader: PersonKey,
    /// Whom they should meet.
    pub person: PersonKey,
    /// For which week.
    pub week: Week,
}

/// A week that is settled for a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filled {
    /// The week.
    pub week: Week,
    /// Whose.
    pub leader: PersonKey,
}

/// A pair at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rest {
    /// The senior side.
    pub leader: PersonKey,
    /// The other side.
    pub person: PersonKey,
    /// The first day on which they may meet again.
    pub until: Date,
}

/// A skip-level seen from the leader's rounds, with branch and band as frozen on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// Who paid it.
    pub leader: PersonKey,
    /// The day of the meeting; the Monday of its week while the day is open.
    pub day: Date,
    /// The direct report of the leader through whom the person was reached.
    pub branch: PersonKey,
    /// None if the leader had no bands then.
    pub band: Option<Band>,
}
