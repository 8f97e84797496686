//! One change of manager by hand, by the same rules as an import's.

use super::{
    lines::set_manager,
    outcome::Edits,
    ring::{Edge, rings},
    roster::{SolidLine, Stored},
    slot::{compare, slots},
};
use crate::domain::{Date, person::PersonKey};

/// Who gets which manager, from when on.
#[derive(Clone, Copy, Debug)]
pub struct Reassignment {
    /// Who reports.
    pub person: PersonKey,
    /// To whom; none for nobody.
    pub manager: Option<PersonKey>,
    /// The first day.
    pub from: Date,
    /// The first day on which the person is no longer employed, if known.
    pub until: Option<Date>,
}

/// What `change` does to the person's lines, given everybody's `lines`; or the people of the ring it would close on some
/// day, each one's manager being the next one's report.
pub fn reassign(
    lines: &[(PersonKey, Stored<SolidLine>)],
    change: Reassignment,
) -> Result<Edits<SolidLine>, Vec<PersonKey>> {
    let own: Vec<_> = lines.iter().filter(|(report, _)| *report == change.person).map(|(_, line)| *line).collect();
    let mut new = slots(&own);
    set_manager(&mut new, change.from, change.until, change.manager);
    let others = lines.iter().filter(|(report, _)| *report != change.person).map(|(report, line)| (*report, line.value));
    let all = others.chain(new.iter().map(|slot| (change.person, slot.value)));
    let edges = all.map(|(report, line)| Edge {
        report,
        manager: line.manager,
        from: line.valid_from,
        to: line.valid_to,
    });
    if let Some(ring) = rings(edges.collect(), change.from).first() {
        return Err(ring.edges.iter().map(|edge| edge.report).collect());
    }
    let mut edits = Edits::default();
    compare(change.person, &own, &new, &mut edits);
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn line(report: i64, manager: i64, from: &str, to: Option<&str>) -> (PersonKey, Stored<SolidLine>) {
        let value = SolidLine { manager: PersonKey(manager), valid_from: day(from), valid_to: to.map(day) };
        (PersonKey(report), Stored { id: Uuid::from_u128(report.unsigned_abs().into()), value })
    }

    fn change(person: i64, manager: i64, from: &str) -> Reassignment {
        Reassignment { person: PersonKey(person), manager: Some(PersonKey(manager)), from: day(from), until: None }
    }

    #[test]
    fn the_old_line_ends_where_the_new_one_begins() {
        let lines = [line(2, 1, "2020-01-01", None), line(3, 1, "2020-01-01", None)];
        let edits = reassign(&lines, change(3, 2, "2026-01-01")).unwrap();
        assert_eq!(edits.updated[0].value.valid_to, Some(day("2026-01-01")));
        assert_eq!(edits.inserted[0].value.manager, PersonKey(2));
        assert_eq!(edits.inserted[0].value.valid_to, None);
    }

    #[test]
    fn a_ring_is_refused_on_any_day_and_named() {
        let lines = [line(2, 1, "2020-01-01", None), line(3, 2, "2020-01-01", Some("2026-06-01"))];
        assert_eq!(reassign(&lines, change(2, 3, "2026-01-01")).unwrap_err().len(), 2);
        // After the other line has ended there is none.
        assert!(reassign(&lines, change(2, 3, "2026-06-01")).is_ok());
    }

    #[test]
    fn the_same_manager_changes_nothing() {
        let lines = [line(2, 1, "2020-01-01", None)];
        assert_eq!(reassign(&lines, change(2, 1, "2026-01-01")).unwrap(), Edits::default());
    }
}
