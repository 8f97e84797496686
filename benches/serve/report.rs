//! What was measured, as text.

use std::{fmt, time::Duration};

use super::{
    Args,
    load::Measured,
    process::{Memory, Run},
};

/// Everything that was measured.
pub struct Report {
    people: usize,
    connections: usize,
    /// Queries under load.
    pub loads: Vec<Load>,
    /// Memory of the server of each database, before and after the load.
    pub memory: Vec<(&'static str, Memory, Memory)>,
    /// Suggestions beside an import.
    pub beside: Vec<Beside>,
    /// What took its time once.
    pub took: Vec<Took>,
}

/// A query beside an import.
pub struct Beside {
    /// On which database.
    pub database: &'static str,
    /// What it was answered before.
    pub idle: Measured,
    /// What it was answered meanwhile.
    pub meanwhile: Measured,
    /// Whether the import lasted longer than the measurement.
    pub went_on: bool,
}

/// A query under load.
pub struct Load {
    /// Which.
    pub query: &'static str,
    /// On which database.
    pub database: &'static str,
    /// What it was answered.
    pub measured: Measured,
    /// What the bare handler answered.
    pub bare: Measured,
}

/// Something that took its time once.
pub struct Took {
    /// What.
    pub what: &'static str,
    /// With how many people.
    pub people: usize,
    /// On which database, if on one.
    pub database: Option<&'static str>,
    /// How long, and with how much memory if that is known.
    pub run: Run,
}

/// Something to reach.
struct Target {
    what: &'static str,
    people: usize,
    database: Option<&'static str>,
    within: Duration,
    /// Most memory in bytes, where that is a target too.
    memory: Option<u64>,
}

/// Most resident memory of an import of 100,000 people, in bytes.
const IMPORT_MEMORY: Option<u64> = Some(500_000_000);

const fn import(what: &'static str, database: &'static str, seconds: u64) -> Target {
    Target {
        what,
        people: 100_000,
        database: Some(database),
        within: Duration::from_secs(seconds),
        memory: IMPORT_MEMORY,
    }
}

const fn first_report(database: &'static str, milliseconds: u64) -> Target {
    Target {
        what: "first coverage report",
        people: 100_000,
        database: Some(database),
        within: Duration::from_millis(milliseconds),
        memory: None,
    }
}

const TARGETS: [Target; 12] = [
    import("import of new people", "SQLite", 20),
    import("import of new people", "PostgreSQL", 30),
    import("import of the same people again", "SQLite", 5),
    import("import of the same people again", "PostgreSQL", 5),
    import("import with 1% changed", "SQLite", 6),
    import("import with 1% changed", "PostgreSQL", 6),
    first_report("PostgreSQL", 500),
    first_report("SQLite", 1000),
    Target {
        what: "draw, the arithmetic alone",
        people: 100_000,
        database: None,
        within: Duration::from_secs(2),
        memory: None,
    },
    Target {
        what: "draw, a process from lines to picks",
        people: 1_000_000,
        database: None,
        within: Duration::from_secs(20),
        memory: Some(1_500_000_000),
    },
    Target {
        what: "import of new people",
        people: 10_000,
        database: Some("SQLite"),
        within: Duration::from_secs(3),
        memory: None,
    },
    Target {
        what: "import of new people",
        people: 10_000,
        database: Some("PostgreSQL"),
        within: Duration::from_secs(5),
        memory: None,
    },
];

/// How many times its idle value the p99 of a query may be beside an import.
const BESIDE_TARGET: f64 = 5.0;

/// Most resident memory of the server at 10,000 people, in bytes.
const MEMORY_TARGET: (usize, u64) = (10_000, 60 * 1024 * 1024);

impl Report {
    /// Nothing yet.
    pub fn new(args: &Args) -> Self {
        Self {
            people: args.people,
            connections: args.connections,
            loads: vec![],
            memory: vec![],
            beside: vec![],
            took: vec![],
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.loads(f)?;
        self.memory(f)?;
        self.took(f)?;
        self.beside(f)?;
        self.targets(f)
    }
}

impl Report {
    fn loads(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.loads.is_empty() {
            return Ok(());
        }
        let (people, connections) = (self.people, self.connections);
        writeln!(
            f,
            "\n{people} people, {connections} connections of a leader each, all limits as by default\n"
        )?;
        writeln!(
            f,
            "{:<38}{:>9}{:>11}{:>10}{:>10}{:>9}{:>8}",
            "", "bytes", "answers/s", "p50 ms", "p99 ms", "of bare", "errors"
        )?;
        for Load {
            query,
            database,
            measured,
            bare,
        } in &self.loads
        {
            row(f, &format!("{query}, {database}"), measured, bare)?;
            row(f, "  bare handler, same size", bare, bare)?;
        }
        Ok(())
    }

    fn memory(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.memory.is_empty() {
            return Ok(());
        }
        writeln!(
            f,
            "\n{:<38}{:>20}{:>20}{:>10}",
            "serve", "MiB before the load", "after it", "peak"
        )?;
        for (database, before, after) in &self.memory {
            let (before, peak, after) = (mib(before.now), mib(after.peak), mib(after.now));
            writeln!(f, "{database:<38}{before:>20.1}{after:>20.1}{peak:>10.1}")?;
        }
        Ok(())
    }

    fn took(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.took.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n{:<46}{:>10}{:>11}{:>12}", "", "people", "seconds", "peak MiB")?;
        for Took {
            what,
            people,
            database,
            run,
        } in &self.took
        {
            let what = database.map_or_else(|| (*what).to_owned(), |database| format!("{what}, {database}"));
            let seconds = run.time.as_secs_f64();
            write!(f, "{what:<46}{people:>10}{seconds:>11.3}")?;
            match run.peak {
                0 => writeln!(f)?,
                peak => writeln!(f, "{:>12.1}", mib(peak))?,
            }
        }
        Ok(())
    }

    fn beside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Beside {
            database,
            idle,
            meanwhile,
            went_on,
        } in &self.beside
        {
            let millis = |measured: &Measured| measured.percentile(99).as_secs_f64() * 1000.0;
            let (idle, now) = (millis(idle), millis(meanwhile));
            let met = verdict(now, BESIDE_TARGET * idle);
            let times = now / idle;
            writeln!(
                f,
                "\n{met}: p99 of the suggestions beside an import, {database}: {now:.1} ms, idle {idle:.1} ms, \
                 {times:.1} times, target {BESIDE_TARGET} times; {} answers no good ones",
                meanwhile.errors
            )?;
            if !went_on {
                writeln!(f, "        the import ended before the measurement did")?;
            }
        }
        Ok(())
    }

    fn targets(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        for target in &TARGETS {
            let fits =
                |took: &&Took| (took.what, took.people, took.database) == (target.what, target.people, target.database);
            if let Some(took) = self.took.iter().find(fits) {
                let database = target.database.map(|name| format!(", {name}")).unwrap_or_default();
                let in_time = verdict(took.run.time, target.within);
                let (seconds, within) = (took.run.time.as_secs_f64(), target.within.as_secs_f64());
                let (what, people) = (target.what, target.people);
                writeln!(
                    f,
                    "{in_time}: {what}, {people} people{database}: {seconds:.2} s, target {within} s"
                )?;
                if let Some(most) = target.memory {
                    let in_memory = verdict(took.run.peak, most);
                    let (peak, most) = (mib(took.run.peak), mib(most));
                    writeln!(
                        f,
                        "{in_memory}: {what}, {people} people: {peak:.0} MiB, target {most:.0} MiB"
                    )?;
                }
            }
        }
        let (people, most) = MEMORY_TARGET;
        for (database, _, after) in self.memory.iter().filter(|_| self.people == people) {
            let (verdict, now) = (verdict(after.now, most), mib(after.now));
            let most = mib(most);
            writeln!(
                f,
                "{verdict}: memory of serve, {people} people, {database}: {now:.1} MiB, target {most:.0} MiB"
            )?;
        }
        let errors: usize = self
            .loads
            .iter()
            .map(|load| load.measured.errors + load.bare.errors)
            .sum();
        if !self.loads.is_empty() {
            writeln!(f, "{}: every answer a good one: {errors} were not", verdict(errors, 0))?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, measured: &Measured, bare: &Measured) -> fmt::Result {
    let millis = |percent| measured.percentile(percent).as_secs_f64() * 1000.0;
    writeln!(
        f,
        "{name:<38}{:>9}{:>11.0}{:>10.2}{:>10.2}{:>9.3}{:>8}",
        measured.bytes,
        measured.rate(),
        millis(50),
        millis(99),
        measured.rate() / bare.rate(),
        measured.errors
    )
}

/// Whether `number` is no more than it should be.
fn verdict<T: PartialOrd + Copy>(number: T, most: T) -> &'static str {
    if number <= most { "met   " } else { "MISSED" }
}

fn mib(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}
