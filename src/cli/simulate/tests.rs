use super::*;

fn played() -> (SimulateArgs, Simulation) {
    #[derive(clap::Parser)]
    struct Simulate {
        #[command(flatten)]
        args: SimulateArgs,
    }
    let args = ["simulate", "--people", "300", "--weeks", "8", "--exits", "0.15"];
    let args = <Simulate as clap::Parser>::parse_from(args).args;
    let today = "2026-01-05".parse().unwrap();
    let simulation = args.play_made_up(300, today, &ProgressBar::hidden()).unwrap();
    (args, simulation)
}

#[test]
fn the_table_has_a_column_for_each_policy() {
    let (args, simulation) = played();
    expect_test::expect![[r#"
        300 people made up on 4 levels, 8 weeks, seed 1

                                                     random         alone     skiplevel
        people heard                                     41            43            45
        of 286 within reach of a leader               14.3%         15.0%         15.7%
        most the same meetings could reach               45            45            45
        reach                                         91.1%         95.6%        100.0%
        longest wait, in days                            56            56            56
        most asked of a person in 28 days                 2             2             1
        suggestions                                      56            56            56
        held meetings                                    45            45            45
        of the same two again                             4             0             0
        empty slots                                       8             8             8
        bottom meetings a month of the head        no bands      no bands      no bands
        branches that the head visited               6 of 7        4 of 7        2 of 7
        cells of branch and band visited           no bands      no bands      no bands
    "#]]
    .assert_eq(&table::text(&args.title(&simulation), &simulation));
}

#[test]
fn machines_get_the_names_that_are_promised() {
    let (args, simulation) = played();
    let answer: serde_json::Value = serde_json::from_str(&json::text(&args, &simulation)).unwrap();
    assert_eq!(
        (&answer["people"], &answer["weeks"], &answer["seed"]),
        (&300.into(), &8.into(), &1.into())
    );
    assert_eq!(answer["rates"]["exits"], 0.15);
    let skiplevel = &answer["policies"][2];
    assert_eq!(skiplevel["policy"], "skiplevel");
    let number = |key: &str| {
        skiplevel[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{key} in {skiplevel}"))
    };
    assert!((number("reach") - number("heard") / number("bound")).abs() < 1e-9);
    for key in ["longestWaitDays", "maxAskedIn28Days", "emptySlots"] {
        number(key);
    }
    let head = &skiplevel["head"];
    let weeks: u64 = ["bottom", "near", "middle"]
        .iter()
        .map(|key| head[key].as_u64().unwrap())
        .sum();
    assert_eq!(weeks, 8);
}

#[test]
fn the_drawing_has_a_line_for_each_policy_and_one_for_what_is_possible() {
    let (args, simulation) = played();
    let svg = chart::svg(&args.title(&simulation), &simulation);
    assert_eq!(svg.matches("<polyline").count(), 4);
    for name in ["possible", "skiplevel", "each leader alone", "random"] {
        assert!(svg.contains(&format!("% {name}</text>")), "{name}");
    }
}

#[test]
fn numbers_are_grouped_by_thousands() {
    let grouped = [0, 12, 999, 1_000, 1_234_567].map(table::grouped);
    assert_eq!(grouped, ["0", "12", "999", "1,000", "1,234,567"]);
}
