//! Queries under load, each beside the bare handler with answers of the same size.

use std::{env, process::Command};

use super::{
    Args, Failure,
    load::{Measured, request, run},
    place::Place,
    process::{Server, skiplevel},
    report::{Load, Report},
    say,
    world::World,
};

/// What a leader sees first: whom to meet this week, and why.
pub const SUGGESTIONS: &str = "query ThisWeek { viewer { person { name title } week { week startsOn \
    suggestions { id status counterpart { name title department location } distance band \
    reasons { code message } meeting { status startsAt } } \
    noSuggestion { code message nextWeek } } } }";

/// A page of the people below, with whom they report to and when the leader last met them.
const PAGE: &str = "query Page { people(first: 50) { \
    nodes { id name title status manager { id name } lastMet { id heldAt } } pageInfo { hasNextPage endCursor } } }";

/// Serves the organisation and measures each query.
pub fn measure(args: &Args, place: &Place, world: &World, report: &mut Report) -> Result<(), Failure> {
    let server = server(place)?;
    let ask = |query: &str| -> Result<(Vec<Vec<u8>>, Measured), Failure> {
        let requests = requests(world, query);
        let measured = run(server.address, &requests, args.seconds())?;
        Ok((requests, measured))
    };
    let before = server.memory();
    for (query, text) in [("suggestions of this week", SUGGESTIONS), ("page of 50 people", PAGE)] {
        say(&format!("asking {} for the {query}", place.name()));
        let (requests, measured) = ask(text)?;
        if let Some(error) = &measured.error {
            eprintln!("an answer was no good one: {error}");
        }
        let bare = Server::start(bare(measured.bytes)?)?;
        let bare = run(bare.address, &requests, args.seconds())?;
        report.loads.push(Load {
            query,
            database: place.name(),
            measured,
            bare,
        });
    }
    report.memory.push((place.name(), before, server.memory()));
    Ok(())
}

/// A server of the place.
pub fn server(place: &Place) -> Result<Server, Failure> {
    let mut command = skiplevel(place);
    command.arg("serve");
    Server::start(command)
}

/// A query of each leader who asks.
pub fn requests(world: &World, query: &str) -> Vec<Vec<u8>> {
    world.tokens.iter().map(|token| request(token, query)).collect()
}

fn bare(bytes: usize) -> Result<Command, Failure> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("--bench").arg("--bare").arg(bytes.to_string());
    Ok(command)
}
