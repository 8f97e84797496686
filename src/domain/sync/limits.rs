//! How much may go before somebody has to look, for each source.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::Serialize;

use super::run::is_source;

/// How many people may leave, or lose their manager, before a run is blocked: whichever of the two is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Limits {
    /// So many people in any case.
    pub people: usize,
    /// So many of a hundred present people of the source.
    pub percent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { people: 5, percent: 10 }
    }
}

/// The limits of every source.
///
/// Written as `5/10%` for all, followed by sources with others: `5/10%,okta=50/20%`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thresholds {
    usual: Limits,
    of_source: BTreeMap<String, Limits>,
}

impl Thresholds {
    /// The limits of a source.
    pub fn of(&self, source: &str) -> Limits {
        self.of_source.get(source).copied().unwrap_or(self.usual)
    }
}

/// A text that does not say how much may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write people and percent like 5/10%, and sources with others behind it like 5/10%,okta=50/20%")]
pub struct NotThresholds;

impl FromStr for Thresholds {
    type Err = NotThresholds;

    fn from_str(text: &str) -> Result<Self, NotThresholds> {
        let mut parts = text.split(',').map(str::trim);
        let usual = limits(parts.next().unwrap_or_default())?;
        let mut of_source = BTreeMap::new();
        for part in parts {
            let (source, text) = part.split_once('=').ok_or(NotThresholds)?;
            let twice = of_source.insert(source.to_owned(), limits(text)?);
            if twice.is_some() || !is_source(source) {
                return Err(NotThresholds);
            }
        }
        Ok(Self { usual, of_source })
    }
}

impl fmt::Display for Thresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.usual)?;
        self.of_source
            .iter()
            .try_for_each(|(source, limits)| write!(f, ",{source}={limits}"))
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}%", self.people, self.percent)
    }
}

fn limits(text: &str) -> Result<Limits, NotThresholds> {
    let (people, percent) = text.split_once('/').ok_or(NotThresholds)?;
    let percent = percent.strip_suffix('%').and_then(|percent| percent.parse().ok());
    Ok(Limits {
        people: people.parse().map_err(|_| NotThresholds)?,
        percent: percent.filter(|percent| *percent <= 100).ok_or(NotThresholds)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_its_own_limits_or_the_usual_ones() {
        let thresholds: Thresholds = "5/10%, okta=50/20%".parse().unwrap();
        assert_eq!(
            thresholds.of("okta"),
            Limits {
                people: 50,
                percent: 20
            }
        );
        assert_eq!(thresholds.of("hris"), Limits::default());
        assert_eq!(thresholds.to_string(), "5/10%,okta=50/20%");
        assert_eq!(Thresholds::default().to_string().parse(), Ok(Thresholds::default()));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "5",
            "5/10",
            "5/101%",
            "-1/10%",
            "5/10%,",
            "5/10%,okta",
            "5/10%,a=1/1%,a=2/2%",
            "5/10%,a b=1/1%",
        ] {
            assert_eq!(text.parse::<Thresholds>(), Err(NotThresholds), "{text}");
        }
    }
}
