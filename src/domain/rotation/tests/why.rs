//! Why somebody is not suggested: each answer, and what the leader may know of it.

use super::*;
use crate::domain::settings::BetweenVisibility;

/// `CODE until DAY` of why a person is not suggested to a leader.
fn why(world: &World, leader: &str, person: &str) -> String {
    why_beside(Beside::Suggestion, world, leader, person)
}

fn why_beside(beside: Beside, world: &World, leader: &str, person: &str) -> String {
    let told = why_not(&world.round(), world.key(leader), world.key(person), beside);
    told.map_or("nothing".to_owned(), |told| {
        let until = told.until.map(|day| format!(" until {day}")).unwrap_or_default();
        format!("{:?}{until}", told.code)
    })
}

fn why_cyd(world: &World) -> String {
    why(world, "ada", "cyd")
}

/// The usual three, with something said of cyd.
fn three(cyd: &str) -> World {
    World::new(&format!("ada\n  bob\n    cyd {cyd}"))
}

#[test]
fn nothing_is_said_of_anybody_who_is_not_below() {
    let world = World::new("ada\n  bob\n    cyd\n  eve (left)\ndee");
    for (leader, person) in [
        ("ada", "ada"),
        ("bob", "ada"),
        ("cyd", "ada"),
        ("ada", "dee"),
        ("dee", "ada"),
        ("ada", "eve"),
        ("eve", "bob"),
    ] {
        assert_eq!(why(&world, leader, person), "nothing", "{person} to {leader}");
    }
    assert_eq!(
        why_not(&world.round(), world.key("ada"), PersonKey(99), Beside::Suggestion),
        None
    );
}

#[test]
fn direct_reports_are_met_anyway() {
    let world = World::new("ada\n  bob (leave)\n    cyd");
    assert_eq!(why(&world, "ada", "bob"), "DirectReport");
    assert_eq!(why(&world, "bob", "cyd"), "DirectReport");
}

#[test]
fn a_pair_cools_down_until_a_day() {
    assert_eq!(
        why_cyd(&three("").held("ada", "cyd", "2026-09-29")),
        "Cooldown until 2026-11-24"
    );
    assert_eq!(why_cyd(&three("").held("ada", "cyd", "2026-09-28")), "LowerInOrder");
    assert_eq!(
        why_cyd(&three("").scheduled("ada", "cyd", "2026-11-25")),
        "Cooldown until 2027-01-20"
    );
}

#[test]
fn a_pair_rests_until_a_day() {
    assert_eq!(
        why_cyd(&three("").rests("ada", "cyd", "2026-11-24")),
        "Cooldown until 2026-11-24"
    );
    assert_eq!(why_cyd(&three("").rests("ada", "cyd", "2026-11-23")), "LowerInOrder");
}

#[test]
fn of_a_load_cap_the_week_is_told_in_which_it_ends() {
    // From Tuesday to Sunday it is the same answer: no day of another leader's.
    for claimed in ["2026-11-17", "2026-11-20", "2026-11-22"] {
        assert_eq!(
            why_cyd(&three("").asked("cyd", claimed)),
            "LoadCap until 2026-12-21",
            "{claimed}"
        );
    }
    assert_eq!(
        why_cyd(&three("").asked("cyd", "2026-11-23")),
        "LoadCap until 2026-12-21"
    );
    assert_eq!(why_cyd(&three("").asked("cyd", "2026-10-26")), "LowerInOrder");
    let none = three("")
        .asked("cyd", "2026-11-17")
        .with(|settings| settings.between_visibility = BetweenVisibility::None);
    assert_eq!(why_cyd(&none), "LowerInOrder");
}

#[test]
fn leave_is_told_until_its_end_where_it_has_one() {
    assert_eq!(
        why_cyd(&three("(leave 2026-11-29..2026-12-14)")),
        "OnLeave until 2026-12-15"
    );
    assert_eq!(why_cyd(&three("(leave)")), "OnLeave");
}

#[test]
fn newcomers_and_leavers_are_told() {
    assert_eq!(why_cyd(&three("(from 2026-10-25)")), "TooNew until 2026-11-24");
    assert_eq!(why_cyd(&three("(from 2026-10-24)")), "LowerInOrder");
    assert_eq!(why_cyd(&three("(until 2026-11-28)")), "Leaving");
    assert_eq!(why_cyd(&three("(until 2026-11-29)")), "LowerInOrder");
}

#[test]
fn the_leaders_own_state_makes_no_difference() {
    assert_eq!(
        why_cyd(&World::new("ada (leave)\n  bob\n    cyd (from 2026-10-25)")),
        "TooNew until 2026-11-24"
    );
    assert_eq!(
        why_cyd(&three("").with(|settings| settings.slots_per_week = 0)),
        "LowerInOrder"
    );
}

#[test]
fn somebody_silent_comes_later_in_the_order() {
    let silent = three("").silent("cyd", "2026-11-23", None);
    assert_eq!(why_cyd(&silent), "LowerInOrder");
    assert_eq!(
        why_cyd(&silent.held("ada", "cyd", "2026-11-02")),
        "Cooldown until 2026-12-28"
    );
    let over = three("").silent("cyd", "2026-11-02", Some("2026-11-23"));
    assert_eq!(
        why_cyd(&over.asked("cyd", "2026-11-23")),
        "LoadCap until 2026-12-21",
        "the silence is over"
    );
}

/// Whoever was told that nobody is left gets what they would get if another leader had asked.
#[test]
fn beside_an_empty_slot_silence_is_told_as_the_load_cap_would_be() {
    for visibility in [BetweenVisibility::Month, BetweenVisibility::None] {
        let world = || three("").with(|settings| settings.between_visibility = visibility);
        let why = |world: &World| why_beside(Beside::EmptySlot, world, "ada", "cyd");
        let silent = world().silent("cyd", "2026-11-23", None);
        assert_eq!(why(&silent), why(&world().asked("cyd", "2026-11-23")));
    }
}
