//! CSV files of people: bytes in, [`Row`]s out (sync.md 3).
//!
//! Nothing is guessed that could be guessed wrong: the encoding is the one that was named, a cell never slips into
//! another column, and a quote that is never closed does not swallow the rest of the file.

mod columns;
mod encoding;
mod records;
mod write;

pub use columns::Column;
pub use encoding::Encoding;
pub use write::write;

use std::collections::BTreeSet;

use columns::Header;
use records::{Record, records};

use crate::domain::sync::{Code, Field, Row, SyncIssue};

/// How a file is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// How its bytes are to be read.
    pub encoding: Encoding,
    /// What parts its cells; found in the header if none.
    pub delimiter: Option<char>,
    /// Headers of the file that mean a column of ours.
    pub columns: Vec<(String, Column)>,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Warnings about the whole.
    pub issues: Vec<SyncIssue>,
}

/// Most rows of a file: it is planned as a whole, in memory.
const MOST_ROWS: usize = 1_000_000;

/// Reads a file; fails with everything that makes it unusable.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<Table, Vec<SyncIssue>> {
    let mut records = parse(bytes, reading)?.into_iter();
    let header = records.next().unwrap_or_default();
    let header = Header::read(&header, &reading.columns)?;
    if records.len() > MOST_ROWS {
        let message = format!("the file has more than {MOST_ROWS} rows; send it in parts, which is never a snapshot");
        return Err(vec![SyncIssue::error(Code::TooManyRows, message)]);
    }
    let rows = records
        .filter(|record| !record.is_blank())
        .map(|record| row(&header, record))
        .collect();
    Ok(Table {
        rows,
        issues: header.warnings,
    })
}

/// The header of a file and those of its records that start on one of `lines`, as a file with commas and LF.
pub fn extract(bytes: &[u8], reading: &Reading, lines: &BTreeSet<u64>) -> Result<String, Vec<SyncIssue>> {
    let records = parse(bytes, reading)?;
    let wanted = records
        .iter()
        .enumerate()
        .filter(|(at, record)| *at == 0 || lines.contains(&record.line));
    Ok(write::records(wanted.map(|(_, record)| record)))
}

/// The records of a file, its header first.
fn parse(bytes: &[u8], reading: &Reading) -> Result<Vec<Record>, Vec<SyncIssue>> {
    let text = reading.encoding.decode(bytes).map_err(|issue| vec![issue])?;
    if text.trim().is_empty() {
        return Err(vec![SyncIssue::error(
            Code::EmptyFile,
            "the file is empty; not even a header is there",
        )]);
    }
    let delimiter = reading.delimiter.unwrap_or_else(|| delimiter(&text));
    records(&text, delimiter).map_err(|issue| vec![issue])
}

/// The delimiter that stands most often in the first line, outside quotes; a comma if none does.
fn delimiter(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    for c in text.trim_start_matches(['\r', '\n']).chars() {
        match c {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            _ if quoted => {}
            _ => counts
                .iter_mut()
                .filter(|(delimiter, _)| *delimiter == c)
                .for_each(|(_, count)| *count += 1),
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(',', |(delimiter, _)| *delimiter)
}

fn row(header: &Header, record: Record) -> Row {
    let mut row = Row {
        line: record.line,
        ..Row::default()
    };
    let (cells, columns) = (record.cells.len(), header.columns.len());
    if cells != columns {
        let message = format!("the row has {cells} cells, the header {columns}");
        row.issues
            .push(SyncIssue::error(Code::ColumnCount, message).line(record.line));
    }
    for (column, cell) in header.columns.iter().zip(record.cells) {
        let Some(column) = column else { continue };
        let cell = write::unguarded(cell);
        match column.field(&mut row) {
            // Of a row whose cells may stand in the wrong columns, the id alone is kept, to tell which row it is.
            None => row.external_id = cell,
            Some(field) if cells == columns => *field = Field::Given(cell),
            Some(_) => {}
        }
    }
    row
}

#[cfg(test)]
mod tests;
