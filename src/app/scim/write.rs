//! Accounts written: from what the source says of one person to a run of one row.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{AccountKey, AccountRefusal, AccountWritten};
use crate::{
    app::{AppError, Session, session::Turn},
    domain::{
        account::{Account, Profile},
        audit::Action,
        sync::{Code, Field, Naming, Row, Run, SyncIssue, SyncStatus, plan},
    },
    store::{AccountRow, AccountsOf, Deleted, NewSyncRun},
};

/// The time within which people who leave are counted together.
const GUARDED: TimeDelta = TimeDelta::hours(1);

/// What was written, or why it was not.
type Written<T, E> = Result<Result<T, AccountRefusal<E>>, AppError>;

/// Ends a use case that has nothing against the program, but something against what was sent.
macro_rules! allowed {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}

impl Session {
    /// Writes an account that should be new. One that is known and not active is the same person again; `profile` is
    /// handed what is known of them.
    pub async fn create_account<E>(
        &self,
        key: &AccountKey,
        profile: impl Fn(Option<&Profile>) -> Result<Profile, E>,
    ) -> Written<AccountWritten, E> {
        let turn = self.turn().await?;
        let known = self.find_account(&turn, key).await?;
        let is_new = known.as_ref().is_none_or(|known| known.deleted_at.is_some());
        if known.as_ref().is_some_and(|known| known.account.profile.active) {
            return Ok(Err(AccountRefusal::Taken("userName or externalId")));
        }
        let before = known.as_ref().map(|known| &known.account.profile);
        let after = allowed!(profile(before).map_err(AccountRefusal::Wrong));
        let account = allowed!(self.write_account(turn, known.as_ref(), after).await?);
        Ok(Ok(if is_new {
            AccountWritten::Created(account)
        } else {
            AccountWritten::Kept(account)
        }))
    }

    /// Makes of an account what `change` makes of its profile. Where that changes nothing, nothing is written.
    pub async fn change_account<E>(
        &self,
        id: Uuid,
        change: impl Fn(&Profile) -> Result<Profile, E>,
    ) -> Written<Account, E> {
        // Most of what identity providers send changes nothing: that takes nobody's turn.
        let account = allowed!(self.account(id).await?.ok_or(AccountRefusal::NotFound));
        let after = allowed!(change(&account.profile).map_err(AccountRefusal::Wrong));
        if after.cleaned().is_ok_and(|after| after == account.profile) {
            return Ok(Ok(account));
        }
        let turn = self.turn().await?;
        let known = self.known_account(&turn, AccountsOf::Id(id), Deleted::Gone).await?;
        let known = allowed!(known.ok_or(AccountRefusal::NotFound));
        let after = allowed!(change(&known.account.profile).map_err(AccountRefusal::Wrong));
        self.write_account(turn, Some(&known), after).await
    }

    /// Deletes an account: the person leaves today, unless they have left.
    pub async fn delete_account(&self, id: Uuid) -> Written<(), std::convert::Infallible> {
        let turn = self.turn().await?;
        let known = self.known_account(&turn, AccountsOf::Id(id), Deleted::Gone).await?;
        let known = allowed!(known.ok_or(AccountRefusal::NotFound));
        let profile = &known.account.profile;
        if profile.active {
            let gone = Profile {
                active: false,
                ..profile.clone()
            };
            let row = gone.row(Some(profile), Field::Absent);
            if let Err(refusal) = self.send_account(&turn, row).await? {
                return refuse(turn, refusal).await;
            }
        }
        let (source, grant) = turn.viewer.may_provision()?;
        let identity = (source, known.external_id.as_str());
        turn.write.delete_account(&grant, identity, self.now()).await?;
        turn.write.commit().await?;
        Ok(Ok(()))
    }

    /// Writes a profile in the place of what is known, if anything is.
    async fn write_account<E>(&self, turn: Turn, known: Option<&AccountRow>, after: Profile) -> Written<Account, E> {
        let after = allowed!(after.cleaned().map_err(unfit));
        if after.user_name.is_empty() {
            let issue = SyncIssue::error(Code::RequiredField, "userName is blank; every user has one");
            return Ok(Err(unfit(issue)));
        }
        allowed!(self.see_that_it_is_free(&turn, known, &after).await?);
        let before = known.map(|known| &known.account.profile);
        let manager = allowed!(self.account_manager(&turn, before, &after).await?);
        if let Err(refusal) = self.send_account(&turn, after.row(before, manager)).await? {
            return refuse(turn, refusal).await;
        }
        let (source, grant) = turn.viewer.may_provision()?;
        if before != Some(&after) && differs_beside_the_run(before, &after) {
            turn.write.keep_account(&grant, (source, &after), self.now()).await?;
        }
        let of = AccountsOf::ExternalId(after.key());
        let mut written = self.known_account(&turn, of, Deleted::Remembered).await?;
        if written.as_ref().is_some_and(|row| row.deleted_at.is_some()) {
            turn.write
                .revive_account(&grant, (source, after.key()), self.now())
                .await?;
            written = self.known_account(&turn, of, Deleted::Gone).await?;
        }
        let written = written.ok_or(AppError::Broken("an account that was written is not there"))?;
        turn.write.commit().await?;
        Ok(Ok(written.account))
    }

    /// Sees that nobody else has the ids of `after`.
    async fn see_that_it_is_free<E>(&self, turn: &Turn, known: Option<&AccountRow>, after: &Profile) -> Written<(), E> {
        let is_other = |row: &AccountRow| known.is_none_or(|known| known.external_id != row.external_id);
        let of = AccountsOf::ExternalId(after.key());
        let holder = self.known_account(turn, of, Deleted::Remembered).await?;
        if holder.is_some_and(|row| is_other(&row)) {
            return Ok(Err(AccountRefusal::Taken("externalId")));
        }
        let named = self.accounts_named(turn, &after.user_name, Deleted::Gone).await?;
        if named.iter().any(is_other) {
            return Ok(Err(AccountRefusal::Taken("userName")));
        }
        Ok(Ok(()))
    }

    /// What the row says of the manager. Whoever comes back is told their manager anew: the line ended when they left.
    async fn account_manager<E>(&self, turn: &Turn, before: Option<&Profile>, after: &Profile) -> Written<Field, E> {
        let was = before.and_then(|before| before.manager.as_ref());
        let Some(reference) = &after.manager else {
            return Ok(Ok(if was.is_some() { Field::Cleared } else { Field::Absent }));
        };
        if was == Some(reference) && !after.comes_back(before) {
            return Ok(Ok(Field::Absent));
        }
        let id = Uuid::parse_str(reference).ok().map(AccountsOf::Id);
        let by = [
            AccountsOf::ExternalId(reference),
            AccountsOf::UserName(reference),
            AccountsOf::Email(reference),
        ];
        for of in id.into_iter().chain(by) {
            if let Some(manager) = self.known_account(turn, of, Deleted::Gone).await? {
                return Ok(Ok(Field::Given(manager.external_id)));
            }
        }
        // Whoever left the account list long ago must not keep anybody from coming back.
        if was == Some(reference) {
            return Ok(Ok(Field::Absent));
        }
        Ok(Err(AccountRefusal::UnknownManager(reference.clone())))
    }

    /// Plans and applies one row. A row that changes nothing leaves no run; one that is blocked does.
    async fn send_account<E>(&self, turn: &Turn, row: Row) -> Written<(), E> {
        let (source, grant) = turn.viewer.may_provision()?;
        let run = Run {
            source: source.to_owned(),
            as_of: self.today(),
            rows: vec![row],
            limits: self.inner.app.options.scim_leavers,
            left_before: turn.write.left_since(&grant, source, self.now() - GUARDED).await?,
            naming: Naming::OwnSource,
            ..Run::default()
        };
        let mut plan = plan(&turn.write.roster(&grant).await?, &run);
        match plan.status {
            SyncStatus::Planned if plan.writes.is_empty() => {
                let erased = plan.issues.into_iter().find(|issue| issue.code == Code::Erased);
                return Ok(erased.map_or(Ok(()), |erased| Err(unfit(erased))));
            }
            SyncStatus::Planned => self.carry_out(turn, &grant, (&run, &mut plan), &|_| {}).await?,
            SyncStatus::Blocked => tracing::warn!(event = "scim.guard", source, "people were kept from leaving"),
            _ => {
                let error = plan.issues.into_iter().find(SyncIssue::is_error);
                let error = error.ok_or(AppError::Broken("a run was rejected without a reason"))?;
                return Ok(Err(unfit(error)));
            }
        }
        let kept = NewSyncRun {
            run: &run,
            plan: &plan,
            dry_run: false,
            now: self.now(),
            wrote: &|_| {},
        };
        let uid = turn.write.keep_run(&grant, kept).await?;
        if plan.blocked.is_empty() {
            self.audit(turn, Action::SyncPeople, Some(uid), [("source", run.source)])
                .await?;
        }
        Ok(match plan.blocked.into_iter().next() {
            Some(block) => Err(AccountRefusal::Blocked(Box::new(block))),
            None => Ok(()),
        })
    }

    /// Whom a new account turns out to be: by the id by which imports know people, or else by the user name.
    async fn find_account(&self, turn: &Turn, key: &AccountKey) -> Result<Option<AccountRow>, AppError> {
        let id = key.external_id.as_deref().unwrap_or(&key.user_name);
        if let Some(known) = self
            .known_account(turn, AccountsOf::ExternalId(id), Deleted::Remembered)
            .await?
        {
            return Ok(Some(known));
        }
        let mut named = self.accounts_named(turn, &key.user_name, Deleted::Remembered).await?;
        named.sort_by_key(|row| row.deleted_at.is_some());
        Ok(named.into_iter().next())
    }

    async fn accounts_named(
        &self,
        turn: &Turn,
        user_name: &str,
        deleted: Deleted,
    ) -> Result<Vec<AccountRow>, AppError> {
        let key = user_name.to_lowercase();
        let of = AccountsOf::UserName(user_name);
        let scope = turn.viewer.accounts();
        let mut rows = turn.write.accounts(&scope, of, deleted, self.today()).await?;
        rows.retain(|row| row.account.profile.user_name.to_lowercase() == key);
        Ok(rows)
    }

    async fn known_account(
        &self,
        turn: &Turn,
        of: AccountsOf<'_>,
        deleted: Deleted,
    ) -> Result<Option<AccountRow>, AppError> {
        let rows = turn
            .write
            .accounts(&turn.viewer.accounts(), of, deleted, self.today())
            .await?;
        Ok(rows.into_iter().next())
    }
}

/// What is kept of an account beside what a run writes.
fn differs_beside_the_run(before: Option<&Profile>, after: &Profile) -> bool {
    let beside = |profile: &Profile| {
        (
            profile.user_name.clone(),
            profile.given_name.clone(),
            profile.family_name.clone(),
            profile.employee_number.clone(),
            profile.email_primary,
        )
    };
    before.map(beside) != Some(beside(after))
}

/// Ends the turn of what was refused: a blocked run is kept, of anything else nothing is.
async fn refuse<T, E>(turn: Turn, refusal: AccountRefusal<E>) -> Written<T, E> {
    match refusal {
        AccountRefusal::Blocked(_) => turn.write.commit().await?,
        _ => turn.write.rollback().await?,
    }
    Ok(Err(refusal))
}

fn unfit<E>(issue: SyncIssue) -> AccountRefusal<E> {
    AccountRefusal::Unfit(Box::new(issue))
}
