//! People, in reach.

use std::collections::HashMap;

use entity::{employment, external_identity, person, reporting_line};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{
    PageRequest, PersonOrder, Slice, Snapshot, StoreError,
    code::{value, word},
    within::{below, owned_within, within},
};
use crate::{
    auth::{
        scope::{
            Grant, Scope,
            action::Meet,
            facet::{Cards, Profiles},
        },
        viewer::Place,
    },
    domain::{
        Date,
        line::LineKind,
        person::{PersonKey, PersonStatus, Spell},
        rotation::Standing,
    },
};

/// One person as the store knows them.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Internal key.
    pub key: PersonKey,
    /// Public id.
    pub uid: Uuid,
    /// Full name.
    pub name: String,
    /// Work e-mail.
    pub email: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Place of work.
    pub location: Option<String>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// Status today.
    pub status: PersonStatus,
    /// Place in today's chart.
    pub place: Option<Place>,
    /// Nearest present person above.
    pub manager: Option<PersonKey>,
    /// Whether `manager` stands in for somebody absent.
    pub interim: bool,
    /// Whether somebody stands two or more levels below.
    pub leads: bool,
}

impl TryFrom<person::Model> for PersonRow {
    type Error = StoreError;

    fn try_from(row: person::Model) -> Result<Self, StoreError> {
        let key = PersonKey(row.id);
        Ok(Self {
            key,
            uid: row.uid,
            name: row.name,
            email: row.email,
            title: row.title,
            department: row.department,
            location: row.location,
            time_zone: row.time_zone,
            status: value(&row.status)?,
            place: row.path.map(|path| Place::new(key, path)),
            manager: row.manager_id.map(PersonKey),
            interim: row.interim,
            leads: row.below_count > row.report_count,
        })
    }
}

/// One of the keys that somebody is found by.
#[derive(Clone, Debug)]
pub enum PersonKeyed {
    /// Public id.
    Uid(Uuid),
    /// Work e-mail, without regard to case.
    Email(String),
}

/// Which people; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct PersonFilter {
    /// Part of the name, without regard to case and accents.
    pub search: Option<String>,
    /// Exact department.
    pub department: Option<String>,
    /// Exact location.
    pub location: Option<String>,
    /// Status today.
    pub status: Option<PersonStatus>,
    /// Strictly below this place ...
    pub under: Option<Place>,
    /// ... by at least so many lines ...
    pub min_distance: Option<u32>,
    /// ... and at most so many.
    pub max_distance: Option<u32>,
    /// Direct reports of this person.
    pub manager: Option<PersonKey>,
    /// Whether somebody stands two or more levels below.
    pub leads: Option<bool>,
    /// Employed on this day, instead of anybody ever known.
    pub employed_on: Option<Date>,
    /// Only these people.
    pub among: Option<Vec<PersonKey>>,
}

/// A SOLID or DOTTED line over time.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Public id.
    pub id: Uuid,
    /// Who reports.
    pub report: PersonKey,
    /// To whom.
    pub manager: PersonKey,
    /// What the line means.
    pub kind: LineKind,
    /// First day.
    pub valid_from: Date,
    /// First day after it.
    pub valid_to: Option<Date>,
    /// Whether `manager` stands in for somebody absent from today's chart; of a stored line it never does.
    pub interim: bool,
}

impl LineRow {
    /// Whether the line is valid on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }
}

impl Snapshot {
    /// The person with this key, if in reach.
    pub async fn person(&self, scope: &Scope<Cards>, by: &PersonKeyed) -> Result<Option<PersonRow>, StoreError> {
        let select = person::Entity::find().filter(within(scope));
        let select = match by {
            PersonKeyed::Uid(uid) => select.filter(person::Column::Uid.eq(*uid)),
            // Unique among present people only; the present one first.
            PersonKeyed::Email(email) => select
                .filter(person::Column::EmailKey.eq(email.to_lowercase()))
                .order_by_asc(person::Column::Path.is_null())
                .order_by_desc(person::Column::Id),
        };
        select.one(&self.tx).await?.map(TryInto::try_into).transpose()
    }

    /// The people with these public ids, as far as they are in reach; in no order.
    pub async fn people_by_uid(&self, scope: &Scope<Cards>, uids: Vec<Uuid>) -> Result<Vec<PersonRow>, StoreError> {
        let select = person::Entity::find()
            .filter(within(scope))
            .filter(person::Column::Uid.is_in(uids));
        rows(select.all(&self.tx).await?)
    }

    /// The person whom `source` knows by `external_id`, if their profile is in reach.
    pub async fn person_by_external_id(
        &self,
        scope: &Scope<Profiles>,
        source: &str,
        external_id: &str,
    ) -> Result<Option<PersonRow>, StoreError> {
        use sea_orm::{QuerySelect, QueryTrait};
        // One statement, whether or not anybody has the id: out of reach takes no longer than not there.
        let identity = external_identity::Entity::find_by_id((source.to_owned(), external_id.to_owned()))
            .select_only()
            .column(external_identity::Column::PersonId);
        let select = person::Entity::find()
            .filter(within(scope))
            .filter(person::Column::Id.in_subquery(identity.into_query()));
        select.one(&self.tx).await?.map(TryInto::try_into).transpose()
    }

    /// The cards of these people, as far as they are in reach; in no order.
    pub async fn cards(&self, scope: &Scope<Cards>, keys: &[PersonKey]) -> Result<Vec<PersonRow>, StoreError> {
        let keys = keys.iter().map(|key| key.0);
        let select = person::Entity::find()
            .filter(within(scope))
            .filter(person::Column::Id.is_in(keys));
        rows(select.all(&self.tx).await?)
    }

    /// Where `person` stands below `leader`; both were read in reach before.
    pub async fn standing(&self, _grant: &Grant<Meet>, leader: &Place, person: &Place) -> Result<Standing, StoreError> {
        let sql = "SELECT COALESCE(MAX(depth), 0) AS deepest, \
                   COALESCE((SELECT report_count FROM person WHERE id = $3), 0) AS reports \
                   FROM person WHERE path >= $1 AND path < $2";
        let values = [
            format!("{}.", leader.path()).into(),
            format!("{}/", leader.path()).into(),
            person.key().0.into(),
        ];
        let row = self.tx.query_one_raw(self.sql(sql, values)).await?;
        let row = row.ok_or_else(|| StoreError::Row("an aggregate without a row".to_owned()))?;
        let deepest: i32 = row.try_get("", "deepest")?;
        let reports: i32 = row.try_get("", "reports")?;
        let top = i32::try_from(leader.above().len()).unwrap_or(i32::MAX);
        Ok(Standing {
            levels_below_leader: deepest.saturating_sub(top).try_into().unwrap_or(0),
            distance: leader.distance(person).unwrap_or(0),
            has_reports: reports > 0,
        })
    }

    /// One page of the people in reach.
    pub async fn people(
        &self,
        scope: &Scope<Profiles>,
        filter: &PersonFilter,
        order: PersonOrder,
        page: &PageRequest,
    ) -> Result<Slice<PersonRow>, StoreError> {
        let slice = self
            .page(select(scope, filter), order.keys(scope.viewer()), page)
            .await?;
        let rows = slice
            .rows
            .into_iter()
            .map(|(cursor, row)| Ok((cursor, row.try_into()?)));
        let rows = rows.collect::<Result<_, StoreError>>()?;
        Ok(Slice {
            rows,
            has_next: slice.has_next,
            has_previous: slice.has_previous,
        })
    }

    /// How many people are in reach.
    pub async fn people_count(&self, scope: &Scope<Profiles>, filter: &PersonFilter) -> Result<u64, StoreError> {
        Ok(select(scope, filter).count(&self.tx).await?)
    }

    /// By which ids which sources know these people, `(source, external id)` in order, as far as in reach.
    pub async fn external_ids(
        &self,
        scope: &Scope<Profiles>,
        keys: &[PersonKey],
    ) -> Result<HashMap<PersonKey, Vec<(String, String)>>, StoreError> {
        let select = external_identity::Entity::find()
            .filter(owned_within(scope, external_identity::Column::PersonId))
            .filter(external_identity::Column::PersonId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(external_identity::Column::Source)
            .order_by_asc(external_identity::Column::ExternalId);
        let mut ids: HashMap<_, Vec<_>> = HashMap::new();
        for row in select.all(&self.tx).await? {
            ids.entry(PersonKey(row.person_id))
                .or_default()
                .push((row.source, row.external_id));
        }
        Ok(ids)
    }

    /// The spells of employment of these people, oldest first, as far as in reach.
    pub async fn spells(
        &self,
        scope: &Scope<Profiles>,
        keys: &[PersonKey],
    ) -> Result<HashMap<PersonKey, Vec<Spell>>, StoreError> {
        let select = employment::Entity::find()
            .filter(owned_within(scope, employment::Column::PersonId))
            .filter(employment::Column::PersonId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(employment::Column::StartDate);
        let mut spells: HashMap<_, Vec<_>> = HashMap::new();
        for row in select.all(&self.tx).await? {
            spells.entry(PersonKey(row.person_id)).or_default().push(Spell {
                start: row.start_date,
                end: row.end_date,
            });
        }
        Ok(spells)
    }

    /// The lines in which these people report, oldest first, as far as their profile is in reach.
    pub async fn lines(&self, scope: &Scope<Profiles>, keys: &[PersonKey]) -> Result<Vec<LineRow>, StoreError> {
        let select = reporting_line::Entity::find()
            .filter(owned_within(scope, reporting_line::Column::ReportId))
            .filter(reporting_line::Column::ReportId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(reporting_line::Column::ValidFrom)
            .order_by_asc(reporting_line::Column::Id);
        select.all(&self.tx).await?.into_iter().map(TryInto::try_into).collect()
    }

    /// The lines with these public ids, as far as their report's profile is in reach; in no order.
    pub async fn lines_by_id(&self, scope: &Scope<Profiles>, ids: Vec<Uuid>) -> Result<Vec<LineRow>, StoreError> {
        let select = reporting_line::Entity::find()
            .filter(owned_within(scope, reporting_line::Column::ReportId))
            .filter(reporting_line::Column::Id.is_in(ids));
        select.all(&self.tx).await?.into_iter().map(TryInto::try_into).collect()
    }
}

impl TryFrom<reporting_line::Model> for LineRow {
    type Error = StoreError;

    fn try_from(row: reporting_line::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            report: PersonKey(row.report_id),
            manager: PersonKey(row.manager_id),
            kind: value(&row.kind)?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            interim: false,
        })
    }
}

fn rows(rows: Vec<person::Model>) -> Result<Vec<PersonRow>, StoreError> {
    rows.into_iter().map(TryInto::try_into).collect()
}

fn select(scope: &Scope<Profiles>, filter: &PersonFilter) -> Select<person::Entity> {
    use person::Column;
    let mut all = Condition::all().add(within(scope));
    if let Some(search) = &filter.search {
        let pattern = format!("%{}%", escape_like(&name_key(search)));
        all = all.add(Column::NameKey.like(sea_orm::sea_query::LikeExpr::new(pattern).escape('\\')));
    }
    if let Some(department) = &filter.department {
        all = all.add(Column::Department.eq(department));
    }
    if let Some(location) = &filter.location {
        all = all.add(Column::Location.eq(location));
    }
    if let Some(status) = &filter.status {
        all = all.add(Column::Status.eq(word(status)));
    }
    if let Some(under) = &filter.under {
        let depth = |lines: u32| {
            i64::try_from(under.above().len())
                .unwrap_or(i64::MAX)
                .saturating_add(lines.into())
        };
        all = all.add(below(under));
        all = all.add_option(filter.min_distance.map(|lines| Column::Depth.gte(depth(lines))));
        all = all.add_option(filter.max_distance.map(|lines| Column::Depth.lte(depth(lines))));
    }
    if let Some(manager) = filter.manager {
        all = all.add(Column::ManagerId.eq(manager.0));
    }
    if let Some(leads) = filter.leads {
        let far = Expr::col((person::Entity, Column::BelowCount)).gt(Expr::col((person::Entity, Column::ReportCount)));
        all = all.add(if leads { far } else { far.not() });
    }
    if let Some(day) = filter.employed_on {
        use sea_orm::{QuerySelect, QueryTrait};
        let open = employment::Column::EndDate
            .is_null()
            .or(employment::Column::EndDate.gte(day));
        let employed = employment::Entity::find()
            .select_only()
            .column(employment::Column::PersonId)
            .filter(employment::Column::StartDate.lte(day))
            .filter(open);
        all = all.add(Column::Id.in_subquery(employed.into_query()));
    }
    if let Some(among) = &filter.among {
        // Keys are numbers of ours: they can stand in the text, past any limit of parameters.
        let keys: Vec<_> = among.iter().map(|key| key.0.to_string()).collect();
        let keys = if keys.is_empty() {
            "NULL".to_owned()
        } else {
            keys.join(",")
        };
        all = all.add(Expr::cust(format!("person.id IN ({keys})")));
    }
    person::Entity::find().filter(all)
}

/// A name folded for sorting and searching: lower case, without accents.
pub(crate) fn name_key(name: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    name.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
