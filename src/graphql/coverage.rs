//! Coverage reports: how well the organisation is being heard.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Description, Enum, ID, InputObject, Object, SimpleObject};

use super::{
    error::Fault,
    id::NodeKind,
    page::{PageArgs, connection, seal},
    person::{People, Person, PersonConnection},
    scalar::Date,
    session,
};
use crate::{
    app::{Coverage, CoverageQuery, Eyes, LeaderFound, PersonFound},
    domain::{
        coverage::{self, Figures, GroupKey, Grouping, LeaderCounts, share},
        person::PersonKey,
    },
};

/// What a coverage report is about.
#[derive(Debug, InputObject)]
pub struct CoverageInput {
    /// Everybody below this person: the viewer, somebody below them, or for HR admins anybody. Without it, everybody below
    /// the viewer; for HR admins the whole organisation.
    under: Option<ID>,
    /// Days up to and with `asOf` in which a held skip-level counts, 1 to 730.
    #[graphql(default = 365)]
    window_days: i32,
    /// The day whose chart and people it is about; today if not given. Past days are for HR admins.
    as_of: Option<Date>,
    /// By what `groups` are.
    #[graphql(default_with = "CoverageGrouping::Depth")]
    group_by: CoverageGrouping,
    /// Only those of exactly this department.
    department: Option<String>,
}

impl Default for CoverageInput {
    fn default() -> Self {
        Self {
            under: None,
            window_days: 365,
            as_of: None,
            group_by: CoverageGrouping::Depth,
            department: None,
        }
    }
}

/// By what a unit is broken down.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Grouping")]
pub enum CoverageGrouping {
    /// Lines to the top of the chart.
    Depth,
    /// Department, as it is today.
    Department,
    /// Location, as it is today.
    Location,
    /// The direct report of the unit's head through whom people are reached.
    Branch,
    /// Where people stand below the unit's head, if that has four or more levels below.
    Band,
    /// How long people have been employed.
    Tenure,
}

/// Which of two measures fits a leader.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "coverage::Measure")]
pub enum LeaderMeasure {
    /// Up to a hundred people: the share of them whom the leader met.
    Coverage,
    /// More: the share of parts, branch by band, that the leader visited.
    Strata,
}

/// How well a unit is being heard: held skip-levels with anybody above, against the people who could have had one. These are
/// ACTIVE, 90 days employed, and have somebody two or more levels above. Somebody who may not see the unit gets the report of
/// nobody.
#[derive(Clone, Debug, Description)]
pub struct CoverageReport(Arc<Coverage>);

impl CoverageReport {
    pub(super) async fn of(ctx: &Context<'_>, input: CoverageInput) -> Result<Self, Fault> {
        let query = CoverageQuery {
            // What is no person's id is nobody's.
            under: input.under.map(|id| NodeKind::Person.read(&id).unwrap_or_default()),
            window_days: input.window_days.into(),
            as_of: input.as_of.map(|day| day.0),
            department: input.department,
            grouping: input.group_by.into(),
            eyes: Eyes::Viewer,
        };
        Ok(Self(session(ctx)?.coverage(query).await?))
    }
}

#[Object(use_type_description)]
impl CoverageReport {
    /// The day whose chart and people it is about.
    async fn as_of(&self) -> Date {
        Date(self.0.as_of())
    }

    /// Days up to and with that day in which a held skip-level counts.
    async fn window_days(&self) -> i32 {
        count(usize::try_from(self.0.window_days()).unwrap_or(0))
    }

    /// Whoever the unit is below; null for the whole organisation.
    async fn under(&self) -> Option<Person> {
        self.0.head().cloned().map(Person)
    }

    /// The whole unit.
    async fn total(&self) -> CoverageGroup {
        CoverageGroup::of("TOTAL".to_owned(), "All".to_owned(), &self.0.total())
    }

    /// The unit by what the input says.
    async fn groups(&self, ctx: &Context<'_>) -> Result<Vec<CoverageGroup>, Fault> {
        let groups = self.0.groups();
        let names = Names::of(ctx, groups.iter().map(|group| &group.key)).await?;
        let groups = groups.into_iter().map(|group| {
            let (key, label) = names.of_key(&group.key, self.0.grouping());
            CoverageGroup::of(key, label, &group.figures)
        });
        Ok(groups.collect())
    }

    /// Departments against levels.
    async fn heat_map(&self) -> CoverageTable {
        let (names, table) = (Names::default(), self.0.heat_map());
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|key| names.of_key(key, Grouping::Depth))
            .collect();
        let rows = table.rows.into_iter().map(|(row, cells)| {
            let (key, label) = names.of_key(&row.key, Grouping::Department);
            let cells = cells.into_iter().zip(&columns).map(|(figures, (column, level))| {
                CoverageGroup::of(format!("{key}/{column}"), format!("{label}, {level}"), &figures)
            });
            CoverageRow {
                cells: cells.collect(),
                total: CoverageGroup::of(key.clone(), label.clone(), &row.figures),
                key,
                label,
            }
        });
        CoverageTable {
            rows: rows.collect(),
            columns: columns
                .into_iter()
                .map(|(key, label)| CoverageColumn { key, label })
                .collect(),
        }
    }

    /// The unit's head as a leader; null for the whole organisation.
    async fn head(&self, ctx: &Context<'_>) -> Result<Option<LeaderCoverage>, Fault> {
        Ok(session(ctx)?.coverage_head(&self.0).await?.map(LeaderCoverage))
    }

    /// The unit's leaders, by name: never by a figure, because these numbers are to encourage and not to rank.
    async fn leaders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<LeaderCoverageConnection, Fault> {
        let (session, shape) = (session(ctx)?, self.shape("leaders"));
        let page = PageArgs::of((first, after), (last, before));
        let slice = session.coverage_leaders(&self.0, &page.read(session, &shape)?).await?;
        let sealed = seal(session, &shape, slice);
        Ok(LeaderCoverageConnection::new(
            sealed,
            Some(Arc::clone(&self.0)),
            LeaderCoverage,
        ))
    }

    /// Those not heard in the window, the longest wait first; of equal waits never heard before heard. To others than HR
    /// admins skip-levels are known by month, one month late: until then somebody stays on the list.
    async fn waiting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<PersonConnection, Fault> {
        let (session, shape) = (session(ctx)?, self.shape("waiting"));
        let page = PageArgs::of((first, after), (last, before));
        let slice = session.coverage_waiting(&self.0, &page.read(session, &shape)?).await?;
        let sealed = seal(session, &shape, slice);
        Ok(PersonConnection::new(
            sealed,
            Some(People::Waiting(Arc::clone(&self.0))),
            Person,
        ))
    }

    /// The twelve months up to `asOf`. Always about the same people, those of `asOf`, so that months can be compared.
    async fn trend(&self) -> Vec<CoverageMonth> {
        self.0.trend().into_iter().map(Into::into).collect()
    }

    /// How skip-levels are spread over people, and that nobody has too many.
    async fn load(&self) -> LoadDistribution {
        self.0.load().into()
    }

    /// When the unit's leaders last had a 1:1 with a peer.
    async fn peers(&self, ctx: &Context<'_>) -> Result<PeerFreshness, Fault> {
        Ok(session(ctx)?.coverage_peers(&self.0).await?.into())
    }
}

impl CoverageReport {
    /// Names a list of this report: its cursors fit no other.
    fn shape(&self, list: &str) -> String {
        format!("coverage {list} {:?}", self.0.query())
    }
}

/// People, and how many of them were heard.
#[derive(Clone, Debug, SimpleObject)]
pub struct CoverageGroup {
    /// What it is among the groups beside it; of a BRANCH the id of its top, of nobody's department or location empty.
    key: String,
    /// The same for people.
    label: String,
    /// How many people it has.
    population: i32,
    /// How many of them had a skip-level with anybody above in the window; null if suppressed.
    heard: Option<i32>,
    /// The share of them, 0 to 1; null if suppressed, and of nobody.
    share: Option<f64>,
    /// The longest wait in days at work: since the last held skip-level with anybody above; of those never heard since
    /// they could have been. To others than HR admins waits count from the end of a month that they may know of. Null if
    /// suppressed, and where nothing of single skip-levels is shown to those above (`betweenVisibility: NONE`).
    wait_days_max: Option<i32>,
    /// Nine of ten wait at most so many days; null as `waitDaysMax`.
    #[graphql(name = "waitDaysP90")]
    wait_days_p90: Option<i32>,
    /// Half wait at most so many days; null as `waitDaysMax`.
    wait_days_median: Option<i32>,
    /// Whether it is kept back from all but HR admins, because it or what could be worked out with it is too small a group.
    suppressed: bool,
}

/// Departments against levels.
#[derive(Clone, Debug, SimpleObject)]
pub struct CoverageTable {
    /// The levels.
    columns: Vec<CoverageColumn>,
    /// The departments.
    rows: Vec<CoverageRow>,
}

/// A level.
#[derive(Clone, Debug, SimpleObject)]
pub struct CoverageColumn {
    /// Lines to the top of the chart.
    key: String,
    /// The same for people.
    label: String,
}

/// A department.
#[derive(Clone, Debug, SimpleObject)]
pub struct CoverageRow {
    /// Its name; empty for people without one.
    key: String,
    /// The same for people.
    label: String,
    /// All of it.
    total: CoverageGroup,
    /// Its people of each level, in the order of the columns.
    cells: Vec<CoverageGroup>,
}

/// Whom a leader meets, and how regularly. What is told of a leader with a small Pop is suppressed for all but HR admins.
#[derive(Clone, Debug, Description)]
pub struct LeaderCoverage(LeaderFound);

#[Object(use_type_description)]
impl LeaderCoverage {
    /// The leader.
    async fn leader(&self) -> Person {
        Person(self.0.person.clone())
    }

    /// People in Pop: ACTIVE, two or more levels below the leader.
    async fn population(&self) -> i32 {
        count(self.0.figures.population)
    }

    /// Which of `coverage` and `strataCoverage` fits: the first up to a hundred people, the second above.
    async fn measure(&self) -> LeaderMeasure {
        self.0.figures.measure.into()
    }

    /// People in Pop whom the leader met in the window; null if suppressed.
    async fn met(&self) -> Option<i32> {
        self.told(|told| count(told.met))
    }

    /// The share of Pop that is, 0 to 1; null if suppressed or if there is nobody.
    async fn coverage(&self) -> Option<f64> {
        let population = self.0.figures.population;
        self.told(|told| share(told.met, population)).flatten()
    }

    /// Parts of Pop, branch by band, that anybody is in; null if suppressed.
    async fn strata(&self) -> Option<i32> {
        self.told(|told| count(told.strata))
    }

    /// How many of these the leader visited in 26 weeks; null if suppressed.
    async fn strata_visited(&self) -> Option<i32> {
        self.told(|told| count(told.strata_visited))
    }

    /// The share of these, 0 to 1; null if suppressed or if there are none.
    async fn strata_coverage(&self) -> Option<f64> {
        self.told(|told| share(told.strata_visited, told.strata)).flatten()
    }

    /// Meetings with the bottom of the ladder a month, on average of the window; null if suppressed, and of leaders with fewer
    /// than four levels below.
    async fn bottom_meetings_per_month(&self) -> Option<f64> {
        self.0.figures.told.as_ref().and_then(|told| told.bottom_per_month)
    }

    /// Weeks of the window for which the leader was given a suggestion.
    async fn weeks_with_slot(&self) -> i32 {
        count(self.0.figures.weeks_with_slot)
    }

    /// How many of these had a held skip-level; null if suppressed.
    async fn weeks_held(&self) -> Option<i32> {
        self.told(|told| count(told.weeks_held))
    }

    /// The share of these, 0 to 1; null if suppressed or if there were none.
    async fn adherence(&self) -> Option<f64> {
        let weeks = self.0.figures.weeks_with_slot;
        self.told(|told| share(told.weeks_held, weeks)).flatten()
    }

    /// Skip-levels that the leader held in the window; null if suppressed.
    async fn meetings(&self) -> Option<i32> {
        self.told(|told| count(told.meetings))
    }

    /// How many of these were with somebody whom the leader had met before in the window; null if suppressed.
    async fn repeats(&self) -> Option<i32> {
        self.told(|told| count(told.repeats))
    }

    /// The share of these, 0 to 1; null if suppressed or if there were none.
    async fn concentration(&self) -> Option<f64> {
        self.told(|told| share(told.repeats, told.meetings)).flatten()
    }

    /// Whether anything is kept back.
    async fn suppressed(&self) -> bool {
        self.0.figures.told.is_none()
    }
}

impl LeaderCoverage {
    fn told<T>(&self, read: impl FnOnce(&LeaderCounts) -> T) -> Option<T> {
        self.0.figures.told.as_ref().map(read)
    }
}

connection!(
    LeaderCoverageConnection,
    LeaderCoverageEdge,
    LeaderCoverage,
    Arc<Coverage>,
    coverage_leaders_count,
    "A page of leaders."
);

/// One month of a trend.
#[derive(Clone, Debug, SimpleObject)]
pub struct CoverageMonth {
    /// Its first day.
    month: Date,
    /// How many people the unit has on `asOf`.
    population: i32,
    /// Skip-levels held with them in the month; null if suppressed.
    held: Option<i32>,
    /// How many were heard in the window that ends with the month; null if suppressed.
    heard: Option<i32>,
    /// The share of them, 0 to 1; null if suppressed, and of nobody.
    share: Option<f64>,
    /// The share that the same held meetings could have reached by the chart of `asOf`, had each been with the best person for
    /// it, 0 to 1; null if suppressed, and of nobody.
    possible: Option<f64>,
    /// Whether anything is kept back.
    suppressed: bool,
}

impl From<coverage::Month> for CoverageMonth {
    fn from(month: coverage::Month) -> Self {
        Self {
            month: Date(month.month),
            population: count(month.population),
            held: month.held.map(count),
            heard: month.heard.map(count),
            share: month.heard.and_then(|heard| share(heard, month.population)),
            possible: month.possible.and_then(|possible| share(possible, month.population)),
            suppressed: month.heard.is_none(),
        }
    }
}

/// Skip-levels a person.
#[derive(Clone, Debug, SimpleObject)]
pub struct LoadDistribution {
    /// How many people had how many in the window, from none on without gaps; empty if suppressed, and of nobody.
    buckets: Vec<LoadBucket>,
    /// The most that one person had in one ISO week, which must be 1; null if suppressed, and if nobody had any.
    most_in_a_week: Option<i32>,
    /// Whether anything is kept back.
    suppressed: bool,
}

/// People with the same number of skip-levels.
#[derive(Clone, Debug, SimpleObject)]
pub struct LoadBucket {
    /// So many in the window.
    meetings: i32,
    /// How many people.
    people: i32,
}

impl From<coverage::Load> for LoadDistribution {
    fn from(load: coverage::Load) -> Self {
        let bucket = |bucket: coverage::LoadBucket| LoadBucket {
            meetings: count(bucket.meetings),
            people: count(bucket.people),
        };
        Self {
            buckets: load.buckets.into_iter().map(bucket).collect(),
            most_in_a_week: load.most_in_a_week.map(count),
            suppressed: load.suppressed,
        }
    }
}

/// When leaders last had a held 1:1 with a peer, counted within the window.
#[derive(Clone, Debug, SimpleObject)]
pub struct PeerFreshness {
    /// How many leaders the unit has.
    people: i32,
    /// Under 21 days ago; null if suppressed.
    fresh: Option<i32>,
    /// 21 to 35 days ago; null if suppressed.
    due: Option<i32>,
    /// Over 35 days ago; null if suppressed.
    late: Option<i32>,
    /// Not in the window; null if suppressed.
    never: Option<i32>,
    /// How many did; null if suppressed.
    met: Option<i32>,
    /// The median of days since then; null if suppressed, and if nobody did.
    median_days: Option<i32>,
    /// Whether anything is kept back.
    suppressed: bool,
}

impl From<coverage::PeerFreshness> for PeerFreshness {
    fn from(peers: coverage::PeerFreshness) -> Self {
        let [fresh, due, late, never] = peers
            .counts
            .map_or([None; 4], |counts| counts.map(|number| Some(count(number))));
        Self {
            people: count(peers.people),
            fresh,
            due,
            late,
            never,
            met: never.map(|never| count(peers.people) - never),
            median_days: peers.median_days.map(days),
            suppressed: peers.counts.is_none(),
        }
    }
}

impl CoverageGroup {
    fn of(key: String, label: String, figures: &Figures) -> Self {
        Self {
            key,
            label,
            population: count(figures.population),
            heard: figures.heard.map(count),
            share: figures.share(),
            wait_days_max: figures.wait_max.map(days),
            wait_days_p90: figures.wait_p90.map(days),
            wait_days_median: figures.wait_median.map(days),
            suppressed: figures.suppressed,
        }
    }
}

/// What groups are called.
#[derive(Default)]
struct Names(HashMap<PersonKey, PersonFound>);

impl Names {
    /// Those that these groups need.
    async fn of(ctx: &Context<'_>, keys: impl Iterator<Item = &GroupKey>) -> Result<Self, Fault> {
        let person = |key: &GroupKey| match key {
            GroupKey::Branch(person) => Some(*person),
            _ => None,
        };
        let people: Vec<PersonKey> = keys.filter_map(person).collect();
        Ok(Self(session(ctx)?.cards(&people).await?))
    }

    /// Key and label of a group.
    fn of_key(&self, key: &GroupKey, grouping: Grouping) -> (String, String) {
        match key {
            GroupKey::Branch(person) => match self.0.get(person) {
                Some(found) => (NodeKind::Person.id(found.row.uid).to_string(), found.row.name.clone()),
                None => (String::new(), String::new()),
            },
            _ => (key.code(), key.label(grouping)),
        }
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn days(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
