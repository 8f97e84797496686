//! The audit log.

use async_graphql::{Context, Description, ID, InputObject, Object, SimpleObject};

use uuid::Uuid;

use super::{
    error::Fault,
    id::{self, NodeKind},
    page::{PageArgs, connection, seal},
    scalar::DateTime,
    session,
    words::AuditAction,
};
use crate::{
    app::AuditFilter,
    domain::audit::{Action, Entry},
};

/// Which entries; all conditions hold together.
#[derive(Debug, Default, InputObject)]
pub struct AuditFilterInput {
    /// Of this action.
    action: Option<AuditAction>,
    /// By this principal, as `AuditEntry.actor` names them.
    actor: Option<String>,
    /// Done to the person, import or webhook with this global id.
    subject: Option<ID>,
    /// At this instant or later.
    from: Option<DateTime>,
    /// Before this instant.
    to: Option<DateTime>,
}

impl AuditFilterInput {
    fn read(self) -> AuditFilter {
        // A text that is no id is something that nothing was done to.
        let uid = |id: &ID| id::read(id).map_or_else(Uuid::nil, |(_, uid)| uid);
        AuditFilter {
            action: self.action.map(Into::into),
            actor: self.actor,
            subject: self.subject.as_ref().map(uid),
            from: self.from.map(|at| at.0),
            to: self.to.map(|at| at.0),
        }
    }
}

/// One entry of the audit log: what was done to the organisation's data, by whom and when. Ids and codes, never contents.
#[derive(Clone, Debug, Description)]
pub struct AuditEntry(Entry);

#[Object(use_type_description)]
impl AuditEntry {
    /// Counts the entries from 1, without a gap.
    async fn number(&self) -> i32 {
        self.0.number.try_into().unwrap_or(i32::MAX)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// By which principal: `token:` and a subject, `operator:` and a command, `scim:` and the id of a SCIM
    /// token, or `person:` and the public id of whoever did something for themselves.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// What was done.
    async fn action(&self) -> AuditAction {
        self.0.action.into()
    }

    /// The global id of the person, import or webhook it was done to; null where it was done to none of these.
    async fn subject(&self) -> Option<ID> {
        let kind = match self.0.action {
            Action::SetManager
            | Action::ExportMyData
            | Action::ErasePerson
            | Action::RevokeTokens
            | Action::RevokeOwnTokens => NodeKind::Person,
            Action::SyncPeople => NodeKind::SyncRun,
            Action::CreateWebhook | Action::UpdateWebhook | Action::RotateWebhookSecret | Action::DeleteWebhook => {
                NodeKind::Webhook
            }
            Action::UpdateSettings
            | Action::SyncAbsences
            | Action::ImportMeetings
            | Action::DrawSuggestions
            | Action::CreateScimToken
            | Action::RevokeScimToken => return None,
        };
        self.0.subject.map(|uid| kind.id(uid))
    }

    /// Codes, ids and numbers that belong to it.
    async fn details(&self) -> Vec<AuditDetail> {
        let detail = |(name, value): (&String, &String)| AuditDetail {
            name: name.clone(),
            value: value.clone(),
        };
        self.0.details.iter().map(detail).collect()
    }
}

/// A code, id or number of an entry.
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditDetail {
    /// What it is, for example `source` or `week`.
    name: String,
    /// The code, id or number.
    value: String,
}

connection!(
    AuditEntryConnection,
    AuditEntryEdge,
    AuditEntry,
    AuditFilter,
    audit_count,
    "A page of the audit log."
);

impl AuditEntryConnection {
    pub(super) async fn of(ctx: &Context<'_>, filter: Option<AuditFilterInput>, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let filter = filter.unwrap_or_default().read();
        let shape = format!("audit {filter:?}");
        let slice = session.audit_log(&filter, &page.read(session, &shape)?).await?;
        Ok(Self::new(seal(session, &shape, slice), Some(filter), AuditEntry))
    }
}
