//! A run as text for a terminal: how many of what, then who, then what is wrong, then what to do next.

use std::fmt::Write;

use super::{Carried, status};
use crate::domain::sync::{FieldChange, Plan, PlannedRow, RowAction, SyncBlock, SyncIssue, SyncStatus};

/// How many of each group are shown.
const SHOWN: usize = 20;

/// A plan.
pub(super) fn plan(plan: &Plan, carried: Carried) -> String {
    let mut text = counts(plan);
    let of = |action: RowAction| plan.rows.iter().filter(move |row| row.action == action);
    group(&mut text, "created", of(RowAction::Created).map(who));
    group(&mut text, "manager changes", manager_changes(plan));
    group(&mut text, "terminations", of(RowAction::Terminated).map(termination));
    group(&mut text, "rehired", of(RowAction::Rehired).map(rehire));
    group(&mut text, "linked", of(RowAction::Linked).map(who));
    group(&mut text, "other changes", plan.rows.iter().flat_map(other_changes));
    findings(&mut text, &plan.issues);
    group(&mut text, "blocked", plan.blocked.iter().map(block));
    let hash = &plan.plan_hash;
    let _ = match status(plan, carried) {
        SyncStatus::Applied => writeln!(text, "applied plan {hash}"),
        SyncStatus::AppliedWithErrors => writeln!(text, "applied plan {hash} without the rows that have errors"),
        SyncStatus::Rejected => writeln!(text, "rejected; nothing was written"),
        SyncStatus::Planned if plan.writes.is_empty() => writeln!(text, "nothing to do"),
        SyncStatus::Planned => writeln!(text, "plan {hash}; apply with --apply --expect-plan {hash}"),
        SyncStatus::Blocked => writeln!(
            text,
            "blocked; nothing was written\nplan {hash}; if all of it is right, apply with --apply --expect-plan {hash}"
        ),
    };
    text
}

/// A file that cannot be used.
pub(super) fn unusable(issues: &[SyncIssue]) -> String {
    let mut text = String::from("the file cannot be used; nothing was written\n");
    findings(&mut text, issues);
    text
}

fn counts(plan: &Plan) -> String {
    let counts = plan.counts;
    let named = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.unchanged, "unchanged"),
        (counts.terminated, "terminated"),
        (counts.rehired, "rehired"),
        (counts.linked, "linked"),
        (counts.skipped, "skipped"),
        (counts.failed, "failed"),
        (counts.manager_changes, "manager changes"),
        (counts.manager_clears, "managers cleared"),
        (counts.warnings, "warnings"),
    ];
    let mut text = format!("rows {}", counts.rows);
    for (at, (count, name)) in named.iter().filter(|(count, _)| *count > 0).enumerate() {
        let _ = write!(text, "{} {name} {count}", if at == 0 { ":" } else { "," });
    }
    text.push('\n');
    text
}

fn group(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for line in lines.iter().take(SHOWN) {
        let _ = writeln!(text, "  {}", printable(line));
    }
    if lines.len() > SHOWN {
        let _ = writeln!(text, "  ... {} more", lines.len() - SHOWN);
    }
}

fn who(row: &PlannedRow) -> String {
    let parts = [row.external_id.as_deref(), row.name.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn manager_changes(plan: &Plan) -> impl Iterator<Item = String> {
    let known = plan.rows.iter().filter(|row| row.action != RowAction::Created);
    let label = |id: &Option<String>| match id {
        None => "nobody".to_owned(),
        Some(id) => plan
            .names
            .get(id)
            .map_or_else(|| id.clone(), |name| format!("{id} {name}")),
    };
    known.filter_map(move |row| {
        let change = row.changes.iter().find(|change| is_manager(change))?;
        Some(format!(
            "{}: {} -> {}{}",
            who(row),
            label(&change.before),
            label(&change.after),
            since(change)
        ))
    })
}

fn termination(row: &PlannedRow) -> String {
    let end = row
        .changes
        .iter()
        .find(|change| change.field == "endDate")
        .and_then(|change| change.after.as_deref());
    format!("{}: last day {}", who(row), end.unwrap_or("unknown"))
}

fn rehire(row: &PlannedRow) -> String {
    let start = row
        .changes
        .iter()
        .find(|change| change.field == "startDate")
        .and_then(|change| change.after.as_deref());
    format!("{}: starts {}", who(row), start.unwrap_or("unknown"))
}

/// What no other group tells.
fn other_changes(row: &PlannedRow) -> Vec<String> {
    let told = |change: &&FieldChange| match row.action {
        RowAction::Created => true,
        RowAction::Terminated => is_manager(change) || change.field == "endDate",
        RowAction::Rehired => is_manager(change) || change.field == "startDate",
        _ => is_manager(change),
    };
    let value = |value: &Option<String>| value.as_deref().unwrap_or("nothing").to_owned();
    let line = |change: &FieldChange| {
        let (before, after) = (value(&change.before), value(&change.after));
        format!("{}: {} {before} -> {after}{}", who(row), change.field, since(change))
    };
    row.changes.iter().filter(|change| !told(change)).map(line).collect()
}

fn since(change: &FieldChange) -> String {
    change
        .effective_date
        .map_or_else(String::new, |day| format!(" from {day}"))
}

fn is_manager(change: &FieldChange) -> bool {
    change.field == "managerExternalId"
}

fn findings(text: &mut String, issues: &[SyncIssue]) {
    group(
        text,
        "errors",
        issues.iter().filter(|issue| issue.is_error()).map(finding),
    );
    group(
        text,
        "warnings",
        issues.iter().filter(|issue| !issue.is_error()).map(finding),
    );
}

fn finding(issue: &SyncIssue) -> String {
    let line = issue.line.map_or_else(String::new, |line| format!("line {line}: "));
    let value = issue
        .value
        .as_ref()
        .map_or_else(String::new, |value| format!(" ({value})"));
    let related: Vec<String> = issue.related_lines.iter().take(SHOWN).map(u64::to_string).collect();
    let related = if related.is_empty() {
        String::new()
    } else {
        format!("; see line {}", related.join(", "))
    };
    format!("{line}{} {}{value}{related}", issue.code, issue.message)
}

fn block(block: &SyncBlock) -> String {
    let names = if block.names.is_empty() {
        String::new()
    } else {
        format!(": {}", block.names.join(", "))
    };
    format!("{} {}{names}", block.code, block.message)
}

/// The text with nothing in it that a terminal would obey.
fn printable(text: &str) -> String {
    let escape = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    text.chars().map(escape).collect()
}
