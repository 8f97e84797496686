//! Where settings come from: the environment first, then the file. A setting is called by its variable; its key in the
//! file is the same name in lower case, without `SKIPLEVEL_`.

use std::{fmt::Display, ops::RangeInclusive};

use toml::{Table, Value};

use super::error::{ConfigError, Problem};

/// How a setting is called and described.
pub(super) struct Setting {
    /// Its name in the environment.
    pub(super) variable: &'static str,
    /// What it should be, for errors.
    pub(super) expected: String,
    /// What errors may show of a wrong value.
    pub(super) show: fn(&str) -> Option<String>,
}

impl Setting {
    /// A setting that errors may show.
    pub(super) fn new(variable: &'static str, expected: impl Into<String>) -> Self {
        Self {
            variable,
            expected: expected.into(),
            show: |text| Some(text.to_owned()),
        }
    }
}

/// An effective setting, as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Effective {
    pub(super) variable: &'static str,
    pub(super) value: Shown,
}

/// What may be shown of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Value(String),
    Secret,
    Unset,
}

impl Effective {
    /// The line of `skiplevel.toml` that sets it; a comment where there is no value to show.
    pub(super) fn to_toml(&self) -> String {
        let key = key_of(self.variable);
        match &self.value {
            Shown::Value(value) if value.parse::<u32>().is_ok() => format!("{key} = {value}"),
            // A JSON string is a TOML basic string.
            Shown::Value(value) => format!("{key} = {}", serde_json::Value::from(value.as_str())),
            Shown::Secret => format!("# {key} is set, and secret"),
            Shown::Unset => format!("# {key} is not set"),
        }
    }
}

/// Reads settings one by one; remembers their effective values and everything that is wrong.
pub(super) struct Source<'a> {
    env: &'a dyn Fn(&str) -> Option<String>,
    file: Table,
    effective: Vec<Effective>,
    problems: Vec<Problem>,
}

impl<'a> Source<'a> {
    /// Values of `env` win over those of `file`; an empty value is none.
    pub(super) fn new(file: Table, env: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            env,
            file,
            effective: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// A setting with a default; `Display` is what may be shown of it.
    pub(super) fn read<T: Display>(&mut self, setting: &Setting, default: T, parse: impl Fn(&str) -> Option<T>) -> T {
        let value = self.parsed(setting, parse).unwrap_or(default);
        self.effective.push(Effective {
            variable: setting.variable,
            value: Shown::Value(value.to_string()),
        });
        value
    }

    /// A setting without default; `shown` is what may be shown of it.
    pub(super) fn read_optional<T>(
        &mut self,
        setting: &Setting,
        parse: impl Fn(&str) -> Option<T>,
        shown: impl Fn(&T) -> Shown,
    ) -> Option<T> {
        let value = self.parsed(setting, parse);
        self.effective.push(Effective {
            variable: setting.variable,
            value: value.as_ref().map_or(Shown::Unset, shown),
        });
        value
    }

    /// A whole number within `range`.
    pub(super) fn number(&mut self, variable: &'static str, default: u32, range: RangeInclusive<u32>) -> u32 {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let parse = |text: &str| text.parse().ok().filter(|number| range.contains(number));
        self.read(&Setting::new(variable, expected), default, parse)
    }

    /// Text of at least one character.
    pub(super) fn text(&mut self, variable: &'static str, default: &str) -> String {
        self.read(&Setting::new(variable, "text"), default.to_owned(), |text| {
            Some(text.to_owned())
        })
    }

    /// Adds a problem that lies between settings.
    pub(super) fn object(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Everything that was read, unless something was wrong or the file has keys that nobody asked for.
    pub(super) fn finish(mut self) -> Result<Vec<Effective>, ConfigError> {
        let known: Vec<_> = self.effective.iter().map(|setting| key_of(setting.variable)).collect();
        let unknown = self.file.keys().filter(|key| !known.contains(key));
        self.problems.extend(unknown.map(|key| Problem::Unknown {
            key: key.clone(),
            near: near(key, &known),
        }));
        if self.problems.is_empty() {
            Ok(self.effective)
        } else {
            Err(ConfigError::Wrong(self.problems))
        }
    }

    fn parsed<T>(&mut self, setting: &Setting, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let given = self.given(setting.variable)?;
        let value = given.as_deref().ok().and_then(parse);
        if value.is_none() {
            self.problems.push(Problem::Value {
                variable: setting.variable,
                value: given.map_or_else(|kind| Some(kind.to_owned()), |text| (setting.show)(&text)),
                expected: setting.expected.clone(),
            });
        }
        value
    }

    /// The text a setting has, or the kind of its value in the file when that cannot be one text.
    fn given(&self, variable: &str) -> Option<Result<String, &'static str>> {
        let from_file = || {
            Some(match self.file.get(&key_of(variable))? {
                Value::String(text) => Ok(text.clone()),
                Value::Integer(number) => Ok(number.to_string()),
                Value::Boolean(truth) => Ok(truth.to_string()),
                other => Err(other.type_str()),
            })
        };
        let stated = |text: &String| !text.is_empty();
        (self.env)(variable)
            .filter(stated)
            .map(Ok)
            .or_else(from_file)
            .filter(|given| given.as_ref().map_or(true, stated))
    }
}

fn key_of(variable: &str) -> String {
    variable.strip_prefix("SKIPLEVEL_").unwrap_or(variable).to_lowercase()
}

/// The three known keys most like `key`, as far as they are alike at all.
fn near(key: &str, known: &[String]) -> Vec<String> {
    let key = key_of(&key.to_uppercase());
    let likeness = |other: &str| strsim::jaro_winkler(&key, other);
    let mut alike: Vec<_> = known.iter().filter(|other| likeness(other) > 0.85).cloned().collect();
    alike.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    alike.truncate(3);
    alike
}
