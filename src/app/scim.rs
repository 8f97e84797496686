//! Accounts: people as one source keeps them one by one (SCIM).
//!
//! What a source says becomes a partial run of one row, planned and applied by the engine of every other import. A run is
//! kept only where it changes something or is blocked: identity providers repeat themselves all day.

mod write;

use uuid::Uuid;

use super::{AppError, Session};
use crate::{
    domain::{
        account::Account,
        sync::{SyncBlock, SyncIssue},
    },
    store::{AccountsOf, Deleted},
};

/// What narrows a list of accounts down by an index; whatever else is asked of them is for the caller to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountFilter {
    /// Nothing does.
    None,
    /// The account's id.
    Id(Uuid),
    /// The source's own id.
    ExternalId(String),
    /// The user name.
    UserName(String),
    /// The e-mail address.
    Email(String),
}

/// Some of the accounts in reach.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// How many there are altogether.
    pub total: u64,
    /// Those that were asked for, newest first.
    pub accounts: Vec<Account>,
}

/// By what a new account may turn out to be one that is known.
#[derive(Clone, Debug)]
pub struct AccountKey {
    /// The source's own id.
    pub external_id: Option<String>,
    /// The user name.
    pub user_name: String,
}

/// An account that was written.
#[derive(Clone, Debug)]
pub enum AccountWritten {
    /// It was not there before.
    Created(Account),
    /// It was there, changed or not.
    Kept(Account),
}

/// Why an account was not written. `E` is what the caller finds wrong with what was sent.
#[derive(Clone, Debug)]
pub enum AccountRefusal<E> {
    /// There is no such account.
    NotFound,
    /// Another account has the id or the name in this field.
    Taken(&'static str),
    /// Nobody is meant by what was said of the manager.
    UnknownManager(String),
    /// What was said cannot be kept.
    Unfit(Box<SyncIssue>),
    /// Somebody has to look first.
    Blocked(Box<SyncBlock>),
    /// The caller found something wrong with it.
    Wrong(E),
}

impl Session {
    /// Fails unless the viewer keeps accounts of a source.
    pub async fn require_accounts(&self) -> Result<(), AppError> {
        self.viewer().await?.may_provision()?;
        Ok(())
    }

    /// The account with this id.
    pub async fn account(&self, id: Uuid) -> Result<Option<Account>, AppError> {
        let found = self.accounts(&AccountFilter::Id(id)).await?;
        Ok(found.into_iter().next())
    }

    /// All accounts that the filter does not rule out, newest first.
    pub async fn accounts(&self, filter: &AccountFilter) -> Result<Vec<Account>, AppError> {
        let of = match filter {
            AccountFilter::None => AccountsOf::All,
            AccountFilter::Id(id) => AccountsOf::Id(*id),
            AccountFilter::ExternalId(id) => AccountsOf::ExternalId(id),
            AccountFilter::UserName(name) => AccountsOf::UserName(name),
            AccountFilter::Email(email) => AccountsOf::Email(email),
        };
        let current = self.current().await?;
        let scope = current.viewer.accounts();
        let rows = current
            .snapshot
            .accounts(&scope, of, Deleted::Gone, self.today())
            .await?;
        Ok(rows.into_iter().map(|row| row.account).collect())
    }

    /// So many accounts after so many others, newest first.
    pub async fn accounts_page(&self, offset: u64, limit: u64) -> Result<Accounts, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.accounts();
        let total = current.snapshot.accounts_count(&scope).await?;
        let page = AccountsOf::Page { offset, limit };
        let rows = current
            .snapshot
            .accounts(&scope, page, Deleted::Gone, self.today())
            .await?;
        let accounts = rows.into_iter().map(|row| row.account).collect();
        Ok(Accounts { total, accounts })
    }
}
