//! Rules 1, 2, 3, 5 and 6 of product.md 4, and the reasons.

use expect_test::expect;

use super::*;
use crate::domain::settings::BetweenVisibility;

/// The smallest organisation with a skip-level.
const THREE: &str = "ada\n  bob\n    cyd";
/// One leader with two to choose from.
const FOUR: &str = "ada\n  bob\n    cyd\n    dee";

fn next(picture: &str) -> String {
    let world = World::new(picture);
    let draw = world.draw();
    assert!(draw.picks.len() + draw.empty.len() <= 1, "one leader at most");
    let pick = draw.picks.iter().map(|pick| world.name(pick.person).to_owned());
    pick.chain(draw.empty.iter().map(|slot| world.empty(slot).trim().to_owned()))
        .collect()
}

#[test]
fn a_leader_meets_people_two_or_more_levels_below() {
    World::new(THREE).check(&expect![[r#"
        ada -> cyd (2 by bob): never heard, only you
    "#]]);
    World::new("ada\n  bob\n  cyd").check(&expect![[""]]);
}

#[test]
fn a_gap_of_somebody_who_left_makes_no_skip_level() {
    World::new("ada\n  bob (left)\n    cyd").check(&expect![[""]]);
}

#[test]
fn newcomers_are_left_alone_for_thirty_days() {
    assert_eq!(next("ada\n  bob\n    cyd (from 2026-10-24)"), "cyd");
    assert_eq!(
        next("ada\n  bob\n    cyd (from 2026-10-25)"),
        "ada: PoolEmpty, next 2026-W49"
    );
}

#[test]
fn nobody_is_met_in_a_week_that_leave_touches() {
    assert_eq!(next("ada\n  bob\n    cyd (leave 2026-11-09..2026-11-22)"), "cyd");
    assert_eq!(
        next("ada\n  bob\n    cyd (leave 2026-11-09..2026-11-23)"),
        "ada: PoolEmpty, next 2026-W49"
    );
    assert_eq!(
        next("ada\n  bob\n    cyd (leave 2026-11-29..2026-12-14)"),
        "ada: PoolEmpty, next 2026-W52"
    );
    assert_eq!(next("ada\n  bob\n    cyd (leave)"), "ada: PoolEmpty, nobody knows when");
}

#[test]
fn nobody_is_met_in_the_week_in_which_they_leave() {
    assert_eq!(next("ada\n  bob\n    cyd (until 2026-11-29)"), "cyd");
    assert_eq!(
        next("ada\n  bob\n    cyd (until 2026-11-28)"),
        "ada: PoolEmpty, nobody knows when"
    );
}

#[test]
fn a_leader_on_leave_has_no_suggestion_until_they_are_back() {
    assert_eq!(
        next("ada (leave 2026-11-25..2026-12-06)\n  bob\n    cyd"),
        "ada: OnLeave, next 2026-W50"
    );
    let both_away = "ada (leave 2026-11-25..2026-12-06)\n  bob\n    cyd (leave 2026-12-07..2026-12-13)";
    assert_eq!(next(both_away), "ada: OnLeave, next 2026-W51");
    let by_turns = "ada (leave 2026-11-25..2026-12-06, leave 2026-12-14..2026-12-20)\n  bob\n    cyd (leave 2026-12-07..2026-12-13)";
    assert_eq!(next(by_turns), "ada: OnLeave, next 2026-W52");
}

#[test]
fn a_pair_rests_for_eight_weeks() {
    World::new(THREE).held("ada", "cyd", "2026-09-28").check(&expect![[r#"
        ada -> cyd (2 by bob): 56 days, only you
    "#]]);
    World::new(THREE).held("ada", "cyd", "2026-09-29").check(&expect![[r#"
        ada: AllCoolingDown, next 2026-W49
    "#]]);
}

#[test]
fn a_pair_with_a_date_ahead_is_not_paired_again() {
    World::new(THREE)
        .scheduled("ada", "cyd", "2027-02-01")
        .check(&expect![[r#"
            ada: AllCoolingDown, next 2027-W13
        "#]]);
}

#[test]
fn a_pair_rests_after_a_decline_and_others_do_not() {
    let world = World::new("ada\n  bob\n    cyd\n      dee")
        .filled(&["bob"])
        .asked("cyd", "2026-11-23");
    assert_eq!(world.clone().rests("ada", "dee", "2026-11-23").always("ada"), "dee");
    world.clone().rests("ada", "dee", "2026-11-24").check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W49
    "#]]);
    let twice = world
        .clone()
        .rests("ada", "dee", "2026-11-02")
        .rests("ada", "dee", "2026-12-07");
    assert_eq!(twice.always("ada"), "nobody");
    assert_eq!(world.rests("bob", "dee", "2027-11-24").always("ada"), "dee");
}

#[test]
fn twenty_eight_days_lie_between_any_two_skip_levels_of_a_person() {
    assert_eq!(World::new(THREE).asked("cyd", "2026-10-26").always("ada"), "cyd");
    World::new(THREE).asked("cyd", "2026-10-27").check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W49
    "#]]);
    World::new(THREE).asked("cyd", "2026-12-20").check(&expect![[r#"
        ada: AllAtLoadCap, next 2027-W03
    "#]]);
    assert_eq!(World::new(THREE).asked("cyd", "2026-12-21").always("ada"), "cyd");
}

#[test]
fn whoever_is_silent_is_as_if_other_leaders_asked_them() {
    let silent = |since, until| World::new(THREE).silent("cyd", since, until);
    // Since this week: free again after 28 days, as anybody asked this week.
    silent("2026-11-25", None).check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W52
    "#]]);
    World::new(THREE).asked("cyd", "2026-11-23").check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W52
    "#]]);
    // A week later the next week is still the same, and each 28 days there is another claim.
    silent("2026-11-16", None).check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W51
    "#]]);
    silent("2026-10-26", None).check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W52
    "#]]);
    // Also in a week drawn after the event, for which they had not spoken yet.
    silent("2026-12-02", None).check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W49
    "#]]);
    // A snooze ends with the week before the first day on which they may be suggested again.
    assert_eq!(silent("2026-11-02", Some("2026-11-23")).always("ada"), "cyd");
    assert_eq!(silent("2026-11-02", Some("2026-11-24")).always("ada"), "nobody");
    // What else holds them back is said as always.
    silent("2026-11-23", None)
        .held("ada", "cyd", "2026-10-26")
        .check(&expect![[r#"
        ada: AllCoolingDown, next 2026-W52
    "#]]);
}

#[test]
fn silence_changes_nothing_for_anybody_else() {
    let picture = "ada\n  bob\n    cyd\n      dee\n      eve\n        fay";
    let world = World::new(picture)
        .held("bob", "dee", "2026-03-02")
        .held("bob", "eve", "2026-04-06");
    let silent = world.clone().silent("fay", "2026-11-23", None);
    let asked = world.asked("fay", "2026-11-23");
    assert_eq!(silent.draw(), asked.draw());
    // A leader who is silent has their slot all the same.
    World::new(THREE).silent("ada", "2026-11-02", None).check(&expect![[r#"
        ada -> cyd (2 by bob): never heard, only you
    "#]]);
}

#[test]
fn one_week_has_one_skip_level_of_a_person_whatever_the_cap() {
    let world = World::new(THREE).with(|settings| settings.load_cap_days = 0);
    assert_eq!(world.clone().asked("cyd", "2026-11-22").always("ada"), "cyd");
    world.asked("cyd", "2026-11-29").check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W49
    "#]]);
}

#[test]
fn one_person_is_not_picked_twice_in_a_draw_and_the_inner_leader_chooses_first() {
    // ada, with the smaller key, can meet cyd and dee but for the cap; bob can meet only dee.
    World::new("ada\n  bob\n    cyd\n      dee")
        .asked("cyd", "2026-11-23")
        .check(&expect![[r#"
            bob -> dee (2 by cyd): never heard
            ada: AllAtLoadCap, next 2026-W52
        "#]]);
}

#[test]
fn the_longest_wait_comes_first() {
    let world = World::new(FOUR)
        .held("ada", "cyd", "2026-03-02")
        .held("ada", "dee", "2026-03-03");
    assert_eq!(world.always("ada"), "cyd");
}

#[test]
fn leave_does_not_make_a_wait_longer() {
    let picture = "ada\n  bob\n    cyd (leave 2026-05-01..2026-05-02)\n    dee";
    let world = World::new(picture)
        .held("ada", "cyd", "2026-03-02")
        .held("ada", "dee", "2026-03-03");
    assert_eq!(world.always("ada"), "dee");
}

#[test]
fn a_meeting_with_any_leader_ends_the_wait() {
    let picture = "ada\n  bob\n    cyd\n      dee\n      eve\n        fay";
    let world = World::new(picture)
        .filled(&["bob", "cyd"])
        .asked("cyd", "2026-11-23")
        .asked("eve", "2026-11-23");
    let world = world.held("ada", "dee", "2026-03-02").held("ada", "fay", "2026-03-03");
    assert_eq!(world.clone().held("bob", "dee", "2026-05-04").always("ada"), "fay");
    assert_eq!(world.held("bob", "fay", "2026-05-04").always("ada"), "dee");
}

#[test]
fn whoever_was_not_heard_for_a_year_or_ever_comes_before_all_who_were() {
    let picture = |start: &str| format!("ada\n  bob\n    cyd\n      dee (from {start})\n      eve");
    let world = |start| World::new(&picture(start)).filled(&["bob"]).asked("cyd", "2026-11-23");
    // dee could first be met three weeks ago, eve has waited since March.
    assert_eq!(
        world("2026-10-01").held("bob", "eve", "2026-03-03").always("ada"),
        "dee"
    );
    // A year ago is long ago: the longer wait comes first.
    assert_eq!(
        world("2026-10-01").held("bob", "eve", "2025-11-03").always("ada"),
        "eve"
    );
}

#[test]
fn of_equal_waits_the_never_heard_come_first() {
    // Thirty days after the start of dee, eve was heard, and a year went by.
    let picture = |start: &str| format!("ada\n  bob\n    cyd\n      dee (from {start})\n      eve");
    let world = |start| World::new(&picture(start)).filled(&["bob"]).asked("cyd", "2026-11-23");
    assert_eq!(
        world("2025-02-01").held("bob", "eve", "2025-03-03").always("ada"),
        "dee"
    );
    assert_eq!(
        world("2025-02-02").held("bob", "eve", "2025-03-03").always("ada"),
        "eve"
    );
}

#[test]
fn of_equals_those_come_first_whom_nobody_else_can_reach() {
    let world = World::new("ada\n  bob\n    cyd\n      dee\n      eve").filled(&["bob"]);
    assert_eq!(world.always("ada"), "cyd");
    // With bob away, ada alone reaches everybody.
    let bob_away = "ada\n  bob (leave 2026-11-23..2026-11-29)\n    cyd\n      dee\n      eve";
    assert_eq!(
        World::new(bob_away).filled(&["bob"]).always("ada"),
        "depends on the seed"
    );
}

#[test]
fn of_equals_those_come_first_whose_other_leader_has_most_waiting() {
    let picture = "
        ada
          bob
            cyd
              d1
              d2
          eve
            fay
              g1
              g2
              g3
    ";
    let world = World::new(picture)
        .filled(&["bob", "eve"])
        .asked("cyd", "2026-11-23")
        .asked("fay", "2026-11-23");
    let quiet = |world: World, held: &[&str]| {
        held.iter()
            .fold(world, |world, person| world.held("eve", person, "2026-10-01"))
    };
    let world = world
        .asked("g1", "2026-11-23")
        .asked("g2", "2026-11-23")
        .asked("d1", "2026-11-23");
    assert_eq!(world.always("ada"), "g3", "three wait for eve and two for bob");
    assert_eq!(
        quiet(world, &["g1", "g2"]).always("ada"),
        "d2",
        "one waits for eve and two for bob"
    );
}

#[test]
fn people_heard_a_year_ago_are_waiting_again() {
    let picture = "ada\n  bob\n    cyd\n      d1\n      d2\n  eve\n    fay\n      g1\n      g2";
    let world = World::new(picture)
        .filled(&["bob", "eve"])
        .asked("cyd", "2026-11-23")
        .asked("fay", "2026-11-23");
    let world = world.asked("d2", "2026-11-23").asked("g2", "2026-11-23");
    let world = world.held("bob", "d2", "2025-11-24");
    assert_eq!(world.clone().held("eve", "g2", "2025-11-23").always("ada"), "g1");
    assert_eq!(
        world.clone().held("eve", "g2", "2025-11-24").always("ada"),
        "depends on the seed"
    );
}

#[test]
fn of_equals_those_come_first_whom_the_leader_has_not_met_for_longest() {
    let picture = "ada\n  bob\n    cyd\n      dee\n      eve";
    let world = World::new(picture).filled(&["bob"]).asked("cyd", "2026-11-23");
    let world = world.held("bob", "dee", "2026-03-02").held("bob", "eve", "2026-03-02");
    assert_eq!(world.always("ada"), "depends on the seed");
    assert_eq!(world.clone().held("ada", "dee", "2025-02-03").always("ada"), "eve");
    let both = world.held("ada", "dee", "2025-02-03").held("ada", "eve", "2025-02-02");
    assert_eq!(both.always("ada"), "eve");
}

#[test]
fn lots_never_change() {
    let week: Week = "2026-W48".parse().unwrap();
    let lot = |seed, leader, person| rank::lot(seed, week, PersonKey(leader), PersonKey(person));
    expect!["1380110507050176022 2881267010382691212"].assert_eq(&format!("{} {}", lot(0, 1, 2), lot(0, 2, 1)));
}

#[test]
fn nobody_left_is_said_with_the_reason_that_holds() {
    let away = World::new("ada\n  bob\n    cyd (leave)\n    dee");
    away.clone().held("ada", "dee", "2026-10-26").check(&expect![[r#"
        ada: AllCoolingDown, next 2026-W52
    "#]]);
    away.asked("dee", "2026-11-16").check(&expect![[r#"
        ada: AllAtLoadCap, next 2026-W51
    "#]]);
    World::new(FOUR)
        .held("ada", "cyd", "2026-10-26")
        .asked("dee", "2026-11-16")
        .check(&expect![[r#"
            ada: AllAtLoadCap, next 2026-W51
        "#]]);
}

#[test]
fn the_next_week_knows_who_is_taken_in_this_one() {
    let world = World::new("ada\n  bob\n    cyd\n      dee")
        .asked("cyd", "2027-01-11")
        .asked("cyd", "2026-12-14");
    world.check(&expect![[r#"
        bob -> dee (2 by cyd): never heard
        ada: AllAtLoadCap, next 2026-W52
    "#]]);
}

#[test]
fn a_settled_week_gets_no_new_slot() {
    assert_eq!(World::new(THREE).filled(&["ada"]).draw(), Draw::default());
}

#[test]
fn a_leader_fills_all_slots_in_one_turn() {
    let world = World::new("ada\n  bob\n    cyd\n    dee\n    eve");
    world
        .clone()
        .with(|settings| settings.slots_per_week = 2)
        .check(&expect![[r#"
            ada -> dee (2 by bob): never heard, only you
            ada -> eve (2 by bob): never heard, only you
        "#]]);
    world
        .clone()
        .with(|settings| settings.slots_per_week = 4)
        .check(&expect![[r#"
            ada -> dee (2 by bob): never heard, only you
            ada -> eve (2 by bob): never heard, only you
            ada -> cyd (2 by bob): never heard, only you
            ada: AllAtLoadCap, next 2026-W52
        "#]]);
    assert_eq!(
        world.with(|settings| settings.slots_per_week = 0).draw(),
        Draw::default()
    );
}

#[test]
fn swapping_gives_the_next_by_the_same_rules() {
    let world = World::new(FOUR)
        .held("ada", "cyd", "2026-03-02")
        .held("ada", "dee", "2026-03-03")
        .filled(&["ada"]);
    let swap = |excluded: &[&str]| {
        let excluded: Vec<_> = excluded.iter().map(|name| world.key(name)).collect();
        pick_for(&world.round(), world.key("ada"), &excluded)
            .map_or_else(|slot| world.empty(&slot), |pick| world.pick(&pick))
    };
    expect![[r#"
        ada -> cyd (2 by bob): 266 days, only you
    "#]]
    .assert_eq(&swap(&[]));
    expect![[r#"
        ada -> dee (2 by bob): 265 days, only you
    "#]]
    .assert_eq(&swap(&["cyd"]));
    expect![[r#"
        ada: PoolEmpty, next 2026-W49
    "#]]
    .assert_eq(&swap(&["cyd", "dee"]));
    let not_a_leader = |key| pick_for(&world.round(), key, &[]).unwrap_err().code;
    assert_eq!(not_a_leader(world.key("bob")), NoSuggestionCode::NotALeader);
    assert_eq!(not_a_leader(PersonKey(99)), NoSuggestionCode::NotALeader);
}

#[test]
fn a_new_joiner_is_said_to_be_one() {
    World::new("ada\n  bob\n    cyd (from 2026-07-26)").check(&expect![[r#"
        ada -> cyd (2 by bob): never heard, only you, joined 120 days ago
    "#]]);
    World::new("ada\n  bob\n    cyd (from 2026-07-25)").check(&expect![[r#"
        ada -> cyd (2 by bob): never heard, only you
    "#]]);
}

#[test]
fn a_branch_with_less_than_an_even_share_of_visits_is_said_to_be_rarely_visited() {
    let world = World::new("ada\n  bob\n    cyd\n    dee\n    eve\n  fay\n    gus (from 2026-05-01)")
        .held("ada", "cyd", "2026-10-05")
        .held("ada", "dee", "2026-10-12")
        .held("ada", "eve", "2026-10-19");
    world.check(&expect![[r#"
        ada -> gus (2 by fay): never heard, only you, fay visited 0 times
    "#]]);
    let evenly = World::new("ada\n  bob\n    cyd\n  fay\n    gus\n    hal (from 2026-05-01)")
        .held("ada", "cyd", "2026-10-05")
        .held("ada", "gus", "2026-10-12");
    evenly.check(&expect![[r#"
        ada -> hal (2 by fay): never heard, only you
    "#]]);
}

/// Reasons tell a leader about meetings with others no more than managers in between may know.
#[test]
fn a_wait_ended_by_another_leader_counts_from_the_end_of_its_month_once_that_is_published() {
    let world = World::new("ada\n  bob\n    cyd\n      dee")
        .filled(&["bob"])
        .asked("cyd", "2026-11-23");
    world.clone().held("ada", "dee", "2026-09-07").check(&expect![[r#"
        ada -> dee (3 by bob): 77 days
    "#]]);
    world.clone().held("bob", "dee", "2026-09-07").check(&expect![[r#"
        ada -> dee (3 by bob): 53 days
    "#]]);
    world.clone().held("bob", "dee", "2026-10-01").check(&expect![[r#"
        ada -> dee (3 by bob): bob visited 0 times
    "#]]);
    let silent = world.held("bob", "dee", "2026-09-07");
    silent
        .with(|settings| settings.between_visibility = BetweenVisibility::None)
        .check(&expect![[r#"
            ada -> dee (3 by bob): bob visited 0 times
        "#]]);
}
