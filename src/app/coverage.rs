//! Coverage reports: the same for HR admins and leaders, who see those below them.

use std::{cmp::Ordering, collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{AppError, PersonFound, PersonKeyInput, Session, people::found, session::Current};
use crate::{
    domain::{
        Date,
        coverage::{
            Asked, Figures, Group, GroupKey, Grouping, LeaderFigures, Load, Month, PeerFreshness, Sight, Survey, Table,
            Unit, Waiting,
        },
        person::PersonKey,
    },
    store::{Cursor, PageRequest, PersonFilter, PersonOrder, Slice},
};

/// The longest window, in days.
const LONGEST_WINDOW: i64 = 730;

/// What to report of.
#[derive(Clone, Debug)]
pub struct CoverageQuery {
    /// Everybody below this person, by public id; else the whole organisation, or everybody below the viewer.
    pub under: Option<Uuid>,
    /// Days in which a skip-level counts.
    pub window_days: i64,
    /// The day of the report; today if none.
    pub as_of: Option<Date>,
    /// Those of this department alone.
    pub department: Option<String>,
    /// By what the groups are.
    pub grouping: Grouping,
    /// For whose eyes.
    pub eyes: Eyes,
}

/// For whose eyes a report is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Eyes {
    /// The viewer's.
    #[default]
    Viewer,
    /// Those of leaders as well, whoever asks: fit to be handed on. Names nobody but heads of branches: who waits is for their
    /// leaders and HR admins, and figures of leaders for those above them.
    Anybody,
}

/// A report, ready to be counted.
#[derive(Debug)]
pub struct Coverage {
    query: CoverageQuery,
    as_of: Date,
    survey: Survey,
    unit: Unit,
    head: Option<PersonFound>,
    sight: Sight,
}

/// A leader's figures with who they are.
#[derive(Clone, Debug)]
pub struct LeaderFound {
    /// The leader.
    pub person: PersonFound,
    /// Their figures.
    pub figures: LeaderFigures,
}

impl Coverage {
    /// The day of the report.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Days in which a skip-level counts.
    pub fn window_days(&self) -> i64 {
        self.query.window_days
    }

    /// Whose unit it is; none for the whole organisation.
    pub fn head(&self) -> Option<&PersonFound> {
        self.head.as_ref()
    }

    /// By what the groups are.
    pub fn grouping(&self) -> Grouping {
        self.query.grouping
    }

    /// What was asked for.
    pub fn query(&self) -> &CoverageQuery {
        &self.query
    }

    /// The whole unit.
    pub fn total(&self) -> Figures {
        self.survey.total(self.unit, self.department(), self.sight)
    }

    /// The unit broken down by what was asked for.
    pub fn groups(&self) -> Vec<Group> {
        self.groups_by(self.query.grouping)
    }

    /// The unit broken down.
    pub fn groups_by(&self, grouping: Grouping) -> Vec<Group> {
        self.survey.groups(self.unit, grouping, self.department(), self.sight)
    }

    /// Departments against levels; the one department if one is asked for.
    pub fn heat_map(&self) -> Table {
        let mut table = self.survey.table(self.unit, Grouping::Depth, self.sight);
        if let Some(name) = self.department() {
            let key = GroupKey::Department(name.to_owned());
            table.rows.retain(|(row, _)| row.key == key);
        }
        table
    }

    /// The last twelve months.
    pub fn trend(&self) -> Vec<Month> {
        self.survey.trend(self.unit, self.department(), self.sight)
    }

    /// Skip-levels a person.
    pub fn load(&self) -> Load {
        self.survey.load(self.unit, self.department(), self.sight)
    }

    /// How many people wait.
    pub fn waiting_count(&self) -> u64 {
        self.waiting().len() as u64
    }

    fn waiting(&self) -> Vec<Waiting> {
        if self.query.eyes == Eyes::Anybody {
            return Vec::new();
        }
        self.survey.waiting(self.unit, self.department(), self.sight)
    }

    fn leaders(&self) -> Vec<PersonKey> {
        if self.query.eyes == Eyes::Anybody {
            return Vec::new();
        }
        self.survey.leading(self.unit, self.department())
    }

    fn department(&self) -> Option<&str> {
        self.query.department.as_deref()
    }
}

impl Session {
    /// The report that is asked for, as far as it is in reach: of whom the viewer may not see it tells what it would tell of
    /// somebody who does not exist.
    pub async fn coverage(&self, query: CoverageQuery) -> Result<Arc<Coverage>, AppError> {
        if !(1..=LONGEST_WINDOW).contains(&query.window_days) {
            let message = format!("windowDays should be between 1 and {LONGEST_WINDOW}");
            return Err(AppError::Input(message));
        }
        let current = self.current().await?;
        let scope = current.viewer.reports();
        let (today, as_of) = (self.today(), query.as_of.unwrap_or(self.today()));
        if as_of > today {
            return Err(AppError::Input(
                "asOf lies after today: nothing has been held then".to_owned(),
            ));
        }
        if as_of < today && !scope.is_everyone() {
            let message = "asOf is not today: two days side by side would tell of the few who came or went in between, so past days are for HR admins";
            return Err(AppError::Input(message.to_owned()));
        }
        let settings = current.settings().await?;
        let sight = if scope.is_everyone() && query.eyes == Eyes::Viewer {
            Sight::Whole
        } else {
            Sight::Above {
                between: settings.between_visibility,
                smallest: usize::try_from(settings.smallest_group).unwrap_or(usize::MAX),
            }
        };
        let asked = Asked {
            as_of,
            window_days: query.window_days,
            new_joiner_days: settings.new_joiner_days,
        };
        let (unit, head) = self.unit(&current, &query).await?;
        let facts = current.snapshot.report_facts(&scope, as_of, today).await?;
        Ok(Arc::new(Coverage {
            survey: Survey::new(facts, asked),
            query,
            as_of,
            unit,
            head,
            sight,
        }))
    }

    /// One page of those who wait, the longest wait first.
    pub async fn coverage_waiting(
        &self,
        coverage: &Coverage,
        page: &PageRequest,
    ) -> Result<Slice<PersonFound>, AppError> {
        let slice = page_of(coverage.waiting(), page);
        let keys: Vec<PersonKey> = slice.rows.iter().map(|(_, waiting)| waiting.person).collect();
        let cards = self.cards(&keys).await?;
        let rows = slice.rows.into_iter();
        Ok(Slice {
            rows: rows
                .filter_map(|(cursor, waiting)| Some((cursor, cards.get(&waiting.person)?.clone())))
                .collect(),
            has_next: slice.has_next,
            has_previous: slice.has_previous,
        })
    }

    /// One page of the unit's leaders, by name.
    pub async fn coverage_leaders(
        &self,
        coverage: &Coverage,
        page: &PageRequest,
    ) -> Result<Slice<LeaderFound>, AppError> {
        let current = self.current().await?;
        let filter = PersonFilter {
            among: Some(coverage.leaders()),
            ..PersonFilter::default()
        };
        let scope = current.viewer.profiles();
        let people = current
            .snapshot
            .people(&scope, &filter, PersonOrder::Name, page)
            .await?
            .map(|row| found(&current, row));
        let keys: Vec<PersonKey> = people.rows.iter().map(|(_, person)| person.row.key).collect();
        let mut figures = self.leader_figures(coverage, &keys).await?;
        let rows = people.rows.into_iter().filter_map(|(cursor, person)| {
            let figures = figures.remove(&person.row.key)?;
            Some((cursor, LeaderFound { person, figures }))
        });
        Ok(Slice {
            rows: rows.collect(),
            has_next: people.has_next,
            has_previous: people.has_previous,
        })
    }

    /// How many leaders the unit has.
    #[expect(clippy::unused_async, reason = "connections wait for their counts")]
    pub async fn coverage_leaders_count(&self, coverage: &Arc<Coverage>) -> Result<u64, AppError> {
        Ok(coverage.leaders().len() as u64)
    }

    /// The figures of the unit's head as a leader; none for the whole organisation.
    pub async fn coverage_head(&self, coverage: &Coverage) -> Result<Option<LeaderFound>, AppError> {
        let Some(person) = coverage.head.clone() else {
            return Ok(None);
        };
        let mut figures = self.leader_figures(coverage, &[person.row.key]).await?;
        let figures = figures.remove(&person.row.key);
        Ok(figures.map(|figures| LeaderFound { person, figures }))
    }

    /// How fresh the 1:1s of the unit's leaders with peers are.
    pub async fn coverage_peers(&self, coverage: &Coverage) -> Result<PeerFreshness, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.reports();
        let last = current.snapshot.report_peers(&scope, coverage.as_of).await?;
        let Coverage {
            survey, unit, sight, ..
        } = coverage;
        Ok(survey.peers(*unit, coverage.department(), &last, *sight))
    }

    async fn leader_figures(
        &self,
        coverage: &Coverage,
        leaders: &[PersonKey],
    ) -> Result<HashMap<PersonKey, LeaderFigures>, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.reports();
        let days = (coverage.survey.visits_from(), coverage.as_of);
        let facts = current.snapshot.report_leaders(&scope, leaders, days).await?;
        let figures = coverage.survey.leaders(leaders, &facts, coverage.sight).into_iter();
        Ok(figures.map(|figures| (figures.leader, figures)).collect())
    }

    /// The unit that is asked for, and whose it is.
    async fn unit(&self, current: &Current, query: &CoverageQuery) -> Result<(Unit, Option<PersonFound>), AppError> {
        let everybody = current.viewer.reports().is_everyone();
        let head = match (query.under, current.viewer.key()) {
            (Some(uid), _) => self.person(&PersonKeyInput::Uid(uid)).await?,
            (None, _) if everybody => return Ok((Unit::Everybody, None)),
            (None, Some(me)) => self.cards(&[me]).await?.remove(&me),
            (None, None) => None,
        };
        // Of whom the viewer has the profile they may have the report.
        let head = head.filter(|head| head.access.shows_profile() && !current.viewer.reports().reaches().is_empty());
        Ok(head.map_or((Unit::Nobody, None), |head| (Unit::Below(head.row.key), Some(head))))
    }
}

/// The place of somebody who waits, in the order of waits.
fn place_of(waiting: &Waiting) -> [i64; 3] {
    [-waiting.days, i64::from(waiting.heard_before), waiting.person.0]
}

/// A page of those who wait, who are in memory. A cursor of another list is no place here.
fn page_of(rows: Vec<Waiting>, page: &PageRequest) -> Slice<Waiting> {
    let read = |cursor: &Option<Cursor>| match cursor {
        None => Ok(None),
        Some(Cursor(texts)) => {
            let numbers: Option<Vec<i64>> = texts.iter().map(|text| text.parse().ok()).collect();
            let place: Option<[i64; 3]> = numbers.and_then(|numbers| numbers.try_into().ok());
            place.map(Some).ok_or(())
        }
    };
    let (Ok(after), Ok(before)) = (read(&page.after), read(&page.before)) else {
        return Slice::empty();
    };
    let from = after.map_or(0, |after| {
        rows.partition_point(|row| place_of(row).cmp(&after) != Ordering::Greater)
    });
    let to = before.map_or(rows.len(), |before| rows.partition_point(|row| place_of(row) < before));
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let length = to.saturating_sub(from).min(size);
    let (from, has_next, has_previous) = if page.backward {
        let start = to - length;
        (start, before.is_some(), start > from)
    } else {
        (from, from + length < to, after.is_some())
    };
    let cursor = |row: &Waiting| Cursor(place_of(row).iter().map(ToString::to_string).collect());
    let rows = rows.into_iter().skip(from).take(length);
    Slice {
        rows: rows.map(|row| (cursor(&row), row)).collect(),
        has_next,
        has_previous,
    }
}
