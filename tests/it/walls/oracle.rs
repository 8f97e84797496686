//! Who may see what, said again as plainly as it can be said (product.md 6): from the rows alone, one pair at a time,
//! without a path, a range or a set. Nothing here comes from the program.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{agenda_item, employment, kudos, meeting, note, peer_edge, person, reporting_line, suggestion};

/// Everything there is, as it lies in the tables.
pub struct Rows {
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub people: Vec<person::Model>,
    pub spells: Vec<employment::Model>,
    pub lines: Vec<reporting_line::Model>,
    pub meetings: Vec<meeting::Model>,
    pub suggestions: Vec<suggestion::Model>,
    pub peers: Vec<peer_edge::Model>,
    pub notes: Vec<note::Model>,
    pub agendas: Vec<agenda_item::Model>,
    pub kudos: Vec<kudos::Model>,
    /// What [`Rows::line_up`] said of everybody, so that it is worked out once.
    pub above: HashMap<i64, Vec<i64>>,
}

/// Who asks: somebody of the chart, an HR admin, both, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    pub me: Option<i64>,
    pub admin: bool,
}

impl Rows {
    pub fn is_present(&self, p: i64) -> bool {
        let here = |s: &employment::Model| s.start_date <= self.today && s.end_date.is_none_or(|e| e >= self.today);
        self.spells.iter().any(|spell| spell.person_id == p && here(spell))
    }

    /// Where the line of `p` leads; somebody absent keeps the last one, or has the first to come.
    fn line_of(&self, p: i64) -> Option<i64> {
        let mut lines: Vec<_> = self.lines.iter().collect();
        lines.retain(|line| line.report_id == p && line.kind == "SOLID");
        lines.sort_by_key(|line| line.valid_from);
        let last = lines.iter().rfind(|line| line.valid_from <= self.today);
        let gone = last.or(lines.first()).filter(|_| !self.is_present(p));
        let holds = lines.iter().find(|line| self.holds(line));
        holds.or(gone).map(|line| line.manager_id)
    }

    pub fn holds(&self, line: &reporting_line::Model) -> bool {
        line.valid_from <= self.today && line.valid_to.is_none_or(|to| self.today < to)
    }

    /// Everybody present above somebody present, nearest first.
    pub fn line_up(&self, p: i64) -> Vec<i64> {
        let first = if self.is_present(p) { self.line_of(p) } else { None };
        let line = std::iter::successors(first, |at| self.line_of(*at));
        line.filter(|at| self.is_present(*at)).collect()
    }

    pub fn sees(&self, asker: Asker, p: i64) -> Option<&'static str> {
        match asker.me {
            Some(me) if me == p => Some("SELF"),
            _ if asker.admin => Some("ADMIN"),
            Some(me) if self.above[&p].contains(&me) => Some("BELOW"),
            Some(me) if self.above[&me].contains(&p) => Some("ABOVE"),
            Some(me) if self.knows(me, p) => Some("CARD"),
            _ => None,
        }
    }

    /// A meeting and a confirmed edge show each the other one, a suggestion that is live shows its leader the counterpart.
    fn knows(&self, me: i64, p: i64) -> bool {
        let live = |s: &suggestion::Model| s.status == "ACCEPTED" || (s.status == "OPEN" && self.now < s.expires_at);
        let told = |s: &suggestion::Model| live(s) && s.leader_id == me && s.counterpart_id == p;
        let peers = |e: &peer_edge::Model| e.state == "CONFIRMED" && other(e, me) == Some(p);
        self.suggestions.iter().any(told)
            || self.peers.iter().any(peers)
            || self.meetings.iter().any(|m| involves(m, me) && involves(m, p))
    }

    pub fn suggestion(&self, asker: Asker, s: &suggestion::Model) -> bool {
        asker.admin || (asker.me == Some(s.leader_id) && self.sees(asker, s.counterpart_id).is_some())
    }

    pub fn peer(&self, asker: Asker, e: &peer_edge::Model) -> bool {
        let other = asker.me.and_then(|me| other(e, me));
        other.is_some_and(|p| self.sees(asker, p).is_some())
    }

    /// A note is its author's, and if it is shared, of the two of its meeting; HR admins are nobody here.
    pub fn note(&self, asker: Asker, n: &note::Model) -> bool {
        let both = self.meetings.iter().find(|m| m.id == n.meeting_id);
        let shared = |me| n.visibility == "SHARED" && both.is_some_and(|m| involves(m, me));
        asker.me.is_some_and(|me| n.author_id == me || shared(me))
    }

    pub fn line(&self, asker: Asker, line: &reporting_line::Model) -> bool {
        let report = self.sees(asker, line.report_id).is_some_and(is_profile);
        let begun = asker.admin || line.valid_from <= self.today;
        report && begun && self.sees(asker, self.manager_now(line)).is_some()
    }

    /// Whom a line shows as manager: the nearest present person above where the real one is absent.
    pub fn manager_now(&self, line: &reporting_line::Model) -> i64 {
        let gap = line.kind == "SOLID" && self.holds(line) && !self.is_present(line.manager_id);
        let nearest = self.above[&line.report_id].first().filter(|_| gap);
        *nearest.unwrap_or(&line.manager_id)
    }
}

/// Whether a meeting may be read.
pub fn shows(asker: Asker, m: &meeting::Model) -> bool {
    asker.admin || asker.me.is_some_and(|me| involves(m, me))
}

/// Whether a thank-you may be read: by its author, and once it is sent by whoever it thanks.
pub fn thanks(asker: Asker, k: &kudos::Model) -> bool {
    asker.me == Some(k.author_id) || got(asker, k)
}

/// Whether a thank-you was sent to whoever asks.
pub fn got(asker: Asker, k: &kudos::Model) -> bool {
    asker.me == Some(k.person_id) && k.sent_at.is_some()
}

/// The other one of an edge of `p`'s.
pub fn other(e: &peer_edge::Model, p: i64) -> Option<i64> {
    let other = if p == e.low_id { e.high_id } else { e.low_id };
    (p == e.low_id || p == e.high_id).then_some(other)
}

pub fn involves(m: &meeting::Model, p: i64) -> bool {
    m.leader_id == p || m.counterpart_id == p
}

pub fn is_profile(access: &str) -> bool {
    matches!(access, "SELF" | "BELOW" | "ADMIN")
}
