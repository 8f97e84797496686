//! Measures skiplevel: answers a second under load beside a bare handler, imports, draws, memory.
//!
//! `scripts/bench` runs it with a PostgreSQL of its own. Numbers are printed, never asserted: they depend on the machine,
//! so each load is measured beside a handler that does nothing, on the same machine and by the same client.

mod bare;
mod coverage;
mod draws;
mod imports;
mod kills;
mod load;
mod place;
mod process;
mod queries;
mod report;
mod shed;
mod world;

use std::{error::Error, ffi::OsStr, process::ExitCode, time::Duration};

use clap::Parser;

use self::{place::Place, report::Report};

/// Whatever ends a measurement early; it is only printed.
type Failure = Box<dyn Error + Send + Sync>;

/// What to measure.
#[derive(Debug, Parser)]
struct Args {
    /// A `PostgreSQL` to make databases in; without it `SQLite` alone is measured
    #[arg(long, value_name = "URL", env = "SKIPLEVEL_BENCH_POSTGRES")]
    postgres: Option<String>,

    /// People of the organisation
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    people: usize,

    /// People of the second, larger organisation that is drawn
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    many_people: usize,

    /// Seconds of each load
    #[arg(long, value_name = "N", default_value_t = 8)]
    seconds: u64,

    /// Connections of each load, one for each leader
    #[arg(long, value_name = "N", default_value_t = 32)]
    connections: usize,

    /// Parts to measure
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "load,import,draw,beside,coverage"
    )]
    parts: Vec<Part>,

    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,

    /// Draw a week of so many people and end
    #[arg(long, hide = true)]
    draw_bare: Option<usize>,

    /// Be the bare handler, with answers of so many bytes
    #[arg(long, hide = true)]
    bare: Option<usize>,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Queries under load, and the memory they take.
    Load,
    /// Imports.
    Import,
    /// Draws.
    Draw,
    /// Queries beside an import.
    Beside,
    /// Imports whose server is killed.
    Kill,
    /// Coverage reports.
    Coverage,
    /// Four times the requests that are let in at a time.
    Shed,
}

impl Args {
    fn seconds(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// A fresh place on the same kind of database.
    fn another(&self, place: &Place) -> Result<Place, Failure> {
        match self.postgres.as_deref() {
            Some(server) if place.is_on_a_server() => Place::postgres(server),
            _ => Place::sqlite(),
        }
    }

    fn places(&self) -> Result<Vec<Place>, Failure> {
        let postgres = self.postgres.as_deref().map(Place::postgres);
        std::iter::once(Place::sqlite()).chain(postgres).collect()
    }
}

fn main() -> ExitCode {
    // `cargo test --all-targets` runs this program, too, and nothing is to be tested here.
    if !std::env::args_os().any(|argument| argument == OsStr::new("--bench")) {
        return ExitCode::SUCCESS;
    }
    let args = Args::parse();
    let ended = match (args.bare, args.draw_bare) {
        (Some(bytes), _) => bare::serve(bytes),
        (_, Some(people)) => draws::bare(people),
        _ => measure(&args),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn measure(args: &Args) -> Result<(), Failure> {
    let mut report = Report::new(args);
    let wanted = |part| args.parts.contains(&part);
    if wanted(Part::Import) {
        for people in [args.people, args.many_people] {
            for place in args.places()? {
                imports::measure(&place, people, &mut report)?;
            }
        }
    }
    if wanted(Part::Kill) {
        kills::measure(args)?;
    }
    if [Part::Load, Part::Draw, Part::Beside, Part::Shed]
        .into_iter()
        .any(wanted)
    {
        for place in args.places()? {
            let world = world::make_up(args, args.people, &place)?;
            place.settle()?;
            if wanted(Part::Load) {
                queries::measure(args, &place, &world, &mut report)?;
            }
            if wanted(Part::Beside) {
                imports::beside_queries(args, &place, &world, &mut report)?;
            }
            if wanted(Part::Shed) {
                shed::measure(args, &place, &world)?;
            }
            if wanted(Part::Draw) {
                draws::of_a_process(args, &place, &world, &mut report)?;
            }
        }
    }
    if wanted(Part::Coverage) {
        for place in args.places()? {
            world::make_up(args, args.many_people, &place)?;
            coverage::measure(&place, args.many_people, &mut report)?;
        }
    }
    if wanted(Part::Draw) {
        draws::of_the_library(args.people, &mut report)?;
        draws::of_the_library(args.many_people, &mut report)?;
        draws::of_a_million(&mut report)?;
    }
    print!("{report}");
    Ok(())
}

/// Says what is going on, beside the report.
fn say(what: &str) {
    eprintln!("-- {what}");
}
