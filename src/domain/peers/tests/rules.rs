//! Rhythm, edges, discovery and order.

use expect_test::expect;

use super::*;

/// Two leaders side by side, `bob` and `fay`, in two branches, each with two levels below.
const TWO: &str = "ada\n  bob\n    b1\n      b2\n  fay\n    f1\n      f2";
/// Four of them.
const FOUR: &str = "
    ada
      bob
        b1
          b2
      cyd
        c1
          c2
      dee
        d1
          d2
      eve
        e1
          e2
";
const NOBODY: [&str; 0] = [];

/// These have an open window and are not due: the last they met is one of their own.
fn open(world: World, people: &[(&str, &str)]) -> World {
    let held = |world: World, (name, own): &(&str, &str)| world.held(name, own, "2026-11-02");
    people.iter().fold(world, held)
}

#[test]
fn two_leaders_who_never_met_are_suggested_to_both() {
    let world = World::new(TWO);
    world.check(&expect![[r#"
        bob [FirstPeer]; fay [FirstPeer]
    "#]]);
    let edges = world.draw().edges;
    assert_eq!(edges, [Edge::proposed(world.pair("bob", "fay"), PeerOrigin::Discovery)]);
}

#[test]
fn each_is_told_of_their_own_rhythm_only() {
    World::new(FOUR)
        .functions(&[&["bob", "cyd"]])
        .held("bob", "dee", "2026-10-26")
        .pending("dee", "eve", "2026-12-01")
        .check(&expect![[r#"
            bob [PeerDue { days: 28 }, SameFunction]; cyd [FirstPeer, SameFunction]
        "#]]);
}

#[test]
fn the_target_is_reached_in_the_week_of_its_day() {
    let last = |on| World::new(TWO).held("bob", "fay", on).always();
    // Four weeks before the Sunday of the week, and a day less.
    assert_eq!(last("2026-11-01"), ["bob fay"]);
    assert_eq!(last("2026-11-02"), NOBODY);
    assert_eq!(last("2025-01-01"), ["bob fay"]);
}

#[test]
fn the_window_of_both_must_be_open() {
    let other = |on| World::new(FOUR).held("bob", "dee", "2026-09-01").held("cyd", "eve", on);
    let picked = |world: World| world.pending("dee", "eve", "2026-11-23").always();
    // Twenty-one days before the Monday: open, though not due. A day less: closed.
    assert_eq!(picked(other("2026-11-02")), ["bob cyd"]);
    assert_eq!(picked(other("2026-11-03")), NOBODY);
    // Two open windows make nobody due.
    let open = World::new(TWO).held("bob", "fay", "2026-11-02");
    assert_eq!(open.always(), NOBODY);
}

#[test]
fn whatever_may_still_take_place_closes_the_window() {
    let world = |on| World::new(TWO).pending("bob", "f1", on).always();
    assert_eq!(world("2026-11-02"), ["bob fay"]);
    assert_eq!(world("2026-11-03"), NOBODY);
    assert_eq!(world("2026-11-25"), NOBODY);
    assert_eq!(world("2026-12-13"), NOBODY);
    assert_eq!(world("2026-12-14"), ["bob fay"]);
}

#[test]
fn who_is_late_comes_before_who_is_due() {
    // cyd, dee and eve can only meet bob, by their edges. dee is late, the others are due.
    let world = World::new(FOUR)
        .with(|settings| settings.peer_discovery = PeerDiscovery::ConfirmedOnly)
        .confirmed("bob", "cyd")
        .confirmed("bob", "dee")
        .confirmed("bob", "eve")
        .held("cyd", "c1", "2026-10-20")
        .held("dee", "d1", "2026-10-19")
        .held("eve", "e1", "2026-10-20")
        .held("bob", "b1", "2026-11-01");
    assert_eq!(world.always(), ["bob dee"]);
    // Never is later than late.
    assert_eq!(
        world
            .held("cyd", "c1", "2026-11-02")
            .held("dee", "d1", "2026-10-18")
            .always(),
        ["bob dee"]
    );
}

#[test]
fn who_never_had_one_is_latest_of_all() {
    let world = World::new(FOUR)
        .with(|settings| settings.peer_discovery = PeerDiscovery::ConfirmedOnly)
        .confirmed("bob", "cyd")
        .confirmed("bob", "dee")
        .held("bob", "b1", "2026-11-01")
        .held("cyd", "c1", "2025-10-19");
    assert_eq!(world.always(), ["bob dee"]);
}

#[test]
fn levels_are_at_most_one_apart() {
    let picture = |deeper: &str| format!("ada\n  bob\n    b1\n      b2\n  fay\n{deeper}");
    let one = "    gus\n      g1\n        g2";
    let two = "    f1\n      gus\n        g1\n          g2";
    let fay_away = |world: World| world.pending("fay", "b1", "2026-11-23");
    assert_eq!(fay_away(World::new(&picture(one))).always(), ["bob gus"]);
    let world = fay_away(World::new(&picture(two))).pending("f1", "b1", "2026-11-23");
    assert_eq!(world.always(), NOBODY);
}

#[test]
fn the_same_level_comes_before_the_next() {
    let picture = "ada\n  bob\n    b1\n      b2\n  fay\n    gus\n      g1\n        g2\n  hal\n    h1\n      h2";
    let world = open(World::new(picture), &[("gus", "g2"), ("hal", "h2")]).pending("fay", "b2", "2026-11-23");
    assert_eq!(world.always(), ["bob hal"]);
    assert_eq!(world.pending("hal", "b2", "2026-11-23").always(), ["bob gus"]);
}

#[test]
fn branches_differ_below_the_head_of_both() {
    let same = "
        ada
          bob
            cyd
              c1
                c2
            dee
              d1
                d2
    ";
    let world = World::new(same).pending("bob", "ada", "2026-11-23");
    assert_eq!(world.always(), NOBODY, "cyd and dee are both reached through bob");
    let other = "ada\n  bob\n    b1\n      b2\nfay\n  gus\n    g1\n      g2";
    assert_eq!(
        World::new(other).always(),
        ["ada fay", "bob gus"],
        "nobody stands above both"
    );
    let roots = "ada\n  a1\n    a2\nfay\n  f1\n    f2";
    assert_eq!(World::new(roots).always(), ["ada fay"]);
}

#[test]
fn nobody_above_the_other_is_a_peer() {
    // The head leads bob, who leads too: a level apart, and one line.
    assert_eq!(World::new("ada\n  bob\n    b1\n      b2").always(), NOBODY);
    // Not even by a confirmed edge of former days.
    let moved = World::new("ada\n  bob\n    b1\n      b2").confirmed("ada", "b2");
    assert_eq!(moved.always(), NOBODY);
}

#[test]
fn discovery_is_for_leaders() {
    assert_eq!(
        World::new("ada\n  bob\n    b1\n      b2\n  fay\n    f1").always(),
        NOBODY
    );
}

#[test]
fn the_same_function_comes_first_and_then_others() {
    let world = World::new(FOUR).functions(&[&["bob", "dee"], &["cyd", "eve"]]);
    assert_eq!(world.always(), ["bob dee", "cyd eve"]);
    assert_eq!(World::new(FOUR).always(), ["depends on the seed"]);
    let met = world.held("bob", "dee", "2026-10-01").held("cyd", "eve", "2026-10-01");
    let pairs = met.pairs();
    assert!(
        pairs == ["bob cyd", "dee eve"] || pairs == ["bob eve", "cyd dee"],
        "strangers of other functions come before whom one has met: {pairs:?}"
    );
}

#[test]
fn confirmed_comes_before_proposed_before_strangers_before_again() {
    // bob alone is due, so whom he gets is whom he would have first.
    let world = World::new(FOUR).functions(&[&["bob", "cyd"]]);
    let world = open(world, &[("cyd", "c2"), ("dee", "d2"), ("eve", "e2")]);
    assert_eq!(world.always(), ["bob cyd"], "the same function first");
    let named = world.clone().edge("bob", "dee", PeerOrigin::Import, |_| ());
    assert_eq!(named.always(), ["bob dee"]);
    assert_eq!(named.confirmed("bob", "eve").always(), ["bob eve"]);
    let again = world.held("bob", "cyd", "2026-01-05");
    assert_eq!(
        again.clone().always(),
        ["depends on the seed"],
        "dee or eve, who never met bob"
    );
    let all = again.held("bob", "dee", "2026-02-02").held("bob", "eve", "2026-03-02");
    assert_eq!(all.always(), ["bob cyd"], "then whom they met longest ago");
}

#[test]
fn whom_the_draw_alone_brought_together_it_brings_together_no_longer_than_it_may() {
    let met = |picture: &str| World::new(picture).held("bob", "fay", "2026-10-01");
    assert_eq!(met(TWO).always(), ["bob fay"]);
    let no_leader = TWO.replace("\n      f2", "");
    assert_eq!(met(&no_leader).always(), NOBODY);
    assert_eq!(
        met(&no_leader)
            .edge("bob", "fay", PeerOrigin::Discovery, |_| ())
            .always(),
        NOBODY
    );
    assert_eq!(met(&no_leader).confirmed("bob", "fay").always(), ["bob fay"]);
}

#[test]
fn who_agreed_alone_has_named_the_other() {
    let world = World::new(FOUR).functions(&[&["bob", "cyd"], &["dee", "eve"]]);
    let agreed = world.edge("bob", "dee", PeerOrigin::Discovery, |edge| edge.agree(edge.pair.low()));
    assert_eq!(agreed.pairs()[0], "bob dee");
}

#[test]
fn among_confirmed_peers_the_one_met_longest_ago_comes_first() {
    let world = World::new(FOUR)
        .with(|settings| settings.peer_discovery = PeerDiscovery::ConfirmedOnly)
        .functions(&[&["bob", "cyd"]])
        .confirmed("bob", "cyd")
        .confirmed("bob", "dee")
        .held("bob", "cyd", "2026-10-01")
        .held("bob", "dee", "2026-09-01")
        .held("dee", "eve", "2026-10-01");
    assert_eq!(world.always(), ["bob dee"]);
    assert_eq!(world.confirmed("bob", "eve").always(), ["bob eve"], "never is longest");
}

#[test]
fn an_ended_edge_is_neither_suggested_nor_discovered_again() {
    for state in [confirm, |_: &mut Edge| ()] {
        let ended = World::new(TWO).edge("bob", "fay", PeerOrigin::Discovery, |edge| {
            state(edge);
            edge.end(edge.pair.low());
        });
        assert_eq!(ended.always(), NOBODY);
        assert_eq!(
            ended.dotted("bob", "fay").draw(),
            PeerDraw::default(),
            "not by a dotted line either"
        );
    }
}

#[test]
fn whoever_ended_it_is_not_asked_because_the_other_proposes_anew() {
    let anew = |by: fn(Pair) -> PersonKey| {
        World::new(TWO).edge("bob", "fay", PeerOrigin::Person, |edge| {
            edge.end(edge.pair.low());
            edge.agree(by(edge.pair));
        })
    };
    assert_eq!(anew(Pair::high).always(), NOBODY);
    assert_eq!(anew(Pair::low).always(), ["bob fay"]);
}

#[test]
fn a_skipped_pair_goes_behind_others_and_nothing_else_happens() {
    let world = World::new(FOUR).functions(&[&["bob", "cyd"], &["dee", "eve"]]);
    let skipped = world.edge("bob", "cyd", PeerOrigin::Discovery, Edge::skip);
    let pairs = skipped.pairs();
    assert!(
        pairs == ["bob dee", "cyd eve"] || pairs == ["bob eve", "cyd dee"],
        "{pairs:?}"
    );
    let alone = World::new(TWO).edge("bob", "fay", PeerOrigin::Discovery, Edge::skip);
    assert_eq!(alone.always(), ["bob fay"], "with nobody else they are suggested again");
}

#[test]
fn three_skips_in_a_row_rest_a_pair_until_one_keeps_it_or_they_meet() {
    let skipped = |then: fn(&mut Edge)| {
        World::new(TWO).edge("bob", "fay", PeerOrigin::Discovery, |edge| {
            (0..3).for_each(|_| edge.skip());
            then(edge);
        })
    };
    assert_eq!(skipped(|_| ()).always(), NOBODY);
    assert_eq!(skipped(|edge| edge.agree(edge.pair.low())).always(), ["bob fay"]);
    assert_eq!(skipped(Edge::met).always(), ["bob fay"]);
}

#[test]
fn a_declined_pair_rests() {
    assert_eq!(World::new(TWO).rests("fay", "bob", "2026-11-24").always(), NOBODY);
    assert_eq!(World::new(TWO).rests("fay", "bob", "2026-11-23").always(), ["bob fay"]);
}

#[test]
fn nobody_is_suggested_in_a_week_they_do_not_work_through() {
    let with = |mark: &str| World::new(&TWO.replace("fay", &format!("fay ({mark})"))).always();
    assert_eq!(with("leave 2026-11-09..2026-11-22"), ["bob fay"]);
    assert_eq!(with("leave 2026-11-09..2026-11-23"), NOBODY);
    assert_eq!(with("until 2026-11-28"), NOBODY);
    assert_eq!(
        with("from 2026-11-23"),
        NOBODY,
        "not in the chart on the day of the draw"
    );
}

#[test]
fn nobody_is_suggested_who_does_not_want_to_be() {
    let silent = |until| World::new(TWO).confirmed("bob", "fay").silent("fay", until).always();
    assert_eq!(silent(None), NOBODY);
    assert_eq!(silent(Some("2026-11-24")), NOBODY);
    assert_eq!(silent(Some("2026-11-23")), ["bob fay"]);
}

#[test]
fn a_dotted_line_proposes_the_two_it_joins() {
    let world = World::new("ada\n  bob\n    b1\n  fay\n    f1")
        .dotted("b1", "f1")
        .dotted("f1", "b1");
    assert_eq!(world.always(), ["b1 f1"], "whether or not they lead");
    let edge = Edge::proposed(world.pair("b1", "f1"), PeerOrigin::Import);
    assert_eq!(world.draw().edges, [edge]);
    let known = world.edge("b1", "f1", PeerOrigin::Import, |_| ());
    assert_eq!(known.draw().edges, [], "once");
    let line = World::new("ada\n  bob\n    b1").dotted("b1", "ada");
    assert_eq!(line.draw(), PeerDraw::default(), "ada stands above b1");
}

#[test]
fn settings_say_who_is_suggested() {
    let world = World::new(FOUR).confirmed("bob", "cyd").dotted("dee", "eve");
    let by = |discovery| world.clone().with(|settings| settings.peer_discovery = discovery);
    assert_eq!(by(PeerDiscovery::Leaders).always(), ["bob cyd", "dee eve"]);
    assert_eq!(by(PeerDiscovery::ConfirmedOnly).always(), ["bob cyd"]);
    let off = by(PeerDiscovery::Off).draw();
    assert_eq!(
        (off.picks.len(), off.edges.len()),
        (0, 1),
        "edges are kept all the same"
    );
    assert_eq!(
        world.with(|settings| settings.peer_suggestions_per_week = 0).always(),
        NOBODY
    );
}

#[test]
fn a_week_brings_as_many_as_the_settings_say_and_no_pair_twice() {
    let world = |most| World::new(FOUR).with(|settings| settings.peer_suggestions_per_week = most);
    assert_eq!(world(1).pairs().len(), 2);
    assert_eq!(world(2).pairs().len(), 4);
    let all = ["bob cyd", "bob dee", "bob eve", "cyd dee", "cyd eve", "dee eve"];
    assert_eq!(world(3).always(), all);
    // What was told before counts, whatever they answered.
    assert_eq!(world(1).told("bob", "cyd").always(), ["dee eve"]);
    assert_eq!(world(3).told("bob", "cyd").always(), all[1..]);
}
