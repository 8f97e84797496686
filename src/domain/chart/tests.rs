//! Pictures of organisations, and what the chart says about them.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use proptest::{prelude::*, sample::Index};

use super::*;
use crate::domain::{Date, outline::Outline};

fn today() -> Date {
    Date::from_ymd_opt(2026, 11, 16).unwrap()
}

fn drawn(text: &str) -> (Outline, OrgChart) {
    let outline: Outline = text.parse().unwrap();
    let chart = outline.chart(today()).unwrap();
    (outline, chart)
}

/// What the chart says about one person.
fn check_chart(text: &str, name: &str, expected: &Expect) {
    let (outline, chart) = drawn(text);
    let person = outline.key(name).unwrap();
    let named = |key: PersonKey| outline.person(key).unwrap().name.as_str();
    let list = |keys: &mut dyn Iterator<Item = PersonKey>| keys.map(named).collect::<Vec<_>>().join(" ");
    if !chart.contains(person) {
        return expected.assert_eq("not in the chart");
    }
    let interim = if chart.is_interim(person) { ", interim" } else { "" };
    expected.assert_eq(&format!(
        "managers [{}]{interim}, reports [{}], below [{}], depth {}, levels below {}",
        list(&mut chart.managers(person)),
        list(&mut chart.reports(person)),
        list(&mut chart.below(person)),
        chart.depth(person).unwrap(),
        chart.levels_below(person),
    ));
}

/// A chart of ones own keys and lines, or the ring in it.
fn check_lines(present: &[i64], lines: &[(i64, i64)], expected: &Expect) {
    let lines = lines.iter().map(|&(report, manager)| Line {
        report: PersonKey(report),
        manager: PersonKey(manager),
    });
    let answer = match OrgChart::new(present.iter().copied().map(PersonKey), lines) {
        Ok(chart) => {
            let edge = |key| {
                let kind = if chart.is_interim(key) { "~" } else { "-" };
                chart
                    .manager(key)
                    .map_or(format!("{key}"), |manager| format!("{key}{kind}{manager}"))
            };
            chart.keys().map(edge).collect::<Vec<_>>().join(" ")
        }
        Err(ring) => ring.to_string(),
    };
    expected.assert_eq(&answer);
}

const TOWER: &str = "
    ada
      bob
        cyd
          dee
          eve
        fay
      gus
    hal
      ivy
";

#[test]
fn a_leader_in_the_middle_has_people_above_and_below() {
    check_chart(
        TOWER,
        "bob",
        &expect!["managers [ada], reports [cyd fay], below [cyd dee eve fay], depth 1, levels below 2"],
    );
}

#[test]
fn a_root_has_nobody_above_and_a_leaf_nobody_below() {
    check_chart(
        TOWER,
        "ada",
        &expect!["managers [], reports [bob gus], below [bob cyd dee eve fay gus], depth 0, levels below 3"],
    );
    check_chart(
        TOWER,
        "ivy",
        &expect!["managers [hal], reports [], below [], depth 1, levels below 0"],
    );
}

#[test]
fn reports_of_somebody_who_left_hang_on_the_next_present_person_above() {
    check_chart(
        "ada\n  bob (left)\n    cyd",
        "cyd",
        &expect!["managers [ada], interim, reports [], below [], depth 1, levels below 0"],
    );
    check_chart(
        "ada\n  bob (left)\n    cyd (left)\n      dee\n        eve",
        "dee",
        &expect!["managers [ada], interim, reports [eve], below [eve], depth 1, levels below 1"],
    );
    check_chart("ada\n  bob (left)\n    cyd", "bob", &expect!["not in the chart"]);
}

#[test]
fn reports_of_somebody_who_has_not_started_hang_on_the_next_present_person_above() {
    check_chart(
        "ada\n  bob (from 2026-11-17)\n    cyd",
        "cyd",
        &expect!["managers [ada], interim, reports [], below [], depth 1, levels below 0"],
    );
    check_chart(
        "ada\n  bob (from 2026-11-16)\n    cyd",
        "cyd",
        &expect!["managers [bob ada], reports [], below [], depth 2, levels below 0"],
    );
}

#[test]
fn a_manager_on_leave_keeps_their_place() {
    check_chart(
        "ada\n  bob (leave)\n    cyd",
        "cyd",
        &expect!["managers [bob ada], reports [], below [], depth 2, levels below 0"],
    );
}

#[test]
fn where_everybody_above_is_gone_there_is_a_root() {
    check_chart(
        "ada (left)\n  bob (left)\n    cyd\n      dee",
        "cyd",
        &expect!["managers [], reports [dee], below [dee], depth 0, levels below 1"],
    );
}

#[test]
fn a_ring_of_present_people_is_refused_from_its_smallest_key() {
    check_lines(
        &[1, 2, 3, 4],
        &[(4, 2), (2, 3), (3, 4), (1, 2)],
        &expect!["2 -> 3 -> 4 -> 2"],
    );
    check_lines(
        &[1, 2, 3, 4],
        &[(4, 3), (3, 4), (1, 2), (2, 1)],
        &expect!["1 -> 2 -> 1"],
    );
    check_lines(&[1, 2, 3], &[(1, 3), (3, 2), (2, 3)], &expect!["2 -> 3 -> 2"]);
    check_lines(&[7], &[(7, 7)], &expect!["7 -> 7"]);
}

#[test]
fn a_loop_of_absent_people_ends_in_a_root() {
    check_lines(&[1, 2], &[(1, 8), (8, 9), (9, 8), (2, 1)], &expect!["1 2-1"]);
}

#[test]
fn a_ring_through_absent_people_is_cut_at_its_smallest_interim_line() {
    check_lines(
        &[1, 2, 3],
        &[(1, 2), (2, 9), (9, 3), (3, 8), (8, 1)],
        &expect!["2 1-2 3~1"],
    );
    check_lines(&[5], &[(5, 9), (9, 5)], &expect!["5"]);
}

#[test]
fn lines_to_and_from_strangers_are_passed_over() {
    check_lines(&[1, 2], &[(1, 77), (78, 2), (2, 1), (2, 1), (2, 5)], &expect!["1 2-1"]);
}

#[test]
fn distance_counts_lines_in_either_direction_and_only_along_them() {
    let (outline, chart) = drawn(TOWER);
    let key = |name| outline.key(name).unwrap();
    let distance = |a, b| chart.distance(key(a), key(b));
    assert_eq!(distance("ada", "dee"), Some(3));
    assert_eq!(distance("dee", "ada"), Some(3));
    assert_eq!(distance("bob", "bob"), Some(0));
    assert_eq!(distance("dee", "eve"), None, "siblings");
    assert_eq!(distance("ada", "ivy"), None, "two trees");
    assert_eq!(chart.distance(key("ada"), PersonKey(99)), None, "a stranger");
    assert!(chart.is_above(key("ada"), key("dee")));
    assert!(!chart.is_above(key("dee"), key("ada")));
    assert!(!chart.is_above(key("ada"), key("ada")));
}

#[test]
fn a_branch_is_the_report_through_whom_somebody_is_reached() {
    let (outline, chart) = drawn(TOWER);
    let branch = |leader: &str, person: &str| {
        let branch = chart.branch(outline.key(leader)?, outline.key(person)?)?;
        Some(outline.person(branch)?.name.clone())
    };
    assert_eq!(branch("ada", "dee").as_deref(), Some("bob"));
    assert_eq!(
        branch("ada", "gus").as_deref(),
        Some("gus"),
        "a report is their own branch"
    );
    assert_eq!(branch("ada", "ada"), None);
    assert_eq!(branch("dee", "ada"), None, "upwards");
    assert_eq!(branch("hal", "dee"), None, "another tree");
}

#[test]
fn strangers_are_nowhere_and_have_nobody() {
    let (_, chart) = drawn(TOWER);
    let stranger = PersonKey(99);
    assert!(!chart.contains(stranger) && !chart.has_reports(stranger) && !chart.is_interim(stranger));
    assert_eq!(
        (
            chart.manager(stranger),
            chart.depth(stranger),
            chart.below_count(stranger)
        ),
        (None, None, 0)
    );
    let empty = OrgChart::new([], []).unwrap();
    assert!(empty.is_empty() && empty.keys().next().is_none() && empty.places().next().is_none());
}

#[test]
fn places_carry_the_path_from_the_root() {
    let (_, chart) = drawn("ada\n  bob (left)\n    cyd\n      dee\n  eve");
    let line = |place: Place| {
        let Place {
            path,
            depth,
            manager,
            interim,
            below,
            reports,
            ..
        } = place;
        format!("{path} depth {depth} manager {manager:?} interim {interim} below {below} reports {reports}\n")
    };
    expect![[r#"
        00000001 depth 0 manager None interim false below 3 reports 2
        00000001.00000003 depth 1 manager Some(PersonKey(1)) interim true below 1 reports 1
        00000001.00000003.00000004 depth 2 manager Some(PersonKey(3)) interim false below 0 reports 0
        00000001.00000005 depth 1 manager Some(PersonKey(1)) interim false below 0 reports 0
    "#]]
    .assert_eq(&chart.places().map(line).collect::<String>());
}

#[test]
fn path_keys_are_eight_characters_to_base_36() {
    let keys = [0, 1, 35, 36, 36_i64.pow(8) - 1].map(|key| path_key(PersonKey(key)));
    assert_eq!(keys, ["00000000", "00000001", "0000000z", "00000010", "zzzzzzzz"]);
    assert_eq!(
        path_key(PersonKey(36_i64.pow(8))),
        "100000000",
        "longer, never somebody else's"
    );
}

/// Any present people and lines; rings are likely.
fn any_lines() -> impl Strategy<Value = (Vec<i64>, Vec<(i64, i64)>)> {
    (
        prop::collection::vec(0..24_i64, 0..24),
        prop::collection::vec((0..24_i64, 0..24_i64), 0..30),
    )
}

/// A forest without rings: everybody reports to a smaller key, some people are absent.
fn any_forest() -> impl Strategy<Value = (Vec<PersonKey>, Vec<Line>)> {
    prop::collection::vec((any::<Index>(), 0..10_u8), 1..60).prop_map(|people| {
        let key = |index: usize| PersonKey(i64::try_from(index * 37 % 61).unwrap());
        let present = people
            .iter()
            .enumerate()
            .filter(|(_, (_, dice))| *dice > 1)
            .map(|(index, _)| key(index));
        let line = |(index, (manager, dice)): (usize, &(Index, u8))| {
            (index > 0 && *dice < 9).then(|| Line {
                report: key(index),
                manager: key(manager.index(index)),
            })
        };
        (present.collect(), people.iter().enumerate().filter_map(line).collect())
    })
}

proptest! {
    /// Any input makes a forest or names a ring that is there.
    #[test]
    fn any_input_is_a_forest_or_a_ring((present, lines) in any_lines()) {
        let present: Vec<_> = present.into_iter().map(PersonKey).collect();
        let lines: Vec<_> =
            lines.into_iter().map(|(report, manager)| Line { report: PersonKey(report), manager: PersonKey(manager) }).collect();
        match OrgChart::new(present.clone(), lines.clone()) {
            Ok(chart) => {
                for key in chart.keys() {
                    prop_assert!(chart.managers(key).count() == chart.depth(key).unwrap() as usize);
                    prop_assert!(!chart.is_interim(key) || chart.manager(key).is_some());
                }
                prop_assert!(present.iter().all(|&key| chart.contains(key)));
                prop_assert_eq!(chart.len(), present.iter().collect::<BTreeSet<_>>().len());
            }
            Err(Ring { people }) => {
                for (index, &report) in people.iter().enumerate() {
                    let manager = people[(index + 1) % people.len()];
                    let line = Line { report, manager };
                    prop_assert!(lines.contains(&line) && present.contains(&report));
                }
            }
        }
    }

    /// The order of people and lines means nothing.
    #[test]
    fn order_of_input_means_nothing(
        (present, lines) in any_lines(), turn in any::<Index>(),
    ) {
        let build = |present: &[i64], lines: &[(i64, i64)]| OrgChart::new(
            present.iter().copied().map(PersonKey),
            lines.iter().map(|&(report, manager)| Line { report: PersonKey(report), manager: PersonKey(manager) }),
        );
        let straight = build(&present, &lines);
        let (mut present, mut lines) = (present, lines);
        present.reverse();
        lines.reverse();
        if !lines.is_empty() {
            let middle = turn.index(lines.len());
            lines.rotate_left(middle);
        }
        prop_assert_eq!(straight, build(&present, &lines));
    }

    /// The range over paths, as a database reads it, is the slice below; and byte order is pre-order.
    #[test]
    fn a_range_of_paths_is_everybody_below((present, lines) in any_forest()) {
        let chart = OrgChart::new(present, lines).unwrap();
        let places: Vec<_> = chart.places().collect();
        prop_assert!(places.is_sorted_by(|a, b| a.path < b.path));
        for place in &places {
            let (from, to) = (format!("{}.", place.path), format!("{}/", place.path));
            let within: Vec<_> = places.iter().filter(|other| from <= other.path && other.path < to).map(|other| other.key).collect();
            prop_assert_eq!(&within, &chart.below(place.key).collect::<Vec<_>>());
            prop_assert_eq!(place.below as usize, within.len());
            prop_assert_eq!(place.reports as usize, chart.keys().filter(|&key| chart.manager(key) == Some(place.key)).count());
            prop_assert_eq!(chart.levels_below(place.key), within.iter().map(|&key| chart.distance(place.key, key).unwrap()).max().unwrap_or(0));
        }
    }
}
