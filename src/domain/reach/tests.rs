//! The bounds against everything that could have been, on organisations small enough to try it all.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::{chart::Line, outline::Outline};

/// Whom each meeting could have reached.
struct Lists(Vec<Vec<usize>>);

impl Meetings for Lists {
    fn candidates(&self, meeting: usize) -> impl Iterator<Item = usize> + '_ {
        self.0[meeting].iter().copied()
    }
}

/// Tries every choice of everybody's meetings.
fn by_brute_force(meetings: &[Vec<usize>], reached: &mut BTreeSet<usize>) -> usize {
    let Some((first, rest)) = meetings.split_first() else {
        return reached.len();
    };
    let mut most = by_brute_force(rest, reached);
    for &person in first {
        if reached.insert(person) {
            most = most.max(by_brute_force(rest, reached));
            reached.remove(&person);
        }
    }
    most
}

fn by_matching(people: usize, meetings: Vec<Vec<usize>>) -> usize {
    let lists = Lists(meetings);
    let mut matching = Matching::new(people);
    for meeting in 0..lists.0.len() {
        matching.add(&lists, meeting);
    }
    matching.size()
}

/// One list of candidates for each held meeting of each leader.
fn meetings(chart: &OrgChart, held: &[usize]) -> Vec<Vec<usize>> {
    (0..chart.len())
        .flat_map(|at| {
            let pop: Vec<usize> = chart.reports_at(at).flat_map(|report| chart.below_at(report)).collect();
            std::iter::repeat_n(pop, held[at])
        })
        .collect()
}

/// Everybody reports to somebody before them, or to nobody.
fn charts() -> impl Strategy<Value = OrgChart> {
    proptest::collection::vec(any::<proptest::sample::Index>(), 1..9).prop_map(|managers| {
        let key = |at: usize| PersonKey(i64::try_from(at).unwrap());
        let lines = managers.iter().enumerate().filter_map(|(at, manager)| {
            // One in so many is a root.
            let manager = manager.index(at + 1);
            (manager < at).then(|| Line {
                report: key(at),
                manager: key(manager),
            })
        });
        OrgChart::new((0..managers.len()).map(key), lines).unwrap()
    })
}

proptest! {
    #[test]
    fn the_walk_the_matching_and_brute_force_agree_on_a_chart_that_stands_still(
        chart in charts(),
        held in proptest::collection::vec(0..3_usize, 9),
    ) {
        let meetings = meetings(&chart, &held);
        prop_assume!(meetings.len() <= 8);
        let exact = by_brute_force(&meetings, &mut BTreeSet::new());
        let of = |key| held[chart.position(key).unwrap()];
        prop_assert_eq!(most(&chart, of, |_| true), exact);
        prop_assert_eq!(by_matching(chart.len(), meetings), exact);
    }

    #[test]
    fn the_matching_is_exact_whoever_was_there_when(
        meetings in proptest::collection::vec(proptest::collection::vec(0..7_usize, 0..5), 0..8),
    ) {
        let exact = by_brute_force(&meetings, &mut BTreeSet::new());
        prop_assert_eq!(by_matching(7, meetings), exact);
    }
}

#[test]
fn the_smallest_set_chooses_first() {
    let outline: Outline = "
        ada
          bob
            cyd
              dee
              eli
          fay
            gil
        "
    .parse()
    .unwrap();
    let chart = outline.chart("2026-01-05".parse().unwrap()).unwrap();
    let key = |name| outline.key(name).unwrap();
    // bob can reach dee and eli, ada these two, cyd and gil.
    let check = |ada: usize, bob: usize, expected: usize| {
        let held = |leader| match leader {
            _ if leader == key("ada") => ada,
            _ if leader == key("bob") => bob,
            _ => 0,
        };
        assert_eq!(most(&chart, held, |_| true), expected, "ada {ada}, bob {bob}");
    };
    check(0, 0, 0);
    check(1, 1, 2);
    check(2, 2, 4);
    check(1, 9, 3);
    check(9, 0, 4);
    let held = |_| 9;
    assert_eq!(most(&chart, held, |person| person == key("gil")), 1);
}
