//! People of a source as it could send them again.

use async_graphql::{Context, Description, Object};

use crate::{
    app::{ExportQuery, ExportedRow},
    domain::sync::Field,
    graphql::{
        error::Fault,
        page::{PageArgs, connection, seal},
        session,
    },
};

/// One person as their source could send them again, on the day asked for: a row that changes nothing.
#[derive(Clone, Debug, Description)]
pub struct ExportedPerson(ExportedRow);

#[Object(use_type_description)]
impl ExportedPerson {
    /// The person's id at the source.
    async fn external_id(&self) -> &str {
        &self.0.row.external_id
    }

    /// Full name; null where the row is redacted.
    async fn name(&self) -> Option<&str> {
        text(&self.0.row.name)
    }

    /// Work e-mail.
    async fn email(&self) -> Option<&str> {
        text(&self.0.row.email)
    }

    /// Job title.
    async fn title(&self) -> Option<&str> {
        text(&self.0.row.title)
    }

    /// Department.
    async fn department(&self) -> Option<&str> {
        text(&self.0.row.department)
    }

    /// Place of work.
    async fn location(&self) -> Option<&str> {
        text(&self.0.row.location)
    }

    /// The manager's id at the source; null for a head, and where the source does not know the manager.
    async fn manager_external_id(&self) -> Option<&str> {
        text(&self.0.row.manager_external_id)
    }

    /// The e-mail of a manager whom the source does not know; null to integrations.
    async fn manager_email(&self) -> Option<&str> {
        text(&self.0.row.manager_email)
    }

    /// First working day, as `YYYY-MM-DD`.
    async fn start_date(&self) -> Option<&str> {
        text(&self.0.row.start_date)
    }

    /// Last working day, as `YYYY-MM-DD`.
    async fn end_date(&self) -> Option<&str> {
        text(&self.0.row.end_date)
    }

    /// `active`, `on_leave`, `terminated` or `pre_hire`.
    async fn status(&self) -> Option<&str> {
        text(&self.0.row.status)
    }

    /// Whether only the id is told, because another source knows the person too and this viewer speaks for one source
    /// alone. Such a row is not to be sent back.
    async fn redacted(&self) -> bool {
        self.0.redacted
    }
}

fn text(field: &Field) -> Option<&str> {
    field.given().map(String::as_str)
}

connection!(
    ExportedPersonConnection,
    ExportedPersonEdge,
    ExportedPerson,
    ExportQuery,
    exported_people_count,
    "A page of the people of a source, by their ids there."
);

impl ExportedPersonConnection {
    pub(in crate::graphql) async fn of(ctx: &Context<'_>, query: ExportQuery, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = format!("exportPeople {query:?}");
        let slice = session.exported_people(&query, &page.read(session, &shape)?).await?;
        Ok(Self::new(seal(session, &shape, slice), Some(query), ExportedPerson))
    }
}
