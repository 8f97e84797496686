//! Absences of a time-off system and meetings of a calendar: planned, or applied, whole or not at all.

mod charts;
mod meetings;

use serde::{Deserialize, Serialize};

use super::{
    AppError, Keyed, Mistake, MistakeCode, Outcome, Session, SyncIntent,
    act::{Begun, Open},
    session::Turn,
};
use crate::{
    domain::{
        audit::Action,
        sync::{AbsenceRow, Code, Import, ImportedRow, MeetingRow, OnError, SyncStatus, is_source, plan_absences},
    },
    store::Cause,
};

/// Rows that a client asks to be imported.
#[derive(Clone, Debug, Serialize)]
pub struct ImportInput<R> {
    /// The system they come from.
    pub source: String,
    /// The rows, in any order.
    pub rows: Vec<R>,
    /// What a row with an error does to the others.
    pub on_error: OnError,
    /// Plan or apply.
    pub intent: SyncIntent,
}

/// What rows led to, or would lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDone {
    /// PLANNED, APPLIED, `APPLIED_WITH_ERRORS` or REJECTED.
    pub status: SyncStatus,
    /// What becomes of each row, in their order.
    pub rows: Vec<ImportedRow>,
    /// Whether it is the answer of an earlier call with the same key.
    #[serde(skip)]
    pub replayed: bool,
}

impl<W> From<Import<W>> for ImportDone {
    fn from(import: Import<W>) -> Self {
        Self {
            status: import.status,
            rows: import.rows,
            replayed: false,
        }
    }
}

/// Where rows are worked on.
enum Desk {
    /// Nowhere: the answer is known already.
    Answered(Outcome<ImportDone>),
    /// In a transaction that leaves nothing behind.
    Planning(Box<Turn>),
    /// In one that is kept, with its answer.
    Applying(Box<Open>),
}

impl Session {
    /// Imports absences by their ids at the source.
    pub async fn sync_absences(&self, keyed: &Keyed<ImportInput<AbsenceRow>>) -> Result<Outcome<ImportDone>, AppError> {
        let desk = self.desk("syncAbsences", keyed).await?;
        let Some(turn) = desk.turn() else {
            return self.clear(desk, None).await;
        };
        let input = &keyed.input;
        let grant = turn.viewer.may_sync(&input.source)?;
        let directory = turn.write.directory(&grant, &input.source).await?;
        let stored = turn.write.absences_of(&grant, &input.source).await?;
        let mut import = plan_absences(&directory, &stored, &input.rows, input.on_error);
        if applies(input, &import) {
            let (cause, today) = (Cause::source(&input.source, self.now()), self.today());
            turn.write.write_absences(&grant, &cause, &import.writes, today).await?;
            import.status = import.applied_status();
            let details = [("source", input.source.clone()), ("rows", input.rows.len().to_string())];
            self.audit(turn, Action::SyncAbsences, None, details).await?;
        }
        self.clear(desk, Some(import.into())).await
    }

    /// Imports 1:1 meetings by their ids at the source.
    pub async fn import_meetings(
        &self,
        keyed: &Keyed<ImportInput<MeetingRow>>,
    ) -> Result<Outcome<ImportDone>, AppError> {
        let desk = self.desk("importMeetings", keyed).await?;
        let Some(turn) = desk.turn() else {
            return self.clear(desk, None).await;
        };
        let grant = turn.viewer.may_sync(&keyed.input.source)?;
        let done = self.carry_meetings(turn, &grant, &keyed.input).await?;
        self.clear(desk, Some(done)).await
    }

    /// Opens an import, unless its answer is known or it cannot be.
    async fn desk<R: Serialize>(
        &self,
        operation: &'static str,
        keyed: &Keyed<ImportInput<R>>,
    ) -> Result<Desk, AppError> {
        let input = &keyed.input;
        self.viewer().await?.may_sync(&input.source)?;
        if !is_source(&input.source) {
            let message = "source should be 1 to 64 letters, digits, dots, hyphens or underscores";
            return Err(AppError::Input(message.to_owned()));
        }
        let most = self.inner.app.options.sync_rows_max;
        if input.rows.len() > most {
            let code = Code::TooManyRows;
            let message = format!("{code}: rows has more than {most} entries; send them in parts");
            return Err(AppError::Input(message));
        }
        if input.intent == SyncIntent::Plan {
            return Ok(Desk::Planning(Box::new(self.turn().await?)));
        }
        if keyed.key.is_none() {
            let message = "rows that are applied need a key, by which a repeated call is known";
            let mistake = Mistake::at("idempotencyKey", MistakeCode::Required, message);
            return Ok(Desk::Answered(Err(vec![mistake])));
        }
        Ok(match self.begin::<_, ImportDone>(operation, keyed).await? {
            Begun::Replayed(answer) => Desk::Answered(answer.map(|done| ImportDone { replayed: true, ..done })),
            Begun::Turn(open) => Desk::Applying(open),
        })
    }

    /// Ends an import with what came of it.
    async fn clear(&self, desk: Desk, done: Option<ImportDone>) -> Result<Outcome<ImportDone>, AppError> {
        let broken = AppError::Broken("an import ended without an answer");
        match desk {
            Desk::Answered(answer) => Ok(answer),
            Desk::Planning(turn) => {
                turn.write.rollback().await?;
                Ok(Ok(done.ok_or(broken)?))
            }
            Desk::Applying(open) => self.finish(*open, Ok(done.ok_or(broken)?)).await,
        }
    }
}

impl Desk {
    fn turn(&self) -> Option<&Turn> {
        match self {
            Self::Answered(_) => None,
            Self::Planning(turn) => Some(turn),
            Self::Applying(open) => Some(&open.turn),
        }
    }
}

/// Whether what was planned is to be written.
fn applies<R, W>(input: &ImportInput<R>, import: &Import<W>) -> bool {
    input.intent == SyncIntent::Apply && import.status == SyncStatus::Planned
}
