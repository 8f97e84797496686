//! RFC 4180: text in, records out. Lines may end with LF, CRLF or CR.

use std::{iter::Peekable, str::Chars};

use crate::domain::sync::{Code, SyncIssue};

/// One record of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The line on which it starts, counted from 1.
    pub(super) line: u64,
    /// Its cells, without their quotes.
    pub(super) cells: Vec<String>,
}

impl Record {
    /// Whether nothing stands in it, as in the empty rows that spreadsheets leave behind.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The records of `text`, without empty lines; fails where quotes do not match.
pub(super) fn records(text: &str, delimiter: char) -> Result<Vec<Record>, SyncIssue> {
    let mut parser = Parser { rest: text.chars().peekable(), delimiter, line: 1 };
    let mut records = Vec::new();
    while let Some(record) = parser.record()? {
        if !matches!(record.cells.as_slice(), [cell] if cell.is_empty()) {
            records.push(record);
        }
    }
    Ok(records)
}

struct Parser<'t> {
    rest: Peekable<Chars<'t>>,
    delimiter: char,
    /// The line of the next character.
    line: u64,
}

impl Parser<'_> {
    fn record(&mut self) -> Result<Option<Record>, SyncIssue> {
        if self.rest.peek().is_none() {
            return Ok(None);
        }
        let mut record = Record { line: self.line, cells: Vec::new() };
        loop {
            let cell = if self.rest.next_if_eq(&'"').is_some() { self.quoted()? } else { self.bare() };
            record.cells.push(cell);
            match self.next() {
                Some(c) if c == self.delimiter => {}
                _ => return Ok(Some(record)),
            }
        }
    }

    /// A cell behind its opening quote. What follows the closing one must end the cell.
    fn quoted(&mut self) -> Result<String, SyncIssue> {
        let opened = self.line;
        let mut cell = String::new();
        loop {
            match self.next() {
                None => return Err(syntax(opened, "a quote is opened and never closed")),
                Some('"') if self.rest.next_if_eq(&'"').is_some() => cell.push('"'),
                Some('"') => break,
                Some(c) => cell.push(c),
            }
        }
        match self.rest.peek() {
            None | Some('\r' | '\n') => Ok(cell),
            Some(c) if *c == self.delimiter => Ok(cell),
            Some(_) => Err(syntax(self.line, "text follows a closing quote; write a quote within quotes twice")),
        }
    }

    /// A cell without quotes; a quote within it is a character like others.
    fn bare(&mut self) -> String {
        let mut cell = String::new();
        let delimiter = self.delimiter;
        while let Some(c) = self.rest.next_if(|c| *c != delimiter && !matches!(c, '\r' | '\n')) {
            cell.push(c);
        }
        cell
    }

    /// The next character, CRLF and CR read as LF.
    fn next(&mut self) -> Option<char> {
        let c = match self.rest.next()? {
            '\r' => {
                self.rest.next_if_eq(&'\n');
                '\n'
            }
            c => c,
        };
        self.line += u64::from(c == '\n');
        Some(c)
    }
}

fn syntax(line: u64, message: &str) -> SyncIssue {
    SyncIssue::error(Code::CsvSyntax, message).line(line)
}
