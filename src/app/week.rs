//! A leader's week: what was drawn for them, or why nothing was.

use super::{AppError, Session};
use crate::{
    domain::{person::PersonStatus, suggestion::NoSuggestionCode, week::Week},
    store::SuggestionRow,
};

/// One week of the viewer.
#[derive(Clone, Debug)]
pub struct WeekPlan {
    /// The week.
    pub week: Week,
    /// Everything suggested to the viewer for it, in the order it was drawn.
    pub suggestions: Vec<SuggestionRow>,
    /// Why there is nothing, and the next week in which there will be something, if that is known.
    pub no_suggestion: Option<(NoSuggestionCode, Option<Week>)>,
}

impl WeekPlan {
    /// A week without a suggestion, why, and the next week in which there will be something.
    pub(super) fn nothing(week: Week, code: NoSuggestionCode, next: Option<Week>) -> Self {
        Self {
            week,
            suggestions: vec![],
            no_suggestion: Some((code, next)),
        }
    }
}

impl Session {
    /// The viewer's plan for `week`.
    pub async fn week(&self, week: Week) -> Result<WeekPlan, AppError> {
        let current = self.current().await?;
        let nothing = |code, next| WeekPlan::nothing(week, code, next);
        let Some(me) = current.viewer.key() else {
            return Ok(nothing(NoSuggestionCode::NotALeader, None));
        };
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        let suggestions = current.snapshot.told(&scope, &cards, me, week..=week).await?;
        if !suggestions.is_empty() {
            let suggestions = suggestions.into_iter().map(|row| self.aged_suggestion(row)).collect();
            return Ok(WeekPlan {
                week,
                suggestions,
                no_suggestion: None,
            });
        }
        let nobody = current.snapshot.told_nobody(&scope, me, week..=week).await?;
        if let Some(&(_, code, next)) = nobody.first() {
            return Ok(nothing(code, next));
        }
        let own = current.snapshot.cards(&cards, &[me]).await?;
        Ok(match own.first() {
            Some(row) if !row.leads => nothing(NoSuggestionCode::NotALeader, None),
            Some(row) if row.status == PersonStatus::OnLeave => nothing(NoSuggestionCode::OnLeave, None),
            _ => nothing(NoSuggestionCode::NotDrawnYet, None),
        })
    }
}
