//! `skiplevel scim-token`: the tokens by which identity providers speak SCIM.

use std::{fmt::Write as _, io};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use clap::Subcommand;
use uuid::Uuid;

use super::{Failure, organisation, print, token::lifetime};
use crate::{
    app::{ScimTokenInput, ScimTokenRow},
    config::Config,
    http::Clock,
};

/// What to do about them.
#[derive(Debug, Subcommand)]
pub(super) enum ScimToken {
    /// Make one, and print it: it is shown this once
    Create {
        /// The source of people it speaks for
        #[arg(long, value_name = "SOURCE")]
        source: String,
        /// What to call it in the list
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// How long it holds: 90s, 30m, 8h, 365d [default: until it is revoked]
        #[arg(long = "ttl", value_name = "TIME", value_parser = lifetime)]
        lifetime: Option<TimeDelta>,
    },
    /// List all there ever were, newest first
    List,
    /// Take one back, from the next request on
    Revoke {
        /// Its id, as the list shows it
        id: Uuid,
    },
}

/// Does it, at the clock's instant.
pub(super) async fn run(
    command: &ScimToken,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let app = organisation::open(config).await?;
    let session = app.operator("scim-token", clock.now()).await?;
    let done = match command {
        ScimToken::Create {
            source,
            label,
            lifetime,
        } => {
            let input = ScimTokenInput {
                source: source.clone(),
                label: label.clone(),
                lifetime: *lifetime,
            };
            let made = session.create_scim_token(input).await?;
            print(out, made.secret.expose())
        }
        ScimToken::List => print(out, list(&session.scim_tokens().await?, clock.now()).trim_end()),
        ScimToken::Revoke { id } if session.revoke_scim_token(*id).await? => print(out, &format!("revoked {id}")),
        ScimToken::Revoke { id } => Err(Failure::NoScimToken(*id)),
    };
    drop(session);
    app.close().await?;
    done
}

/// A line a token: id, source, state, when it was made and last used, label.
fn list(tokens: &[ScimTokenRow], now: DateTime<Utc>) -> String {
    tokens.iter().fold(String::new(), |mut text, token| {
        let state = match (token.revoked_at, token.expires_at) {
            (Some(_), _) => "revoked".to_owned(),
            (None, Some(end)) if end <= now => "expired".to_owned(),
            (None, Some(end)) => format!("until {}", day(end)),
            (None, None) => "holds".to_owned(),
        };
        let used = token
            .last_used_at
            .map_or("never used".to_owned(), |last| format!("used {}", day(last)));
        let _ = write!(
            text,
            "{}  {}  {state}  made {}  {used}",
            token.id,
            token.source,
            day(token.created_at)
        );
        let _ = match &token.label {
            Some(label) => writeln!(text, "  {label}"),
            None => writeln!(text),
        };
        text
    })
}

fn day(instant: DateTime<Utc>) -> String {
    let text = instant.to_rfc3339_opts(SecondsFormat::Secs, true);
    text.chars().take(10).collect()
}
