//! What becomes of a request: one call on the session, and its answer.

use serde_json::{Map, Value};

use super::{
    Action, ScimError, discovery,
    list::{Query, page, projection},
    patch, resource,
};
use crate::{
    app::{AccountKey, AccountWritten, AppError, Session},
    domain::account::Account,
};

/// What comes with a request.
#[derive(Clone, Debug)]
pub struct Call {
    /// The parameters of its address.
    pub parameters: Vec<(String, String)>,
    /// Its body; empty where there is none.
    pub body: Vec<u8>,
    /// The address of `/scim/v2`, as the client knows it.
    pub base: String,
}

/// An answer that is no error.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where what was made is to be found.
    pub location: Option<String>,
    /// The JSON, if there is any.
    pub body: Option<Value>,
}

impl Answer {
    fn ok(body: Value) -> Self {
        Self {
            status: 200,
            location: None,
            body: Some(body),
        }
    }
}

/// Answers a request of whoever opened the session. The outer error is the program's, the inner one the client's.
pub async fn answer(session: &Session, action: Action, call: &Call) -> Result<Result<Answer, ScimError>, AppError> {
    session.require_accounts().await?;
    let desk = Desk { session, call };
    match action {
        Action::Config => Ok(Ok(Answer::ok(discovery::config(&call.base)))),
        Action::ResourceTypes(id) => Ok(discovery::resource_types(id.as_deref(), &call.base).map(Answer::ok)),
        Action::Schemas(id) => Ok(discovery::schemas(id.as_deref(), &call.base).map(Answer::ok)),
        Action::Groups => Ok(Ok(Answer::ok(page(0, 0, &[])))),
        Action::List => desk.list(Query::of_parameters(&call.parameters)).await,
        Action::Search => desk.list(desk.body().and_then(|body| Query::of_body(&body))).await,
        Action::Read(id) => {
            let account = session.account(id).await?;
            let missing = || ScimError::new(404, "there is no user with this id");
            Ok(account.map(|account| desk.user(200, &account)).ok_or_else(missing))
        }
        Action::Create => desk.create().await,
        Action::Replace(id) => {
            let body = match desk.body() {
                Ok(body) => body,
                Err(error) => return Ok(Err(error)),
            };
            let written = session
                .change_account(id, |before| resource::replaced(&body, before))
                .await?;
            Ok(written.map(|account| desk.user(200, &account)).map_err(Into::into))
        }
        Action::Patch(id) => {
            let operations = match desk.body().and_then(|body| patch::operations(&body)) {
                Ok(operations) => operations,
                Err(error) => return Ok(Err(error)),
            };
            let written = session
                .change_account(id, |before| patch::patched(before, &operations))
                .await?;
            Ok(written.map(|account| desk.user(200, &account)).map_err(Into::into))
        }
        Action::Delete(id) => {
            let nothing = Answer {
                status: 204,
                location: None,
                body: None,
            };
            Ok(session.delete_account(id).await?.map(|()| nothing).map_err(Into::into))
        }
    }
}

struct Desk<'a> {
    session: &'a Session,
    call: &'a Call,
}

impl Desk<'_> {
    async fn list(&self, query: Result<Query, ScimError>) -> Result<Result<Answer, ScimError>, AppError> {
        let query = match query {
            Ok(query) => query,
            Err(error) => return Ok(Err(error)),
        };
        let (total, accounts) = match &query.filter {
            None => {
                let found = self.session.accounts_page(query.offset, query.count).await?;
                (found.total, found.accounts)
            }
            Some(filter) => {
                let mut found = self.session.accounts(&filter.index()).await?;
                found.retain(|account| filter.holds(account));
                let (total, pass) = (found.len() as u64, usize::try_from(query.offset).unwrap_or(usize::MAX));
                let count = usize::try_from(query.count).unwrap_or(usize::MAX);
                (total, found.into_iter().skip(pass).take(count).collect())
            }
        };
        let users = accounts
            .iter()
            .map(|account| query.projection.of(resource::user(account, &self.call.base)));
        let users: Vec<Value> = users.collect();
        Ok(Ok(Answer::ok(page(total, query.offset, &users))))
    }

    async fn create(&self) -> Result<Result<Answer, ScimError>, AppError> {
        let (body, said) = match self.body().and_then(|body| Ok((resource::created(&body, None)?, body))) {
            Ok((said, body)) => (body, said),
            Err(error) => return Ok(Err(error)),
        };
        let key = AccountKey {
            external_id: said.external_id,
            user_name: said.user_name,
        };
        let written = self
            .session
            .create_account(&key, |known| resource::created(&body, known))
            .await?;
        Ok(match written {
            Ok(AccountWritten::Created(account)) => Ok(self.user(201, &account)),
            Ok(AccountWritten::Kept(account)) => Ok(self.user(200, &account)),
            Err(refusal) => Err(refusal.into()),
        })
    }

    fn user(&self, status: u16, account: &Account) -> Answer {
        let user = resource::user(account, &self.call.base);
        Answer {
            status,
            location: Some(resource::location(account, &self.call.base)),
            body: Some(projection(&self.call.parameters).of(user)),
        }
    }

    fn body(&self) -> Result<Map<String, Value>, ScimError> {
        match serde_json::from_slice(&self.call.body) {
            Ok(Value::Object(body)) => Ok(body),
            Ok(_) => Err(ScimError::syntax("the body should be a JSON object")),
            Err(error) => Err(ScimError::syntax(format!("the body is not JSON: {error}"))),
        }
    }
}
