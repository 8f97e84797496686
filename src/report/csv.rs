//! The figures of all groups as CSV.

use std::iter::once;

use super::{Document, Line, cell};

/// The columns.
const HEADER: &str =
    "group_by,key,label,population,heard,share,wait_days_max,wait_days_p90,wait_days_median,suppressed\n";

/// One line a group: the whole unit, each breakdown, and departments against levels. What is kept back is empty. Commas
/// and LF; what a spreadsheet might take for a formula is guarded by an apostrophe.
pub fn csv(document: &Document) -> String {
    let total = once(record(
        "TOTAL",
        &document.total.key,
        &document.total.label,
        &document.total,
    ));
    let breakdowns = document.breakdowns.iter().flat_map(|breakdown| {
        let line = |line: &Line| record(breakdown.group_by, &line.key, &line.label, line);
        breakdown.groups.iter().map(line)
    });
    let cells = document.heat_map.rows.iter().flat_map(|(row, cells)| {
        let told = cells.iter().filter(|cell| cell.population > 0);
        told.map(|cell| {
            let (key, label) = (
                format!("{}/{}", row.key, cell.key),
                format!("{}, {}", row.label, cell.label),
            );
            record("DEPARTMENT_AND_DEPTH", &key, &label, cell)
        })
    });
    once(HEADER.to_owned())
        .chain(total)
        .chain(breakdowns)
        .chain(cells)
        .collect()
}

fn record(group_by: &str, key: &str, label: &str, line: &Line) -> String {
    let number = |number: Option<String>| number.unwrap_or_default();
    let cells = [
        group_by.to_owned(),
        cell(key),
        cell(label),
        line.population.to_string(),
        number(line.heard.map(|heard| heard.to_string())),
        number(line.share.map(|share| format!("{share:.4}"))),
        number(line.wait_days_max.map(|days| days.to_string())),
        number(line.wait_days_p90.map(|days| days.to_string())),
        number(line.wait_days_median.map(|days| days.to_string())),
        line.suppressed.to_string(),
    ];
    cells.join(",") + "\n"
}
