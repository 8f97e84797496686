//! The one row that every writer takes first: version of the chart and the days it is derived for.

use sea_orm::entity::prelude::*;

/// The one row that every writer takes first: version of the chart and the days it is derived for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_state")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Rises with every change of people, lines, employments or absences, and with every day on which a planned one happens.
    pub version: i64,
    /// First day for which the derived columns of `person` hold.
    pub derived_from: Option<Date>,
    /// Next day on which they change: the first day for which they do not hold.
    pub next_boundary: Option<Date>,
    /// The next free `person.id`.
    pub next_person_key: i64,
    /// Signs cursors; random, made with the database.
    pub cursor_key: Vec<u8>,
    /// Seeds the last tie-break of the draw; random, made with the database.
    pub draw_seed: i64,
    /// IANA name of the organisation's own time zone, as its settings say: it stands here for the first statement of a
    /// request, which must know what day it is.
    pub time_zone: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
