//! A leader's week.

use async_graphql::{Description, Object, SimpleObject};

use super::{
    scalar::{Date, IsoWeek},
    suggestion::Suggestion,
    words::{NoSuggestionCode, WhyNotCode},
};
use crate::{
    app,
    domain::{suggestion, week::Week},
};

/// What a week holds for the viewer.
#[derive(Clone, Debug, Description)]
pub struct WeekPlan(pub(super) app::WeekPlan);

#[Object(use_type_description)]
impl WeekPlan {
    /// The week.
    async fn week(&self) -> IsoWeek {
        IsoWeek(self.0.week)
    }

    /// Its Monday.
    async fn starts_on(&self) -> Date {
        Date(self.0.week.starts_on())
    }

    /// Its Sunday.
    async fn ends_on(&self) -> Date {
        Date(self.0.week.ends_on())
    }

    /// Everything that was suggested to the viewer for this week, whatever became of it, in the order it was drawn.
    async fn suggestions(&self) -> Vec<Suggestion> {
        self.0.suggestions.iter().cloned().map(Suggestion).collect()
    }

    /// Why there is no skip-level, whether or not there is a peer; null when there is one.
    async fn no_suggestion(&self) -> Option<NoSuggestion> {
        self.0.no_suggestion.map(|(code, next)| NoSuggestion::of(code, next))
    }
}

/// Why a leader has no skip-level in a week.
#[derive(Clone, Debug, SimpleObject)]
pub struct NoSuggestion {
    /// Which reason.
    code: NoSuggestionCode,
    /// The reason as a sentence.
    message: String,
    /// The next week in which there will be a suggestion, by what is known now; null if that is not known.
    next_week: Option<IsoWeek>,
}

impl NoSuggestion {
    fn of(code: suggestion::NoSuggestionCode, next: Option<Week>) -> Self {
        use suggestion::NoSuggestionCode as Code;
        let message = match code {
            Code::PoolEmpty => "Nobody two or more levels below you can be met this week.",
            Code::AllCoolingDown => "You have met everybody below you too recently.",
            Code::AllAtLoadCap => "Everybody left has another skip-level too near to this week.",
            Code::OnLeave => "You are on leave.",
            Code::NotALeader => "Nobody stands two or more levels below you.",
            Code::NoSlots => "Leaders have no slots at the moment.",
            Code::NotDrawnYet => "This week has not been drawn yet.",
        };
        Self {
            code: code.into(),
            message: message.to_owned(),
            next_week: next.map(IsoWeek),
        }
    }
}

/// Why somebody is not suggested to the viewer this week.
#[derive(Clone, Debug, SimpleObject)]
pub struct WhyNot {
    /// Which reason.
    code: WhyNotCode,
    /// The reason as a sentence.
    message: String,
    /// The first day on which it no longer holds; null where that is not known or means nothing.
    until: Option<Date>,
}

impl From<suggestion::WhyNot> for WhyNot {
    fn from(told: suggestion::WhyNot) -> Self {
        use suggestion::WhyNotCode as Code;
        let message = match told.code {
            Code::DirectReport => "They report to you: a skip-level is with somebody further below.",
            Code::Cooldown => "It is too soon for the two of you to meet.",
            Code::LoadCap => "They have another skip-level too near to this week.",
            Code::OnLeave => "They are on leave this week.",
            Code::TooNew => "They have only just joined.",
            Code::Leaving => "They leave before this week ends.",
            Code::LowerInOrder => "Others come first this week.",
        };
        Self {
            code: told.code.into(),
            message: message.to_owned(),
            until: told.until.map(Date),
        }
    }
}
