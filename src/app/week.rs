//! A leader's week: what was drawn for them, or why nothing was.

use super::{AppError, Session, session::Current};
use crate::{
    domain::{
        meeting::MeetingKind,
        person::{PersonKey, PersonStatus},
        suggestion::NoSuggestionCode,
        week::Week,
    },
    store::SuggestionRow,
};

/// One week of the viewer.
#[derive(Clone, Debug)]
pub struct WeekPlan {
    /// The week.
    pub week: Week,
    /// Everything suggested to the viewer for it, in the order it was drawn.
    pub suggestions: Vec<SuggestionRow>,
    /// Why there is no skip-level among them, and the next week in which there will be one, if that is known.
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
        let Some(me) = current.viewer.key() else {
            return Ok(WeekPlan::nothing(week, NoSuggestionCode::NotALeader, None));
        };
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        let told = current.snapshot.told(&scope, &cards, me, week..=week).await?;
        let suggestions: Vec<_> = told.into_iter().map(|row| self.aged_suggestion(row)).collect();
        let no_suggestion = if suggestions.iter().any(|row| row.kind == MeetingKind::SkipLevel) {
            None
        } else {
            Some(self.why_nobody(&current, me, week).await?)
        };
        Ok(WeekPlan {
            week,
            suggestions,
            no_suggestion,
        })
    }

    /// Why there is no skip-level for `me` in `week`, and the next week in which there will be one, if that is known.
    async fn why_nobody(
        &self,
        current: &Current,
        me: PersonKey,
        week: Week,
    ) -> Result<(NoSuggestionCode, Option<Week>), AppError> {
        let scope = current.viewer.suggestions();
        let nobody = current.snapshot.told_nobody(&scope, me, week..=week).await?;
        if let Some(&(_, code, next)) = nobody.first() {
            return Ok((code, next));
        }
        let own = current.snapshot.cards(&current.viewer.cards(), &[me]).await?;
        let code = match own.first() {
            Some(row) if !row.leads => NoSuggestionCode::NotALeader,
            Some(row) if row.status == PersonStatus::OnLeave => NoSuggestionCode::OnLeave,
            _ if current.settings().await?.slots_per_week == 0 => NoSuggestionCode::NoSlots,
            _ => NoSuggestionCode::NotDrawnYet,
        };
        Ok((code, None))
    }
}
