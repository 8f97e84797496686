//! How long somebody has waited to be heard (product.md 4, rule 5).

use crate::domain::{Date, person::Absence};

/// The days from `since` up to but without `until` that no absence covers; absences are sorted by their start.
pub fn days_at_work(since: Date, until: Date, absences: &[Absence]) -> i64 {
    let mut at_work = (until - since).num_days().max(0);
    let Some(last) = until.pred_opt() else { return at_work };
    // Absences may overlap; no day is taken off twice.
    let mut from = since;
    for absence in absences {
        at_work -= absence.days_within(from, last);
        from = absence.end.map_or(until, |end| from.max(end.succ_opt().unwrap_or(end)));
    }
    at_work.max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> Date {
        Date::from_ymd_opt(2026, 6, day).unwrap()
    }

    fn check(since: u32, absences: &[(u32, Option<u32>)], expected: i64) {
        let absences: Vec<_> = absences
            .iter()
            .map(|&(start, end)| Absence {
                start: day(start),
                end: end.map(day),
            })
            .collect();
        assert_eq!(days_at_work(day(since), day(20), &absences), expected);
    }

    #[test]
    fn a_wait_counts_its_first_day_and_not_its_last() {
        check(10, &[], 10);
        check(20, &[], 0);
        check(25, &[], 0);
    }

    #[test]
    fn leave_is_not_counted() {
        check(10, &[(12, Some(14))], 7);
        check(10, &[(1, Some(11))], 8);
        check(10, &[(19, Some(29))], 9);
        check(10, &[(15, None)], 5);
        check(10, &[(1, Some(5)), (21, None)], 10);
    }

    #[test]
    fn overlapping_leave_is_taken_off_once() {
        check(10, &[(12, Some(14)), (13, Some(15))], 6);
        check(10, &[(11, Some(18)), (13, Some(15)), (18, Some(19))], 1);
        check(10, &[(12, None), (13, Some(15))], 2);
    }
}
