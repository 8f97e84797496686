//! Erasing somebody who has left.

use serde::Serialize;
use uuid::Uuid;

use super::{App, AppError, Keyed, Mistake, MistakeCode, Outcome, PersonChanged, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::Erase},
    domain::{
        audit::Action,
        erasure::{may_erase, pseudonym},
    },
    store::PersonKeyed,
};

/// Whom to erase.
#[derive(Clone, Debug, Serialize)]
pub struct ErasePersonInput {
    /// Public id.
    pub person: Uuid,
}

impl Session {
    /// Makes somebody who has left a pseudonym, for good. Whoever was erased before stays as they are.
    pub async fn erase_person(&self, keyed: &Keyed<ErasePersonInput>) -> Result<Outcome<PersonChanged>, AppError> {
        let grant = self.viewer().await?.may_erase()?;
        let outcome = act!(self, "erasePerson", keyed, |turn| self
            .erase(turn, &grant, &keyed.input)
            .await?)?;
        if outcome.is_ok() {
            // It is done whatever becomes of this, which is done again whenever something is erased.
            if let Err(error) = self.inner.app.store.let_go().await {
                tracing::warn!(%error, "what was erased could not be taken out of the database's files yet");
            }
        }
        Ok(outcome)
    }

    async fn erase(
        &self,
        turn: &Turn,
        grant: &Grant<Erase>,
        input: &ErasePersonInput,
    ) -> Result<Outcome<PersonChanged>, AppError> {
        let by = PersonKeyed::Uid(input.person);
        let Some(person) = turn.write.person(&turn.viewer.cards(), &by).await? else {
            return Ok(Err(vec![Mistake::not_found("personId")]));
        };
        let done = PersonChanged { person: person.uid };
        if turn.write.is_erased(grant, person.key).await? {
            return Ok(Ok(done));
        }
        let spells = turn.write.spells(&turn.viewer.profiles(), &[person.key]).await?;
        let spells = spells.get(&person.key).map(Vec::as_slice).unwrap_or_default();
        if let Err(not_yet) = may_erase(person.status, spells, self.today()) {
            let mistake = Mistake::at("personId", MistakeCode::WrongStatus, not_yet.to_string());
            return Ok(Err(vec![mistake]));
        }
        let name = pseudonym(rand::random());
        turn.write.erase(grant, &person, &name, self.now()).await?;
        self.audit(turn, Action::ErasePerson, Some(person.uid), []).await?;
        Ok(Ok(done))
    }
}

impl App {
    /// Empties the database's log of changes, in which something that was erased may still stand.
    pub async fn cut_log(&self) -> Result<(), AppError> {
        Ok(self.store.cut_log().await?)
    }
}
