//! `skiplevel demo`: an organisation that does not exist, tokens to look at it with, and the server over it. Offline.

mod place;
mod text;

use std::{io, path::PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;

use self::{
    place::Place,
    text::{Scene, Ticket},
};
use super::{Failure, organisation, print, serve};
use crate::{
    app::{App, DemoInput, DemoReport, Figure, Part},
    auth::{
        keys::Secret,
        token::{NewToken, Role, sign},
    },
    config::{Config, TokenKey, Tokens},
    http::Clock,
};

pub(super) use place::PlaceError;

/// The subject of the HR admin's token, who is nobody of the organisation.
const HR_ADMIN: &str = "hr-admin";

/// Arguments of `skiplevel demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Keep the organisation in this new `SQLite` file [default: a temporary one, gone when the demonstration stops]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// How many people
    #[arg(long, value_name = "N", default_value_t = 400)]
    people: usize,

    /// On how many levels
    #[arg(long, value_name = "N", default_value_t = 6)]
    levels: usize,

    /// Another seed makes another organisation up
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
}

/// Makes the organisation up, prints how to look at it, and serves it until a signal to stop.
pub(super) async fn run(
    args: &DemoArgs,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let settings = serve::settings(config, clock).await?;
    let listener = serve::listen(config)?;
    let address = listener.local_addr()?;
    let place = Place::new(args.file.as_deref())?;
    let config = set_up(config, &place);
    let (app, report) = match make_up(args, &config, clock.now()).await {
        Ok(made_up) => made_up,
        Err(failure) => {
            place.discard();
            return Err(failure);
        }
    };
    let scene = Scene {
        address,
        clock,
        place: &place,
        tickets: tickets(&report, &config.tokens, clock.now())?,
        lifetime: config.tokens.rules.max_lifetime,
        report,
    };
    print(out, scene.to_string().trim_end())?;
    serve::on(listener, app, &config, settings).await
}

/// The configuration with the demonstration's own database and note keys, and a secret for this run where none is configured.
fn set_up(config: &Config, place: &Place) -> Config {
    let mut config = config.clone();
    config.database.url = place.url();
    config.notes_keys = Some(place.note_keys());
    if config.tokens.secret().is_err() {
        let secret = Secret::from(rand::random::<[u8; 32]>());
        config.tokens.key = Some(TokenKey::Secret(secret));
    }
    config
}

async fn make_up(args: &DemoArgs, config: &Config, now: DateTime<Utc>) -> Result<(App, DemoReport), Failure> {
    let app = organisation::open_with(config, organisation::note_keys(config)?).await?;
    let input = DemoInput {
        people: args.people,
        levels: args.levels,
        seed: args.seed,
    };
    let made_up = async {
        app.check_note_keys(now).await?;
        app.make_up(&input, now).await
    };
    match made_up.await {
        Ok(report) => Ok((app, report)),
        Err(error) => {
            app.close().await?;
            Err(error.into())
        }
    }
}

/// A token for the HR admin and for everybody in the report, valid as long as a token may be.
fn tickets(report: &DemoReport, tokens: &Tokens, now: DateTime<Utc>) -> Result<Vec<Ticket>, Failure> {
    let ticket = |bearer: String, subject: &str, roles: &[Role]| {
        let token = NewToken {
            subject,
            roles,
            source: None,
            lifetime: tokens.rules.max_lifetime,
        };
        let token = sign(tokens.secret()?, &tokens.rules, &token, now)?;
        Ok(Ticket { bearer, token })
    };
    let admin = ticket(
        "HR admin, nobody of the organisation".to_owned(),
        HR_ADMIN,
        &[Role::HrAdmin],
    );
    let figures = report
        .figures
        .iter()
        .map(|figure| ticket(bearer(figure), &figure.subject, &[]));
    std::iter::once(admin).chain(figures).collect()
}

fn bearer(Figure { part, name, title, .. }: &Figure) -> String {
    let part = match part {
        Part::Head => "Head of the organisation",
        Part::Manager => "A leader in the middle",
        Part::Newcomer => "A newcomer without reports",
    };
    format!("{part}: {name}, {title}")
}

#[cfg(test)]
mod tests;
