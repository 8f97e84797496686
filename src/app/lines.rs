//! Changing reporting lines by hand.

use chrono::Days;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AppError, Keyed, Mistake, MistakeCode, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::ManageChart},
    domain::{
        Date,
        audit::Action,
        person::PersonKey,
        sync::{Edits, Reassignment, reassign},
    },
    store::{Cause, PersonKeyed, PersonRow},
};

/// Who reports to whom, from when on.
#[derive(Clone, Debug, Serialize)]
pub struct SetManagerInput {
    /// Public id of who reports.
    pub person: Uuid,
    /// Public id of the manager; none for nobody.
    pub manager: Option<Uuid>,
    /// The first day; today if none.
    pub effective_date: Option<Date>,
}

/// What a mutation changed: the public id of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChanged {
    /// Public id.
    pub person: Uuid,
}

impl Session {
    /// Says to whom somebody reports from a day on. History before that day stays as it is, and so does a line that
    /// begins after it.
    pub async fn set_manager(&self, keyed: &Keyed<SetManagerInput>) -> Result<Outcome<PersonChanged>, AppError> {
        let grant = self.viewer().await?.may_manage_chart()?;
        act!(self, "setManager", keyed, |turn| self
            .move_person(turn, &grant, &keyed.input)
            .await?)
    }

    async fn move_person(
        &self,
        turn: &Turn,
        grant: &Grant<ManageChart>,
        input: &SetManagerInput,
    ) -> Result<Outcome<PersonChanged>, AppError> {
        let cards = turn.viewer.cards();
        let Some(person) = turn.write.person(&cards, &PersonKeyed::Uid(input.person)).await? else {
            return Ok(Err(vec![Mistake::not_found("personId")]));
        };
        let manager = match input.manager {
            None => None,
            Some(uid) => match turn.write.person(&cards, &PersonKeyed::Uid(uid)).await? {
                Some(manager) => Some(manager),
                None => return Ok(Err(vec![Mistake::not_found("managerId")])),
            },
        };
        if manager.as_ref().is_some_and(|manager| manager.key == person.key) {
            let message = "nobody reports to themselves; give null to make them a root";
            return Ok(Err(vec![Mistake::at("managerId", MistakeCode::Cycle, message)]));
        }
        let day = input.effective_date.unwrap_or(self.today());
        let spells = turn.write.spells(&turn.viewer.profiles(), &[person.key]).await?;
        let spells = spells.get(&person.key).map(Vec::as_slice).unwrap_or_default();
        let Some(spell) = spells.iter().find(|spell| spell.covers(day)) else {
            let message = format!("this person is not employed on {day}");
            return Ok(Err(vec![Mistake::at("effectiveDate", MistakeCode::Invalid, message)]));
        };
        let change = Reassignment {
            person: person.key,
            manager: manager.map(|manager| manager.key),
            from: day,
            until: spell.end.map(|end| end + Days::new(1)),
        };
        match reassign(&turn.write.solid_lines(grant).await?, change) {
            Ok(edits) if edits == Edits::default() => {}
            Ok(edits) => {
                let cause = Cause::itself(self.now());
                turn.write
                    .edit_lines(grant, (person.key, &edits), &cause, self.today())
                    .await?;
                let manager = input.manager.map(|uid| ("manager", uid.to_string()));
                let details = manager.into_iter().chain([("from", day.to_string())]);
                self.audit(turn, Action::SetManager, Some(person.uid), details).await?;
            }
            Err(ring) => {
                let message = format!("this would close a ring: {}", self.names(turn, &ring).await?);
                return Ok(Err(vec![Mistake::at("managerId", MistakeCode::Cycle, message)]));
            }
        }
        Ok(Ok(PersonChanged { person: person.uid }))
    }

    async fn names(&self, turn: &Turn, ring: &[PersonKey]) -> Result<String, AppError> {
        let rows: Vec<PersonRow> = turn.write.cards(&turn.viewer.cards(), ring).await?;
        let name = |key: &PersonKey| {
            rows.iter()
                .find(|row| row.key == *key)
                .map_or("?", |row| row.name.as_str())
        };
        Ok(ring
            .iter()
            .chain(ring.first())
            .map(name)
            .collect::<Vec<_>>()
            .join(" -> "))
    }
}
