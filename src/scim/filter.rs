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
mod tests {
    use super::*;
    use crate::domain::account::Profile;

    fn ada() -> Account {
        let at = "2026-01-05T09:00:00Z".parse().unwrap();
        Account {
            id: Uuid::from_u128(7),
            profile: Profile {
                external_id: Some("A1".to_owned()),
                user_name: "Ada@example.org".to_owned(),
                given_name: Some("Ada".to_owned()),
                display_name: "Ada Example".to_owned(),
                email: Some("ada@example.org".to_owned()),
                manager: Some("m".to_owned()),
                active: true,
                ..Profile::default()
            },
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn filters_mean_whom_they_should() {
        for (filter, expected) in [
            (r#"userName eq "ada@EXAMPLE.org""#, true),
            (r#"USERNAME Eq "ada@example.org""#, true),
            (r#"externalId eq "a1""#, false),
            (r#"externalId eq "A1""#, true),
            (r#"emails.value co "EXAMPLE""#, true),
            (r#"emails[type eq "work" and value sw "ada"]"#, true),
            (r#"emails[type eq "home"]"#, false),
            (r#"emails eq "ada@example.org""#, true),
            ("title pr", false),
            ("not (title pr)", true),
            (r#"title ne "Head""#, true),
            ("title eq null", true),
            ("name pr and active eq true", true),
            (r#"active eq "False""#, false),
            (r#"name.givenName eq "ada" or title pr"#, true),
            (r#"meta.lastModified gt "2026-01-05T08:59:59Z""#, true),
            (r#"meta.lastModified lt "2026-01-05T10:00:00+01:00""#, false),
            (
                r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m""#,
                true,
            ),
            (
                r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "M""#,
                false,
            ),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName ew ".ORG""#, true),
        ] {
            let test = Test::read(filter).unwrap_or_else(|error| panic!("{filter}: {error:?}"));
            assert_eq!(test.holds(&ada()), expected, "{filter}");
        }
    }

    #[test]
    fn what_cannot_be_answered_is_refused() {
        for filter in [
            "",
            "userName",
            r#"nickName eq "x""#,
            r#"meta eq "x""#,
            r#"userName gt "a""#,
            r#"active co "t""#,
            r#"meta.lastModified gt "yesterday""#,
            "userName eq true",
            r#"phoneNumbers[type eq "work"]"#,
            r#"emails[sort eq "work"]"#,
            r#"urn:ietf:params:scim:schemas:core:2.0:User:department eq "x""#,
            &"(".repeat(1000),
        ] {
            let error = Test::read(filter).expect_err(filter);
            assert_eq!(error.body()["scimType"], "invalidFilter", "{filter}");
        }
    }

    #[test]
    fn equality_is_answered_by_an_index() {
        let index = |filter: &str| Test::read(filter).unwrap().index();
        let name = || AccountFilter::UserName("x".to_owned());
        assert_eq!(index(r#"userName eq "x""#), name());
        assert_eq!(index(r#"active eq true and userName eq "x""#), name());
        assert_eq!(
            index(r#"emails[type eq "work" and value eq "x"]"#),
            AccountFilter::Email("x".to_owned())
        );
        assert_eq!(index(r#"externalId eq "x""#), AccountFilter::ExternalId("x".to_owned()));
        assert_eq!(index(r#"id eq "x""#), AccountFilter::Id(Uuid::nil()));
        assert_eq!(index(r#"userName eq "x" or userName eq "y""#), AccountFilter::None);
        assert_eq!(index(r#"not (userName eq "x")"#), AccountFilter::None);
    }
}
