//! One file a subject; an organisation is drawn as rows, sent, and compared as text.

mod anything;
mod employment;
mod erased;
mod exits;
mod limits;
mod managers;
mod matching;
mod pending;
mod snapshots;
mod texts;

use expect_test::Expect;

use super::testing::Office;

/// Sends rows to an empty office, or to one that holds what was sent before.
fn check(office: &mut Office, as_of: &str, rows: &str, expected: &Expect) {
    expected.assert_eq(&office.rows(as_of, rows));
}

/// A company of three: ada over bob over cyd, since 2020.
fn company() -> Office {
    let mut office = Office::default();
    let rows = "
        ada start=2020-01-01 email=ada@example.com
        bob start=2020-01-01 email=bob@example.com manager=ada
        cyd start=2020-01-01 email=cyd@example.com manager=bob";
    assert!(office.rows("2026-01-10", rows).ends_with("Planned\n"));
    office
}
