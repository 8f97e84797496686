//! Filters: which users a query means.

use chrono::{DateTime, Utc};
use scim_v2::filter::{AttrExp, CompValue, CompareOp, Filter, ValFilter};
use uuid::Uuid;

use super::{ScimError, attribute::Attribute};
use crate::{app::AccountFilter, domain::account::Account};

/// A filter whose attributes and comparisons are all ones that can be answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Present(Attribute),
    Compare(Attribute, CompareOp, Literal),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
}

/// What an attribute is compared with, of the attribute's own type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Truth(bool),
    Instant(DateTime<Utc>),
    Null,
}

/// The value of an attribute.
enum Fact {
    /// Compared as it is written.
    Exact(Option<String>),
    /// Compared without regard to case.
    Folded(Option<String>),
    Truth(Option<bool>),
    Instant(DateTime<Utc>),
}

impl Test {
    /// Reads a filter.
    pub(super) fn read(text: &str) -> Result<Self, ScimError> {
        let filter: Filter = text
            .parse()
            .map_err(|error| ScimError::filter(format!("the filter cannot be read: {error}")))?;
        Self::of(&filter)
    }

    /// What of it an index answers.
    pub(super) fn index(&self) -> AccountFilter {
        match self {
            Self::Compare(attribute, CompareOp::Eq, Literal::Text(text)) => match attribute {
                // What is no id is nobody's.
                Attribute::Id => AccountFilter::Id(Uuid::parse_str(text).unwrap_or_default()),
                Attribute::ExternalId => AccountFilter::ExternalId(text.clone()),
                Attribute::UserName => AccountFilter::UserName(text.clone()),
                Attribute::EmailValue => AccountFilter::Email(text.clone()),
                _ => AccountFilter::None,
            },
            Self::All(tests) => {
                let mut indexes = tests.iter().map(Self::index);
                indexes
                    .find(|index| *index != AccountFilter::None)
                    .unwrap_or(AccountFilter::None)
            }
            _ => AccountFilter::None,
        }
    }

    /// Whether it means this account.
    pub(super) fn holds(&self, account: &Account) -> bool {
        match self {
            Self::Present(attribute) => fact(*attribute, account).is_present(),
            Self::Compare(attribute, op, literal) => fact(*attribute, account).compare(op, literal),
            Self::Not(test) => !test.holds(account),
            Self::All(tests) => tests.iter().all(|test| test.holds(account)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(account)),
        }
    }

    fn of(filter: &Filter) -> Result<Self, ScimError> {
        let all = |filters: &[Filter]| filters.iter().map(Self::of).collect::<Result<Vec<_>, _>>();
        Ok(match filter {
            Filter::Attr(expression) => Self::of_expression(expression, Attribute::at)?,
            Filter::ValuePath(path) => {
                if Attribute::at(&path.attr) != Some(Attribute::Emails) {
                    return Err(ScimError::filter(format!(
                        "{} cannot be filtered by its parts",
                        path.attr
                    )));
                }
                // There is one address at most: what holds of it holds of some address.
                Self::All(vec![
                    Self::Present(Attribute::EmailValue),
                    Self::of_parts(&path.filter)?,
                ])
            }
            Filter::Not(inner) => Self::Not(Box::new(Self::of(inner)?)),
            Filter::And(inner) => Self::All(all(inner)?),
            Filter::Or(inner) => Self::Any(all(inner)?),
        })
    }

    /// A filter on the parts of an e-mail address.
    pub(super) fn of_parts(filter: &ValFilter) -> Result<Self, ScimError> {
        let all = |filters: &[ValFilter]| filters.iter().map(Self::of_parts).collect::<Result<Vec<_>, _>>();
        Ok(match filter {
            ValFilter::Attr(expression) => Self::of_expression(expression, |path| Attribute::of_email(&path.name))?,
            ValFilter::Not(inner) => Self::Not(Box::new(Self::of_parts(inner)?)),
            ValFilter::And(inner) => Self::All(all(inner)?),
            ValFilter::Or(inner) => Self::Any(all(inner)?),
        })
    }

    fn of_expression(
        expression: &AttrExp,
        at: impl Fn(&scim_v2::filter::AttrPath) -> Option<Attribute>,
    ) -> Result<Self, ScimError> {
        let (AttrExp::Present(path) | AttrExp::Comparison(path, ..)) = expression;
        let attribute = match at(path) {
            // The value is what an address is.
            Some(Attribute::Emails) => Attribute::EmailValue,
            Some(Attribute::Meta) | None => return Err(ScimError::filter(format!("{path} cannot be filtered by"))),
            Some(Attribute::Name) if matches!(expression, AttrExp::Comparison(..)) => {
                return Err(ScimError::filter(format!("{path} can be compared by its parts only")));
            }
            Some(attribute) => attribute,
        };
        let AttrExp::Comparison(_, op, value) = expression else {
            return Ok(Self::Present(attribute));
        };
        let unfit = || ScimError::filter(format!("{path} cannot be compared like this: {expression}"));
        let literal = attribute.literal(value).ok_or_else(unfit)?;
        if !literal.fits(op) {
            return Err(unfit());
        }
        Ok(Self::Compare(attribute, op.clone(), literal))
    }
}

impl Attribute {
    fn literal(self, value: &CompValue) -> Option<Literal> {
        match (self, value) {
            (_, CompValue::Null) => Some(Literal::Null),
            (Self::Active | Self::EmailPrimary, CompValue::True) => Some(Literal::Truth(true)),
            (Self::Active | Self::EmailPrimary, CompValue::False) => Some(Literal::Truth(false)),
            (Self::Active | Self::EmailPrimary, CompValue::Str(text)) => {
                text.to_ascii_lowercase().parse().ok().map(Literal::Truth)
            }
            (Self::Created | Self::LastModified, CompValue::Str(text)) => {
                let instant = DateTime::parse_from_rfc3339(text).ok()?;
                Some(Literal::Instant(instant.to_utc()))
            }
            (Self::Active | Self::EmailPrimary | Self::Created | Self::LastModified, _)
            | (_, CompValue::True | CompValue::False) => None,
            (_, CompValue::Str(text)) => Some(Literal::Text(text.clone())),
            (_, CompValue::Number(number)) => Some(Literal::Text(number.to_string())),
        }
    }
}

impl Literal {
    /// Whether there is an order, or are parts, that `op` asks for.
    fn fits(&self, op: &CompareOp) -> bool {
        match op {
            CompareOp::Eq | CompareOp::Ne => true,
            CompareOp::Co | CompareOp::Sw | CompareOp::Ew => matches!(self, Self::Text(_)),
            CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le => matches!(self, Self::Instant(_)),
        }
    }
}

impl Fact {
    fn is_present(&self) -> bool {
        match self {
            Self::Exact(text) | Self::Folded(text) => text.is_some(),
            Self::Truth(truth) => truth.is_some(),
            Self::Instant(_) => true,
        }
    }

    fn compare(&self, op: &CompareOp, literal: &Literal) -> bool {
        match (self, literal) {
            (_, Literal::Null) => self.is_present() == (*op == CompareOp::Ne),
            (Self::Exact(Some(text)), Literal::Text(other)) => texts(text, op, other),
            (Self::Folded(Some(text)), Literal::Text(other)) => texts(&text.to_lowercase(), op, &other.to_lowercase()),
            (Self::Truth(Some(truth)), Literal::Truth(other)) => (truth == other) == (*op == CompareOp::Eq),
            (Self::Instant(instant), Literal::Instant(other)) => match op {
                CompareOp::Eq => instant == other,
                CompareOp::Ne => instant != other,
                CompareOp::Gt => instant > other,
                CompareOp::Ge => instant >= other,
                CompareOp::Lt => instant < other,
                CompareOp::Le => instant <= other,
                CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
            },
            // What is not there differs from everything.
            _ => *op == CompareOp::Ne,
        }
    }
}

fn texts(text: &str, op: &CompareOp, other: &str) -> bool {
    match op {
        CompareOp::Eq => text == other,
        CompareOp::Ne => text != other,
        CompareOp::Co => text.contains(other),
        CompareOp::Sw => text.starts_with(other),
        CompareOp::Ew => text.ends_with(other),
        CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le => false,
    }
}

fn fact(attribute: Attribute, account: &Account) -> Fact {
    let profile = &account.profile;
    let has_email = profile.email.is_some();
    match attribute {
        Attribute::Id => Fact::Exact(Some(account.id.to_string())),
        Attribute::ExternalId => Fact::Exact(profile.external_id.clone()),
        Attribute::UserName => Fact::Folded(Some(profile.user_name.clone())),
        Attribute::Name => Fact::Folded(profile.name_of_parts()),
        Attribute::GivenName => Fact::Folded(profile.given_name.clone()),
        Attribute::FamilyName => Fact::Folded(profile.family_name.clone()),
        Attribute::DisplayName => Fact::Folded(Some(profile.display_name.clone())),
        Attribute::Title => Fact::Folded(profile.title.clone()),
        Attribute::Active => Fact::Truth(Some(profile.active)),
        Attribute::Emails | Attribute::EmailValue => Fact::Folded(profile.email.clone()),
        Attribute::EmailType => Fact::Folded(has_email.then(|| "work".to_owned())),
        Attribute::EmailPrimary => Fact::Truth(has_email.then(|| profile.email_primary.unwrap_or(true))),
        Attribute::EmployeeNumber => Fact::Folded(profile.employee_number.clone()),
        Attribute::Department => Fact::Folded(profile.department.clone()),
        Attribute::Manager => Fact::Exact(profile.manager.clone()),
        Attribute::Created => Fact::Instant(account.created_at),
        Attribute::Meta | Attribute::LastModified => Fact::Instant(account.updated_at),
    }
}

#[cfg(test)]
mod tests;
