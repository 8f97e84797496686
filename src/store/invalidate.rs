//! What leave, exits and re-orgs do to what is open (product.md 4, life cycle).

use sea_orm::ConnectionTrait;

use super::{Cause, StoreError, Write, changes::cancelled, code::word};
use crate::domain::{
    Date,
    meeting::MeetingKind,
    person::PersonKey,
    suggestion::{InvalidReason, SuggestionStatus},
    week::Week,
};

impl Write {
    /// Acts on leave, exits and re-orgs in force today: takes away the OPEN suggestions and cancels the scheduled
    /// meetings that they concern, and gives up their claims.
    pub(super) async fn invalidate(&self, today: Date, cause: &Cause) -> Result<(), StoreError> {
        let sql = |text: &str, values: Vec<sea_orm::Value>| self.sql(text, values);
        let this_week = Week::of(today).starts_on();
        let mark = |reason: InvalidReason, condition: &str| {
            format!(
                "UPDATE suggestion SET status = '{}', invalid_reason = '{}' WHERE status = '{}' AND week >= $1 AND ({condition})",
                word(&SuggestionStatus::Invalidated),
                word(&reason),
                word(&SuggestionStatus::Open),
            )
        };
        let either_absent = "EXISTS (SELECT 1 FROM person p WHERE p.id IN (suggestion.leader_id, suggestion.counterpart_id) AND p.path IS NULL)";
        let either_on_leave = "EXISTS (SELECT 1 FROM absence a WHERE a.person_id IN (suggestion.leader_id, suggestion.counterpart_id) \
             AND a.start_date <= suggestion.week + 6 AND (a.end_date IS NULL OR a.end_date >= suggestion.week))";
        let on_leave_sqlite = either_on_leave.replace("suggestion.week + 6", "date(suggestion.week, '+6 days')");
        let on_leave = if self.backend() == sea_orm::DbBackend::Sqlite {
            on_leave_sqlite.as_str()
        } else {
            either_on_leave
        };
        let below = "FROM person l JOIN person p ON p.path >= l.path || '.' AND p.path < l.path || '/'";
        let not_far_below = format!(
            "kind = '{}' AND NOT EXISTS (SELECT 1 {below} AND p.depth >= l.depth + 2 \
             WHERE l.id = suggestion.leader_id AND p.id = suggestion.counterpart_id)",
            word(&MeetingKind::SkipLevel)
        );
        let one_above_the_other = format!(
            "kind = '{}' AND EXISTS (SELECT 1 {below} WHERE l.id IN (suggestion.leader_id, suggestion.counterpart_id) \
             AND p.id IN (suggestion.leader_id, suggestion.counterpart_id))",
            word(&MeetingKind::Peer)
        );
        for (reason, condition) in [
            (InvalidReason::Left, either_absent),
            (InvalidReason::OnLeave, on_leave),
            (InvalidReason::Reorganised, &not_far_below),
            (InvalidReason::Reorganised, &one_above_the_other),
        ] {
            self.tx
                .execute_raw(sql(&mark(reason, condition), vec![this_week.into()]))
                .await?;
        }
        let cancel = "UPDATE meeting SET status = 'CANCELLED', cancel_reason = 'PERSON_TERMINATED', closed_on = $1, sequence = sequence + 1 WHERE status = 'SCHEDULED' AND (day IS NULL OR day >= $2) \
             AND EXISTS (SELECT 1 FROM person p WHERE p.id IN (meeting.leader_id, meeting.counterpart_id) AND p.status = 'TERMINATED') \
             RETURNING id, leader_id, counterpart_id";
        let rows = self
            .tx
            .query_all_raw(sql(cancel, vec![today.into(), today.into()]))
            .await?;
        let told = rows.iter().map(|row| {
            let (leader, counterpart) = (row.try_get("", "leader_id")?, row.try_get("", "counterpart_id")?);
            Ok(cancelled(
                row.try_get("", "id")?,
                PersonKey(leader),
                PersonKey(counterpart),
            ))
        });
        let told = told.collect::<Result<Vec<_>, StoreError>>()?;
        self.tell(cause, told).await?;
        let free = "DELETE FROM load_claim WHERE week >= $1 AND (\
             EXISTS (SELECT 1 FROM suggestion s WHERE s.id = load_claim.suggestion_id AND load_claim.meeting_id IS NULL AND s.status = 'INVALIDATED') \
             OR EXISTS (SELECT 1 FROM meeting m WHERE m.id = load_claim.meeting_id AND m.status = 'CANCELLED'))";
        self.tx.execute_raw(sql(free, vec![this_week.into()])).await?;
        Ok(())
    }
}
