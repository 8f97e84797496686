//! The weeks to come, as if everything suggested were held.

use expect_test::{Expect, expect};

use super::*;

impl World {
    /// A suggestion that waits for an answer.
    fn open(mut self, leader: &str, person: &str, week: &str) -> Self {
        let (leader, person, week) = (self.key(leader), self.key(person), week.parse::<Week>().unwrap());
        let (day, branch) = (week.starts_on(), self.chart.branch(leader, person).unwrap());
        self.facts.asked.push(Asked { person, day });
        self.facts.visits.push(Visit {
            leader,
            day,
            branch,
            band: band_of(&self.chart, leader, person),
        });
        self.facts.open.push(Open { leader, person, week });
        self.facts.filled.push(Filled { week, leader });
        self
    }
}

/// The forecast for ada, a line a week.
fn check(world: &World, weeks: u32, expected: &Expect) {
    let ada = world.key("ada");
    let mut text = String::new();
    for (week, draw) in (0..)
        .map(|ahead| world.week.plus(ahead))
        .zip(forecast(&world.round(), weeks))
    {
        let picks = draw
            .picks
            .iter()
            .filter(|pick| pick.leader == ada)
            .map(|pick| world.pick(pick));
        let empty = draw
            .empty
            .iter()
            .filter(|slot| slot.leader == ada)
            .map(|slot| world.empty(slot));
        let told: String = picks.chain(empty).collect();
        let told = if told.is_empty() { "nothing" } else { told.trim_end() };
        text.extend([week.to_string().as_str(), " ", told, "\n"]);
    }
    expected.assert_eq(&text);
}

#[test]
fn whoever_was_suggested_counts_as_met() {
    let world = World::new("ada\n  bob\n    cyd\n    dee")
        .held("ada", "cyd", "2026-03-02")
        .held("ada", "dee", "2026-04-06");
    // Then the two wait for each other: 28 days for the cap, eight weeks for the pair.
    check(
        &world,
        10,
        &expect![[r#"
            2026-W48 ada -> cyd (2 by bob): 266 days, only you
            2026-W49 ada -> dee (2 by bob): 238 days, only you
            2026-W50 ada: AllCoolingDown, next 2027-W03
            2026-W51 ada: AllCoolingDown, next 2027-W03
            2026-W52 ada: AllCoolingDown, next 2027-W03
            2026-W53 ada: AllCoolingDown, next 2027-W03
            2027-W01 ada: AllCoolingDown, next 2027-W03
            2027-W02 ada: AllCoolingDown, next 2027-W03
            2027-W03 ada -> cyd (2 by bob): 56 days, only you
            2027-W04 ada -> dee (2 by bob): 56 days, only you
        "#]],
    );
}

#[test]
fn the_first_week_is_the_draw_itself() {
    let world = World::new("ada\n  bob\n    cyd\n      dee\n      eve\n        fay").asked("eve", "2026-11-16");
    assert_eq!(forecast(&world.round(), 1), [world.draw()]);
    assert_eq!(forecast(&world.round(), 0), []);
}

#[test]
fn what_is_drawn_or_agreed_already_counts_as_held() {
    let picture = "ada\n  bob\n    cyd\n    dee\n    eve";
    let world = World::new(picture)
        .open("ada", "cyd", "2026-W49")
        .scheduled("ada", "dee", "2026-11-18");
    check(
        &world,
        8,
        &expect![[r#"
            2026-W48 ada -> eve (2 by bob): never heard, only you
            2026-W49 nothing
            2026-W50 ada: AllCoolingDown, next 2027-W03
            2026-W51 ada: AllCoolingDown, next 2027-W03
            2026-W52 ada: AllCoolingDown, next 2027-W03
            2026-W53 ada: AllCoolingDown, next 2027-W03
            2027-W01 ada: AllCoolingDown, next 2027-W03
            2027-W02 ada: AllCoolingDown, next 2027-W03
        "#]],
    );
}

#[test]
fn silence_is_the_claim_it_looks_like() {
    let world = || World::new("ada\n  bob\n    cyd");
    let silent = world().silent("cyd", "2026-11-23", None);
    let asked = world().asked("cyd", "2026-11-23");
    assert_eq!(forecast(&silent.round(), 8), forecast(&asked.round(), 8));
    check(
        &silent,
        5,
        &expect![[r#"
            2026-W48 ada: AllAtLoadCap, next 2026-W52
            2026-W49 ada: AllAtLoadCap, next 2026-W52
            2026-W50 ada: AllAtLoadCap, next 2026-W52
            2026-W51 ada: AllAtLoadCap, next 2026-W52
            2026-W52 ada -> cyd (2 by bob): never heard, only you
        "#]],
    );
}

#[test]
fn bands_take_turns_through_the_weeks() {
    let people = ["p1", "p2", "p3", "p4", "p5", "p6"].join("\n        ");
    let world = World::new(&format!("ada\n  bob\n    cyd\n      dee\n        {people}")).filled(&["bob", "cyd"]);
    let draws = forecast(&world.round(), 4);
    let bands: Vec<_> = draws.iter().map(|draw| draw.picks[0].band.unwrap()).collect();
    assert_eq!(bands, [Band::Bottom, Band::Near, Band::Bottom, Band::Middle]);
}
