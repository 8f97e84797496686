//! The log: standard error, readable on a terminal, one JSON object a line anywhere else.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, filter::ParseError, fmt, util::TryInitError};
use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

/// Statements hold what people wrote about people: they are logged only where a filter names these targets.
const QUIET: &str = "sqlx=warn,sqlx::query=off,sea_orm=warn,sea_orm_migration=warn";

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter cannot be read.
    #[error("the log filter is wrong")]
    Filter(#[from] ParseError),
    /// Something logs already.
    #[error("the log was started twice")]
    Started(#[from] TryInitError),
}

/// Starts logging what `filter` lets through; once in a process.
pub fn start(filter: &str) -> Result<(), LogError> {
    let registry = tracing_subscriber::registry().with(quiet(filter)?);
    if io::stderr().is_terminal() {
        registry.with(fmt::layer().with_writer(io::stderr)).try_init()?;
    } else {
        registry
            .with(
                // The list of spans begins with the request's, whatever happens further in.
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_current_span(false)
                    .with_writer(io::stderr),
            )
            .try_init()?;
    }
    Ok(())
}

fn quiet(filter: &str) -> Result<EnvFilter, ParseError> {
    // Of two directives for one target the later counts.
    EnvFilter::try_new(format!("{QUIET},{filter}"))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::{Event, Subscriber};
    use tracing_subscriber::layer::{Context, Layer};

    use super::*;

    /// Keeps the targets of the events that reach it.
    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Heard {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            self.0.lock().unwrap().push(event.metadata().target().to_owned());
        }
    }

    fn heard(filter: &str) -> Vec<String> {
        let heard = Heard::default();
        let subscriber = tracing_subscriber::registry()
            .with(quiet(filter).unwrap())
            .with(heard.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: "skiplevel", "served");
            tracing::info!(target: "sqlx::query", "select");
            tracing::debug!(target: "sea_orm::driver", "select");
        });
        heard.0.lock().unwrap().clone()
    }

    #[test]
    fn statements_are_logged_only_when_named() {
        assert_eq!(heard("info"), ["skiplevel"]);
        assert_eq!(heard("trace"), ["skiplevel"]);
        assert_eq!(heard("info,sqlx::query=info"), ["skiplevel", "sqlx::query"]);
        assert_eq!(heard("off"), [""; 0]);
    }
}
