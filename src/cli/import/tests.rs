use super::*;
use crate::domain::sync::{self, testing};
use clap::Parser;

#[derive(Parser)]
struct Command { #[command(flatten)] import: ImportPeople }

#[test]
fn adhoc() {
    let Ok(script) = std::env::var("NASTY") else { return };
    let dir = "/work/shared/data/nasty/";
    for line in script.lines() {
        println!("=== {line}");
        let mut roster = sync::Roster { next_key: 1, ..Default::default() };
        for step in line.split('|') {
            let mut args: Vec<String> = step.split_whitespace().map(str::to_owned).collect();
            args.insert(0, "x".into()); args.push("--source=hris".into());
            let c = Command::try_parse_from(args).unwrap().import;
            let bytes = std::fs::read(format!("{dir}{}", c.file)).unwrap();
            match c.run(&bytes, Date::from_ymd_opt(2026, 11, 22).unwrap()) {
                Err(issues) => println!("{}exit {:?}", c.show_unusable(&issues), Exit::Unusable),
                Ok(run) => {
                    let plan = sync::plan(&roster, &run);
                    println!("{}exit {:?}", c.show(&plan, Carried::Not), Exit::of(&plan));
                    testing::apply(&mut roster, &plan.writes);
                    testing::check_rules(&roster, run.as_of);
                    if plan.status == SyncStatus::Planned {
                    let again = sync::plan(&roster, &run);
                    println!("again: {:?}", again.counts);
                    assert!(again.writes.is_empty());
                    for p in &roster.people { println!("   {:?}", p); }
                    }
                }
            }
        }
    }
}
