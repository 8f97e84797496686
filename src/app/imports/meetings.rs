//! Meetings of a calendar, joined with those that are here and with what they claim.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::{
    ImportDone, ImportInput, applies,
    charts::{Frozen, PairOn, frozen},
};
use crate::{
    app::{AppError, Session, session::Turn},
    auth::scope::{Grant, action::Sync},
    domain::{
        Date,
        audit::Action,
        meeting::{Evidence, MeetingKind, MeetingOrigin, MeetingStatus, status_at},
        person::PersonKey,
        sync::{
            self, Code, Import, ImportedRow, KnownBy, KnownMeeting, MeetingChange, MeetingState, ReadMeeting,
            SyncIssue, judge_meeting, read_meetings,
        },
        week::{Week, day_of},
    },
    store::{Claim, MeetingRow, MeetingWrites},
};

impl Session {
    pub(super) async fn carry_meetings(
        &self,
        turn: &Turn,
        grant: &Grant<Sync>,
        input: &ImportInput<sync::MeetingRow>,
    ) -> Result<ImportDone, AppError> {
        let directory = turn.write.directory(grant, &input.source).await?;
        let zone = self.zone();
        let read = read_meetings(&directory, &input.rows, self.now(), |at| day_of(at, zone));
        let here = self.here(turn, grant, &input.source, &read).await?;
        let known = here.of_each(&read);
        let new = read.iter().zip(&known).filter(|(_, known)| known.is_none());
        let new: BTreeSet<PairOn> = new.filter_map(|(read, _)| Some((read.day, read.pair?))).collect();
        let frozen = frozen(turn, new, self.today()).await?;

        let mut ledger = Ledger {
            today: self.today(),
            here: &here,
            frozen: &frozen,
            claims: here.claims(turn, grant, &read, &frozen).await?,
            writes: MeetingWrites::default(),
        };
        let mut judged = Vec::with_capacity(read.len());
        for ((read, row), known) in read.into_iter().zip(&input.rows).zip(known) {
            let known_meeting = known.map(|(meeting, by)| self.known(turn, meeting, by));
            let (pair_on, id) = ((read.day, read.pair), read.external_id().map(str::to_owned));
            let (mut row, change) = judge_meeting(read, row, known_meeting.as_ref());
            if let (Some(change), (day, Some(pair)), Some(id)) = (change, pair_on, id) {
                ledger.write(&mut row, change, (day, pair), id);
            }
            judged.push((row, None::<()>));
        }
        let writes = ledger.writes;
        let mut import = Import::of(input.on_error, judged);
        if applies(input, &import) {
            turn.write
                .write_meetings(grant, &input.source, &writes, self.now())
                .await?;
            import.status = import.applied_status();
            let details = [("source", input.source.clone()), ("rows", input.rows.len().to_string())];
            self.audit(turn, Action::ImportMeetings, None, details).await?;
        }
        Ok(import.into())
    }

    fn known(&self, turn: &Turn, meeting: &MeetingRow, known_by: KnownBy) -> KnownMeeting {
        KnownMeeting {
            id: meeting.id,
            pair: (meeting.leader, meeting.counterpart),
            status: status_at(meeting.status, meeting.ends_at, self.now(), &turn.settings),
            evidence: meeting.evidence,
            times: meeting.starts_at.zip(meeting.ends_at),
            known_by,
        }
    }

    /// The meetings that rows may be about.
    async fn here(
        &self,
        turn: &Turn,
        grant: &Grant<Sync>,
        source: &str,
        read: &[ReadMeeting],
    ) -> Result<Here, AppError> {
        let ids: Vec<String> = read
            .iter()
            .filter_map(|read| read.external_id().map(str::to_owned))
            .collect();
        let by_id = turn.write.meetings_of(grant, source, &ids).await?;
        let days = read.iter().map(|read| read.day);
        let mut by_day = HashMap::new();
        if let Some(days) = days.clone().min().zip(days.max()) {
            let people: BTreeSet<PersonKey> = read
                .iter()
                .filter_map(|read| read.pair)
                .flat_map(<[_; 2]>::from)
                .collect();
            let people: Vec<PersonKey> = people.into_iter().collect();
            for meeting in turn.write.unlinked_meetings(grant, &people, days).await? {
                let open = matches!(meeting.status, MeetingStatus::Scheduled | MeetingStatus::Held);
                if let Some(day) = meeting.day.filter(|_| open) {
                    by_day.insert((day, unordered((meeting.leader, meeting.counterpart))), meeting);
                }
            }
        }
        Ok(Here { by_id, by_day })
    }
}

/// Meetings that are here already.
struct Here {
    by_id: HashMap<String, MeetingRow>,
    by_day: HashMap<PairOn, MeetingRow>,
}

impl Here {
    /// The meeting that each row is about. Two rows are never about one.
    fn of_each(&self, read: &[ReadMeeting]) -> Vec<Option<(&MeetingRow, KnownBy)>> {
        let mut taken = HashSet::new();
        let of = |read: &ReadMeeting| {
            if let Some(meeting) = self.by_id.get(read.external_id()?) {
                return Some((meeting, KnownBy::Id));
            }
            let meeting = self.by_day.get(&(read.day, unordered(read.pair?)))?;
            taken.insert(meeting.id).then_some((meeting, KnownBy::Day))
        };
        read.iter().map(of).collect()
    }

    /// The claims that rows may meet.
    async fn claims(
        &self,
        turn: &Turn,
        grant: &Grant<Sync>,
        read: &[ReadMeeting],
        frozen: &HashMap<PairOn, Frozen>,
    ) -> Result<HashMap<(PersonKey, Week), Claim>, AppError> {
        let known = self
            .by_id
            .values()
            .chain(self.by_day.values())
            .map(|meeting| meeting.counterpart);
        let people: BTreeSet<PersonKey> = frozen.values().map(|new| new.counterpart).chain(known).collect();
        let people: Vec<PersonKey> = people.into_iter().collect();
        let weeks = read.iter().map(|read| Week::of(read.day));
        let Some(weeks) = weeks.clone().min().zip(weeks.max()) else {
            return Ok(HashMap::new());
        };
        let claims = turn.write.claims_on(grant, &people, weeks).await?;
        Ok(claims
            .into_iter()
            .map(|claim| ((claim.person, claim.week), claim))
            .collect())
    }
}

/// Where what has to be written is put together.
struct Ledger<'a> {
    today: Date,
    here: &'a Here,
    frozen: &'a HashMap<PairOn, Frozen>,
    claims: HashMap<(PersonKey, Week), Claim>,
    writes: MeetingWrites,
}

impl Ledger<'_> {
    fn write(&mut self, row: &mut ImportedRow, change: MeetingChange, pair_on: PairOn, external_id: String) {
        match change {
            MeetingChange::Add(state) => {
                let Some(frozen) = self.frozen.get(&pair_on) else {
                    let message = "one of the two was not in the chart on that day";
                    sync::fail(row, SyncIssue::error(Code::NotEmployed, message).field("participants"));
                    return;
                };
                let mut meeting = new_meeting(*frozen);
                self.put(&mut meeting, state);
                self.claim(row, &mut meeting);
                self.writes.added.push((meeting, external_id));
            }
            MeetingChange::Change(id, state) => {
                if let Some(mut meeting) = self.meeting(id).cloned() {
                    self.put(&mut meeting, state);
                    self.writes.unclaimed.push(id);
                    self.claims.retain(|_, claim| claim.meeting != Some(id));
                    self.claim(row, &mut meeting);
                    self.writes.changed.push(meeting);
                }
                if !self.here.by_id.contains_key(&external_id) {
                    self.writes.linked.push((id, external_id));
                }
            }
            MeetingChange::Link(id) => self.writes.linked.push((id, external_id)),
        }
    }

    fn meeting(&self, id: Uuid) -> Option<&MeetingRow> {
        let mut all = self.here.by_id.values().chain(self.here.by_day.values());
        all.find(|meeting| meeting.id == id)
    }

    fn put(&self, meeting: &mut MeetingRow, state: MeetingState) {
        let held = state.status == MeetingStatus::Held;
        meeting.status = state.status;
        meeting.cancel_reason = None;
        meeting.day = Some(state.day);
        meeting.starts_at = Some(state.starts_at);
        meeting.ends_at = Some(state.ends_at);
        meeting.held_at = held.then_some(state.starts_at);
        meeting.evidence = held.then_some(Evidence::Import);
        meeting.closed_on = (state.status == MeetingStatus::Cancelled).then_some(self.today);
    }

    /// Claims the week of a skip-level, which answers an open suggestion of the two and takes its counterpart from that of
    /// another leader. A calendar is not stopped by the load cap: a second skip-level in a week is told.
    fn claim(&mut self, row: &mut ImportedRow, meeting: &mut MeetingRow) {
        let stands = matches!(meeting.status, MeetingStatus::Held | MeetingStatus::Scheduled);
        let Some(day) = meeting.day.filter(|_| stands && meeting.kind == MeetingKind::SkipLevel) else {
            return;
        };
        let key = (meeting.counterpart, Week::of(day));
        match self.claims.get(&key) {
            Some(claim) if claim.meeting.is_some() => {
                let message = "this person has another skip-level in that week; one a week is the most there should be";
                sync::warn(row, SyncIssue::warning(Code::LoadCap, message).field("startsAt"));
                return;
            }
            Some(claim) if claim.leader == meeting.leader => {
                if let Some(open) = claim.suggestion.filter(|_| meeting.suggestion.is_none()) {
                    self.writes.accepted.push(open);
                    meeting.suggestion = Some(open);
                }
            }
            Some(claim) => self.writes.taken_away.extend(claim.suggestion),
            None => {}
        }
        let claim = Claim {
            person: meeting.counterpart,
            week: key.1,
            day,
            leader: meeting.leader,
            suggestion: meeting.suggestion,
            meeting: Some(meeting.id),
        };
        self.claims.insert(key, claim.clone());
        self.writes.claims.push(claim);
    }
}

fn new_meeting(frozen: Frozen) -> MeetingRow {
    MeetingRow {
        id: Uuid::new_v4(),
        leader: frozen.leader,
        counterpart: frozen.counterpart,
        kind: frozen.kind,
        status: MeetingStatus::Scheduled,
        origin: MeetingOrigin::Import,
        distance: frozen.distance,
        branch: frozen.branch,
        band: frozen.band,
        day: None,
        starts_at: None,
        ends_at: None,
        held_at: None,
        suggestion: None,
        closed_on: None,
        cancel_reason: None,
        evidence: None,
    }
}

fn unordered((a, b): (PersonKey, PersonKey)) -> (PersonKey, PersonKey) {
    if a <= b { (a, b) } else { (b, a) }
}
