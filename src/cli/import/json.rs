//! A run as JSON, in the API's names.

use serde::Serialize;

use super::{Carried, status};
use crate::domain::sync::{Plan, PlannedRow, SyncBlock, SyncCounts, SyncIssue, SyncStatus};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'p> {
    plan_hash: Option<&'p str>,
    status: SyncStatus,
    counts: SyncCounts,
    blocked: &'p [SyncBlock],
    issues: &'p [SyncIssue],
    rows: &'p [PlannedRow],
}

/// A plan.
pub(super) fn plan(plan: &Plan, carried: Carried) -> String {
    print(&Shown {
        plan_hash: Some(&plan.plan_hash),
        status: status(plan, carried),
        counts: plan.counts,
        blocked: &plan.blocked,
        issues: &plan.issues,
        rows: &plan.rows,
    })
}

/// A file that cannot be used.
pub(super) fn unusable(issues: &[SyncIssue]) -> String {
    let status = SyncStatus::Rejected;
    print(&Shown { plan_hash: None, status, counts: SyncCounts::default(), blocked: &[], issues, rows: &[] })
}

fn print(shown: &Shown<'_>) -> String {
    // Strings, numbers and lists alone are shown, for which serialization has no error.
    let mut text = serde_json::to_string_pretty(shown).unwrap_or_default();
    text.push('\n');
    text
}
