//! Every set of people that a report could tell of, under one name: units against kinds of groups.

use std::ops::Range;

use rustc_hash::FxHashMap as HashMap;

use super::super::{GroupKey, Grouping, Survey, Tenure, Unit};
use crate::domain::meeting::Band;

/// Whose unit: everybody below this position, or, without one, everybody.
pub(super) type Place = Option<usize>;

/// Which people of a unit: of one department if there is one, and of one further group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Kind {
    pub(super) department: Department,
    pub(super) inner: Inner,
}

/// Which department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Department {
    /// Whichever.
    Any,
    /// This one, or none.
    Is(Option<u32>),
}

/// The further group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Inner {
    All,
    Depth(u32),
    Location(Option<u32>),
    Tenure(Tenure),
    /// As seen from the unit's head; NEAR is a depth.
    Band(Band),
}

/// The dimensions, in their order.
const ALL: u8 = 0;
const DEPARTMENT: u8 = 1;
pub(super) const DEPTH: u8 = 2;
pub(super) const DEPARTMENT_AND_DEPTH: u8 = 3;
const LOCATION: u8 = 4;
const TENURE: u8 = 5;
pub(super) const BAND: u8 = 6;

impl Kind {
    /// Everybody of a unit.
    pub(super) const ALL: Self = Self {
        department: Department::Any,
        inner: Inner::All,
    };

    /// The dimension of this kind, which is its place in the order of kinds.
    pub(super) fn rank(self) -> u8 {
        match (self.inner, self.department) {
            (Inner::All, Department::Any) => ALL,
            (Inner::All, Department::Is(_)) => DEPARTMENT,
            (Inner::Depth(_), Department::Any) => DEPTH,
            (Inner::Depth(_), Department::Is(_)) => DEPARTMENT_AND_DEPTH,
            (Inner::Location(_), _) => LOCATION,
            (Inner::Tenure(_), _) => TENURE,
            (Inner::Band(_), _) => BAND,
        }
    }

    /// Whether somebody of a unit is one of these.
    pub(super) fn has(self, survey: &Survey, place: Place, at: usize) -> bool {
        kind_of(survey, place, self.rank(), at) == Some(self)
    }
}

/// The group of one dimension that somebody of a unit is in; none where there is none.
pub(super) fn kind_of(survey: &Survey, place: Place, dimension: u8, at: usize) -> Option<Kind> {
    let person = survey.people[at];
    let inner = match dimension {
        ALL | DEPARTMENT => Inner::All,
        DEPTH | DEPARTMENT_AND_DEPTH => Inner::Depth(survey.chart.depth_at(at)),
        LOCATION => Inner::Location(person.location),
        TENURE => Inner::Tenure(survey.tenure(at)),
        _ => match survey.band_from(place, at) {
            GroupKey::Band(band) if band != Band::Near => Inner::Band(band),
            _ => return None,
        },
    };
    let department = match dimension {
        DEPARTMENT | DEPARTMENT_AND_DEPTH => Department::Is(person.department),
        _ => Department::Any,
    };
    Some(Kind { department, inner })
}

/// The set that a group of a breakdown is; the same set has one name, whatever breakdown it stands in. None for what has no
/// name and is never told.
pub(super) fn named(
    survey: &Survey,
    unit: Unit,
    grouping: Grouping,
    key: &GroupKey,
    department: Option<&GroupKey>,
) -> Option<(Place, Kind)> {
    let number = |key: &GroupKey| match key {
        GroupKey::Department(name) => survey.department(name),
        _ => None,
    };
    let department = department.map_or(Department::Any, |key| Department::Is(number(key)));
    let place = place(survey, unit)?;
    let top = place.map_or(0, |at| survey.chart.depth_at(at));
    let location = |name: &String| survey.locations.iter().position(|known| known == name);
    let inner = match (grouping, key) {
        (Grouping::Depth, GroupKey::Depth(depth)) => Inner::Depth(*depth),
        (Grouping::Department, key) => {
            let department = Department::Is(number(key));
            return Some((
                place,
                Kind {
                    department,
                    inner: Inner::All,
                },
            ));
        }
        (Grouping::Location, GroupKey::Location(name)) => {
            Inner::Location(location(name).and_then(|at| u32::try_from(at).ok()))
        }
        (Grouping::Location, _) => Inner::Location(None),
        (Grouping::Tenure, GroupKey::Tenure(tenure)) => Inner::Tenure(*tenure),
        (Grouping::Branch, GroupKey::Branch(head)) => {
            let kind = Kind {
                department,
                inner: Inner::All,
            };
            return Some((Some(survey.chart.position(*head)?), kind));
        }
        (Grouping::Branch | Grouping::Band, GroupKey::Reports) => Inner::Depth(top + 1),
        (Grouping::Band, GroupKey::Band(Band::Near)) => Inner::Depth(top + 2),
        (Grouping::Band, GroupKey::Band(band)) => Inner::Band(*band),
        // Without bands there is one group, which is the unit; with several tops some may have bands and others not.
        (Grouping::Band, GroupKey::None) if place.is_some() => Inner::All,
        _ => return None,
    };
    // Within a department, levels and branches are told and nothing else: the finer the groups, the more ways to subtract.
    let too_fine = department != Department::Any && !matches!(inner, Inner::All | Inner::Depth(_));
    (!too_fine).then_some((place, Kind { department, inner }))
}

/// The place of a unit; none if it is nobody's.
pub(super) fn place(survey: &Survey, unit: Unit) -> Option<Place> {
    match unit {
        Unit::Everybody => Some(None),
        Unit::Below(head) => survey.chart.position(head).map(Some),
        Unit::Nobody => None,
    }
}

/// The positions of a unit.
pub(super) fn range(survey: &Survey, place: Place) -> Range<usize> {
    place.map_or(0..survey.chart.len(), |at| survey.chart.below_at(at))
}

/// Everybody above somebody, nearest first, and last everybody's unit.
pub(super) fn above(survey: &Survey, at: usize) -> impl Iterator<Item = Place> + '_ {
    std::iter::successors(survey.chart.parent_at(at), |&at| survey.chart.parent_at(at))
        .map(Some)
        .chain([None])
}

/// The outermost unit around a unit that is fit.
pub(super) fn around_unit(survey: &Survey, place: Place, is_fit: impl Fn(Place) -> bool) -> Option<Place> {
    let around = place.into_iter().flat_map(|at| above(survey, at));
    around.take_while(|place| is_fit(*place)).last()
}

/// The units that have at least so many of some people, each with where these lie among `people`, which are in order.
pub(super) fn around(survey: &Survey, people: &[usize], least: usize) -> Vec<(Place, Range<usize>)> {
    let mut counts: HashMap<Place, usize> = HashMap::default();
    for &at in people {
        for place in above(survey, at) {
            *counts.entry(place).or_default() += 1;
        }
    }
    let enough = counts.into_iter().filter(|(_, count)| *count >= least);
    enough
        .map(|(place, count)| {
            let from = people.partition_point(|&at| at < range(survey, place).start);
            (place, from..from + count)
        })
        .collect()
}
