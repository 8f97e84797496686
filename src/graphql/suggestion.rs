//! Suggestions and their reasons.

use async_graphql::{Context, Description, ID, Object, SimpleObject};

use super::{
    batch::{Card, MeetingOf},
    batches,
    error::Fault,
    id::NodeKind,
    meeting::Meeting,
    page::{PageArgs, connection, seal},
    person::{Person, person},
    scalar::{DateTime, IsoWeek},
    session,
    words::{Band, InvalidReason, MeetingKind, ReasonCode, SuggestionStatus},
};
use crate::{
    app::{SuggestionQuery, SuggestionRow},
    domain::suggestion,
};

/// Whom somebody should meet in a week, and why. Shown to its leader and to HR admins; the counterpart learns of it by
/// the meeting it becomes. Two peers are suggested to each other, each by a suggestion of their own: one accepting serves
/// both. It shows its counterpart's card, and is shown only while that is in reach: it puts it there until it is over.
#[derive(Clone, Debug, Description)]
pub struct Suggestion(pub(super) SuggestionRow);

#[Object(use_type_description)]
impl Suggestion {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Suggestion.id(self.0.id)
    }

    /// The week it is for.
    async fn week(&self) -> IsoWeek {
        IsoWeek(self.0.week)
    }

    /// Kind of the 1:1.
    async fn kind(&self) -> MeetingKind {
        self.0.kind.into()
    }

    /// How far it has come.
    async fn status(&self) -> SuggestionStatus {
        self.0.status.into()
    }

    /// Why it was taken away; null unless it is INVALIDATED.
    async fn invalid_reason(&self) -> Option<InvalidReason> {
        self.0.invalid_reason.map(Into::into)
    }

    /// Whom it is made to: of a PEER suggestion the viewer, for HR admins one of the two.
    async fn leader(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.leader).await
    }

    /// Whom they should meet.
    async fn counterpart(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.counterpart).await
    }

    /// Lines between the two at the draw; null for a PEER suggestion.
    async fn distance(&self) -> Option<i32> {
        self.0.distance.and_then(|lines| lines.try_into().ok())
    }

    /// Band of the counterpart; null where the leader has no bands.
    async fn band(&self) -> Option<Band> {
        self.0.band.map(Into::into)
    }

    /// Why this person, the strongest reason first; numbers are as of the draw.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<Reason>, Fault> {
        let mut reasons = Vec::with_capacity(self.0.reasons.len());
        for known in &self.0.reasons {
            let branch = match known {
                suggestion::Reason::BranchRarelyVisited { branch, .. } => batches(ctx)?.load_one(Card(*branch)).await?,
                _ => None,
            };
            reasons.push(Reason::told(known, branch.map(|found| found.row.name).as_deref()));
        }
        Ok(reasons)
    }

    /// When it was drawn.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The end of its week: unanswered, it is EXPIRED then.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// The meeting it became; null until it is ACCEPTED. Of two peers it is the same one for both.
    async fn meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>, Fault> {
        let either = [Some(self.0.id), self.0.twin].into_iter().flatten().map(MeetingOf);
        let meetings = batches(ctx)?.load_many(either).await?;
        Ok(meetings.into_values().next().map(Meeting))
    }
}

/// Why the draw picked somebody.
#[derive(Clone, Debug, SimpleObject)]
pub struct Reason {
    /// Which reason; says what the numbers mean.
    pub(super) code: ReasonCode,
    /// The reason as a sentence.
    pub(super) message: String,
    /// Days, where the reason counts days.
    pub(super) days: Option<i32>,
    /// How many, or the how-manieth, where the reason counts.
    pub(super) count: Option<i32>,
    /// Of how many.
    pub(super) of: Option<i32>,
}

impl Reason {
    /// `branch` is the name of the branch's head, where the viewer may know it.
    pub(super) fn told(reason: &suggestion::Reason, branch: Option<&str>) -> Self {
        let number = |number: i64| i32::try_from(number).ok();
        let plain = |code, message: &str| (code, message.to_owned(), None, None, None);
        let (code, message, days, count, of) = match *reason {
            suggestion::Reason::NeverHeard => plain(
                ReasonCode::NeverHeard,
                "Nobody above has had a skip-level with them yet.",
            ),
            suggestion::Reason::LongestWait { days } => {
                let message = format!("They have not been heard by anybody above for {days} days.");
                (ReasonCode::LongestWait, message, number(days), None, None)
            }
            suggestion::Reason::OnlyYouCanReach => {
                plain(ReasonCode::OnlyYouCanReach, "No other leader can reach them.")
            }
            suggestion::Reason::BottomOfLadder { count, of } => {
                let message = format!("At the bottom of the ladder: meeting {count} of {of} there this month.");
                (
                    ReasonCode::BottomOfLadder,
                    message,
                    None,
                    number(count.into()),
                    number(of.into()),
                )
            }
            suggestion::Reason::BranchRarelyVisited { visits, .. } => {
                let whose = branch.map_or_else(|| "Their branch".to_owned(), |name| format!("The branch of {name}"));
                let message = format!("{whose} has had {visits} visits of yours in 26 weeks.");
                (
                    ReasonCode::BranchRarelyVisited,
                    message,
                    None,
                    number(visits.into()),
                    None,
                )
            }
            suggestion::Reason::NewJoiner { days } => (
                ReasonCode::NewJoiner,
                format!("They joined {days} days ago."),
                number(days),
                None,
                None,
            ),
            suggestion::Reason::PeerDue { days } => (
                ReasonCode::PeerDue,
                format!("Your last peer 1:1 was {days} days before this week."),
                number(days),
                None,
                None,
            ),
            suggestion::Reason::FirstPeer => plain(ReasonCode::FirstPeer, "It would be your first peer 1:1."),
            suggestion::Reason::ConfirmedPeer => {
                plain(ReasonCode::ConfirmedPeer, "You have confirmed each other as peers.")
            }
            suggestion::Reason::ProposedPeer => plain(
                ReasonCode::ProposedPeer,
                "You were proposed to each other, by one of you or by a dotted line.",
            ),
            suggestion::Reason::SameFunction => plain(ReasonCode::SameFunction, "You work in the same department."),
            suggestion::Reason::OtherFunction => plain(ReasonCode::OtherFunction, "They work in another department."),
        };
        Self {
            code,
            message,
            days,
            count,
            of,
        }
    }
}

connection!(
    SuggestionConnection,
    SuggestionEdge,
    Suggestion,
    SuggestionQuery,
    suggestions_count,
    "A page of suggestions."
);

impl SuggestionConnection {
    pub(super) async fn of(ctx: &Context<'_>, query: SuggestionQuery, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = format!("suggestions {query:?}");
        let slice = session.suggestions(&query, &page.read(session, &shape)?).await?;
        Ok(Self::new(seal(session, &shape, slice), Some(query), Suggestion))
    }
}
