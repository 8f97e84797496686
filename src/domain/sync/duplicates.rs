//! Rows of one external id, and ids that look alike.

use std::collections::HashMap;

use super::{
    draft::Known,
    entry::Entry,
    issue::{Code, SyncIssue},
    run::Row,
};

/// Whether a row can be used, as far as itself and its repetitions go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is the one row of its person.
    Sole,
    /// Another row, that is used, says the same.
    Repeats,
    /// It has an error, or another row says otherwise.
    Not,
}

/// Finds rows of one external id; findings are returned by the number of the entry.
pub(super) fn duplicates(rows: &[&Row], entries: &[Entry]) -> (Vec<Use>, Vec<(usize, SyncIssue)>) {
    let of = |entry: &Entry| if entry.is_failed() { Use::Not } else { Use::Sole };
    let mut uses: Vec<Use> = entries.iter().map(of).collect();
    let mut findings = Vec::new();
    let mut order: Vec<usize> = (0..entries.len())
        .filter(|row| entries[*row].external_id.is_some())
        .collect();
    order.sort_unstable_by_key(|row| (&entries[*row].external_id, entries[*row].line));
    for group in order.chunk_by(|a, b| entries[*a].external_id == entries[*b].external_id) {
        let (first, others) = (group[0], &group[1..]);
        if others.iter().all(|other| same(rows[first], rows[*other])) {
            for other in others {
                uses[*other] = Use::Repeats;
                let message = format!("the row repeats line {} and is not used", entries[first].line);
                let issue = SyncIssue::warning(Code::DuplicateRow, message).field("externalId");
                findings.push((*other, issue.related(vec![entries[first].line])));
            }
            continue;
        }
        for row in group {
            uses[*row] = Use::Not;
            let related = group
                .iter()
                .filter(|other| *other != row)
                .map(|other| entries[*other].line)
                .collect();
            let message = "other rows say something else of the same person; none of them is used";
            let issue = SyncIssue::error(Code::DuplicateExternalId, message).field("externalId");
            let id = entries[*row].external_id.clone().unwrap_or_default();
            findings.push((*row, issue.value(id).related(related)));
        }
    }
    (uses, findings)
}

/// Finds ids of new people that differ from others in upper and lower case only.
pub(super) fn near_duplicates(known: &Known<'_>, entries: &[Entry], uses: &[Use]) -> Vec<(usize, SyncIssue)> {
    let mut seen: HashMap<String, (&str, Option<u64>)> =
        known.external_ids().map(|id| (id.to_lowercase(), (id, None))).collect();
    let mut order: Vec<usize> = (0..entries.len()).filter(|row| uses[*row] == Use::Sole).collect();
    order.sort_unstable_by_key(|row| entries[*row].line);
    let mut findings = Vec::new();
    for row in order {
        let Some(id) = entries[row]
            .external_id
            .as_deref()
            .filter(|id| known.person(id).is_none())
        else {
            continue;
        };
        let (other, line) = *seen.entry(id.to_lowercase()).or_insert((id, Some(entries[row].line)));
        if other != id {
            let message = format!("the id differs from {other} in upper and lower case only; they are two people");
            let issue = SyncIssue::warning(Code::NearDuplicateId, message)
                .field("externalId")
                .value(id);
            findings.push((row, issue.related(line.into_iter().collect())));
        }
    }
    findings
}

/// Whether two rows say the same, wherever they stand.
fn same(a: &Row, b: &Row) -> bool {
    let unplaced = |row: &Row| Row {
        line: 0,
        issues: Vec::new(),
        ..row.clone()
    };
    unplaced(a) == unplaced(b)
}
