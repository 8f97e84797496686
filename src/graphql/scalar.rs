//! Scalars of our own, so that the schema says what they are and not how they are stored.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};

use crate::domain::week;

/// An instant in RFC 3339, such as `2026-01-05T09:00:00Z`; always answered in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Description)]
pub struct DateTime(pub chrono::DateTime<Utc>);

#[Scalar(
    use_type_description,
    specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html"
)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        let instant = chrono::DateTime::parse_from_rfc3339(&text);
        instant.map(|instant| Self(instant.to_utc())).map_err(|_| {
            InputValueError::custom("a DateTime is written like 2026-01-05T09:00:00Z (RFC 3339, with an offset)")
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A calendar day in the organisation's time zone, such as `2026-01-05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Description)]
pub struct Date(pub NaiveDate);

#[Scalar(
    use_type_description,
    specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html"
)]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        let well_formed = text.len() == 10 && !text.starts_with(['+', '-']);
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            .ok()
            .filter(|_| well_formed);
        day.map(Self)
            .ok_or_else(|| InputValueError::custom("a Date is written like 2026-01-05"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An ISO 8601 week in the organisation's time zone, Monday to Sunday, such as `2026-W47`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Description)]
pub struct IsoWeek(pub week::Week);

#[Scalar(use_type_description)]
impl ScalarType for IsoWeek {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        text.parse()
            .map(Self)
            .map_err(|error: week::WeekError| InputValueError::custom(error.to_string()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn text<T: ScalarType + async_graphql::InputType>(value: Value) -> Result<String, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other)),
    }
}
