//! Settings that an HR admin can change at run time: defaults of product.md, validated together.

use std::ops::RangeInclusive;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::calendar::hours::{Weekday, WorkingHours, is_week, time_of_day};

/// How much managers between a leader and a person learn of their skip-level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BetweenVisibility {
    /// The month, one month late.
    Month,
    /// Nothing.
    None,
}

/// Whom the draw suggests to each other as peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PeerDiscovery {
    /// Confirmed and proposed peers, and leaders of other branches who stand side by side.
    Leaders,
    /// Confirmed peers alone.
    ConfirmedOnly,
    /// Nobody. Peers can still be proposed and meet.
    Off,
}

/// The settings with their defaults, and the same fields once more as a patch of some of them.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident: $ty:ty = $default:expr;)*) => {
        /// The organisation's settings.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        pub struct Settings {
            $($(#[$doc])* pub $field: $ty,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        /// Some settings; what is none stays as it is.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
        pub struct SettingsPatch {
            $($(#[$doc])* pub $field: Option<$ty>,)*
        }

        impl Settings {
            /// These settings with what `patch` says.
            #[must_use]
            pub fn with(self, patch: SettingsPatch) -> Self {
                Self { $($field: patch.$field.unwrap_or(self.$field),)* }
            }
        }
    };
}

settings! {
    /// IANA name of the organisation's time zone; empty for the one the program is set up with.
    time_zone: String = String::new();
    /// Skip-level slots a leader has in a week.
    slots_per_week: u32 = 1;
    /// Days after the start before somebody is suggested.
    new_joiner_days: i64 = 30;
    /// Weeks before the same two meet again.
    pair_cooldown_weeks: i64 = 8;
    /// Days between any two skip-levels of one person.
    load_cap_days: i64 = 28;
    /// Weeks that a pair rests after a decline.
    decline_rest_weeks: i64 = 12;
    /// Bottom meetings in each four weeks of a leader with bands; with near and middle they are four.
    bottom_of_four: u32 = 2;
    /// Near meetings in each four weeks of a leader with bands.
    near_of_four: u32 = 1;
    /// Days ahead of its Monday that a week is drawn.
    draw_days_ahead: i64 = 7;
    /// Swaps a leader has in a week.
    swaps_per_week: u32 = 2;
    /// Days after its end when a scheduled meeting becomes UNCONFIRMED.
    unconfirmed_after_days: i64 = 7;
    /// Days after its end during which a meeting can still be confirmed.
    confirm_within_days: i64 = 30;
    /// Days back that a meeting can be recorded.
    record_within_days: i64 = 90;
    /// What managers in between learn.
    between_visibility: BetweenVisibility = BetweenVisibility::Month;
    /// Whom the draw suggests to each other as peers.
    peer_discovery: PeerDiscovery = PeerDiscovery::Leaders;
    /// Most peer suggestions of a person in a week.
    peer_suggestions_per_week: u32 = 1;
    /// Months after which notes are deleted.
    notes_retention_months: u32 = 12;
    /// The three questions that a shared agenda starts from.
    agenda_questions: Vec<String> = [
        "What is going well?",
        "What is in the way?",
        "Who has been especially helpful?",
    ].map(str::to_owned).to_vec();
    /// People in the smallest group that reports show to everybody.
    smallest_group: u32 = 5;
    /// Title of a 1:1 in a calendar, where colleagues may read it; `{name}` stands for the other one's name.
    calendar_title: String = "1:1".to_owned();
    /// When work begins, on the clock where somebody is.
    workday_start: String = "09:00".to_owned();
    /// When it ends.
    workday_end: String = "17:00".to_owned();
    /// On which days.
    workdays: Vec<Weekday> = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
    ].to_vec();
}

/// A setting that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its name, as the API writes it.
    pub field: &'static str,
    /// What it should be.
    pub message: String,
}

/// A setting that became another one; values as text, lists a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSetting {
    /// Its name, as the API writes it.
    pub field: String,
    /// What it was.
    pub from: String,
    /// What it became.
    pub to: String,
}

impl Settings {
    /// Settings as they were kept. What does not fit, because another version or another hand wrote it, counts as its
    /// default: a request needs settings, whatever stands there.
    pub fn read(kept: &str) -> Self {
        let Ok(Value::Object(mut kept)) = serde_json::from_str(kept) else {
            return Self::default();
        };
        kept.retain(|field, value| Self::of(Map::from_iter([(field.clone(), value.clone())])).is_some());
        for misfit in Self::of(kept.clone()).unwrap_or_default().check() {
            kept.remove(misfit.field);
        }
        let read = Self::of(kept).filter(|read| read.check().is_empty());
        read.unwrap_or_default()
    }

    /// Every field that does not fit, by itself or beside another one. Settings that fit have none.
    pub fn check(&self) -> Vec<Misfit> {
        let mut misfits: Vec<Misfit> = self.numbers().into_iter().filter_map(Number::misfit).collect();
        if !self.time_zone.is_empty() && self.time_zone.parse::<Tz>().is_err() {
            misfits.push(Misfit::new("timeZone", "an IANA time zone such as Europe/Berlin"));
        }
        let is_question = |text: &String| {
            let plain = !text.chars().any(char::is_control);
            plain && !text.trim().is_empty() && text.chars().count() <= 200
        };
        if self.agenda_questions.len() != 3 || !self.agenda_questions.iter().all(is_question) {
            let should = "three questions of a line each, at most 200 characters long";
            misfits.push(Misfit::new("agendaQuestions", should));
        }
        let title = self.calendar_title.trim();
        if title.is_empty() || title.chars().count() > 100 || title.chars().any(char::is_control) {
            let should = "a line of at most 100 characters; {name} stands for the other one's name";
            misfits.push(Misfit::new("calendarTitle", should));
        }
        for (field, text) in [("workdayStart", &self.workday_start), ("workdayEnd", &self.workday_end)] {
            if time_of_day(text).is_none() {
                misfits.push(Misfit::new(field, "a time of day such as 09:00"));
            }
        }
        if !is_week(&self.workdays) {
            misfits.push(Misfit::new("workdays", "one day of the week or more, each once"));
        }
        let alone = misfits.len();
        for (field, beside, holds, should) in self.pairs() {
            // One that does not fit by itself has been said already.
            let said = misfits[..alone]
                .iter()
                .any(|misfit| [field, beside].contains(&misfit.field));
            if !holds && !said {
                misfits.push(Misfit::new(field, should));
            }
        }
        misfits
    }

    /// What became another value since `former`, in the order of the fields.
    pub fn changes_since(&self, former: &Self) -> Vec<ChangedSetting> {
        let (before, after) = (former.fields(), self.fields());
        let changed = after.into_iter().filter_map(|(field, to)| {
            let from = before.get(&field).map(text).unwrap_or_default();
            let to = text(&to);
            (from != to).then_some(ChangedSetting { field, from, to })
        });
        changed.collect()
    }

    /// The organisation's own time zone, if it names one.
    pub fn zone(&self) -> Option<Tz> {
        self.time_zone.parse().ok()
    }

    /// When people work.
    pub fn working_hours(&self) -> WorkingHours {
        WorkingHours {
            days: self.workdays.clone(),
            start: time_of_day(&self.workday_start).unwrap_or_default(),
            end: time_of_day(&self.workday_end).unwrap_or_default(),
        }
    }

    /// Middle meetings in each four weeks of a leader with bands.
    pub fn middle_of_four(&self) -> u32 {
        4_u32.saturating_sub(self.bottom_of_four + self.near_of_four)
    }

    fn numbers(&self) -> [Number; 15] {
        let number = |field, value: i64, unit, range| Number {
            field,
            value,
            range,
            unit,
        };
        [
            number("slotsPerWeek", self.slots_per_week.into(), "slots", 0..=5),
            number("newJoinerDays", self.new_joiner_days, "days", 0..=365),
            number("pairCooldownWeeks", self.pair_cooldown_weeks, "weeks", 4..=104),
            number("loadCapDays", self.load_cap_days, "days", 0..=364),
            number("declineRestWeeks", self.decline_rest_weeks, "weeks", 1..=104),
            number("bottomOfFour", self.bottom_of_four.into(), "meetings", 0..=4),
            number("nearOfFour", self.near_of_four.into(), "meetings", 0..=4),
            number("drawDaysAhead", self.draw_days_ahead, "days", 0..=28),
            number("swapsPerWeek", self.swaps_per_week.into(), "swaps", 0..=10),
            number("unconfirmedAfterDays", self.unconfirmed_after_days, "days", 0..=90),
            number("confirmWithinDays", self.confirm_within_days, "days", 1..=365),
            number("recordWithinDays", self.record_within_days, "days", 0..=365),
            number(
                "peerSuggestionsPerWeek",
                self.peer_suggestions_per_week.into(),
                "suggestions",
                0..=3,
            ),
            number(
                "notesRetentionMonths",
                self.notes_retention_months.into(),
                "months",
                1..=120,
            ),
            number("smallestGroup", self.smallest_group.into(), "people", 3..=100),
        ]
    }

    /// Rules between two fields: the one to name, the other one, whether the rule holds, and what should be.
    fn pairs(&self) -> [(&'static str, &'static str, bool, &'static str); 4] {
        [
            (
                "nearOfFour",
                "bottomOfFour",
                self.bottom_of_four.saturating_add(self.near_of_four) <= 4,
                "at most 4 together with bottomOfFour",
            ),
            (
                "loadCapDays",
                "pairCooldownWeeks",
                self.load_cap_days <= self.pair_cooldown_weeks.saturating_mul(7),
                "no longer than pairCooldownWeeks, or that would never matter",
            ),
            (
                "confirmWithinDays",
                "unconfirmedAfterDays",
                self.confirm_within_days >= self.unconfirmed_after_days,
                "at least unconfirmedAfterDays, or nobody could confirm what is UNCONFIRMED",
            ),
            (
                "workdayEnd",
                "workdayStart",
                time_of_day(&self.workday_start) < time_of_day(&self.workday_end),
                "later than workdayStart",
            ),
        ]
    }

    fn of(fields: Map<String, Value>) -> Option<Self> {
        serde_json::from_value(Value::Object(fields)).ok()
    }

    fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}

impl Misfit {
    fn new(field: &'static str, should: &str) -> Self {
        Self {
            field,
            message: format!("{field} should be {should}"),
        }
    }
}

/// A setting that counts something.
struct Number {
    field: &'static str,
    value: i64,
    range: RangeInclusive<i64>,
    unit: &'static str,
}

impl Number {
    fn misfit(self) -> Option<Misfit> {
        let should = format!("{} to {} {}", self.range.start(), self.range.end(), self.unit);
        (!self.range.contains(&self.value)).then(|| Misfit::new(self.field, &should))
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(patch: SettingsPatch, expected: &Expect) {
        let misfits = Settings::default().with(patch).check();
        expected.assert_eq(
            &misfits
                .into_iter()
                .map(|misfit| misfit.message + "\n")
                .collect::<String>(),
        );
    }

    #[test]
    fn the_defaults_fit() {
        check(SettingsPatch::default(), &expect![[""]]);
    }

    #[test]
    fn every_number_has_its_range() {
        let least = SettingsPatch {
            slots_per_week: Some(0),
            new_joiner_days: Some(0),
            pair_cooldown_weeks: Some(4),
            load_cap_days: Some(0),
            decline_rest_weeks: Some(1),
            bottom_of_four: Some(0),
            near_of_four: Some(0),
            draw_days_ahead: Some(0),
            swaps_per_week: Some(0),
            unconfirmed_after_days: Some(0),
            confirm_within_days: Some(1),
            record_within_days: Some(0),
            notes_retention_months: Some(1),
            smallest_group: Some(3),
            ..SettingsPatch::default()
        };
        check(least, &expect![[""]]);
        let most = SettingsPatch {
            slots_per_week: Some(5),
            new_joiner_days: Some(365),
            pair_cooldown_weeks: Some(104),
            load_cap_days: Some(364),
            decline_rest_weeks: Some(104),
            bottom_of_four: Some(4),
            near_of_four: Some(0),
            draw_days_ahead: Some(28),
            swaps_per_week: Some(10),
            unconfirmed_after_days: Some(90),
            confirm_within_days: Some(365),
            record_within_days: Some(365),
            notes_retention_months: Some(120),
            smallest_group: Some(100),
            ..SettingsPatch::default()
        };
        check(most, &expect![[""]]);
        let beyond = SettingsPatch {
            slots_per_week: Some(6),
            new_joiner_days: Some(-1),
            pair_cooldown_weeks: Some(3),
            load_cap_days: Some(365),
            decline_rest_weeks: Some(0),
            bottom_of_four: Some(5),
            near_of_four: Some(u32::MAX),
            draw_days_ahead: Some(29),
            swaps_per_week: Some(11),
            unconfirmed_after_days: Some(91),
            confirm_within_days: Some(0),
            record_within_days: Some(366),
            notes_retention_months: Some(0),
            smallest_group: Some(2),
            ..SettingsPatch::default()
        };
        check(
            beyond,
            &expect![[r#"
            slotsPerWeek should be 0 to 5 slots
            newJoinerDays should be 0 to 365 days
            pairCooldownWeeks should be 4 to 104 weeks
            loadCapDays should be 0 to 364 days
            declineRestWeeks should be 1 to 104 weeks
            bottomOfFour should be 0 to 4 meetings
            nearOfFour should be 0 to 4 meetings
            drawDaysAhead should be 0 to 28 days
            swapsPerWeek should be 0 to 10 swaps
            unconfirmedAfterDays should be 0 to 90 days
            confirmWithinDays should be 1 to 365 days
            recordWithinDays should be 0 to 365 days
            notesRetentionMonths should be 1 to 120 months
            smallestGroup should be 3 to 100 people
        "#]],
        );
    }

    #[test]
    fn settings_fit_beside_each_other() {
        let patch = SettingsPatch {
            near_of_four: Some(3),
            load_cap_days: Some(57),
            confirm_within_days: Some(6),
            ..SettingsPatch::default()
        };
        check(
            patch,
            &expect![[r#"
            nearOfFour should be at most 4 together with bottomOfFour
            loadCapDays should be no longer than pairCooldownWeeks, or that would never matter
            confirmWithinDays should be at least unconfirmedAfterDays, or nobody could confirm what is UNCONFIRMED
        "#]],
        );
        let just = SettingsPatch {
            near_of_four: Some(2),
            load_cap_days: Some(56),
            confirm_within_days: Some(7),
            ..SettingsPatch::default()
        };
        check(just, &expect![[""]]);
    }

    #[test]
    fn texts_are_what_they_should_be() {
        let texts = |zone: &str, questions: &[&str]| SettingsPatch {
            time_zone: Some(zone.to_owned()),
            agenda_questions: Some(questions.iter().copied().map(str::to_owned).collect()),
            ..SettingsPatch::default()
        };
        let long = "x".repeat(201);
        check(texts("Europe/Berlin", &["a", "b", &long[1..]]), &expect![[""]]);
        let both = expect![[r#"
            timeZone should be an IANA time zone such as Europe/Berlin
            agendaQuestions should be three questions of a line each, at most 200 characters long
        "#]];
        for questions in [
            &["a", "b"][..],
            &["a", "b", " "],
            &["a", "b", "c\nd"],
            &["a", "b", &long],
        ] {
            check(texts("Mars/Olympus", questions), &both);
        }
    }

    #[test]
    fn what_was_kept_is_read_and_what_does_not_fit_counts_as_its_default() {
        let read = |kept: &str| Settings::read(kept).changes_since(&Settings::default());
        let whole = Settings::default().with(SettingsPatch {
            swaps_per_week: Some(3),
            time_zone: Some("Asia/Tokyo".to_owned()),
            ..SettingsPatch::default()
        });
        assert_eq!(Settings::read(&serde_json::to_string(&whole).unwrap()), whole);
        for nothing in [
            "",
            "[]",
            "{",
            "null",
            r#"{"unknown": 1}"#,
            r#"{"slotsPerWeek": "many"}"#,
        ] {
            assert_eq!(read(nothing), [], "{nothing}");
        }
        let kept = r#"{"swapsPerWeek": 3, "slotsPerWeek": -1, "loadCapDays": 400, "bottomOfFour": 4, "betweenVisibility": "?"}"#;
        let fields: Vec<_> = read(kept)
            .into_iter()
            .map(|change| change.field + " " + &change.to)
            .collect();
        // Beside the default of one near meeting, four bottom ones are one too many; which of the two is wrong, nobody knows.
        assert_eq!(fields, [""; 0]);
        let kept = kept.replace(r#""bottomOfFour": 4"#, r#""bottomOfFour": 3"#);
        let fields: Vec<_> = read(&kept)
            .into_iter()
            .map(|change| change.field + " " + &change.to)
            .collect();
        assert_eq!(fields, ["bottomOfFour 3", "swapsPerWeek 3"]);
    }

    #[test]
    fn changes_are_told_as_text() {
        let patch = SettingsPatch {
            slots_per_week: Some(2),
            between_visibility: Some(BetweenVisibility::None),
            agenda_questions: Some(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]),
            ..SettingsPatch::default()
        };
        let changes = Settings::default().with(patch).changes_since(&Settings::default());
        let told: Vec<_> = changes
            .iter()
            .map(|change| format!("{} {:?} {:?}\n", change.field, change.from, change.to))
            .collect();
        expect![[r#"
            slotsPerWeek "1" "2"
            betweenVisibility "MONTH" "NONE"
            agendaQuestions "What is going well?\nWhat is in the way?\nWho has been especially helpful?" "a\nb\nc"
        "#]]
        .assert_eq(&told.concat());
    }
}
