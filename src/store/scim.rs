//! Accounts: the rows of `external_identity` as one source keeps them by SCIM, joined with what imports keep of the person.
//!
//! Whoever is employed is there. A deleted account comes back, with an id of its own, as soon as the person is employed
//! again, by whichever door.

mod write;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::{Snapshot, StoreError, to_millis};
use crate::{
    auth::scope::{Grant, Reach, Scope, action::Sync, facet::Accounts},
    domain::{
        Date,
        account::{Account, Profile},
        person::PersonKey,
    },
};

/// An account with what the store knows it by.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// The id by which imports know the person.
    pub external_id: String,
    /// The person.
    pub person: PersonKey,
    /// When the source deleted it.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Which accounts of the source: all there are that may be meant. Whoever asks looks again.
#[derive(Clone, Copy, Debug)]
pub enum AccountsOf<'a> {
    /// All of them.
    All,
    /// So many of them, after so many others.
    Page {
        /// How many to pass over.
        offset: u64,
        /// How many at most.
        limit: u64,
    },
    /// With this SCIM id.
    Id(Uuid),
    /// With this id in imports.
    ExternalId(&'a str),
    /// With this user name, or what stands for it where the source never said one: the e-mail address, or else the id in
    /// imports.
    UserName(&'a str),
    /// With this e-mail address.
    Email(&'a str),
}

/// Whether accounts count that the source deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// They are not there.
    Gone,
    /// They may be meant all the same.
    Remembered,
}

#[derive(FromQueryResult)]
struct Row {
    external_id: String,
    uid: Uuid,
    user_name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    employee_number: Option<String>,
    email_primary: Option<bool>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
    deleted_at: Option<DateTime<Utc>>,
    person_id: i64,
    name: String,
    email: Option<String>,
    title: Option<String>,
    department: Option<String>,
    active: bool,
    manager: Option<Uuid>,
}

impl Snapshot {
    /// Accounts in reach as they are on `today`, newest first.
    pub async fn accounts(
        &self,
        scope: &Scope<Accounts>,
        of: AccountsOf<'_>,
        deleted: Deleted,
        today: Date,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let Some(source) = source(scope) else {
            return Ok(vec![]);
        };
        let mut values: Vec<Value> = vec![source.into(), today.into()];
        let mut which = match of {
            AccountsOf::All | AccountsOf::Page { .. } => String::new(),
            AccountsOf::Id(id) => {
                values.push(id.into());
                " AND i.uid = $3".to_owned()
            }
            AccountsOf::ExternalId(id) => {
                values.push(id.into());
                " AND i.external_id = $3".to_owned()
            }
            AccountsOf::UserName(name) => {
                values.extend([name.to_lowercase().into(), name.into()]);
                format!(" AND i.external_id IN ({NAMED})")
            }
            AccountsOf::Email(email) => {
                values.push(email.to_lowercase().into());
                " AND p.email_key = $3".to_owned()
            }
        };
        if deleted == Deleted::Gone {
            which += " AND i.deleted_at IS NULL";
        }
        which += " ORDER BY i.created_at DESC, i.external_id";
        if let AccountsOf::Page { offset, limit } = of {
            values.extend([bounded(limit), bounded(offset)]);
            which += " LIMIT $3 OFFSET $4";
        }
        let sql = SELECT.replace("/*which*/", &which);
        let rows = Row::find_by_statement(self.sql(&sql, values)).all(&self.tx).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// How many accounts are in reach.
    pub async fn accounts_count(&self, scope: &Scope<Accounts>) -> Result<u64, StoreError> {
        let Some(source) = source(scope) else { return Ok(0) };
        let sql = "SELECT COUNT(*) AS n FROM external_identity WHERE source = $1 AND uid IS NOT NULL \
                   AND deleted_at IS NULL";
        let row = self.tx.query_one_raw(self.sql(sql, [source.into()])).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
        Ok(count.try_into().unwrap_or(0))
    }

    /// How many people have left since `since` by the runs of `source`.
    pub async fn left_since(
        &self,
        _grant: &Grant<Sync>,
        source: &str,
        since: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let sql = "SELECT COUNT(DISTINCT w.person_id) AS n FROM sync_run r JOIN sync_row w ON w.run = r.number \
                   WHERE r.source = $1 AND r.made_at > $2 AND r.status IN ('APPLIED', 'APPLIED_WITH_ERRORS') \
                   AND w.action = 'TERMINATED'";
        let values = [source.into(), to_millis(since).into()];
        let row = self.tx.query_one_raw(self.sql(sql, values)).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
        Ok(count.try_into().unwrap_or(0))
    }
}

/// Accounts of source `$1` on the day `$2`. Their manager is the one of the day, or of the first or last day of their
/// employment, if that is still to come or over.
const SELECT: &str = "WITH a AS (SELECT i.source, i.external_id, i.uid, i.user_name, i.given_name, i.family_name, \
    i.employee_number, i.email_primary, i.created_at, i.updated_at, i.deleted_at, i.person_id, \
    p.name, p.email, p.title, p.department, \
    EXISTS (SELECT 1 FROM employment e WHERE e.person_id = p.id AND (e.end_date IS NULL OR e.end_date > $2)) AS active, \
    (SELECT CASE WHEN e.start_date > $2 THEN e.start_date WHEN e.end_date < $2 THEN e.end_date ELSE $2 END \
    FROM employment e WHERE e.person_id = p.id ORDER BY e.start_date DESC LIMIT 1) AS day \
    FROM external_identity i JOIN person p ON p.id = i.person_id \
    WHERE i.source = $1 AND i.uid IS NOT NULL/*which*/) \
    SELECT a.*, (SELECT m.uid FROM reporting_line l JOIN external_identity m ON m.person_id = l.manager_id \
    AND m.source = a.source AND m.deleted_at IS NULL WHERE l.report_id = a.person_id AND l.kind = 'SOLID' \
    AND l.valid_from <= a.day AND (l.valid_to IS NULL OR l.valid_to > a.day) \
    ORDER BY m.external_id LIMIT 1) AS manager \
    FROM a ORDER BY a.created_at DESC, a.external_id";

/// The ids in imports of whoever may be meant by a user name, `$3` in lower case and `$4` as written. One condition with
/// OR would look at everybody.
const NAMED: &str = "SELECT external_id FROM external_identity WHERE source = $1 AND user_name_key = $3 \
    UNION ALL SELECT x.external_id FROM person q JOIN external_identity x ON x.person_id = q.id AND x.source = $1 \
    WHERE q.email_key = $3 AND x.user_name_key IS NULL \
    UNION ALL SELECT external_id FROM external_identity WHERE source = $1 AND external_id = $4 AND user_name_key IS NULL";

impl From<Row> for AccountRow {
    fn from(row: Row) -> Self {
        let own = row.user_name.as_ref() != Some(&row.external_id);
        let user_name = row.user_name.or_else(|| row.email.clone());
        let profile = Profile {
            external_id: own.then(|| row.external_id.clone()),
            user_name: user_name.unwrap_or_else(|| row.external_id.clone()),
            given_name: row.given_name,
            family_name: row.family_name,
            display_name: row.name,
            email: row.email,
            email_primary: row.email_primary,
            title: row.title,
            employee_number: row.employee_number,
            department: row.department,
            manager: row.manager.map(|id| id.to_string()),
            active: row.active,
        };
        let created_at = row.created_at.unwrap_or_default();
        Self {
            account: Account {
                id: row.uid,
                profile,
                created_at,
                updated_at: row.updated_at.unwrap_or(created_at),
            },
            external_id: row.external_id,
            person: PersonKey(row.person_id),
            deleted_at: row.deleted_at,
        }
    }
}

fn source(scope: &Scope<Accounts>) -> Option<&str> {
    scope.reaches().iter().find_map(|reach| match reach {
        Reach::Source(source) => Some(source.as_str()),
        _ => None,
    })
}

fn bounded(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
