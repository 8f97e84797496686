//! What a demonstration says of itself.

use std::{fmt, net::SocketAddr};

use chrono::TimeDelta;
use serde_json::json;

use super::{super::serve::EXAMPLE, place::Place};
use crate::{app::DemoReport, http::Clock};

/// A demonstration that is ready to be looked at.
pub(super) struct Scene<'a> {
    pub address: SocketAddr,
    /// Whether other commands must pretend, too.
    pub clock: Clock,
    pub place: &'a Place,
    pub report: DemoReport,
    pub tickets: Vec<Ticket>,
    /// How long the tickets hold.
    pub lifetime: TimeDelta,
}

/// A token, and who bears it.
pub(super) struct Ticket {
    pub bearer: String,
    pub token: String,
}

impl fmt::Display for Scene<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            address,
            clock,
            place,
            report,
            tickets,
            lifetime,
        } = self;
        let DemoReport {
            people, held, source, ..
        } = report;
        writeln!(
            f,
            "{people} people who do not exist, with {held} skip-levels behind them, in {}",
            place.file().display()
        )?;
        if place.is_temporary() {
            writeln!(f, "(gone when this stops; --file FILE keeps it)")?;
        }
        writeln!(f, "\nGraphQL, and GraphiQL in a browser: http://{address}/graphql")?;
        writeln!(f, "Coverage reports in a browser: http://{address}/reports\n")?;
        writeln!(f, "Tokens, good for {} hours:", lifetime.num_hours())?;
        for Ticket { bearer, token } in tickets {
            writeln!(f, "\n  {bearer}\n  {token}")?;
        }
        writeln!(f, "\nA query to paste into GraphiQL, with the token of a leader:\n")?;
        for line in EXAMPLE.lines() {
            writeln!(f, "  {line}")?;
        }
        if let Some(Ticket { token, .. }) = tickets.get(1) {
            let body = json!({ "query": one_line(EXAMPLE) });
            writeln!(f, "\nThe same on the command line, for the head of the organisation:\n")?;
            writeln!(
                f,
                "  curl -s http://{address}/graphql -H 'content-type: application/json' \\"
            )?;
            writeln!(f, "    -H 'authorization: Bearer {token}' \\\n    -d '{body}'")?;
        }
        let url = place.url();
        let now = clock
            .held_at()
            .map(|instant| format!(" --now {instant}"))
            .unwrap_or_default();
        writeln!(
            f,
            "\nYour own people from a CSV file, first as a plan; --apply brings them in:\n"
        )?;
        writeln!(
            f,
            "  DATABASE_URL='{}' \\\n    skiplevel import people FILE --source '{source}'{now}",
            url.expose()
        )?;
        writeln!(f, "\nCtrl-C stops.")
    }
}

/// The same document without comments and line breaks.
fn one_line(document: &str) -> String {
    let code = document.lines().filter(|line| !line.trim_start().starts_with('#'));
    code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
