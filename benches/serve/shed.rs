//! More than a server can do: four times the requests that it lets in at a time. It answers what it can, refuses the rest at
//! once, and its memory stays what it was.

use super::{
    Args, Failure,
    load::{Measured, run},
    place::Place,
    process::Memory,
    queries::{SUGGESTIONS, requests, server},
    say,
    world::World,
};

/// Requests at a time that a server lets in unless it is told otherwise.
const LET_IN: usize = 32;

/// Asks as much as is let in, then four times as much, and prints both.
pub fn measure(args: &Args, place: &Place, world: &World) -> Result<(), Failure> {
    let server = server(place)?;
    let requests = requests(world, SUGGESTIONS);
    for (words, connections) in [("as much as is let in", LET_IN), ("four times as much", 4 * LET_IN)] {
        say(&format!("asking {} {words}", place.name()));
        let asked: Vec<_> = requests.iter().cycle().take(connections).cloned().collect();
        let measured = run(server.address, &asked, args.seconds())?;
        print(place, words, &measured, server.memory());
    }
    Ok(())
}

fn print(place: &Place, words: &str, measured: &Measured, memory: Memory) {
    const MIB: u64 = 1024 * 1024;
    let good = measured.latencies.len();
    let share = |part: usize| part * 100 / (good + measured.errors).max(1);
    println!(
        "{}, {words}: {} % answered ({:.0}/s, 99 % within {:?}), {} % refused, {} neither; memory {} MiB, at most {} MiB",
        place.name(),
        share(good),
        measured.rate(),
        measured.percentile(99),
        share(measured.refused),
        measured.errors - measured.refused,
        memory.now / MIB,
        memory.peak / MIB,
    );
}
