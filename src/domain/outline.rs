//! Organisations drawn as indented text: the fixtures of tests and simulations.
//!
//! A line is a person, indented below their manager, with what is special about them in brackets:
//!
//! ```text
//! ada
//!   bob (left)
//!     cyd (leave)
//!       dee (from 2026-01-05)
//!   eve (from 2024-03-01, until 2026-05-31, leave 2026-02-02..2026-02-13)
//! ```
//!
//! Keys count from 1, line by line. Without `from` a person started on [`FOUNDED`]; `left` ends that spell on [`LEFT`],
//! `leave` without days began on [`LEAVE`] and goes on. Empty lines mean nothing.

use std::{collections::HashSet, str::FromStr};

use super::{
    Date,
    chart::{Line, OrgChart, Ring},
    person::{Absence, PersonKey, PersonStatus, Spell},
};

/// When everybody started who is drawn without `from`.
pub const FOUNDED: Date = day(2020, 1, 1);
/// The last day of everybody drawn as `left`.
pub const LEFT: Date = day(2020, 12, 31);
/// When the leave of everybody drawn as on `leave` began.
pub const LEAVE: Date = day(2021, 1, 1);

/// An organisation as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Everybody, in the order of the lines.
    pub people: Vec<Drawn>,
}

/// A person as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The number of the line, from 1, empty ones not counted.
    pub key: PersonKey,
    /// One word.
    pub name: String,
    /// The person whom the line is indented below, present or not.
    pub manager: Option<PersonKey>,
    /// The one spell of employment.
    pub spell: Spell,
    /// Absences in the order drawn.
    pub absences: Vec<Absence>,
}

/// The text is no outline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    /// The indentation returns to a level that nobody above stands on.
    #[error("line {line}: \"{name}\" is indented below nobody")]
    Indent {
        /// Counted from 1.
        line: usize,
        /// Who stands on it.
        name: String,
    },
    /// A name stands twice.
    #[error("line {line}: \"{name}\" stands here again")]
    Twice {
        /// Counted from 1.
        line: usize,
        /// Who stands on it.
        name: String,
    },
    /// What stands in brackets is not understood.
    #[error("line {line}: \"{mark}\" is no mark; write left, leave [DAY..DAY], from DAY or until DAY")]
    Mark {
        /// Counted from 1.
        line: usize,
        /// The text between commas.
        mark: String,
    },
}

impl Outline {
    /// The person of this name.
    pub fn key(&self, name: &str) -> Option<PersonKey> {
        self.people
            .iter()
            .find(|person| person.name == name)
            .map(|person| person.key)
    }

    /// The person with this key, if there is one.
    pub fn person(&self, key: PersonKey) -> Option<&Drawn> {
        let index = usize::try_from(key.0).ok()?.checked_sub(1)?;
        self.people.get(index)
    }

    /// Everybody's standing line, also of people who are absent.
    pub fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        self.people.iter().filter_map(|person| {
            Some(Line {
                report: person.key,
                manager: person.manager?,
            })
        })
    }

    /// The chart of `today`; an outline without changes cannot draw a ring.
    pub fn chart(&self, today: Date) -> Result<OrgChart, Ring> {
        let present = self.people.iter().filter(|person| person.status(today).is_present());
        OrgChart::new(present.map(|person| person.key), self.lines())
    }
}

impl Drawn {
    /// The status on `day`.
    pub fn status(&self, day: Date) -> PersonStatus {
        PersonStatus::on(day, &[self.spell], &self.absences)
    }
}

impl FromStr for Outline {
    type Err = OutlineError;

    fn from_str(text: &str) -> Result<Self, OutlineError> {
        let mut people = Vec::new();
        let mut names = HashSet::new();
        // The way down to the person read last, each with their indentation.
        let mut way: Vec<(usize, PersonKey)> = Vec::new();
        let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
        for ((line, text), key) in lines.zip((1..).map(PersonKey)) {
            let (name, marks) = text.trim().split_once('(').unwrap_or((text.trim(), ""));
            let name = name.trim_end();
            let indent = text.len() - text.trim_start().len();
            let mut level = indent;
            while let Some((beside, _)) = way.pop_if(|(other, _)| *other >= indent) {
                level = beside;
            }
            if level != indent {
                return Err(OutlineError::Indent {
                    line,
                    name: name.to_owned(),
                });
            }
            if !names.insert(name) {
                return Err(OutlineError::Twice {
                    line,
                    name: name.to_owned(),
                });
            }
            let mut person = Drawn {
                key,
                name: name.to_owned(),
                manager: way.last().map(|&(_, manager)| manager),
                spell: Spell {
                    start: FOUNDED,
                    end: None,
                },
                absences: Vec::new(),
            };
            for mark in marks
                .split([',', '(', ')'])
                .map(str::trim)
                .filter(|mark| !mark.is_empty())
            {
                let unknown = || OutlineError::Mark {
                    line,
                    mark: mark.to_owned(),
                };
                person.mark(mark).ok_or_else(unknown)?;
            }
            people.push(person);
            way.push((indent, key));
        }
        Ok(Self { people })
    }
}

impl Drawn {
    /// Applies what stands in brackets, if it means something.
    fn mark(&mut self, mark: &str) -> Option<()> {
        match mark.split_once(' ').unwrap_or((mark, "")) {
            ("left", "") => self.spell.end = Some(LEFT),
            ("leave", "") => self.absences.push(Absence {
                start: LEAVE,
                end: None,
            }),
            ("leave", days) => {
                let (start, end) = days.split_once("..")?;
                self.absences.push(Absence {
                    start: start.parse().ok()?,
                    end: Some(end.parse().ok()?),
                });
            }
            ("from", day) => self.spell.start = day.parse().ok()?,
            ("until", day) => self.spell.end = Some(day.parse().ok()?),
            _ => return None,
        }
        Some(())
    }
}

const fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).expect("a day of the calendar, known when this is compiled")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{
        PersonStatus::{Active, OnLeave, PreHire, Terminated},
        *,
    };

    fn check(text: &str, expected: &Expect) {
        let answer = match text.parse::<Outline>() {
            Ok(outline) => outline.people.iter().map(|person| line_of(&outline, person)).collect(),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&answer);
    }

    fn line_of(outline: &Outline, person: &Drawn) -> String {
        let manager = person.manager.and_then(|manager| outline.person(manager));
        let manager = manager.map_or("nobody", |manager| &manager.name);
        let end = |end: Option<Date>| end.map(|day| day.to_string()).unwrap_or_default();
        let leave = |absence: &Absence| format!(", leave {}..{}", absence.start, end(absence.end));
        let leave: Vec<_> = person.absences.iter().map(leave).collect();
        let spell = format!("{}..{}", person.spell.start, end(person.spell.end));
        format!(
            "{} {} below {manager}, {spell}{}\n",
            person.key,
            person.name,
            leave.concat()
        )
    }

    #[test]
    fn people_hang_below_the_line_they_are_indented_under() {
        check(
            "
            ada
              bob (left)
                cyd (leave)

              dee (from 2026-01-05, leave 2026-02-02..2026-02-13)
            eve (until 2026-05-31)
            ",
            &expect![[r#"
                1 ada below nobody, 2020-01-01..
                2 bob below ada, 2020-01-01..2020-12-31
                3 cyd below bob, 2020-01-01.., leave 2021-01-01..
                4 dee below ada, 2026-01-05.., leave 2026-02-02..2026-02-13
                5 eve below nobody, 2020-01-01..2026-05-31
            "#]],
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        check(
            "ada\n    bob\n  cyd",
            &expect![[r#"line 3: "cyd" is indented below nobody"#]],
        );
        check("  ada\nbob", &expect![[r#"line 2: "bob" is indented below nobody"#]]);
        check("ada\n  bob\n  ada", &expect![[r#"line 3: "ada" stands here again"#]]);
        check(
            "ada\n  bob (gone)",
            &expect![[r#"line 2: "gone" is no mark; write left, leave [DAY..DAY], from DAY or until DAY"#]],
        );
        check(
            "ada (from yesterday)",
            &expect![[r#"line 1: "from yesterday" is no mark; write left, leave [DAY..DAY], from DAY or until DAY"#]],
        );
    }

    #[test]
    fn status_follows_from_the_marks() {
        let outline: Outline = "ada\nbob (left)\ncyd (leave)\ndee (from 2026-01-05)".parse().unwrap();
        let status = |year| {
            outline
                .people
                .iter()
                .map(|person| person.status(day(year, 1, 4)))
                .collect::<Vec<_>>()
        };
        assert_eq!(status(2026), [Active, Terminated, OnLeave, PreHire]);
        assert_eq!(status(2027), [Active, Terminated, OnLeave, Active]);
    }
}
