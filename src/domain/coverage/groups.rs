//! Breakdowns of a unit: which groups there are, and who is in them.

use std::collections::BTreeMap;

use chrono::Months;

use super::{Figures, Sight, Survey, Unit, figures::Verdict, suppression::Suppression};
use crate::domain::{
    meeting::Band,
    person::PersonKey,
    rotation::{band_at, has_bands},
};

/// By what a unit is broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    /// Lines to the top of the chart.
    Depth,
    /// Department.
    Department,
    /// Location.
    Location,
    /// The direct report of the unit's head through whom people are reached.
    Branch,
    /// Where people stand below the unit's head, if that has four or more levels below.
    Band,
    /// How long people have been employed.
    Tenure,
}

/// One group of a breakdown, in the order in which they are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// So many lines below the top.
    Depth(u32),
    /// A department.
    Department(String),
    /// A location.
    Location(String),
    /// Those who report to the unit's head directly.
    Reports,
    /// Everybody below this person.
    Branch(PersonKey),
    /// A band.
    Band(Band),
    /// So long employed.
    Tenure(Tenure),
    /// No department, no location, or no bands.
    None,
}

/// How long somebody has been employed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tenure {
    /// Under half a year.
    UnderHalfYear,
    /// From half a year to one.
    HalfYear,
    /// From one year to two.
    OneYear,
    /// From two years to five.
    TwoYears,
    /// Five years and more.
    FiveYears,
}

impl Tenure {
    /// From how many months on.
    const ALL: [(Self, u32); 5] = [
        (Self::FiveYears, 60),
        (Self::TwoYears, 24),
        (Self::OneYear, 12),
        (Self::HalfYear, 6),
        (Self::UnderHalfYear, 0),
    ];
}

impl GroupKey {
    /// A stable word for it; empty for nobody's department or location and where there are no bands, and of branches, which
    /// are known by their person.
    pub fn code(&self) -> String {
        match self {
            Self::Depth(depth) => depth.to_string(),
            Self::Department(name) | Self::Location(name) => name.clone(),
            Self::Reports => "REPORTS".to_owned(),
            Self::Band(Band::Bottom) => "BOTTOM".to_owned(),
            Self::Band(Band::Middle) => "MIDDLE".to_owned(),
            Self::Band(Band::Near) => "NEAR".to_owned(),
            Self::Tenure(tenure) => tenure.words().0.to_owned(),
            Self::Branch(_) | Self::None => String::new(),
        }
    }

    /// The same for people; of a branch nothing, which is called by its person.
    pub fn label(&self, grouping: Grouping) -> String {
        match (self, grouping) {
            (Self::Depth(depth), _) => format!("Level {depth}"),
            (Self::Department(name) | Self::Location(name), _) => name.clone(),
            (Self::Reports, _) => "Direct reports".to_owned(),
            (Self::Band(Band::Bottom), _) => "Bottom of the ladder".to_owned(),
            (Self::Band(Band::Middle), _) => "Middle".to_owned(),
            (Self::Band(Band::Near), _) => "Two levels below".to_owned(),
            (Self::Tenure(tenure), _) => tenure.words().1.to_owned(),
            (Self::Branch(_), _) => String::new(),
            (Self::None, Grouping::Department) => "No department".to_owned(),
            (Self::None, Grouping::Location) => "No location".to_owned(),
            (Self::None, _) => "No bands".to_owned(),
        }
    }
}

impl Tenure {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::UnderHalfYear => ("UNDER_6_MONTHS", "Under 6 months"),
            Self::HalfYear => ("6_MONTHS", "6 to 12 months"),
            Self::OneYear => ("1_YEAR", "1 to 2 years"),
            Self::TwoYears => ("2_YEARS", "2 to 5 years"),
            Self::FiveYears => ("5_YEARS", "5 years and more"),
        }
    }
}

/// One group of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Which.
    pub key: GroupKey,
    /// What is told of it.
    pub figures: Figures,
}

/// Departments against another grouping.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The groups, in order.
    pub columns: Vec<GroupKey>,
    /// For each department the whole of it and a group for each column.
    pub rows: Vec<(Group, Vec<Figures>)>,
}

/// The groups of a unit with the positions of who is in them.
pub(super) type Cells = BTreeMap<GroupKey, Vec<usize>>;

impl Survey {
    /// The whole unit, or what of it is in one department.
    pub fn total(&self, unit: Unit, department: Option<&str>, sight: Sight) -> Figures {
        let verdict = self.verdict(unit, department, sight);
        self.publish(&self.population(unit, department), sight, verdict)
    }

    /// What becomes of a unit, or of one department of it.
    pub(super) fn verdict(&self, unit: Unit, department: Option<&str>, sight: Sight) -> Verdict {
        let suppression = Suppression::of(self, sight);
        suppression.map_or(Verdict::Shown, |suppression| suppression.total(unit, department))
    }

    /// A unit broken down, or what of it is in one department.
    pub fn groups(&self, unit: Unit, grouping: Grouping, department: Option<&str>, sight: Sight) -> Vec<Group> {
        let suppression = Suppression::of(self, sight);
        let row = department.map(|name| GroupKey::Department(name.to_owned()));
        let group = |(key, people): (GroupKey, Vec<usize>)| {
            let verdict = suppression.as_ref().map_or(Verdict::Shown, |suppression| {
                // A department of departments is itself.
                let row = row.as_ref().filter(|_| grouping != Grouping::Department);
                suppression.group(unit, grouping, &key, row)
            });
            Group {
                figures: self.publish(&people, sight, verdict),
                key,
            }
        };
        let cells = self.cells(unit, grouping, &self.population(unit, department));
        cells.into_iter().map(group).collect()
    }

    /// The departments of a unit against another grouping.
    pub fn table(&self, unit: Unit, grouping: Grouping, sight: Sight) -> Table {
        let people = self.population(unit, None);
        let columns: Vec<GroupKey> = self.cells(unit, grouping, &people).into_keys().collect();
        let suppression = Suppression::of(self, sight);
        let row = |(department, people): (GroupKey, Vec<usize>)| {
            let cells = self.cells(unit, grouping, &people);
            let figures = |key: &GroupKey| {
                let people = cells.get(key).map_or(&[][..], Vec::as_slice);
                let verdict = match &suppression {
                    Some(suppression) if !people.is_empty() => {
                        suppression.group(unit, grouping, key, Some(&department))
                    }
                    _ => Verdict::Shown,
                };
                self.publish(people, sight, verdict)
            };
            let verdict = suppression.as_ref().map_or(Verdict::Shown, |suppression| {
                suppression.group(unit, Grouping::Department, &department, None)
            });
            let cells = columns.iter().map(figures).collect();
            let total = Group {
                figures: self.publish(&people, sight, verdict),
                key: department,
            };
            (total, cells)
        };
        let rows = self.cells(unit, Grouping::Department, &people).into_iter().map(row);
        Table {
            rows: rows.collect(),
            columns,
        }
    }

    /// Some people of a unit by their groups.
    pub(super) fn cells(&self, unit: Unit, grouping: Grouping, people: &[usize]) -> Cells {
        let mut cells = Cells::new();
        let mut branches = Branches::of(self, unit);
        for &at in people {
            cells
                .entry(self.key(unit, grouping, at, &mut branches))
                .or_default()
                .push(at);
        }
        cells
    }

    fn key(&self, unit: Unit, grouping: Grouping, at: usize, branches: &mut Branches) -> GroupKey {
        let named = |number: Option<u32>, names: &[String]| number.map(|number| names[number as usize].clone());
        match grouping {
            Grouping::Depth => GroupKey::Depth(self.chart.depth_at(at)),
            Grouping::Department => {
                named(self.people[at].department, &self.departments).map_or(GroupKey::None, GroupKey::Department)
            }
            Grouping::Location => {
                named(self.people[at].location, &self.locations).map_or(GroupKey::None, GroupKey::Location)
            }
            Grouping::Branch => branches.of_position(self, at),
            Grouping::Band => self.band(unit, at),
            Grouping::Tenure => GroupKey::Tenure(self.tenure(at)),
        }
    }

    pub(super) fn tenure(&self, at: usize) -> Tenure {
        let started = self.people[at].started;
        let since = |months: u32| started + Months::new(months) <= self.asked.as_of;
        let reached = Tenure::ALL.into_iter().find(|(_, months)| since(*months));
        reached.map_or(Tenure::UnderHalfYear, |(tenure, _)| tenure)
    }

    fn band(&self, unit: Unit, at: usize) -> GroupKey {
        let head = match unit {
            Unit::Below(head) => self.chart.position(head),
            Unit::Everybody => None,
            Unit::Nobody => return GroupKey::None,
        };
        self.band_from(head, at)
    }

    /// The band of somebody as seen from the head of a unit; from the top of their tree for the whole organisation.
    pub(super) fn band_from(&self, head: Option<usize>, at: usize) -> GroupKey {
        let head = head.unwrap_or_else(|| self.top(at));
        if !has_bands(&self.chart, head) {
            return GroupKey::None;
        }
        match self.chart.depth_at(at) - self.chart.depth_at(head) {
            0 => GroupKey::None,
            1 => GroupKey::Reports,
            distance => GroupKey::Band(band_at(&self.chart, at, distance)),
        }
    }

    fn top(&self, at: usize) -> usize {
        std::iter::successors(Some(at), |&at| self.chart.parent_at(at))
            .last()
            .unwrap_or(at)
    }
}

/// Through whom people of a unit are reached. They come in the order of the chart, so the branch is the same for many in a row.
struct Branches {
    head: Option<usize>,
    whole: bool,
    last: Option<usize>,
}

impl Branches {
    fn of(survey: &Survey, unit: Unit) -> Self {
        Self {
            head: match unit {
                Unit::Below(head) => survey.chart.position(head),
                Unit::Everybody | Unit::Nobody => None,
            },
            whole: unit == Unit::Everybody,
            last: None,
        }
    }

    fn of_position(&mut self, survey: &Survey, at: usize) -> GroupKey {
        let chart = &survey.chart;
        if self.last.is_none_or(|last| !chart.below_at(last).contains(&at)) {
            // The ancestor that reports to the head; for the whole organisation, to a top.
            let is_branch = |&position: &usize| match chart.parent_at(position) {
                None => false,
                Some(above) if self.whole => chart.parent_at(above).is_none(),
                Some(above) => Some(above) == self.head,
            };
            self.last = std::iter::successors(Some(at), |&at| chart.parent_at(at)).find(is_branch);
        }
        match self.last {
            Some(branch) if branch != at => GroupKey::Branch(chart.key_at(branch)),
            _ => GroupKey::Reports,
        }
    }
}
