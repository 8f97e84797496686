//! Writing a CSV file: what a spreadsheet might take for a formula is guarded, and the guard is taken off when the file
//! is read again.

use crate::{
    domain::sync::{Field, Row},
    report::{cell, starts_like_a_formula},
};

use super::{Column, records::Record};

/// The columns of an export, in the order in which they stand.
const COLUMNS: [Column; 11] = [
    Column::ExternalId,
    Column::Name,
    Column::Email,
    Column::Title,
    Column::Department,
    Column::Location,
    Column::ManagerExternalId,
    Column::ManagerEmail,
    Column::StartDate,
    Column::EndDate,
    Column::Status,
];

/// A file of these rows, with a header, commas and LF.
pub fn write(rows: &[Row]) -> String {
    let mut text = COLUMNS.map(Column::as_str).join(",");
    text.push('\n');
    for row in rows {
        let mut row = row.clone();
        let cells = COLUMNS.map(|column| match column.field(&mut row).map(std::mem::take) {
            None => cell(&row.external_id),
            Some(Field::Given(text)) => cell(&text),
            Some(Field::Absent | Field::Cleared) => String::new(),
        });
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A file of these records, the header among them.
pub(super) fn records<'r>(records: impl Iterator<Item = &'r Record>) -> String {
    let line = |record: &Record| {
        let cells = record.cells.iter().map(|text| cell(&unguarded(text.clone())));
        cells.collect::<Vec<_>>().join(",") + "\n"
    };
    records.map(line).collect()
}

/// The text that a cell stands for.
pub(super) fn unguarded(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(text) if starts_like_a_formula(text) => text.to_owned(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::csv::{Reading, read};

    #[test]
    fn a_file_reads_as_it_was_written() {
        let names = [
            "Plain",
            "a, b",
            "\"q\"",
            "=1+1",
            "'=1+1",
            "''@x",
            "'tis",
            "+44",
            "-",
            "two\nlines",
            " blanks ",
            "Zoë",
        ];
        let row = |name: &&str| Row {
            external_id: "@1".to_owned(),
            name: Field::Given((*name).to_owned()),
            ..Row::default()
        };
        let text = write(&names.iter().map(row).collect::<Vec<_>>());
        let back = read(text.as_bytes(), &Reading::default()).unwrap().rows;
        let given: Vec<_> = back.iter().map(|row| row.name.given().unwrap().as_str()).collect();
        assert_eq!(given, names);
        assert!(back.iter().all(|row| row.external_id == "@1"));
        assert!(text.lines().all(|line| !line.starts_with(['=', '+', '-', '@'])));
    }
}
