//! One person: what the HRIS told, and their derived place in today's chart.

use sea_orm::entity::prelude::*;

/// One person: what the HRIS told, and their derived place in today's chart.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// Internal key, allocated from `org_state.next_person_key`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Random public id.
    #[sea_orm(unique)]
    pub uid: Uuid,
    pub name: String,
    /// `name` folded for sorting and searching: lower case, no accents.
    pub name_key: String,
    pub email: Option<String>,
    /// `email` in lower case.
    pub email_key: Option<String>,
    pub title: Option<String>,
    pub department: Option<String>,
    pub location: Option<String>,
    pub time_zone: Option<String>,
    /// Derived: status on the day `org_state` was derived for.
    pub status: String,
    /// Derived: keys from the root to this person, fixed width, joined by dots; none outside the chart.
    pub path: Option<String>,
    /// Derived: lines between the root and this person.
    pub depth: Option<i32>,
    /// Derived: the nearest present person above.
    pub manager_id: Option<i64>,
    /// Derived: whether `manager_id` stands in for somebody absent from the chart.
    pub interim: bool,
    /// Derived: direct reports in the chart.
    pub report_count: i32,
    /// Derived: people below in the chart.
    pub below_count: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Tokens that were issued up to then do not hold.
    pub tokens_valid_after: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
