//! Pictures of lives before and after, and what is told of them. Days are days of June; `3..9` is a line from the 3rd to
//! the day before the 9th, or a spell whose last day is the 9th.

use expect_test::{Expect, expect};

use super::*;

const SUE: PersonKey = PersonKey(1);

#[derive(Clone, Default)]
struct Drawn {
    spells: Vec<Spell>,
    absences: Vec<Absence>,
    lines: Vec<SolidLine>,
}

impl Drawn {
    fn life(&self) -> Life<'_> {
        Life {
            spells: &self.spells,
            absences: &self.absences,
            lines: &self.lines,
        }
    }
}

fn june(day: u32) -> Date {
    Date::from_ymd_opt(2026, 6, day).unwrap()
}

/// `work 1..; away 3..9; 7 2..5` works from the 1st, is away from the 3rd to the 9th, reports to 7 from the 2nd to the 4th.
fn life(picture: &str) -> Drawn {
    let mut drawn = Drawn::default();
    for part in picture.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (what, days) = part.split_once(' ').unwrap();
        let (from, to) = days.split_once("..").unwrap();
        let day = |text: &str| text.parse().ok().map(june);
        let (from, to) = (day(from).unwrap(), day(to));
        match what {
            "work" => drawn.spells.push(Spell { start: from, end: to }),
            "away" => drawn.absences.push(Absence { start: from, end: to }),
            manager => drawn.lines.push(SolidLine {
                manager: PersonKey(manager.parse().unwrap()),
                valid_from: from,
                valid_to: to,
            }),
        }
    }
    drawn
}

fn told(changes: &[Change]) -> String {
    let line = |change: &Change| {
        let related = change.related.map(|key| format!(" ({key})")).unwrap_or_default();
        let fields = change.fields.iter().map(|field| {
            let none = || "-".to_owned();
            let (before, after) = (
                field.before.clone().unwrap_or_else(none),
                field.after.clone().unwrap_or_else(none),
            );
            let day = field
                .effective_date
                .map(|day| format!("@{}", day.format("%-d")))
                .unwrap_or_default();
            format!(" {} {before}>{after}{day}", field.field)
        });
        format!("{}{related}{}\n", change.kind.as_str(), fields.collect::<String>())
    };
    changes.iter().map(line).collect()
}

/// What it means on the 10th that a life was `before` and is `after`.
#[track_caller]
fn check_edit(before: &str, after: &str, expected: &Expect) {
    let (before, after) = (life(before), life(after));
    let changes = edited(Edit {
        person: SUE,
        before: Some(before.life()),
        after: after.life(),
        fields: vec![],
        today: june(10),
    });
    expected.assert_eq(&told(&changes));
}

/// What the days after `from` up to `to` bring.
#[track_caller]
fn check_days(picture: &str, (from, to): (u32, u32), expected: &Expect) {
    let drawn = life(picture);
    expected.assert_eq(&told(&passed(SUE, drawn.life(), june(from), june(to))));
}

#[test]
fn names_are_those_that_are_stored() {
    for kind in ChangeType::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        assert_eq!(ChangeType::named(kind.as_str()), Some(kind));
    }
}

#[test]
fn nothing_is_told_of_nothing() {
    check_edit("work 1..; 7 1..", "work 1..; 7 1..", &expect![[""]]);
    check_edit("work 1..; 7 1..", "work 1..; 7 1..5; 7 5..", &expect![[""]]);
}

#[test]
fn what_is_planned_is_told_when_its_day_comes() {
    check_edit("work 1..; 7 1..", "work 1..; 7 1..12; 8 12..", &expect![[""]]);
    check_edit(
        "work 1..; 7 1..",
        "work 1..12; 7 1..13",
        &expect![[r#"
        person.updated endDate ->2026-06-12
    "#]],
    );
    check_days(
        "work 1..12; 7 1..13",
        (10, 13),
        &expect![[r#"
        person.terminated status ACTIVE>TERMINATED@13
        reporting_line.ended (7) managerExternalId 7>-@13
    "#]],
    );
}

#[test]
fn a_move_ends_one_line_and_starts_another() {
    check_edit(
        "work 1..; 7 1..",
        "work 1..; 7 1..10; 8 10..",
        &expect![[r#"
        reporting_line.ended (7) managerExternalId 7>-@10
        reporting_line.started (8) managerExternalId ->8@10
    "#]],
    );
}

#[test]
fn a_move_in_the_past_says_from_when_on() {
    check_edit(
        "work 1..; 7 1..",
        "work 1..; 7 1..4; 8 4..",
        &expect![[r#"
        reporting_line.ended (7) managerExternalId 7>-@4
        reporting_line.started (8) managerExternalId ->8@4
    "#]],
    );
}

#[test]
fn the_past_alone_is_corrected() {
    check_edit(
        "work 1..; 7 1..",
        "work 1..; 7 1..4; 8 4..6; 7 6..",
        &expect![[r#"
        reporting_line.corrected (7) managerExternalId 7>8@4
    "#]],
    );
    check_edit(
        "work 1..; 7 1..5; 8 5..",
        "work 1..; 9 1..5; 8 5..8; 7 8..",
        &expect![[r#"
        reporting_line.ended (8) managerExternalId 8>-@8
        reporting_line.started (7) managerExternalId ->7@8
        reporting_line.corrected (7) managerExternalId 7>9@1
    "#]],
    );
}

#[test]
fn leaving_and_coming_back() {
    check_edit(
        "work 1..; 7 1..",
        "work 1..9; 7 1..10",
        &expect![[r#"
        person.terminated endDate ->2026-06-09 status ACTIVE>TERMINATED@10
        reporting_line.ended (7) managerExternalId 7>-@10
    "#]],
    );
    check_edit(
        "work 1..5; 7 1..6",
        "work 1..5; work 10..; 7 1..6; 8 10..",
        &expect![[r#"
        person.rehired startDate 2026-06-01>2026-06-10 endDate 2026-06-05>- status TERMINATED>ACTIVE@10
        reporting_line.started (8) managerExternalId ->8@10
    "#]],
    );
}

#[test]
fn every_day_between_is_told() {
    let picture = "work 3..20; away 5..6; 7 3..8; 8 8..";
    check_days(
        picture,
        (1, 10),
        &expect![[r#"
        person.updated status PRE_HIRE>ACTIVE@3
        reporting_line.started (7) managerExternalId ->7@3
        person.updated status ACTIVE>ON_LEAVE@5
        person.updated status ON_LEAVE>ACTIVE@7
        reporting_line.ended (7) managerExternalId 7>-@8
        reporting_line.started (8) managerExternalId ->8@8
    "#]],
    );
    check_days(picture, (8, 10), &expect![[""]]);
}

#[test]
fn a_calendar_that_goes_back_takes_back() {
    check_days(
        "work 3..; 7 3..",
        (3, 2),
        &expect![[r#"
        person.updated status ACTIVE>PRE_HIRE@2
        reporting_line.ended (7) managerExternalId 7>-@3
    "#]],
    );
}
