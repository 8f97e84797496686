//! The front door: skiplevel's own schema, tokens and sessions behind the HTTP door.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use async_graphql::Request;
use chrono::{DateTime, Utc};

use super::{Bearers, Door, Entry, Limits, NotReady, OpenError, Refused, Vitals, calendar, reports, scim};
use crate::{
    app::{App, AppError, Session},
    auth::{
        calendar::CalendarHash,
        scim::SecretHash,
        token::{Role, VerifiedToken},
    },
    graphql::{SkiplevelSchema, schema, within},
};

/// The door of the application.
pub struct Front {
    app: App,
    schema: SkiplevelSchema,
    bearers: Bearers,
}

impl Front {
    /// The door to `app` for whoever `bearers` accepts.
    pub fn new(app: App, bearers: impl Into<Bearers>) -> Self {
        Self {
            app,
            schema: schema(),
            bearers: bearers.into(),
        }
    }
}

/// Who asks by SCIM: an integration by a signed token, or by a secret of its own, which the database has to know.
#[derive(Debug)]
pub(super) enum ScimBearer {
    Signed(Box<VerifiedToken>),
    Secret(SecretHash),
}

impl ScimBearer {
    /// A key for the limit on requests in flight.
    pub(super) fn principal(&self) -> String {
        match self {
            Self::Signed(token) => token.subject().to_owned(),
            Self::Secret(hash) => format!("scim:{}", hash.as_str()),
        }
    }
}

impl Front {
    /// Who sends these `Authorization` headers.
    pub(super) async fn scim_bearer(&self, headers: &[&[u8]], now: DateTime<Utc>) -> Result<ScimBearer, Refused> {
        match SecretHash::presented(headers.iter().copied()) {
            Some(secret) => Ok(ScimBearer::Secret(secret)),
            None => Ok(ScimBearer::Signed(Box::new(self.authenticate(headers, now).await?))),
        }
    }

    /// Opens the session of a SCIM request.
    pub(super) async fn open_scim(&self, bearer: ScimBearer, now: DateTime<Utc>) -> Result<Session, AppError> {
        match bearer {
            ScimBearer::Signed(token) => self.app.open(*token, now).await,
            ScimBearer::Secret(secret) => self.app.open_scim(secret, now).await,
        }
    }
}

impl Front {
    /// Opens the session of whoever reads a document by a token.
    pub(super) async fn open_reader(&self, token: VerifiedToken, now: DateTime<Utc>) -> Result<Session, AppError> {
        self.app.open(token, now).await
    }

    /// Opens the session of whoever reads a calendar by its address.
    pub(super) async fn open_calendar(&self, secret: CalendarHash, now: DateTime<Utc>) -> Result<Session, AppError> {
        self.app.open_calendar(secret, now).await
    }
}

impl Door for Front {
    type Token = VerifiedToken;
    type Schema = SkiplevelSchema;

    fn schema(&self) -> &SkiplevelSchema {
        &self.schema
    }

    async fn authenticate(&self, authorization: &[&[u8]], now: DateTime<Utc>) -> Result<VerifiedToken, Refused> {
        self.bearers.verify(authorization, now).await
    }

    fn principal(&self, token: &VerifiedToken) -> String {
        token.subject().to_owned()
    }

    fn bulk_body(&self, token: &VerifiedToken, limits: &Limits) -> usize {
        if token.roles().iter().any(|role| *role != Role::Person) {
            limits.bulk_body
        } else {
            limits.body
        }
    }

    fn routes(self: Arc<Self>, config: &mut ServiceConfig) {
        scim::routes(config);
        calendar::routes(config);
        reports::routes(config);
    }

    async fn open(&self, entry: Entry<VerifiedToken>) -> Result<Request, OpenError> {
        let session = self
            .app
            .open(entry.token, entry.now)
            .await
            .map_err(|error| match error {
                AppError::Unauthenticated => OpenError::Unauthenticated,
                busy if busy.is_busy() => OpenError::Busy(Box::new(busy)),
                other => OpenError::Internal(Box::new(other)),
            })?;
        Ok(within(&session, entry.request))
    }

    async fn ready(&self) -> Result<(), NotReady> {
        self.app
            .ready()
            .await
            .map_err(|_| NotReady("the database does not answer".to_owned()))?;
        self.bearers.ready()
    }

    fn pulse(&self) -> Vitals {
        Vitals {
            database: self.app.database_kind(),
            pools: self.app.pools().to_vec(),
            work: None,
            keys: self.bearers.jwks().map(|jwks| jwks.health()),
        }
    }

    async fn vitals(&self, now: DateTime<Utc>) -> Vitals {
        let work = self.app.vitals(now).await;
        let work = work.inspect_err(|error| tracing::warn!(%error, "the database does not say how it is doing"));
        Vitals {
            work: work.ok(),
            ..self.pulse()
        }
    }
}
