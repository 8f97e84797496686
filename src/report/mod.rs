//! Coverage reports as files: gathered once, written as CSV, JSON, SVG or HTML. What is suppressed on the screen is
//! suppressed here: every number comes out of the same report.

mod cell;
mod csv;
mod digest;
mod drawing;
mod html;

pub use cell::{cell, starts_like_a_formula};
pub use csv::csv;
pub use digest::digest;
pub use drawing::svg;
pub use html::html;

use serde::Serialize;

use crate::{
    app::{AppError, Coverage, LeaderFound, PageRequest, PersonFound, Session},
    domain::{
        Date,
        coverage::{Figures, Group, GroupKey, Grouping, Load, Measure, Month, PeerFreshness, share},
    },
};

/// The breakdowns of a file, in their order.
const BREAKDOWNS: [(Grouping, &str); 6] = [
    (Grouping::Depth, "DEPTH"),
    (Grouping::Department, "DEPARTMENT"),
    (Grouping::Location, "LOCATION"),
    (Grouping::Branch, "BRANCH"),
    (Grouping::Band, "BAND"),
    (Grouping::Tenure, "TENURE"),
];

/// How many people and leaders a file names, at most.
const NAMED: u64 = 100;

/// A report with everything that a file can tell.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// The day of the report.
    pub as_of: Date,
    /// Days in which a skip-level counts.
    pub window_days: i64,
    /// Whoever the unit is below; none for the whole organisation.
    pub under: Option<String>,
    /// The department, if it is about one.
    pub department: Option<String>,
    /// The whole unit.
    pub total: Line,
    /// The unit by each grouping.
    pub breakdowns: Vec<Breakdown>,
    /// Departments against levels.
    pub heat_map: HeatMap,
    /// The last twelve months.
    pub trend: Vec<MonthLine>,
    /// Skip-levels a person: how many people had how many.
    pub load: Vec<[usize; 2]>,
    /// The most that one person had in one week.
    pub most_in_a_week: Option<usize>,
    /// Leaders by their last 1:1 with a peer.
    pub peers: Peers,
    /// Who waits longest, at most a hundred.
    pub waiting: Vec<Named>,
    /// Leaders by name, at most a hundred.
    pub leaders: Vec<Leader>,
}

/// One breakdown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    /// The grouping.
    pub group_by: &'static str,
    /// Its groups.
    pub groups: Vec<Line>,
}

/// The figures of one group.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What it is among the groups beside it.
    pub key: String,
    /// The same for people.
    pub label: String,
    /// How many people.
    pub population: usize,
    /// How many of them were heard.
    pub heard: Option<usize>,
    /// The share of them.
    pub share: Option<f64>,
    /// The longest wait in days.
    pub wait_days_max: Option<i64>,
    /// Nine of ten wait at most so long.
    pub wait_days_p90: Option<i64>,
    /// Half wait at most so long.
    pub wait_days_median: Option<i64>,
    /// Whether anything is kept back.
    pub suppressed: bool,
}

/// Departments against levels.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeatMap {
    /// The levels.
    pub columns: Vec<String>,
    /// The departments: all of each, and its levels.
    pub rows: Vec<(Line, Vec<Line>)>,
}

/// One month.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MonthLine {
    /// Its first day.
    pub month: Date,
    /// Skip-levels held.
    pub held: Option<usize>,
    /// People heard in the window that ends with it.
    pub heard: Option<usize>,
    /// The share of them.
    pub share: Option<f64>,
    /// The share that the same meetings could have reached.
    pub possible: Option<f64>,
}

/// Leaders by their last 1:1 with a peer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Peers {
    /// How many leaders.
    pub people: usize,
    /// Under 21 days ago, up to 35, longer ago, and not in the window.
    pub fresh_due_late_never: Option<[usize; 4]>,
    /// The median of days since then.
    pub median_days: Option<i64>,
}

/// Somebody who waits.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// Their name.
    pub name: String,
    /// Their title.
    pub title: Option<String>,
    /// Their department.
    pub department: Option<String>,
}

/// A leader.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Leader {
    /// Their name.
    pub name: String,
    /// People in Pop.
    pub population: usize,
    /// `people` up to a hundred of them, else `parts`.
    pub measure: &'static str,
    /// The share of these that was met or visited.
    pub coverage: Option<f64>,
    /// Bottom meetings a month.
    pub bottom_meetings_per_month: Option<f64>,
    /// Weeks with a slot.
    pub weeks_with_slot: usize,
    /// How many of them had a held skip-level.
    pub weeks_held: Option<usize>,
    /// The share of meetings with somebody met before.
    pub concentration: Option<f64>,
}

impl Document {
    /// Gathers what a report tells.
    pub async fn gather(session: &Session, coverage: &Coverage) -> Result<Self, AppError> {
        let first = PageRequest {
            size: NAMED,
            backward: false,
            after: None,
            before: None,
        };
        let waiting = session.coverage_waiting(coverage, &first).await?;
        let leaders = session.coverage_leaders(coverage, &first).await?;
        let peers = session.coverage_peers(coverage).await?;
        let mut breakdowns = Vec::new();
        for (grouping, group_by) in BREAKDOWNS {
            let groups = coverage.groups_by(grouping);
            breakdowns.push(Breakdown {
                group_by,
                groups: lines(session, grouping, groups).await?,
            });
        }
        let Load {
            buckets,
            most_in_a_week,
            ..
        } = coverage.load();
        let PeerFreshness {
            people,
            counts,
            median_days,
        } = peers;
        Ok(Self {
            as_of: coverage.as_of(),
            window_days: coverage.window_days(),
            under: coverage.head().map(|head| head.row.name.clone()),
            department: coverage.query().department.clone(),
            total: line(("TOTAL".to_owned(), "All".to_owned()), &coverage.total()),
            breakdowns,
            heat_map: heat_map(coverage),
            trend: coverage.trend().iter().map(month).collect(),
            load: buckets.iter().map(|bucket| [bucket.meetings, bucket.people]).collect(),
            most_in_a_week,
            peers: Peers {
                people,
                fresh_due_late_never: counts,
                median_days,
            },
            waiting: waiting.rows.into_iter().map(|(_, person)| named(person)).collect(),
            leaders: leaders.rows.iter().map(|(_, found)| leader(found)).collect(),
        })
    }

    /// Whom it is about, for people.
    pub fn title(&self) -> String {
        let unit = match &self.under {
            Some(head) => format!("everybody below {head}"),
            None => "the whole organisation".to_owned(),
        };
        match &self.department {
            Some(department) => format!("{department}, of {unit}"),
            None => unit,
        }
    }

    /// The same as JSON, indented.
    pub fn json(&self) -> String {
        // Numbers, texts and days: nothing that could not be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

async fn lines(session: &Session, grouping: Grouping, groups: Vec<Group>) -> Result<Vec<Line>, AppError> {
    let branches = groups.iter().filter_map(|group| match group.key {
        GroupKey::Branch(person) => Some(person),
        _ => None,
    });
    let names = session.cards(&branches.collect::<Vec<_>>()).await?;
    let words = |key: &GroupKey| match key {
        GroupKey::Branch(person) => {
            let name = names
                .get(person)
                .map(|found| found.row.name.clone())
                .unwrap_or_default();
            (name.clone(), name)
        }
        _ => (key.code(), key.label(grouping)),
    };
    Ok(groups
        .iter()
        .map(|group| line(words(&group.key), &group.figures))
        .collect())
}

fn line((key, label): (String, String), figures: &Figures) -> Line {
    Line {
        key,
        label,
        population: figures.population,
        heard: figures.heard,
        share: figures.share(),
        wait_days_max: figures.wait_max,
        wait_days_p90: figures.wait_p90,
        wait_days_median: figures.wait_median,
        suppressed: figures.suppressed,
    }
}

fn heat_map(coverage: &Coverage) -> HeatMap {
    let table = coverage.heat_map();
    let words = |key: &GroupKey, grouping: Grouping| (key.code(), key.label(grouping));
    let row = |(row, cells): &(Group, Vec<Figures>)| {
        let cells = cells.iter().zip(&table.columns);
        let cells = cells
            .map(|(figures, key)| line(words(key, Grouping::Depth), figures))
            .collect();
        (line(words(&row.key, Grouping::Department), &row.figures), cells)
    };
    HeatMap {
        columns: table.columns.iter().map(|key| key.label(Grouping::Depth)).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}

fn month(month: &Month) -> MonthLine {
    MonthLine {
        month: month.month,
        held: month.held,
        heard: month.heard,
        share: month.heard.and_then(|heard| share(heard, month.population)),
        possible: month.possible.and_then(|possible| share(possible, month.population)),
    }
}

fn named(person: PersonFound) -> Named {
    Named {
        name: person.row.name,
        title: person.row.title,
        department: person.row.department,
    }
}

fn leader(found: &LeaderFound) -> Leader {
    let (figures, told) = (&found.figures, found.figures.told.as_ref());
    let (measure, coverage) = match figures.measure {
        Measure::Coverage => ("people", told.and_then(|told| share(told.met, figures.population))),
        Measure::Strata => ("parts", told.and_then(|told| share(told.strata_visited, told.strata))),
    };
    Leader {
        name: found.person.row.name.clone(),
        population: figures.population,
        measure,
        coverage,
        bottom_meetings_per_month: told.and_then(|told| told.bottom_per_month),
        weeks_with_slot: figures.weeks_with_slot,
        weeks_held: told.map(|told| told.weeks_held),
        concentration: told.and_then(|told| share(told.repeats, told.meetings)),
    }
}

/// A share for people.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| KEPT_BACK.to_owned(), |share| format!("{:.0}%", share * 100.0))
}

/// A number for people.
fn number<N: ToString>(number: Option<N>) -> String {
    number.map_or_else(|| KEPT_BACK.to_owned(), |number| number.to_string())
}

/// Stands for what is kept back, or is not there.
const KEPT_BACK: &str = "·";
