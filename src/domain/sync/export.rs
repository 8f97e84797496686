//! A source's people as rows that it could send again: read back on the same day, they change nothing.

use std::collections::HashMap;

use super::{
    roster::{Roster, RosterPerson},
    run::{Field, Row},
};
use crate::domain::{
    Date,
    person::{Absence, PersonKey, PersonStatus, Spell},
};

/// Everybody whom `source` knows, as they are on `as_of`, by external id.
///
/// Names, titles and the like are not dated: they are as of now. Somebody who has not started, or has left, is in it too.
/// A manager whom the source does not know is named by e-mail.
pub fn export(roster: &Roster, source: &str, as_of: Date) -> Vec<Row> {
    let by_key = |person: &'_ RosterPerson| (person.record.key, identity(person, source).map(str::to_owned));
    let ids: HashMap<PersonKey, Option<String>> = roster.people.iter().map(by_key).collect();
    let mails: HashMap<PersonKey, &str> = roster
        .people
        .iter()
        .filter_map(|person| Some((person.record.key, person.record.email.as_deref()?)))
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    for person in &roster.people {
        let Some(external_id) = identity(person, source) else {
            continue;
        };
        let mut row = Row {
            external_id: external_id.to_owned(),
            name: Field::Given(person.record.name.clone()),
            email: cell(person.record.email.as_deref()),
            title: cell(person.record.title.as_deref()),
            department: cell(person.record.department.as_deref()),
            location: cell(person.record.location.as_deref()),
            manager_external_id: Field::Cleared,
            manager_email: Field::Cleared,
            ..Row::default()
        };
        let spell = spell_of(person, as_of);
        if let Some(manager) = spell.and_then(|spell| manager_of(person, as_of.max(spell.start))) {
            match ids.get(&manager) {
                Some(Some(id)) => row.manager_external_id = Field::Given(id.clone()),
                _ => row.manager_email = cell(mails.get(&manager).copied()),
            }
        }
        if let Some(spell) = spell {
            row.start_date = Field::Given(spell.start.to_string());
            row.end_date = spell.end.map_or(Field::Cleared, |end| Field::Given(end.to_string()));
            row.status = Field::Given(status_of(person, spell, as_of).to_owned());
        }
        rows.push(row);
    }
    rows.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    for (row, line) in rows.iter_mut().zip(2..) {
        row.line = line;
    }
    rows
}

fn identity<'a>(person: &'a RosterPerson, source: &str) -> Option<&'a str> {
    let known = person.identities.iter().find(|identity| identity.source == source);
    known.map(|identity| identity.external_id.as_str())
}

fn cell(text: Option<&str>) -> Field {
    text.map_or(Field::Cleared, |text| Field::Given(text.to_owned()))
}

/// The spell of the day; between two, the one to come.
fn spell_of(person: &RosterPerson, as_of: Date) -> Option<Spell> {
    let mut spells: Vec<Spell> = person.spells.iter().map(|spell| spell.value).collect();
    spells.sort_unstable();
    let not_over = spells.iter().find(|spell| spell.end.is_none_or(|end| as_of <= end));
    not_over.or(spells.last()).copied()
}

fn manager_of(person: &RosterPerson, day: Date) -> Option<PersonKey> {
    let lines = person.lines.iter().map(|line| line.value);
    lines.filter(|line| line.covers(day)).map(|line| line.manager).next()
}

fn status_of(person: &RosterPerson, spell: Spell, as_of: Date) -> &'static str {
    let absences: Vec<Absence> = person.absences.iter().map(|absence| absence.value).collect();
    match PersonStatus::on(as_of, &[spell], &absences) {
        PersonStatus::PreHire => "pre_hire",
        PersonStatus::Active => "active",
        PersonStatus::OnLeave => "on_leave",
        PersonStatus::Terminated => "terminated",
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::*, *};

    fn office() -> Office {
        let mut office = Office::default();
        let rows = "
            1 start=2015-01-05
            2 manager=1 title==SUM email=two@example.org start=2016-02-01
            3 manager=2 start=2020-03-02 status=leave
            4 manager=2 start=2019-01-07 end=2026-03-31
            5 manager=1 start=2026-09-01 status=pre_hire
            ";
        office.rows("2026-01-05", rows);
        office.rows("2026-05-01", "3 manager=1");
        office
    }

    #[test]
    fn what_goes_out_comes_in_without_a_change() {
        let office = office();
        for day in ["2026-05-01", "2026-10-01"] {
            let mut back = run(day, "");
            back.rows = export(&office.roster, "hris", date(day));
            assert_eq!(back.rows.len(), 5);
            let told = describe(&super::super::plan(&office.roster, &back));
            expect_test::expect![[r#"
                2 UNCHANGED
                  warning FORMULA_LIKE: title starts like a formula of a spreadsheet; it is kept as it is
                Planned
            "#]]
            .assert_eq(&told);
        }
    }

    #[test]
    fn lines_are_those_of_the_day() {
        let office = office();
        let manager = |day: &str| {
            let rows = export(&office.roster, "hris", date(day));
            rows[2].manager_external_id.given().cloned()
        };
        assert_eq!(manager("2026-04-30").as_deref(), Some("2"));
        assert_eq!(manager("2026-05-01").as_deref(), Some("1"));
        assert!(export(&office.roster, "another", date("2026-05-01")).is_empty());
    }
}
