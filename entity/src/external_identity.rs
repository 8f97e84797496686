//! Who a person is to one source: their id there, and what else it keeps by SCIM.

use sea_orm::entity::prelude::*;

/// Who a person is to one source: their id there, and what else it keeps by SCIM.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Case-sensitive text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub person_id: i64,
    /// The SCIM id; never given to two, not even to the same person after they were deleted.
    pub uid: Option<Uuid>,
    /// As written; none if the source never said one.
    pub user_name: Option<String>,
    /// `user_name` in lower case.
    pub user_name_key: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub employee_number: Option<String>,
    /// Whether the source calls the e-mail address the primary one, if it says so.
    pub email_primary: Option<bool>,
    pub created_at: Option<DateTimeUtc>,
    /// When anything about the person last changed by an import or by SCIM.
    pub updated_at: Option<DateTimeUtc>,
    /// When the source deleted the person; they are not there for SCIM.
    pub deleted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
