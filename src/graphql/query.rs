//! Everything that can be asked.

use async_graphql::{Context, Description, ID, InputObject, Object, OneofObject};

use super::{
    audit::{AuditEntryConnection, AuditFilterInput},
    change::ChangeConnection,
    coverage::{CoverageInput, CoverageReport},
    error::{ErrorCode, Fault},
    id::NodeKind,
    meeting::MeetingConnection,
    node::{Node, nodes},
    page::PageArgs,
    person::{Person, PersonConnection},
    scalar::{Date, IsoWeek},
    session,
    settings::{Settings, SettingsChangeConnection},
    simulation::{ProgrammeSimulation, SimulateProgrammeInput},
    suggestion::SuggestionConnection,
    sync::{ExportedPersonConnection, SyncRun, SyncRunConnection, sync_run},
    viewer::Viewer,
    webhook::WebhookConnection,
    words::{MeetingKind, MeetingStatus, PersonOrder, PersonStatus, SuggestionStatus},
};
use crate::app::{ExportQuery, MeetingQuery, PeopleQuery, PersonKeyInput, SuggestionQuery, SyncRunQuery};

/// Events of one page of the feed, unless `first` says otherwise.
const CHANGES: i32 = 100;

/// Everything that can be asked. What is out of the viewer's reach answers as if it were not there.
#[derive(Debug, Description)]
pub struct Query;

#[Object(use_type_description)]
impl Query {
    /// Who is asking, and what waits for them.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer, Fault> {
        Ok(Viewer(session(ctx)?.viewer().await?))
    }

    /// The object with this global id; null if it is out of reach or is not there.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its global id.")] id: ID) -> Result<Option<Node>, Fault> {
        Ok(nodes(ctx, &[id]).await?.pop().flatten())
    }

    /// The objects with these global ids, in their order; null for each that is out of reach or is not there.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Fault> {
        nodes(ctx, &ids).await
    }

    /// The programme played ahead on the present organisation: how many people would be heard by the weekly draw, by each
    /// leader alone and by chance. Nothing is stored. For HR admins; one at a time, so that it can be refused for a moment.
    async fn simulate_programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to play; `{}` plays a year as it is.")] input: SimulateProgrammeInput,
    ) -> Result<ProgrammeSimulation, Fault> {
        Ok(ProgrammeSimulation(session(ctx)?.simulate(input.read()?).await?))
    }

    /// One person in reach, by exactly one of the keys; null if out of reach or not there. By external id only where
    /// the profile is in reach.
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] by: PersonBy,
    ) -> Result<Option<Person>, Fault> {
        let key = match by {
            PersonBy::Id(id) => match NodeKind::Person.read(&id) {
                Some(uid) => PersonKeyInput::Uid(uid),
                None => return Ok(None),
            },
            PersonBy::ExternalId(key) => PersonKeyInput::ExternalId(key.source, key.external_id),
            PersonBy::Email(email) => PersonKeyInput::Email(email),
        };
        Ok(session(ctx)?.person(&key).await?.map(Person))
    }

    /// People whose profile is in reach: the viewer and everyone below; for HR admins everyone.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the schema")]
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which people.")] filter: Option<PersonFilter>,
        #[graphql(default_with = "Some(PersonOrder::Name)", desc = "In which order.")] order_by: Option<PersonOrder>,
        #[graphql(
            desc = "Who was in the chart of this day, by its lines. A day to come is for HR admins. Fields of the people answer as of today."
        )]
        as_of: Option<Date>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<PersonConnection, Fault> {
        let filter = filter.unwrap_or_default();
        // A text that is no person's id is somebody out of reach.
        let under = filter.under.map(|id| NodeKind::Person.read(&id).unwrap_or_default());
        let query = PeopleQuery {
            search: filter
                .search
                .map(|search| checked("filter.search", search))
                .transpose()?,
            department: filter.department,
            location: filter.location,
            status: filter.status.map(Into::into),
            under,
            min_distance: filter
                .min_distance
                .map(|lines| self::lines("filter.minDistance", lines))
                .transpose()?,
            max_distance: filter
                .max_distance
                .map(|lines| self::lines("filter.maxDistance", lines))
                .transpose()?,
            is_leader: filter.is_leader,
            reports_of: None,
            as_of: as_of.map(|day| day.0),
        };
        PersonConnection::of(
            ctx,
            query,
            order_by.unwrap_or(PersonOrder::Name),
            PageArgs::of((first, after), (last, before)),
        )
        .await
    }

    /// Suggestions in reach, newest week first: the viewer's own; for HR admins everyone's.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the schema")]
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For this week.")] week: Option<IsoWeek>,
        #[graphql(desc = "Of this kind.")] kind: Option<MeetingKind>,
        #[graphql(desc = "Of this present status.")] status: Option<SuggestionStatus>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<SuggestionConnection, Fault> {
        let query = SuggestionQuery {
            week: week.map(|week| week.0),
            kind: kind.map(Into::into),
            status: status.map(Into::into),
        };
        SuggestionConnection::of(ctx, query, PageArgs::of((first, after), (last, before))).await
    }

    /// Meetings in reach, newest day first; those without an agreed time come before all others. The viewer's own; for
    /// HR admins everyone's, the declined as CANCELLED.
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which meetings.")] filter: Option<MeetingFilter>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<MeetingConnection, Fault> {
        let filter = filter.unwrap_or_default();
        let query = MeetingQuery {
            status: filter.status.map(Into::into),
            kind: filter.kind.map(Into::into),
            with: filter.with.map(|id| NodeKind::Person.read(&id).unwrap_or_default()),
            from: filter.from.map(|day| day.0),
            to: filter.to.map(|day| day.0),
            own: false,
        };
        MeetingConnection::of(ctx, query, PageArgs::of((first, after), (last, before))).await
    }

    /// How well the organisation is being heard: for HR admins all of it, for leaders everybody below them.
    async fn coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "CoverageInput::default()", desc = "What it is about.")] input: CoverageInput,
    ) -> Result<CoverageReport, Fault> {
        CoverageReport::of(ctx, input).await
    }

    /// The organisation's settings. For HR admins; null for everybody else.
    async fn settings(&self, ctx: &Context<'_>) -> Result<Option<Settings>, Fault> {
        Ok(session(ctx)?.shown_settings().await?.map(Into::into))
    }

    /// What became of the organisation's settings, newest first. For HR admins; empty for everybody else.
    async fn settings_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<SettingsChangeConnection, Fault> {
        SettingsChangeConnection::of(ctx, PageArgs::of((first, after), (last, before))).await
    }

    /// One import, planned or applied; null if it is out of reach or not there. For HR admins; an integration has its own.
    async fn sync_run(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<SyncRun>, Fault> {
        sync_run(ctx, &id).await
    }

    /// Imports, newest first. For HR admins; an integration has its own, everybody else none.
    async fn sync_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this source.")] source: Option<String>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<SyncRunConnection, Fault> {
        SyncRunConnection::of(
            ctx,
            SyncRunQuery { source },
            PageArgs::of((first, after), (last, before)),
        )
        .await
    }

    /// What was done to the organisation's data, newest first. For HR admins; nothing for everybody else.
    async fn audit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries.")] filter: Option<AuditFilterInput>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<AuditEntryConnection, Fault> {
        AuditEntryConnection::of(ctx, filter, PageArgs::of((first, after), (last, before))).await
    }

    /// The people of a source as it could send them again, by their ids there. For HR admins, and the integration of the
    /// source.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the schema")]
    async fn export_people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this source.")] source: String,
        #[graphql(desc = "The day for which lines and employment are told; today if not given.")] as_of: Option<Date>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<ExportedPersonConnection, Fault> {
        let as_of = as_of.map(|day| day.0);
        let query = ExportQuery { source, as_of };
        ExportedPersonConnection::of(ctx, query, PageArgs::of((first, after), (last, before))).await
    }

    /// The webhooks. For HR admins; empty for everybody else.
    async fn webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<WebhookConnection, Fault> {
        WebhookConnection::of(ctx, PageArgs::of((first, after), (last, before))).await
    }

    /// The change feed, oldest first: what happened, at least once, in the order in which it became true. For HR admins, and
    /// for integrations, who get every event without what is not theirs to read. Go on from `pageInfo.endCursor`.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Go on after this cursor of the feed, whoever it was given to; without it, from the oldest event that is kept. A cursor that is too old is CURSOR_EXPIRED."
        )]
        after: Option<String>,
        #[graphql(desc = "Of these types; of all if not given.")] types: Option<Vec<String>>,
        #[graphql(default_with = "Some(CHANGES)", desc = "How many, 1 to 100.")] first: Option<i32>,
    ) -> Result<ChangeConnection, Fault> {
        ChangeConnection::of(ctx, types, PageArgs::forward(first, after)).await
    }
}

/// By what a person is looked up: exactly one key.
#[derive(Debug, OneofObject)]
pub enum PersonBy {
    /// Global id.
    Id(ID),
    /// The id by which a source knows them.
    ExternalId(ExternalKey),
    /// Work e-mail, without regard to case.
    Email(String),
}

/// The id by which one source knows a person.
#[derive(Debug, InputObject)]
pub struct ExternalKey {
    /// The source, for example `hr`.
    source: String,
    /// The id there: case-sensitive text.
    external_id: String,
}

/// Which people; all conditions hold together.
#[derive(Debug, Default, InputObject)]
pub struct PersonFilter {
    /// Part of the name, without regard to case and accents.
    search: Option<String>,
    /// Exact department.
    department: Option<String>,
    /// Exact location.
    location: Option<String>,
    /// Status today.
    status: Option<PersonStatus>,
    /// Below this person.
    under: Option<ID>,
    /// At least so many lines below `under`, or else below the viewer.
    min_distance: Option<i32>,
    /// At most so many lines below `under`, or else below the viewer.
    max_distance: Option<i32>,
    /// Whether somebody stands two or more levels below them.
    is_leader: Option<bool>,
}

/// Which meetings; all conditions hold together.
#[derive(Debug, Default, InputObject)]
pub struct MeetingFilter {
    /// Present status.
    status: Option<MeetingStatus>,
    /// Kind.
    kind: Option<MeetingKind>,
    /// With this person.
    with: Option<ID>,
    /// On this day or later.
    from: Option<Date>,
    /// On this day or earlier.
    to: Option<Date>,
}

/// A number of lines, checked.
pub(super) fn lines(name: &str, lines: i32) -> Result<u32, Fault> {
    let bad = |_| Fault::new(ErrorCode::BadUserInput, format!("{name} should be 0 or more"));
    u32::try_from(lines).map_err(bad)
}

fn checked(name: &str, text: String) -> Result<String, Fault> {
    if text.chars().count() > 200 || text.contains('\0') {
        return Err(Fault::new(
            ErrorCode::BadUserInput,
            format!("{name} should have at most 200 plain characters"),
        ));
    }
    Ok(text)
}
