//! What is sent to be imported.

use async_graphql::{InputObject, MaybeUndefined};

use crate::{
    app::{self, Keyed, SyncIntent},
    domain::sync::{Allowances, Field, Row, Run},
    graphql::{
        scalar::{Date, DateTime},
        words::{LinkBy, OnError, OnTerminatedManager, OnUnknownManager, SyncMode},
    },
};

/// One person as the HR system has them. A field that is absent stays as it is stored, null clears it.
#[derive(Debug, InputObject)]
pub struct HrisRowInput {
    /// The person's id at the source: text, upper and lower case differ.
    external_id: String,
    /// The id they had there before, if it has changed: they stay the same person.
    previous_external_id: Option<String>,
    /// Full name; every person has one.
    name: MaybeUndefined<String>,
    /// Given name, used with `familyName` where `name` is absent.
    given_name: Option<String>,
    /// Family name.
    family_name: Option<String>,
    /// Work e-mail.
    email: MaybeUndefined<String>,
    /// Job title.
    title: MaybeUndefined<String>,
    /// Department.
    department: MaybeUndefined<String>,
    /// Place of work.
    location: MaybeUndefined<String>,
    /// The manager's id at the source; null for the head of the organisation.
    manager_external_id: MaybeUndefined<String>,
    /// The manager's e-mail: second choice.
    manager_email: MaybeUndefined<String>,
    /// First working day.
    start_date: MaybeUndefined<Date>,
    /// Last working day.
    end_date: MaybeUndefined<Date>,
    /// `active`, `on_leave`, `terminated` or `pre_hire`, in any case, or a usual word for one of them.
    status: MaybeUndefined<String>,
    /// The day on which a change of manager takes effect; the day of the run, or the first working day, if not given.
    effective_date: MaybeUndefined<Date>,
    /// When the source last changed the row. Accepted and not used: a run is judged by the state it leads to.
    source_updated_at: Option<DateTime>,
}

/// Numbers beyond the limits that somebody has looked at; each has to be exactly the plan's.
#[derive(Debug, InputObject)]
pub struct SyncAllowance {
    /// So many people leave.
    terminations: Option<i32>,
    /// So many people lose their manager.
    manager_clears: Option<i32>,
}

/// Import people.
#[derive(Debug, InputObject)]
pub struct SyncPeopleInput {
    /// The system the rows come from: 1 to 64 letters, digits, dots, hyphens or underscores.
    source: String,
    /// Whether the rows are all that the source has.
    #[graphql(default_with = "SyncMode::Partial")]
    mode: SyncMode,
    /// The rows, in any order; 5,000 at most unless the server is set up otherwise.
    rows: Vec<HrisRowInput>,
    /// Only say what the run would do.
    #[graphql(default = true)]
    dry_run: bool,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats the
    /// answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED. Required when dryRun is false; a
    /// dry run does not use it up.
    idempotency_key: Option<String>,
    /// The day for which the rows speak; today if not given.
    as_of: Option<Date>,
    /// What a row with an error does to the others.
    #[graphql(default_with = "OnError::Abort")]
    on_error: OnError,
    /// What a manager nobody knows does to a row.
    #[graphql(default_with = "OnUnknownManager::Error")]
    on_unknown_manager: OnUnknownManager,
    /// What becomes of the reports of those who leave.
    #[graphql(default_with = "OnTerminatedManager::Keep")]
    on_terminated_manager: OnTerminatedManager,
    /// Whether people of other sources may be found by what else is known of them.
    #[graphql(default_with = "LinkBy::None")]
    link_by: LinkBy,
    /// Hash of the plan that somebody looked at: another plan is not carried out, and this one passes the limits.
    expected_plan_hash: Option<String>,
    /// Numbers beyond the limits that are right.
    allow: Option<SyncAllowance>,
}

impl SyncPeopleInput {
    /// The run that is asked for.
    pub(in crate::graphql) fn read(self) -> Keyed<app::SyncPeopleInput> {
        let count = |allowed: Option<i32>| allowed.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let allow = self.allow.as_ref();
        let run = Run {
            source: self.source,
            mode: self.mode.into(),
            rows: (1..).zip(self.rows).map(|(line, row)| row.read(line)).collect(),
            on_error: self.on_error.into(),
            unknown_manager: self.on_unknown_manager.into(),
            terminated_manager: self.on_terminated_manager.into(),
            link_by: self.link_by.into(),
            allow: Allowances {
                terminations: count(allow.and_then(|allow| allow.terminations)),
                manager_clears: count(allow.and_then(|allow| allow.manager_clears)),
            },
            expected_plan_hash: self.expected_plan_hash,
            ..Run::default()
        };
        Keyed {
            key: self.idempotency_key,
            input: app::SyncPeopleInput {
                run,
                as_of: self.as_of.map(|day| day.0),
                intent: if self.dry_run {
                    SyncIntent::Plan
                } else {
                    SyncIntent::Apply
                },
            },
        }
    }
}

impl HrisRowInput {
    fn read(self, line: u64) -> Row {
        let name = match (self.name, self.given_name, self.family_name) {
            (MaybeUndefined::Undefined, None, None) => Field::Absent,
            (MaybeUndefined::Undefined, given, family) => {
                let parts: Vec<String> = given.into_iter().chain(family).collect();
                Field::Given(parts.join(" "))
            }
            (name, ..) => text(name),
        };
        Row {
            line,
            external_id: self.external_id,
            previous_external_id: self.previous_external_id.map_or(Field::Absent, Field::Given),
            name,
            email: text(self.email),
            title: text(self.title),
            department: text(self.department),
            location: text(self.location),
            manager_external_id: text(self.manager_external_id),
            manager_email: text(self.manager_email),
            start_date: day(self.start_date),
            end_date: day(self.end_date),
            status: text(self.status),
            effective_date: day(self.effective_date),
            issues: Vec::new(),
        }
    }
}

fn text(field: MaybeUndefined<String>) -> Field {
    match field {
        MaybeUndefined::Undefined => Field::Absent,
        MaybeUndefined::Null => Field::Cleared,
        MaybeUndefined::Value(text) => Field::Given(text),
    }
}

fn day(field: MaybeUndefined<Date>) -> Field {
    text(field.map_value(|day| day.0.to_string()))
}
