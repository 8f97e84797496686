//! The front door: skiplevel's own schema, tokens and sessions behind the HTTP door.

use async_graphql::Request;
use chrono::{DateTime, Utc};

use super::{Door, Entry, Limits, NotReady, OpenError, Refused};
use crate::{
    app::{App, AppError},
    auth::token::{Role, VerifiedToken, Verifier},
    graphql::{SkiplevelSchema, schema, within},
};

/// The door of the application.
pub struct Front {
    app: App,
    schema: SkiplevelSchema,
    verifier: Verifier,
}

impl Front {
    /// The door to `app` for whoever `verifier` accepts.
    pub fn new(app: App, verifier: Verifier) -> Self {
        Self {
            app,
            schema: schema(),
            verifier,
        }
    }
}

impl Door for Front {
    type Token = VerifiedToken;
    type Schema = SkiplevelSchema;

    fn schema(&self) -> &SkiplevelSchema {
        &self.schema
    }

    fn authenticate(&self, authorization: &[&[u8]], now: DateTime<Utc>) -> Result<VerifiedToken, Refused> {
        self.verifier
            .verify(authorization.iter().copied(), now)
            .map_err(|reason| {
                tracing::info!(%reason, "a token was refused");
                Refused
            })
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

    async fn open(&self, entry: Entry<VerifiedToken>) -> Result<Request, OpenError> {
        let session = self
            .app
            .open(entry.token, entry.now)
            .await
            .map_err(|error| match error {
                AppError::Unauthenticated => OpenError::Unauthenticated,
                busy if busy.is_busy() => OpenError::Busy,
                other => OpenError::Internal(Box::new(other)),
            })?;
        Ok(within(&session, entry.request))
    }

    async fn ready(&self) -> Result<(), NotReady> {
        self.app
            .ready()
            .await
            .map_err(|_| NotReady("the database does not answer".to_owned()))
    }
}
