//! Who is asking.

use async_graphql::{Context, Description, ID, Object};

use super::{
    batch::Card,
    batches,
    calendar::{CalendarFeed, MeetingTime},
    error::Fault,
    hours::WorkingHours,
    id::NodeKind,
    inbox::InboxItem,
    kudos::KudosConnection,
    meeting::MeetingConnection,
    page::PageArgs,
    participation::Participation,
    peer::PeerConnection,
    person::Person,
    scalar::{DateTime, IsoWeek},
    session,
    week::{WeekPlan, WhyNot},
    words::Role,
};
use crate::{app::MeetingQuery, auth, domain::week::Week};

/// Who is asking, and what waits for them.
#[derive(Debug, Description)]
pub struct Viewer(pub(super) auth::viewer::Viewer);

#[Object(use_type_description)]
impl Viewer {
    /// The viewer as a person; null for an integration, and for an HR admin who is not in today's chart.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>, Fault> {
        match self.0.key() {
            Some(me) => Ok(batches(ctx)?.load_one(Card(me)).await?.map(Person)),
            None => Ok(None),
        }
    }

    /// What the viewer is.
    async fn roles(&self) -> Vec<Role> {
        self.0.roles().iter().copied().map(Into::into).collect()
    }

    /// What a week holds for the viewer.
    async fn week(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which week; the present one if not given.")] week: Option<IsoWeek>,
    ) -> Result<WeekPlan, Fault> {
        let session = session(ctx)?;
        let week = week.map_or_else(|| Week::of(session.today()), |week| week.0);
        Ok(WeekPlan(session.week(week).await?))
    }

    /// What the weeks after the present one hold for the viewer: those that are drawn as they are, the others as they would
    /// be drawn by now if everything suggested before were held. Skip-levels only. Nothing is stored, and every week is
    /// drawn when its time comes: ids of suggestions that are not drawn yet lead nowhere.
    async fn preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 4, desc = "How many weeks, 1 to 12.")] weeks: i32,
    ) -> Result<Vec<WeekPlan>, Fault> {
        // None is as wrong as less than none.
        let weeks = u32::try_from(weeks).unwrap_or(0);
        let plans = session(ctx)?.preview(weeks).await?;
        Ok(plans.into_iter().map(WeekPlan).collect())
    }

    /// Why somebody is not suggested to the viewer this week. Null for whoever is suggested to them, by a suggestion that
    /// is open or that was accepted and not called off, and for whoever is not below them.
    async fn why_not(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom it is about.")] person: ID,
    ) -> Result<Option<WhyNot>, Fault> {
        // A text that is no person's id is somebody out of reach.
        let person = NodeKind::Person.read(&person).unwrap_or_default();
        Ok(session(ctx)?.why_not(person).await?.map(Into::into))
    }

    /// What the viewer says of being suggested; null for whoever is not in today's chart. Shown to nobody else, by any path.
    async fn participation(&self, ctx: &Context<'_>) -> Result<Option<Participation>, Fault> {
        Ok(session(ctx)?.participation().await?.map(Into::into))
    }

    /// Times in a week at which the viewer and somebody else could meet: both at work, by the clocks where they are, and
    /// neither known to be on leave or in another meeting; which of these keeps them from any other time is not told. At
    /// most 10, spread over the week. None for whoever the viewer cannot arrange a 1:1 with.
    async fn meeting_times(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With whom.")] counterpart: ID,
        #[graphql(desc = "In which week.")] week: IsoWeek,
        #[graphql(default = 30, desc = "How long, in minutes: 5 to 480.")] duration_minutes: i32,
    ) -> Result<Vec<MeetingTime>, Fault> {
        // A text that is no person's id is somebody out of reach.
        let counterpart = NodeKind::Person.read(&counterpart).unwrap_or_default();
        let times = session(ctx)?
            .meeting_times(counterpart, week.0, duration_minutes)
            .await?;
        Ok(times.into_iter().map(Into::into).collect())
    }

    /// When the viewer works; null for whoever is not in today's chart. Shown to nobody else.
    async fn working_hours(&self, ctx: &Context<'_>) -> Result<Option<WorkingHours>, Fault> {
        Ok(session(ctx)?.working_hours().await?.map(Into::into))
    }

    /// The viewer's calendar feed; null without one. Shown to nobody else, to HR admins neither.
    async fn calendar_feed(&self, ctx: &Context<'_>) -> Result<Option<CalendarFeed>, Fault> {
        let since = session(ctx)?.calendar_feed_since().await?;
        Ok(since.map(|at| CalendarFeed {
            created_at: DateTime(at),
        }))
    }

    /// The viewer's own meetings, newest day first; those without an agreed time come before all others.
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<MeetingConnection, Fault> {
        let query = MeetingQuery {
            own: true,
            ..MeetingQuery::default()
        };
        MeetingConnection::of(ctx, query, PageArgs::of((first, after), (last, before))).await
    }

    /// The thank-yous that were sent to the viewer, newest first. Nobody else is shown them, but each to its author.
    async fn kudos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<KudosConnection, Fault> {
        KudosConnection::of(ctx, PageArgs::of((first, after), (last, before))).await
    }

    /// What waits for the viewer's answer, the most urgent first; of what is overdue and can still be answered, too.
    async fn inbox(&self, ctx: &Context<'_>) -> Result<Vec<InboxItem>, Fault> {
        Ok(session(ctx)?.inbox().await?.into_iter().map(InboxItem).collect())
    }

    /// The viewer's peers, proposed or confirmed, by name, while their card is in reach. Nobody else's are shown, to HR
    /// admins neither.
    async fn peers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<PeerConnection, Fault> {
        PeerConnection::of(ctx, PageArgs::of((first, after), (last, before))).await
    }
}
