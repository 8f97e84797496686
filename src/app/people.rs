//! People, in reach.

use std::collections::HashMap;

use uuid::Uuid;

use super::{AppError, Session, session::Current};
use crate::{
    auth::{policy::Access, viewer::Place},
    domain::{
        Date,
        line::LineKind,
        meeting::published_heard,
        person::{PersonKey, PersonStatus, Spell},
    },
    store::{LineRow, PageRequest, PersonFilter, PersonKeyed, PersonOrder, PersonRow, Slice},
};

/// A person in reach, with what the viewer may see of them.
#[derive(Clone, Debug)]
pub struct PersonFound {
    /// The person.
    pub row: PersonRow,
    /// How the viewer stands to them.
    pub access: Access,
    /// Lines between the two, where one stands above the other.
    pub distance: Option<u32>,
}

/// By what somebody is looked up.
#[derive(Clone, Debug)]
pub enum PersonKeyInput {
    /// Public id.
    Uid(Uuid),
    /// Source and the id there.
    ExternalId(String, String),
    /// Work e-mail.
    Email(String),
}

/// Which people; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct PeopleQuery {
    /// Part of the name.
    pub search: Option<String>,
    /// Exact department.
    pub department: Option<String>,
    /// Exact location.
    pub location: Option<String>,
    /// Status today.
    pub status: Option<PersonStatus>,
    /// Below this person, by public id; distances count from them, or else from the viewer.
    pub under: Option<Uuid>,
    /// At least so many lines below.
    pub min_distance: Option<u32>,
    /// At most so many lines below.
    pub max_distance: Option<u32>,
    /// Whether somebody stands two or more levels below.
    pub is_leader: Option<bool>,
    /// Reporting directly to this person, by public id.
    pub reports_of: Option<Uuid>,
    /// By the chart of this day instead of today's.
    pub as_of: Option<Date>,
}

impl Session {
    /// The person with this key, if in reach.
    pub async fn person(&self, by: &PersonKeyInput) -> Result<Option<PersonFound>, AppError> {
        let current = self.current().await?;
        let cards = current.viewer.cards();
        let row = match by {
            PersonKeyInput::Uid(uid) => current.snapshot.person(&cards, &PersonKeyed::Uid(*uid)).await?,
            PersonKeyInput::Email(email) => {
                current
                    .snapshot
                    .person(&cards, &PersonKeyed::Email(email.clone()))
                    .await?
            }
            PersonKeyInput::ExternalId(source, id) => {
                current
                    .snapshot
                    .person_by_external_id(&current.viewer.profiles(), source, id)
                    .await?
            }
        };
        Ok(row.map(|row| found(&current, row)))
    }

    /// The people with these public ids, as far as they are in reach.
    pub async fn people_by_uid(&self, uids: Vec<Uuid>) -> Result<HashMap<Uuid, PersonFound>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.people_by_uid(&current.viewer.cards(), uids).await?;
        Ok(rows.into_iter().map(|row| (row.uid, found(&current, row))).collect())
    }

    /// The people with these keys, as far as they are in reach.
    pub async fn cards(&self, keys: &[PersonKey]) -> Result<HashMap<PersonKey, PersonFound>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.cards(&current.viewer.cards(), keys).await?;
        Ok(rows.into_iter().map(|row| (row.key, found(&current, row))).collect())
    }

    /// One page of the people whose profile is in reach.
    pub async fn people(
        &self,
        query: &PeopleQuery,
        order: PersonOrder,
        page: &PageRequest,
    ) -> Result<Slice<PersonFound>, AppError> {
        let current = self.current().await?;
        let Some(filter) = self.filter(&current, query).await? else {
            return Ok(Slice::empty());
        };
        let slice = current
            .snapshot
            .people(&current.viewer.profiles(), &filter, order, page)
            .await?;
        Ok(slice.map(|row| found(&current, row)))
    }

    /// How many people's profiles are in reach.
    pub async fn people_count(&self, query: &PeopleQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        let Some(filter) = self.filter(&current, query).await? else {
            return Ok(0);
        };
        Ok(current
            .snapshot
            .people_count(&current.viewer.profiles(), &filter)
            .await?)
    }

    /// By which ids which sources know these people, as far as their profile is in reach.
    pub async fn external_ids(
        &self,
        keys: &[PersonKey],
    ) -> Result<HashMap<PersonKey, Vec<(String, String)>>, AppError> {
        let current = self.current().await?;
        Ok(current.snapshot.external_ids(&current.viewer.profiles(), keys).await?)
    }

    /// The spells of employment of these people, as far as their profile is in reach. Ends and starts to come are
    /// planned changes: for HR admins and oneself.
    pub async fn spells(&self, keys: &[PersonKey]) -> Result<HashMap<PersonKey, Vec<Spell>>, AppError> {
        let current = self.current().await?;
        let profiles = current.viewer.profiles();
        let mut spells = current.snapshot.spells(&profiles, keys).await?;
        if !profiles.is_everyone() {
            let today = self.today();
            for (key, spells) in &mut spells {
                if current.viewer.key() != Some(*key) {
                    spells.retain(|spell| spell.start <= today);
                    for spell in spells {
                        spell.end = spell.end.filter(|end| *end < today);
                    }
                }
            }
        }
        Ok(spells)
    }

    /// The lines in which these people report, oldest first, as far as their profile and the manager's card are in
    /// reach. Lines to come are planned changes: for HR admins.
    pub async fn reporting_lines(&self, keys: &[PersonKey]) -> Result<Vec<LineRow>, AppError> {
        let current = self.current().await?;
        let lines = current.snapshot.lines(&current.viewer.profiles(), keys).await?;
        self.lines_in_reach(&current, lines).await
    }

    /// The lines with these public ids, as far as in reach.
    pub async fn reporting_lines_by_id(&self, ids: Vec<Uuid>) -> Result<Vec<LineRow>, AppError> {
        let current = self.current().await?;
        let lines = current.snapshot.lines_by_id(&current.viewer.profiles(), ids).await?;
        self.lines_in_reach(&current, lines).await
    }

    /// When each of these people was last heard by anybody above. Exact for HR admins, oneself and one's own
    /// meetings; of the meetings of others the month, one month late (product.md 6).
    pub async fn last_heard(&self, keys: &[PersonKey]) -> Result<HashMap<PersonKey, Date>, AppError> {
        let current = self.current().await?;
        let settings = current.settings().await?;
        let today = self.today();
        let hidden_from = first_hidden_day(today);
        let profiles = current.viewer.profiles();
        let heard = current.snapshot.last_heard(&profiles, keys, hidden_from).await?;
        let published = |day| published_heard(day, today, settings.between_visibility);
        let visible = heard.into_iter().filter_map(|(key, heard)| {
            let exact = profiles.is_everyone() || current.viewer.key() == Some(key);
            let day = if exact {
                heard.newest
            } else {
                heard.by_viewer.max(heard.before.and_then(published))
            };
            Some((key, day?))
        });
        Ok(visible.collect())
    }

    async fn filter(&self, current: &Current, query: &PeopleQuery) -> Result<Option<PersonFilter>, AppError> {
        let planned = query.as_of.is_some_and(|day| day > self.today());
        if planned && !current.viewer.profiles().is_everyone() {
            return Err(AppError::Input(
                "asOf lies after today: planned changes are for HR admins".to_owned(),
            ));
        }
        let mut filter = PersonFilter {
            search: query.search.clone(),
            department: query.department.clone(),
            location: query.location.clone(),
            status: query.status,
            leads: query.is_leader,
            min_distance: query.min_distance,
            max_distance: query.max_distance,
            employed_on: query.as_of,
            ..PersonFilter::default()
        };
        let measured = query.min_distance.is_some() || query.max_distance.is_some();
        let Some(top) = self.top(current, query, measured).await? else {
            return Ok((query.under.is_none() && query.reports_of.is_none()).then_some(filter));
        };
        if let Some(day) = query.as_of {
            let chart = current.snapshot.org_chart(day).await?;
            let far_enough = |key: &PersonKey| {
                chart.distance(top.key, *key).is_some_and(|distance| {
                    query.min_distance.is_none_or(|min| min <= distance)
                        && query.max_distance.is_none_or(|max| distance <= max)
                })
            };
            let among = if query.reports_of.is_some() {
                chart.reports(top.key).collect()
            } else {
                chart.below(top.key).filter(far_enough).collect()
            };
            filter.among = Some(among);
            (filter.min_distance, filter.max_distance) = (None, None);
        } else if query.reports_of.is_some() {
            filter.manager = Some(top.key);
        } else {
            let Some(place) = top.place else { return Ok(None) };
            filter.under = Some(place);
        }
        Ok(Some(filter))
    }

    /// The person that `under`, `reports_of` or the distances count from; none without any of them or out of reach.
    async fn top(&self, current: &Current, query: &PeopleQuery, measured: bool) -> Result<Option<Top>, AppError> {
        if let Some(uid) = query.reports_of.or(query.under) {
            let row = current
                .snapshot
                .person(&current.viewer.cards(), &PersonKeyed::Uid(uid))
                .await?;
            return Ok(row.map(|row| Top {
                key: row.key,
                place: row.place,
            }));
        }
        if !measured {
            return Ok(None);
        }
        let place = current.viewer.place().cloned();
        let missing = "minDistance and maxDistance count from a person: name one in filter.under";
        let place = place.ok_or_else(|| AppError::Input(missing.to_owned()))?;
        Ok(Some(Top {
            key: place.key(),
            place: Some(place),
        }))
    }

    async fn lines_in_reach(&self, current: &Current, mut lines: Vec<LineRow>) -> Result<Vec<LineRow>, AppError> {
        let everything = current.viewer.profiles().is_everyone();
        let today = self.today();
        let cards = current.viewer.cards();
        let reports: Vec<_> = lines.iter().map(|line| line.report).collect();
        let reports = current.snapshot.cards(&cards, &reports).await?;
        for line in &mut lines {
            let report = reports.iter().find(|row| row.key == line.report);
            let stand_in = report.filter(|row| row.interim && line.kind == LineKind::Solid && line.covers(today));
            if let Some(manager) = stand_in.and_then(|row| row.manager) {
                (line.manager, line.interim) = (manager, true);
            }
            // The end of a line that is still to come is a planned change, as a line to come is.
            line.valid_to = line.valid_to.filter(|end| everything || *end <= today);
        }
        let managers: Vec<_> = lines.iter().map(|line| line.manager).collect();
        let shown = current.snapshot.cards(&cards, &managers).await?;
        lines.retain(|line| everything || line.valid_from <= today);
        lines.retain(|line| shown.iter().any(|row| row.key == line.manager));
        Ok(lines)
    }
}

/// Somebody that distances count from.
struct Top {
    key: PersonKey,
    place: Option<Place>,
}

/// `row` with what the viewer may see of it.
pub(super) fn found(current: &Current, row: PersonRow) -> PersonFound {
    let access = current.viewer.access(row.key, row.place.as_ref());
    let distance = current
        .viewer
        .place()
        .zip(row.place.as_ref())
        .and_then(|(me, them)| me.distance(them));
    PersonFound { row, access, distance }
}

/// The first day whose meetings managers in between do not know of yet: the first of last month.
fn first_hidden_day(today: Date) -> Date {
    use chrono::{Datelike, Months};
    today.with_day(1).map_or(today, |month| month - Months::new(1))
}
