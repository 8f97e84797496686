//! Everything that is kept of the viewer, for themselves. It is read as every field of theirs is, so nothing is in it that
//! they could not see anyway; only ids and names at sources, leave, and what was done to them have no field of their own.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AgendaFound, AppError, Keyed, KudosFound, MeetingQuery, NoteFound, Outcome, PeerFound, PersonFound, Session,
    act::act,
};
use crate::{
    domain::{
        audit::Action,
        calendar::hours::OwnHours,
        participation::Participation,
        person::{PersonKey, Spell},
        suggestion::Reason,
    },
    store::{
        AuditedRow, Cursor, IdentityRow, LineRow, MeetingRow, OwnAbsence, PageRequest, SuggestionFilter, SuggestionRow,
    },
};

/// Meetings that are read at a time, with what is written beside them.
const MEETINGS: u64 = 10;

/// Bytes of texts after which a part ends: what is read of one person at a time has a bound, whatever they wrote.
const PART: usize = 4 << 20;

/// A list from its first page to its last.
macro_rules! all {
    ($session:expr, |$page:ident| $read:expr) => {{
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let $page = forward($session.page_max().into(), after);
            let slice = $read.await?;
            after = slice.rows.last().map(|(place, _)| place.clone());
            all.extend(slice.rows.into_iter().map(|(_, row)| row));
            if !slice.has_next {
                break all;
            }
        }
    }};
}

/// Which part of it.
#[derive(Clone, Debug, Serialize)]
pub struct ExportMyDataInput {
    /// Only meetings behind this place, where an earlier part has ended: text, so that it can be part of what is repeated.
    pub after: Option<String>,
}

/// It was written down that somebody got their data; what that is, is kept nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataExported;

/// Everything that is kept of the viewer, or a later part of their meetings.
#[derive(Clone, Debug)]
pub struct OwnData {
    /// All but the meetings; none in a later part.
    pub profile: Option<OwnProfile>,
    /// The viewer.
    pub me: PersonKey,
    /// Meetings, newest day first.
    pub meetings: Vec<OwnMeeting>,
    /// Those who are spoken of and whose card is in reach.
    pub people: HashMap<PersonKey, PersonFound>,
    /// Where the meetings go on in another part.
    pub next: Option<Cursor>,
}

/// All that is kept of the viewer beside their meetings.
#[derive(Clone, Debug)]
pub struct OwnProfile {
    /// By what sources know them.
    pub identities: Vec<IdentityRow>,
    /// Spells of employment.
    pub spells: Vec<Spell>,
    /// Leave.
    pub absences: Vec<OwnAbsence>,
    /// The lines in which they report.
    pub lines: Vec<LineRow>,
    /// What they say of being suggested.
    pub participation: Option<Participation>,
    /// What they say of their hours.
    pub hours: OwnHours,
    /// Since when they have a calendar feed.
    pub calendar_feed: Option<DateTime<Utc>>,
    /// Their peers.
    pub peers: Vec<PeerFound>,
    /// What was suggested to them.
    pub suggestions: Vec<SuggestionRow>,
    /// Thank-yous that were sent to them.
    pub kudos: Vec<KudosFound>,
    /// What was done to them.
    pub done: Vec<AuditedRow>,
}

/// A meeting of the viewer's with what is theirs to read beside it.
#[derive(Clone, Debug)]
pub struct OwnMeeting {
    /// The meeting.
    pub row: MeetingRow,
    /// Its agenda.
    pub agenda: Vec<AgendaFound>,
    /// Their own notes, and those that the other one shared.
    pub notes: Vec<NoteFound>,
    /// Thank-yous that they wrote.
    pub kudos: Vec<KudosFound>,
}

impl Session {
    /// Writes down that the viewer gets everything that is kept of them.
    pub async fn export_my_data(&self, keyed: &Keyed<ExportMyDataInput>) -> Result<Outcome<DataExported>, AppError> {
        self.viewer().await?.may_export()?;
        act!(self, "exportMyData", keyed, |turn| {
            let me = turn.viewer.key().into_iter().collect::<Vec<_>>();
            let card = turn.write.cards(&turn.viewer.cards(), &me).await?.pop();
            self.audit(turn, Action::ExportMyData, card.map(|row| row.uid), [])
                .await?;
            Ok(DataExported)
        })
    }

    /// Everything that is kept of the viewer; behind `after`, the rest of their meetings.
    pub async fn own_data(&self, after: Option<Cursor>) -> Result<OwnData, AppError> {
        let current = self.current().await?;
        let grant = current.viewer.may_export()?;
        let me = grant.person().ok_or(AppError::Unauthenticated)?;
        let profile = match after {
            None => Some(self.own_profile(me).await?),
            Some(_) => None,
        };
        let (meetings, next) = self.own_meetings(after).await?;
        let mut data = OwnData {
            profile,
            me,
            meetings,
            people: HashMap::new(),
            next,
        };
        let spoken_of: Vec<_> = data.spoken_of().into_iter().collect();
        // No more ids at a time than a client could ask for.
        for keys in spoken_of.chunks(self.ids_max().max(1) as usize) {
            data.people.extend(self.cards(keys).await?);
        }
        Ok(data)
    }

    async fn own_profile(&self, me: PersonKey) -> Result<OwnProfile, AppError> {
        let current = self.current().await?;
        let (snapshot, viewer) = (&current.snapshot, &current.viewer);
        let scope = viewer.own_data();
        let own = SuggestionFilter {
            leader: Some(me),
            ..SuggestionFilter::default()
        };
        let suggestions = all!(self, |page| snapshot.suggestions(
            &viewer.suggestions(),
            &viewer.cards(),
            &own,
            &page
        ));
        let mut done = snapshot.done_to(&scope).await?;
        // What is planned is for HR admins until its day has come.
        done.retain(|done| done.from.is_none_or(|day| day <= self.today()));
        Ok(OwnProfile {
            identities: snapshot.own_identities(&scope).await?,
            spells: self.spells(&[me]).await?.remove(&me).unwrap_or_default(),
            absences: snapshot.own_absences(&scope).await?,
            lines: self.reporting_lines(&[me]).await?,
            participation: self.participation().await?,
            hours: snapshot.own_hours(&viewer.free_times(), me).await?,
            calendar_feed: self.calendar_feed_since().await?,
            peers: all!(self, |page| self.peers(&page)),
            suggestions: suggestions.into_iter().map(|row| self.aged_suggestion(row)).collect(),
            kudos: all!(self, |page| self.kudos(&page)),
            done,
        })
    }

    /// The viewer's meetings behind a place, until a part is full; with the place where it is.
    async fn own_meetings(&self, after: Option<Cursor>) -> Result<(Vec<OwnMeeting>, Option<Cursor>), AppError> {
        let query = MeetingQuery {
            own: true,
            ..MeetingQuery::default()
        };
        let (mut meetings, mut after, mut bytes) = (Vec::new(), after, 0);
        loop {
            let slice = self.meetings(&query, &forward(MEETINGS, after)).await?;
            after = slice.rows.last().map(|(place, _)| place.clone());
            let rows: Vec<_> = slice.rows.into_iter().map(|(_, row)| row).collect();
            for meeting in self.with_texts(rows).await? {
                bytes += meeting.bytes();
                meetings.push(meeting);
            }
            if !slice.has_next {
                return Ok((meetings, None));
            }
            if bytes > PART {
                return Ok((meetings, after));
            }
        }
    }

    async fn with_texts(&self, rows: Vec<MeetingRow>) -> Result<Vec<OwnMeeting>, AppError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut agendas = self.agendas(ids.clone()).await?;
        let mut notes = self.notes_on(ids.clone()).await?;
        let mut kudos = self.own_kudos(ids).await?;
        let with = |row: MeetingRow| OwnMeeting {
            agenda: agendas.remove(&row.id).unwrap_or_default(),
            notes: notes.remove(&row.id).unwrap_or_default(),
            kudos: kudos.remove(&row.id).unwrap_or_default(),
            row,
        };
        Ok(rows.into_iter().map(with).collect())
    }
}

impl OwnData {
    /// Everybody who is spoken of.
    fn spoken_of(&self) -> BTreeSet<PersonKey> {
        let mut people = BTreeSet::from([self.me]);
        if let Some(profile) = &self.profile {
            people.extend(profile.lines.iter().map(|line| line.manager));
            people.extend(profile.peers.iter().map(|peer| peer.person));
            for suggestion in &profile.suggestions {
                people.insert(suggestion.counterpart);
                people.extend(suggestion.reasons.iter().filter_map(|reason| match reason {
                    Reason::BranchRarelyVisited { branch, .. } => Some(*branch),
                    _ => None,
                }));
            }
        }
        for meeting in &self.meetings {
            people.extend([meeting.row.leader, meeting.row.counterpart]);
            people.extend(meeting.kudos.iter().map(|kudos| kudos.person));
        }
        people
    }
}

impl OwnMeeting {
    fn bytes(&self) -> usize {
        let agenda = self.agenda.iter().map(|item| &item.text);
        let notes = self.notes.iter().map(|note| &note.text);
        let kudos = self.kudos.iter().map(|kudos| &kudos.text);
        let texts = agenda.chain(notes).chain(kudos);
        texts.flatten().map(|text| text.expose().len()).sum()
    }
}

fn forward(size: u64, after: Option<Cursor>) -> PageRequest {
    PageRequest {
        size,
        backward: false,
        after,
        before: None,
    }
}
