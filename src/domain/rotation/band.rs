//! Which band and which branch a leader goes to (product.md 4, rule 4).

use super::Visit;
use crate::domain::{Date, chart::OrgChart, meeting::Band, person::PersonKey, settings::Settings, week::Week};

/// The fewest levels below a leader that make bands.
const LEVELS_WITH_BANDS: u32 = 4;

/// The bands in the order in which a leader starts with them.
pub(super) const BANDS: [Band; 3] = [Band::Bottom, Band::Near, Band::Middle];

/// The band that follows from where somebody stands below a leader; none at a distance under 2, or where the leader has
/// fewer than four levels below and so no bands.
pub fn band_from(standing: &Standing) -> Option<Band> {
    let banded = standing.levels_below_leader >= LEVELS_WITH_BANDS && standing.distance >= 2;
    banded.then(|| band(standing.distance, standing.has_reports))
}

/// Where somebody stands below a leader.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Levels below the leader.
    pub levels_below_leader: u32,
    /// Lines between the two.
    pub distance: u32,
    /// Whether anybody reports to the person.
    pub has_reports: bool,
}

/// Where `person` stands below `leader`; none if they are not two or more levels below, or the leader has fewer than
/// four levels below and so no bands.
pub fn band_of(chart: &OrgChart, leader: PersonKey, person: PersonKey) -> Option<Band> {
    let (leader, person) = (chart.position(leader)?, chart.position(person)?);
    let reached = chart.below_at(leader).contains(&person) && has_bands(chart, leader);
    let distance = chart.depth_at(person).checked_sub(chart.depth_at(leader))?;
    (reached && distance >= 2).then(|| band_at(chart, person, distance))
}

/// Whether a leader has bands, by positions.
pub(in crate::domain) fn has_bands(chart: &OrgChart, leader: usize) -> bool {
    chart.levels_below_at(leader) >= LEVELS_WITH_BANDS
}

/// The band of somebody at `distance`, two or more, below a leader with bands.
pub(in crate::domain) fn band_at(chart: &OrgChart, person: usize, distance: u32) -> Band {
    band(distance, !chart.below_at(person).is_empty())
}

fn band(distance: u32, has_reports: bool) -> Band {
    match (distance, has_reports) {
        (2, _) => Band::Near,
        (_, false) => Band::Bottom,
        (_, true) => Band::Middle,
    }
}

/// The bands in the order in which a leader should try them for one more slot of `week`.
///
/// The visits of this week and the three before, with the new one, should come to the quota of four weeks; the band that
/// lacks most comes first; among equals not the one visited last, then the bottom, then the one visited longest ago.
pub(super) fn order(visits: &[Visit], settings: &Settings, week: Week) -> [Band; 3] {
    let rolling = week.plus(-3).starts_on()..=week.ends_on();
    let recent: Vec<Band> = visits
        .iter()
        .filter(|visit| rolling.contains(&visit.day))
        .filter_map(|visit| visit.band)
        .collect();
    let last = recent.last().copied();
    let visited = |band: Band| visits.iter().rposition(|visit| visit.band == Some(band));
    let lacks = |band: Band| {
        let quota = match band {
            Band::Bottom => settings.bottom_of_four,
            Band::Near => settings.near_of_four,
            Band::Middle => settings.middle_of_four(),
        };
        let paid = recent.iter().filter(|&&visited| visited == band).count();
        i64::from(quota * settings.slots_per_week) - i64::try_from(paid).unwrap_or(i64::MAX)
    };
    let mut bands = BANDS;
    bands.sort_by_key(|&band| (-lacks(band), Some(band) == last, band != Band::Bottom, visited(band)));
    bands
}

/// Whether the bottom comes first whatever the quotas say: when the slots of this month after this one, `slots_after` of
/// them this week, could no longer make up so many bottom meetings of the month.
pub(super) fn must_be_bottom(visits: &[Visit], settings: &Settings, slot: &Slot) -> bool {
    let &Slot {
        week,
        slots_after,
        bottoms,
    } = slot;
    // A month has five weeks at most.
    let weeks_after: u32 = (1..5)
        .map(|later| u32::from(week.plus(later).month() == week.month()))
        .sum();
    let chances_after = slots_after + weeks_after * settings.slots_per_week;
    bottoms_in_month(visits, week) + chances_after < bottoms
}

/// A slot of a leader with bands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub week: Week,
    /// How many more slots the leader has in the week.
    pub slots_after: u32,
    /// How many bottom meetings a month shall have.
    pub bottoms: u32,
}

/// How many bottom meetings the month of `week` has so far, held or pending.
pub(super) fn bottoms_in_month(visits: &[Visit], week: Week) -> u32 {
    let of_month = |day: Date| Week::of(day).month() == week.month();
    let bottoms = visits
        .iter()
        .filter(|visit| visit.band == Some(Band::Bottom) && of_month(visit.day));
    u32::try_from(bottoms.count()).unwrap_or(u32::MAX)
}

/// How often the leader visited `branch` in the 26 weeks before `week`, and in it.
pub(super) fn visits_to(visits: &[Visit], branch: PersonKey, week: Week) -> u32 {
    let recent = week.plus(-26).starts_on()..=week.ends_on();
    let paid = visits
        .iter()
        .filter(|visit| visit.branch == branch && recent.contains(&visit.day));
    u32::try_from(paid.count()).unwrap_or(u32::MAX)
}

/// How much a branch deserves a visit; compares by sqrt(size) / (1 + visits), in whole numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub size: u32,
    pub visits: u32,
}

impl Claim {
    pub fn compare(self, other: Self) -> std::cmp::Ordering {
        let weight = |size: u32, others: u32| u128::from(size) * (u128::from(others) + 1).pow(2);
        weight(self.size, other.visits).cmp(&weight(other.size, self.visits))
    }
}
