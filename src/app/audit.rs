//! The audit log: written in the transaction of what it tells, read by HR admins, verified by whoever has its key.

use uuid::Uuid;

use super::{
    AppError, Outcome, Session,
    session::{Current, Turn},
};
use crate::{
    auth::audit::{Broken, ROOT, Sealed},
    domain::audit::{Action, Details, Entry},
    store::{AuditFilter, PageRequest, Slice},
};

/// How many entries are looked at at a time.
const CHUNK: u64 = 1000;

/// A log that is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The number of its newest entry; 0 for none.
    pub entries: i64,
    /// The seal of that one.
    pub head: [u8; 32],
}

impl Session {
    /// One page of the audit log, newest first; nothing for whoever may not see it.
    pub async fn audit_log(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Slice<Entry>, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        Ok(snapshot.audit_page(&viewer.audit(), filter, page).await?)
    }

    /// How many entries that are.
    pub async fn audit_count(&self, filter: &AuditFilter) -> Result<u64, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        Ok(snapshot.audit_count(&viewer.audit(), filter).await?)
    }

    /// Checks every entry of the log; the first one that does not fit.
    pub async fn verify_audit(&self) -> Result<Result<Verified, Broken>, AppError> {
        let current = self.current().await?;
        let chain = &self.inner.app.options.audit;
        let (mut number, mut head) = (0, ROOT);
        loop {
            let scope = current.viewer.audit();
            let entries = current.snapshot.audit_after(&scope, number, CHUNK).await?;
            if entries.is_empty() {
                return Ok(Ok(Verified { entries: number, head }));
            }
            for sealed in entries {
                if let Err(broken) = chain.check(&sealed, (number, &head)) {
                    return Ok(Err(broken));
                }
                (number, head) = (sealed.entry.number, sealed.seal.mac);
            }
        }
    }

    /// Writes the next entry if something was done.
    pub(super) async fn audited<T>(
        &self,
        turn: &Turn,
        outcome: Outcome<T>,
        action: Action,
        subject: impl Fn(&T) -> Option<Uuid>,
    ) -> Result<Outcome<T>, AppError> {
        if let Ok(done) = &outcome {
            self.audit(turn, action, subject(done), []).await?;
        }
        Ok(outcome)
    }

    /// Writes the next entry, with what the turn does.
    pub(super) async fn audit(
        &self,
        turn: &Turn,
        action: Action,
        subject: Option<Uuid>,
        details: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<(), AppError> {
        let grant = turn.viewer.is_recorded();
        let (number, previous) = turn.write.audit_head(&grant).await?;
        let details: Details = details
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        // Whoever does something for themselves is named by their public id: what their token calls them may be their number
        // or address, and the log outlives an erasure.
        let actor = match (action, subject) {
            (Action::ExportMyData | Action::RevokeOwnTokens, Some(me)) => format!("person:{me}"),
            _ => grant.principal().to_owned(),
        };
        let entry = Entry {
            number: number + 1,
            at: self.now(),
            actor,
            action,
            subject,
            details,
        };
        let seal = self.inner.app.options.audit.seal(&entry, &previous);
        turn.write.add_audit(&grant, &Sealed { entry, seal }).await?;
        Ok(())
    }
}
