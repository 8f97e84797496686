//! The shared agenda of a meeting: both of the two add, change, tick off and remove (product.md 3).
//!
//! Looking writes nothing: until one of the two changes it, an agenda is the questions of the settings as they are.
//! The first change writes them down, and from then on it is the meeting's own.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AppError, Keyed, Mistake, MistakeCode, Outcome, Session, Unreadable,
    keyring::{Sealer, seal},
    notes::{fits, is_current, unsealed},
    session::Turn,
};
use crate::{
    auth::{
        scope::{Grant, action::Note},
        sealing::Text,
    },
    domain::{
        note::{AGENDA_MAX, LINE_MAX, question_id},
        person::PersonKey,
        settings::Settings,
    },
    store::AgendaRow,
};

/// An item of an agenda.
#[derive(Clone, Debug)]
pub struct AgendaFound {
    /// Public id.
    pub id: Uuid,
    /// Who added it; none of the questions that the agenda starts from.
    pub author: Option<PersonKey>,
    /// What it says, as far as that can be told.
    pub text: Result<Text, Unreadable>,
    /// Whether it has been talked about.
    pub done: bool,
    /// How often it was written.
    pub version: i32,
}

/// What to add to an agenda.
#[derive(Clone, Debug, Serialize)]
pub struct AddAgendaItemInput {
    /// Public id of the meeting.
    pub meeting: Uuid,
    /// What it says.
    #[serde(skip)]
    pub text: Text,
}

/// How an item shall be; what is none stays as it is.
#[derive(Clone, Debug, Serialize)]
pub struct EditAgendaItemInput {
    /// Which one.
    pub item: AboutAgendaItem,
    /// What it says from now on.
    #[serde(skip)]
    pub text: Option<Text>,
    /// Whether it has been talked about.
    pub done: Option<bool>,
}

/// Which item, as it was read.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AboutAgendaItem {
    /// Public id of the meeting.
    pub meeting: Uuid,
    /// Public id of the item.
    pub item: Uuid,
    /// The version that was read.
    pub version: i32,
}

/// What a mutation changed: the agenda of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaChanged {
    /// Public id of the meeting.
    pub meeting: Uuid,
}

/// What is sealed where nothing is said.
const NOTHING: &str = "";

impl Session {
    /// The agendas of these meetings; none of a meeting that is not the viewer's own.
    pub async fn agendas(&self, meetings: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<AgendaFound>>, AppError> {
        let current = self.current().await?;
        let Some(me) = current.viewer.key() else {
            return Ok(HashMap::new());
        };
        let rows = current
            .snapshot
            .agendas(&current.viewer.notes(), meetings.clone())
            .await?;
        let own = current
            .snapshot
            .meetings_by_id(&current.viewer.meetings(), meetings)
            .await?;
        let settings = current.settings().await?;
        let mut written: HashMap<Uuid, Vec<AgendaRow>> = HashMap::new();
        for row in rows {
            written.entry(row.meeting).or_default().push(row);
        }
        let own = own.into_iter().filter(|meeting| meeting.involves(me));
        let agenda = |meeting: Uuid| match written.get(&meeting) {
            Some(rows) => rows
                .iter()
                .filter(|row| !row.removed)
                .map(|row| self.item(row))
                .collect(),
            None => questions(meeting, settings),
        };
        Ok(own.map(|meeting| (meeting.id, agenda(meeting.id))).collect())
    }

    /// Adds an item to the agenda of a meeting of the viewer's.
    pub async fn add_agenda_item(&self, keyed: &Keyed<AddAgendaItemInput>) -> Result<Outcome<AgendaChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        let text = &keyed.input.text;
        if let Err(mistake) = fits("text", text, LINE_MAX) {
            return Ok(Err(vec![mistake]));
        }
        seal!(self, "addAgendaItem", &grant, keyed, text, |turn, sealer| {
            self.add_in(turn, &sealer, &grant, &keyed.input).await?
        })
    }

    /// Changes an item of the agenda of a meeting of the viewer's.
    pub async fn edit_agenda_item(
        &self,
        keyed: &Keyed<EditAgendaItemInput>,
    ) -> Result<Outcome<AgendaChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        if let Some(Err(mistake)) = keyed.input.text.as_ref().map(|text| fits("text", text, LINE_MAX)) {
            return Ok(Err(vec![mistake]));
        }
        let nothing = Text::new(NOTHING);
        let text = keyed.input.text.as_ref().unwrap_or(&nothing);
        seal!(self, "editAgendaItem", &grant, keyed, text, |turn, sealer| {
            let EditAgendaItemInput { item, text, done } = &keyed.input;
            let change = Change {
                text: text.clone(),
                done: *done,
                removed: None,
            };
            self.change_in(turn, &sealer, &grant, (*item, change)).await?
        })
    }

    /// Takes an item off the agenda of a meeting of the viewer's.
    pub async fn remove_agenda_item(&self, keyed: &Keyed<AboutAgendaItem>) -> Result<Outcome<AgendaChanged>, AppError> {
        let grant = self.viewer().await?.may_note()?;
        let nothing = Text::new(NOTHING);
        seal!(self, "removeAgendaItem", &grant, keyed, &nothing, |turn, sealer| {
            // What is left of it says nothing; that it was there keeps a question from coming back.
            let change = Change {
                text: Some(nothing.clone()),
                done: None,
                removed: Some(true),
            };
            self.change_in(turn, &sealer, &grant, (keyed.input, change)).await?
        })
    }

    async fn add_in(
        &self,
        turn: &Turn,
        sealer: &Sealer,
        grant: &Grant<Note>,
        input: &AddAgendaItemInput,
    ) -> Result<Outcome<AgendaChanged>, AppError> {
        let mut rows = match self.written_down(turn, sealer, input.meeting).await? {
            Ok(rows) => rows,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if rows.len() >= AGENDA_MAX {
            let message = format!("{AGENDA_MAX} items were put on this agenda, which is the most: change one of them");
            return Ok(Err(vec![Mistake::at("meetingId", MistakeCode::Limit, message)]));
        }
        let last = rows.iter().map(|row| row.number).max().unwrap_or(0);
        let mut row = AgendaRow {
            id: Uuid::new_v4(),
            meeting: input.meeting,
            author: grant.person(),
            number: last + 1,
            done: false,
            removed: false,
            sealed: unsealed(),
            version: 1,
            updated_at: self.now(),
        };
        row.sealed = sealer.seal(&row.label(), &input.text)?;
        rows.push(row);
        turn.write.put_agenda(grant, &rows).await?;
        Ok(Ok(AgendaChanged { meeting: input.meeting }))
    }

    async fn change_in(
        &self,
        turn: &Turn,
        sealer: &Sealer,
        grant: &Grant<Note>,
        (about, change): (AboutAgendaItem, Change),
    ) -> Result<Outcome<AgendaChanged>, AppError> {
        let mut rows = match self.written_down(turn, sealer, about.meeting).await? {
            Ok(rows) => rows,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        let Some(row) = rows.iter_mut().find(|row| row.id == about.item && !row.removed) else {
            return Ok(Err(vec![Mistake::not_found("itemId")]));
        };
        if let Err(mistake) = is_current("version", about.version, row.version) {
            return Ok(Err(vec![mistake]));
        }
        let text = match change.text {
            Some(text) => text,
            None => match self.keyring().show(&row.label(), &row.sealed) {
                Ok(text) => text,
                Err(unreadable) => {
                    let message = format!("{unreadable}: give it a text anew");
                    return Ok(Err(vec![Mistake::at("text", MistakeCode::Required, message)]));
                }
            },
        };
        row.version += 1;
        row.updated_at = self.now();
        row.done = change.done.unwrap_or(row.done);
        row.removed = change.removed.unwrap_or(row.removed);
        row.sealed = sealer.seal(&row.label(), &text)?;
        turn.write.put_agenda(grant, &rows).await?;
        Ok(Ok(AgendaChanged { meeting: about.meeting }))
    }

    /// The items of the agenda of a meeting of the viewer's as rows; the questions it starts from are still to be written.
    async fn written_down(
        &self,
        turn: &Turn,
        sealer: &Sealer,
        meeting: Uuid,
    ) -> Result<Result<Vec<AgendaRow>, Mistake>, AppError> {
        if let Err(mistake) = self.noted_meeting(turn, meeting).await? {
            return Ok(Err(mistake));
        }
        let rows = turn.write.agendas(&turn.viewer.notes(), vec![meeting]).await?;
        if !rows.is_empty() {
            return Ok(Ok(rows));
        }
        let question = |(number, question): (usize, &String)| {
            let mut row = AgendaRow {
                id: question_id(meeting, number),
                meeting,
                author: None,
                number: i32::try_from(number).unwrap_or(i32::MAX),
                done: false,
                removed: false,
                sealed: unsealed(),
                version: 1,
                updated_at: self.now(),
            };
            row.sealed = sealer.seal(&row.label(), &Text::new(question))?;
            Ok(row)
        };
        let questions = turn.settings.agenda_questions.iter().enumerate().map(question);
        Ok(Ok(questions.collect::<Result<_, AppError>>()?))
    }

    fn item(&self, row: &AgendaRow) -> AgendaFound {
        AgendaFound {
            id: row.id,
            author: row.author,
            text: self.keyring().show(&row.label(), &row.sealed),
            done: row.done,
            version: row.version,
        }
    }
}

/// What becomes of an item; what is none stays as it is.
struct Change {
    text: Option<Text>,
    done: Option<bool>,
    removed: Option<bool>,
}

/// The agenda that every meeting starts with.
fn questions(meeting: Uuid, settings: &Settings) -> Vec<AgendaFound> {
    let question = |(number, question): (usize, &String)| AgendaFound {
        id: question_id(meeting, number),
        author: None,
        text: Ok(Text::new(question)),
        done: false,
        version: 1,
    };
    settings.agenda_questions.iter().enumerate().map(question).collect()
}
