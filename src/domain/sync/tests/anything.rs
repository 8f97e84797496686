//! Whatever is sent, the rules hold, the order of rows does not matter, and the same again changes nothing.

use proptest::{collection::vec, prelude::*};

use crate::domain::{
    Date,
    sync::{
        Field, Mode, OnError, OnTerminatedManager, OnUnknownManager, Row, Run, plan,
        testing::{Office, run},
    },
};

const PEOPLE: usize = 7;

fn day(number: u64) -> Date {
    Date::from_ymd_opt(2026, 1, 1).expect("a day") + chrono::Days::new(number)
}

fn any_day() -> impl Strategy<Value = String> {
    (0_u64..60).prop_map(|number| day(number).to_string())
}

fn any_field(value: impl Strategy<Value = String> + 'static) -> BoxedStrategy<Field> {
    prop_oneof![4 => Just(Field::Absent), 1 => Just(Field::Cleared), 4 => value.prop_map(Field::Given)].boxed()
}

fn any_row() -> impl Strategy<Value = Row> {
    let id = || (0..PEOPLE).prop_map(|person| format!("p{person}"));
    let status = prop_oneof!["active", "leave", "terminated", "pre_hire", "odd"];
    let cells = (
        any_field(id()),
        any_field((0..4).prop_map(|email| format!("a{email}@example.com"))),
        any_field(any_day()),
        any_field(any_day()),
        any_field(any_day()),
        any_field(status),
    );
    (id(), cells).prop_map(
        |(external_id, (manager_external_id, email, start_date, end_date, effective_date, status))| Row {
            name: Field::Given(external_id.clone()),
            external_id,
            manager_external_id,
            email,
            start_date,
            end_date,
            effective_date,
            status,
            ..Row::default()
        },
    )
}

fn any_run() -> impl Strategy<Value = Run> {
    let on_error = prop_oneof![Just(OnError::Abort), Just(OnError::Skip), Just(OnError::Skip)];
    let mode = prop_oneof![Just(Mode::Partial), Just(Mode::Full)];
    let unknown_manager = prop_oneof![
        Just(OnUnknownManager::Error),
        Just(OnUnknownManager::Pending),
        Just(OnUnknownManager::Keep)
    ];
    let terminated_manager = prop_oneof![Just(OnTerminatedManager::Keep), Just(OnTerminatedManager::SkipLevel)];
    let rules = (on_error, mode, unknown_manager, terminated_manager);
    (vec(any_row(), 0..PEOPLE), 0_u64..60, rules).prop_map(|(mut rows, today, rules)| {
        let (on_error, mode, unknown_manager, terminated_manager) = rules;
        rows.iter_mut().zip(1..).for_each(|(row, line)| row.line = line);
        Run {
            rows,
            mode,
            as_of: day(today),
            on_error,
            unknown_manager,
            terminated_manager,
            ..run("2026-01-01", "")
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_whatever_is_sent(mut runs in vec(any_run(), 1..6)) {
        let mut office = Office::default();
        runs.sort_by_key(|run| run.as_of);
        for run in &runs {
            office.send(run);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(first in any_run(), second in any_run(), turn in 0..PEOPLE) {
        let mut office = Office::default();
        office.send(&first);
        let mut turned = second.clone();
        let turn = turn % turned.rows.len().max(1);
        turned.rows.rotate_left(turn);
        let (straight, turned) = (plan(&office.roster, &second), plan(&office.roster, &turned));
        prop_assert_eq!(straight.plan_hash, turned.plan_hash);
        prop_assert_eq!(straight.counts, turned.counts);
        prop_assert_eq!(straight.rows, turned.rows);
    }
}
