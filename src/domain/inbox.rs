//! What waits for a person's answer, and until when: for a frontend or a chat bot to nudge.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{meeting::MeetingOrigin, person::PersonKey, settings::Settings};

/// How long a request waits before it is late.
const REQUEST_WAITS: TimeDelta = TimeDelta::days(7);

/// What is asked of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ask {
    /// Accept, skip or swap a suggestion.
    AnswerSuggestion,
    /// Give a request its first time, or decline it.
    AnswerRequest,
    /// Agree on a time for a meeting that was accepted for a week.
    AgreeOnTime,
    /// Say whether a meeting took place whose time has gone by.
    ConfirmMeeting,
}

/// A SCHEDULED meeting, as far as it asks anything of the two.
#[derive(Clone, Copy, Debug)]
pub struct OpenMeeting {
    /// The senior side.
    pub leader: PersonKey,
    /// Where it came from.
    pub origin: MeetingOrigin,
    /// Agreed start.
    pub starts_at: Option<DateTime<Utc>>,
    /// Agreed end; of a meeting agreed for a week, the end of the week.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was agreed or asked for.
    pub created_at: DateTime<Utc>,
}

/// What a meeting asks of `person`, one of the two, and until when; nothing while its time is still to come, and when it
/// is too late to say anything.
pub fn asks(
    meeting: &OpenMeeting,
    person: PersonKey,
    now: DateTime<Utc>,
    settings: &Settings,
) -> Option<(Ask, DateTime<Utc>)> {
    match (meeting.starts_at, meeting.ends_at) {
        (None, _) if meeting.origin == MeetingOrigin::CounterpartRequest => {
            (meeting.leader == person).then(|| (Ask::AnswerRequest, meeting.created_at + REQUEST_WAITS))
        }
        (None, Some(end)) if now < end => Some((Ask::AgreeOnTime, end)),
        (_, Some(end)) if end <= now => {
            let due = end + TimeDelta::days(settings.confirm_within_days);
            (now <= due).then_some((Ask::ConfirmMeeting, due))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn meeting(origin: MeetingOrigin, times: Option<(&str, &str)>) -> OpenMeeting {
        OpenMeeting {
            leader: PersonKey(1),
            origin,
            starts_at: times.map(|(start, _)| at(start)),
            ends_at: times.map(|(_, end)| at(end)),
            created_at: at("2026-03-02T09:00:00Z"),
        }
    }

    fn told(meeting: &OpenMeeting, person: i64, now: &str) -> Option<(Ask, String)> {
        let asked = asks(meeting, PersonKey(person), at(now), &Settings::default());
        asked.map(|(ask, due)| (ask, due.date_naive().to_string()))
    }

    #[test]
    fn a_request_waits_for_its_leader() {
        let asked = meeting(MeetingOrigin::CounterpartRequest, None);
        let expected = Some((Ask::AnswerRequest, "2026-03-09".to_owned()));
        assert_eq!(told(&asked, 1, "2026-03-02T10:00:00Z"), expected);
        assert_eq!(
            told(&asked, 1, "2026-06-02T10:00:00Z"),
            expected,
            "late, it still waits"
        );
        assert_eq!(told(&asked, 2, "2026-03-02T10:00:00Z"), None);
    }

    #[test]
    fn a_meeting_is_confirmed_by_either_until_it_is_too_late() {
        let held = meeting(
            MeetingOrigin::Rotation,
            Some(("2026-03-03T10:00:00Z", "2026-03-03T10:30:00Z")),
        );
        assert_eq!(told(&held, 1, "2026-03-03T10:29:00Z"), None);
        for person in [1, 2] {
            let expected = Some((Ask::ConfirmMeeting, "2026-04-02".to_owned()));
            assert_eq!(told(&held, person, "2026-03-03T10:30:00Z"), expected);
        }
        assert_eq!(told(&held, 1, "2026-04-02T10:31:00Z"), None);
    }

    #[test]
    fn a_meeting_agreed_for_a_week_wants_a_time_and_then_a_word() {
        let mut untimed = meeting(MeetingOrigin::Rotation, None);
        untimed.ends_at = Some(at("2026-03-09T00:00:00Z"));
        let ask = |now: &str| told(&untimed, 2, now).map(|(ask, _)| ask);
        assert_eq!(ask("2026-03-03T10:00:00Z"), Some(Ask::AgreeOnTime));
        assert_eq!(ask("2026-03-09T00:00:00Z"), Some(Ask::ConfirmMeeting));
    }
}
