//! People and their reporting lines.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, SimpleObject};

use super::{
    batch::{Card, ExternalIds, LastHeard, LastMet, Lines, Spells},
    batches,
    error::Fault,
    id::NodeKind,
    meeting::Meeting,
    page::{PageArgs, connection, seal},
    scalar::Date,
    session,
    words::{Access, LineKind, PersonOrder, PersonStatus},
};
use crate::{
    app::{AppError, Coverage, LineRow, PeopleQuery, PersonFound, Session},
    domain::person::{PersonKey, Spell},
};

/// The id by which one source knows a person.
#[derive(Clone, Debug, SimpleObject)]
pub struct ExternalId {
    /// The source, for example `hr`.
    source: String,
    /// The id there: case-sensitive text.
    external_id: String,
}

/// A person the HRIS told of. Which fields are filled depends on `access`: a profile shows all, a card shows name,
/// title, department, location, time zone and work e-mail.
#[derive(Clone, Debug, Description)]
pub struct Person(pub(super) PersonFound);

#[Object(use_type_description)]
impl Person {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Person.id(self.0.row.uid)
    }

    /// How the viewer stands to this person, and so what they see: SELF, BELOW and ADMIN show the profile, ABOVE and CARD the card.
    async fn access(&self) -> Access {
        self.0.access.into()
    }

    /// Full name.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Job title; null if the HRIS gave none.
    async fn title(&self) -> Option<&str> {
        self.0.row.title.as_deref()
    }

    /// Department; null if the HRIS gave none.
    async fn department(&self) -> Option<&str> {
        self.0.row.department.as_deref()
    }

    /// Place of work; null if the HRIS gave none.
    async fn location(&self) -> Option<&str> {
        self.0.row.location.as_deref()
    }

    /// IANA time zone, for example `Europe/Berlin`; null if the HRIS gave none.
    async fn time_zone(&self) -> Option<&str> {
        self.0.row.time_zone.as_deref()
    }

    /// Work e-mail; null if the HRIS gave none.
    async fn email(&self) -> Option<&str> {
        self.0.row.email.as_deref()
    }

    /// By which ids which sources know this person. Profile only: empty on a card.
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>, Fault> {
        if !self.shows_profile() {
            return Ok(vec![]);
        }
        let ids = batches(ctx)?
            .load_one(ExternalIds(self.key()))
            .await?
            .unwrap_or_default();
        let ids = ids
            .into_iter()
            .map(|(source, external_id)| ExternalId { source, external_id });
        Ok(ids.collect())
    }

    /// Status today. Profile only: null on a card.
    async fn status(&self) -> Option<PersonStatus> {
        self.shows_profile().then(|| self.0.row.status.into())
    }

    /// First working day of the present spell of employment, or of the last or next one. Profile only: null on a card.
    async fn start_date(&self, ctx: &Context<'_>) -> Result<Option<Date>, Fault> {
        Ok(self.spell(ctx).await?.map(|spell| Date(spell.start)))
    }

    /// Last working day of that spell; null while none is known. A day to come is shown to the person and HR admins.
    /// Profile only: null on a card.
    async fn end_date(&self, ctx: &Context<'_>) -> Result<Option<Date>, Fault> {
        Ok(self.spell(ctx).await?.and_then(|spell| spell.end).map(Date))
    }

    /// The nearest present person above; null at the top, and where the line is out of reach.
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<Self>, Fault> {
        match self.0.row.manager.filter(|_| self.0.access.shows_line_upwards()) {
            Some(manager) => Ok(batches(ctx)?.load_one(Card(manager)).await?.map(Self)),
            None => Ok(None),
        }
    }

    /// Everyone above, nearest first, as far as in reach.
    async fn managers(&self, ctx: &Context<'_>) -> Result<Vec<Self>, Fault> {
        let place = self.0.row.place.as_ref().filter(|_| self.0.access.shows_line_upwards());
        let above = place.map(crate::auth::viewer::Place::above).unwrap_or_default();
        let mut found = batches(ctx)?.load_many(above.iter().copied().map(Card)).await?;
        Ok(above
            .into_iter()
            .filter_map(|key| found.remove(&Card(key)))
            .map(Self)
            .collect())
    }

    /// Direct reports, as far as their profiles are in reach, by name.
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By the chart of this day instead of today's. A day to come is for HR admins.")] as_of: Option<
            Date,
        >,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<PersonConnection, Fault> {
        let query = PeopleQuery {
            reports_of: Some(self.0.row.uid),
            as_of: as_of.map(|day| day.0),
            ..PeopleQuery::default()
        };
        PersonConnection::of(
            ctx,
            query,
            PersonOrder::Name,
            PageArgs::of((first, after), (last, before)),
        )
        .await
    }

    /// Everyone below, as far as their profiles are in reach.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the schema")]
    async fn below(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(1)", desc = "At least so many lines below.")] min_distance: Option<i32>,
        #[graphql(desc = "At most so many lines below.")] max_distance: Option<i32>,
        #[graphql(default_with = "Some(PersonOrder::Name)", desc = "In which order.")] order_by: Option<PersonOrder>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<PersonConnection, Fault> {
        let query = PeopleQuery {
            under: Some(self.0.row.uid),
            min_distance: Some(super::query::lines("minDistance", min_distance.unwrap_or(1))?),
            max_distance: max_distance
                .map(|lines| super::query::lines("maxDistance", lines))
                .transpose()?,
            ..PeopleQuery::default()
        };
        PersonConnection::of(
            ctx,
            query,
            order_by.unwrap_or(PersonOrder::Name),
            PageArgs::of((first, after), (last, before)),
        )
        .await
    }

    /// Lines between the viewer and this person; null where neither stands above the other.
    async fn distance(&self) -> Option<i32> {
        self.0
            .distance
            .filter(|lines| *lines > 0)
            .and_then(|lines| lines.try_into().ok())
    }

    /// The newest HELD 1:1 of the viewer with this person; null if there was none.
    async fn last_met(&self, ctx: &Context<'_>) -> Result<Option<Meeting>, Fault> {
        Ok(batches(ctx)?.load_one(LastMet(self.key())).await?.map(Meeting))
    }

    /// The day of the newest HELD skip-level with anybody above. The viewer's own meetings count on their day; of those
    /// of others only the month is told (as its first day), one month late, but to HR admins and the person. Profile
    /// only: null on a card, and while there was none.
    async fn last_heard(&self, ctx: &Context<'_>) -> Result<Option<Date>, Fault> {
        if !self.shows_profile() {
            return Ok(None);
        }
        Ok(batches(ctx)?.load_one(LastHeard(self.key())).await?.map(Date))
    }

    /// The lines in which this person reports, oldest first. Lines to come are shown to HR admins. Profile only: empty on a card.
    async fn reporting_lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default,
            desc = "Also lines that are no longer valid, and to HR admins those to come."
        )]
        include_past: bool,
    ) -> Result<Vec<ReportingLine>, Fault> {
        if !self.shows_profile() {
            return Ok(vec![]);
        }
        let today = session(ctx)?.today();
        let lines = batches(ctx)?.load_one(Lines(self.key())).await?.unwrap_or_default();
        let wanted = lines.into_iter().filter(|line| include_past || line.covers(today));
        Ok(wanted.map(ReportingLine).collect())
    }
}

impl Person {
    fn key(&self) -> PersonKey {
        self.0.row.key
    }

    fn shows_profile(&self) -> bool {
        self.0.access.shows_profile()
    }

    /// The spell of employment that counts today.
    async fn spell(&self, ctx: &Context<'_>) -> Result<Option<Spell>, Fault> {
        if !self.shows_profile() {
            return Ok(None);
        }
        let today = session(ctx)?.today();
        let spells = batches(ctx)?.load_one(Spells(self.key())).await?.unwrap_or_default();
        let begun = spells
            .iter()
            .filter(|spell| spell.start <= today)
            .max_by_key(|spell| spell.start);
        Ok(begun.or_else(|| spells.iter().min_by_key(|spell| spell.start)).copied())
    }
}

/// A reporting line over time.
#[derive(Clone, Debug, Description)]
pub struct ReportingLine(pub(super) LineRow);

#[Object(use_type_description)]
impl ReportingLine {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::ReportingLine.id(self.0.id)
    }

    /// Who reports.
    async fn report(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.report).await
    }

    /// To whom: where the manager is absent from today's chart, the nearest present person above (`interim`).
    async fn manager(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.manager).await
    }

    /// What the line means.
    async fn kind(&self) -> LineKind {
        self.0.kind.into()
    }

    /// First day.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// First day on which it no longer holds; null while none is known.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Whether `manager` stands in for somebody who is absent from today's chart.
    async fn interim(&self) -> bool {
        self.0.interim
    }
}

/// Somebody an object names, if they are in reach.
pub(super) async fn person_in_reach(ctx: &Context<'_>, key: PersonKey) -> Result<Option<Person>, Fault> {
    Ok(batches(ctx)?.load_one(Card(key)).await?.map(Person))
}

/// Somebody an object in reach names: in reach with it.
pub(super) async fn person(ctx: &Context<'_>, key: PersonKey) -> Result<Person, Fault> {
    person_in_reach(ctx, key).await?.ok_or_else(|| {
        Fault::internal(crate::app::AppError::Broken(
            "an object in reach names somebody out of reach",
        ))
    })
}

connection!(
    PersonConnection,
    PersonEdge,
    Person,
    People,
    count_people,
    "A page of people."
);

/// What a page of people is taken from.
#[derive(Debug)]
pub(super) enum People {
    /// Those that a query finds.
    Found(PeopleQuery),
    /// Those of a report who wait.
    Waiting(Arc<Coverage>),
}

impl Session {
    async fn count_people(&self, people: &People) -> Result<u64, AppError> {
        match people {
            People::Found(query) => self.people_count(query).await,
            People::Waiting(coverage) => Ok(coverage.waiting_count()),
        }
    }
}

impl PersonConnection {
    pub(super) async fn of(
        ctx: &Context<'_>,
        query: PeopleQuery,
        order: PersonOrder,
        page: PageArgs,
    ) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = format!("people {order:?} {query:?}");
        let slice = session
            .people(&query, order.into(), &page.read(session, &shape)?)
            .await?;
        Ok(Self::new(
            seal(session, &shape, slice),
            Some(People::Found(query)),
            Person,
        ))
    }
}
