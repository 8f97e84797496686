//! Rule 4 of product.md 4: bands and branches.

use expect_test::expect;

use super::*;

/// Five levels, in two branches, with somebody in every band.
const LADDER: &str = "
    ada
      bob
        b1
          b2
            b3
            b4
            b5
          b6
            b7
            b8
      cyd
        c1
          c2
            c3
            c4
            c5
          c6
            c7
            c8
";

/// Everybody but ada has something else to do.
fn ladder() -> World {
    World::new(LADDER).filled(&["bob", "b1", "cyd", "c1"])
}

/// The bands of ada's visits from 2026-W48 on, each held or not as told.
fn visited(mut world: World, held: &[bool]) -> String {
    let mut bands = Vec::new();
    for &held in held {
        let pick = world.draw().picks.remove(0);
        bands.push(format!("{:?}", pick.band.unwrap()));
        if held {
            world.hold(pick.leader, pick.person, world.week.starts_on());
        }
        world.week = world.week.plus(1);
    }
    bands.join(" ")
}

#[test]
fn bands_start_at_four_levels_below() {
    let chart = World::new(LADDER).chart;
    let band = |leader: i64, person: i64| band_of(&chart, PersonKey(leader), PersonKey(person));
    assert_eq!(band(1, 2), None, "a report");
    assert_eq!(band(1, 3), Some(Band::Near));
    assert_eq!(band(1, 4), Some(Band::Middle));
    assert_eq!(band(1, 5), Some(Band::Bottom));
    assert_eq!(band(2, 5), None, "bob has three levels below");
    assert_eq!(band(5, 1), None, "upwards");
    let shallow = World::new("ada\n  bob\n    cyd\n    dee\n      eve\n        fay").chart;
    assert_eq!(
        band_of(&shallow, PersonKey(1), PersonKey(3)),
        Some(Band::Near),
        "near although without reports"
    );
}

#[test]
fn of_four_weeks_two_go_to_the_bottom() {
    expect!["Bottom Near Bottom Middle Bottom Near Bottom Middle Bottom"].assert_eq(&visited(ladder(), &[true; 9]));
}

#[test]
fn the_quota_looks_three_weeks_back() {
    let mut world = ladder()
        .held("ada", "b1", "2026-10-26")
        .held("ada", "b2", "2026-11-02")
        .held("ada", "b3", "2026-11-09");
    world.week = "2026-W47".parse().unwrap();
    assert_eq!(visited(world, &[true]), "Bottom", "near, middle and bottom were there");
}

#[test]
fn a_bottom_meeting_that_was_not_held_is_made_up_for() {
    expect!["Bottom Bottom Bottom Near Bottom Middle Bottom"]
        .assert_eq(&visited(ladder(), &[false, false, true, true, true, true, true]));
}

#[test]
fn the_end_of_a_month_goes_to_the_bottom_if_it_must() {
    // The last week of November counts for November, whose Thursdays are the 5th to the 26th.
    let world = ladder().held("ada", "b3", "2026-10-29").held("ada", "b4", "2026-11-20");
    let near = world.clone().held("ada", "b5", "2026-11-02");
    assert_eq!(visited(near, &[true]), "Near", "two in November");
    assert_eq!(visited(world, &[true]), "Bottom", "one in November");
}

#[test]
fn a_scheduled_bottom_meeting_of_the_month_counts() {
    let mut world = ladder().held("ada", "b3", "2026-10-28").held("ada", "b4", "2026-11-09");
    world.week = "2026-W47".parse().unwrap();
    assert_eq!(visited(world.clone(), &[true]), "Near");
    world.week = "2026-W48".parse().unwrap();
    assert_eq!(visited(world, &[true]), "Bottom");
}

#[test]
fn an_empty_band_gives_its_slot_to_the_next() {
    let picture = "ada\n  bob\n    b1 (leave)\n      b2 (leave)\n        b3\n        b4\n        b5\n        b6";
    let world = World::new(picture).filled(&["bob", "b1"]);
    assert_eq!(visited(world, &[true; 4]), "Bottom Bottom Bottom Bottom");
}

#[test]
fn the_branch_with_the_largest_root_of_size_for_its_visits_comes_first() {
    let line = |prefix: &str, n: usize| format!("        {prefix}{n}\n");
    let people = |prefix: &str, count: usize| (0..count).map(|n| line(prefix, n)).collect::<Vec<_>>().concat();
    // Sixteen at the bottom of bob and four of cyd: 4 to 2.
    let picture = format!(
        "ada\n  bob\n    b\n      bb\n{}  cyd\n    c\n      cc\n{}",
        people("b", 16),
        people("c", 4)
    );
    let world = World::new(&picture).filled(&["bob", "b", "cyd", "c"]);
    let branch = |world: &World| world.name(world.draw().picks[0].branch).to_owned();
    assert_eq!(branch(&world), "bob");
    let away = (0..13).map(|n| (format!("b{n}\n"), format!("b{n} (leave)\n")));
    let on_leave = away.fold(picture.clone(), |picture, (at_work, away)| {
        picture.replace(&at_work, &away)
    });
    let on_leave = World::new(&on_leave).filled(&["bob", "b", "cyd", "c"]);
    assert_eq!(branch(&on_leave), "cyd", "three of bob are at work");
    let twice = world.held("ada", "b0", "2026-10-27").held("ada", "b1", "2026-09-01");
    assert_eq!(branch(&twice), "cyd", "4 / 3 to 2");
    assert_eq!(
        branch(&twice.clone().held("ada", "c0", "2026-06-01")),
        "bob",
        "4 / 3 to 2 / 2"
    );
    assert_eq!(
        branch(&twice.held("ada", "c0", "2026-05-01")),
        "cyd",
        "more than 26 weeks ago"
    );
}

#[test]
fn a_branch_without_anybody_to_meet_is_passed_over() {
    let picture = "ada\n  bob\n    b\n      bb\n        b0 (leave)\n  cyd\n    c\n      cc\n        c0";
    assert_eq!(
        World::new(picture).filled(&["bob", "b", "cyd", "c"]).always("ada"),
        "c0"
    );
}

#[test]
fn leaders_without_bands_choose_from_one_pool() {
    // The longest wait decides, in the smaller branch too.
    let picture = "ada\n  bob\n    b1\n    b2\n    b3\n    b4\n  cyd\n    c1 (from 2019-12-31)";
    assert_eq!(World::new(picture).always("ada"), "c1");
}

#[test]
fn among_equal_branches_the_longest_wait_decides() {
    for person in ["b5", "c5"] {
        let world = World::new(&LADDER.replace(person, &format!("{person} (from 2019-12-31)")));
        assert_eq!(world.filled(&["bob", "b1", "cyd", "c1"]).always("ada"), person);
    }
}

#[test]
fn the_quota_grows_with_the_slots() {
    let mut world = ladder().with(|settings| settings.slots_per_week = 2);
    world.week = "2026-W45".parse().unwrap();
    world.check(&expect![[r#"
        ada -> c7 (4 by cyd, Bottom): never heard, bottom 1 of 2
        ada -> b7 (4 by bob, Bottom): never heard, bottom 2 of 2, bob visited 0 times
    "#]]);
}

#[test]
fn the_last_slot_of_a_month_goes_to_the_bottom_if_it_must() {
    let seldom = |settings: &mut Settings| {
        *settings = Settings {
            slots_per_week: 2,
            bottom_of_four: 1,
            near_of_four: 3,
            ..Settings::default()
        };
    };
    let draw = ladder().held("ada", "c1", "2026-05-04").with(seldom).draw();
    let bands: Vec<_> = draw.picks.iter().filter_map(|pick| pick.band).collect();
    assert_eq!(bands, [Band::Near, Band::Bottom]);
}

#[test]
fn reasons_tell_bottom_and_rarely_visited_branches_in_numbers() {
    let world = ladder()
        .held("ada", "b3", "2026-11-03")
        .held("ada", "b1", "2026-11-10")
        .held("ada", "b7", "2026-06-02");
    world.check(&expect![[r#"
        ada -> c7 (4 by cyd, Bottom): never heard, bottom 2 of 2, cyd visited 0 times
    "#]]);
}
