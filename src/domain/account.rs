//! Accounts: people as one source keeps them one by one (SCIM), and the row of an import that leads from what is kept to
//! what the source says now. An account says nothing of days: what it says holds from the day of the run on.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sync::{Field, Row, SyncIssue, kept_text};

/// A person as one source keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The SCIM id.
    pub id: Uuid,
    /// What the source says of the person.
    pub profile: Profile,
    /// Since when the source has them under this id.
    pub created_at: DateTime<Utc>,
    /// When something about them last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a source says of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The source's own id, if it has one beside the user name.
    pub external_id: Option<String>,
    /// What the person signs in with; unique within the source without regard to case.
    pub user_name: String,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Full name.
    pub display_name: String,
    /// Work e-mail.
    pub email: Option<String>,
    /// Whether the source calls the address the primary one, if it says so.
    pub email_primary: Option<bool>,
    /// Job title.
    pub title: Option<String>,
    /// Number in the payroll or the like.
    pub employee_number: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// The manager: an account's id where it is one that is kept; of one that is sent also an external id, a user name or
    /// an e-mail address.
    pub manager: Option<String>,
    /// Whether the person is, or is going to be, employed.
    pub active: bool,
}

impl Profile {
    /// The id by which imports know the person.
    pub fn key(&self) -> &str {
        self.external_id.as_deref().unwrap_or(&self.user_name)
    }

    /// The given and the family name, if there is any.
    pub fn name_of_parts(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.given_name, &self.family_name]
            .into_iter()
            .filter_map(Option::as_deref)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// The same with texts as they are kept. A blank full name is made of the parts, or of the user name.
    pub fn cleaned(self) -> Result<Self, SyncIssue> {
        let clean = |field, text: Option<String>| match text {
            Some(text) => kept_text(field, &text),
            None => Ok(None),
        };
        let mut clean_profile = Self {
            external_id: clean("externalId", self.external_id)?,
            user_name: kept_text("userName", &self.user_name)?.unwrap_or_default(),
            given_name: clean("name.givenName", self.given_name)?,
            family_name: clean("name.familyName", self.family_name)?,
            display_name: kept_text("displayName", &self.display_name)?.unwrap_or_default(),
            email: clean("emails", self.email)?,
            email_primary: self.email_primary,
            title: clean("title", self.title)?,
            employee_number: clean("employeeNumber", self.employee_number)?,
            department: clean("department", self.department)?,
            manager: clean("manager", self.manager)?,
            active: self.active,
        };
        if clean_profile.display_name.is_empty() {
            let parts = clean_profile.name_of_parts();
            clean_profile.display_name = parts.unwrap_or_else(|| clean_profile.user_name.clone());
        }
        clean_profile.email_primary = clean_profile.email_primary.filter(|_| clean_profile.email.is_some());
        Ok(clean_profile)
    }

    /// The row of an import that makes `self` of what is kept; `manager` is what it says of the manager.
    ///
    /// Only what differs is said: what another source, or somebody else, knows better stays as it is.
    pub fn row(&self, before: Option<&Self>, manager: Field) -> Row {
        let new = Self::default();
        let was = before.unwrap_or(&new);
        let (is_new, comes_back) = (before.is_none(), self.comes_back(before));
        Row {
            line: 1,
            external_id: self.key().to_owned(),
            previous_external_id: match before {
                Some(before) if before.key() != self.key() => Field::Given(before.key().to_owned()),
                _ => Field::Absent,
            },
            name: if self.display_name == was.display_name {
                Field::Absent
            } else {
                Field::Given(self.display_name.clone())
            },
            email: changed(was.email.as_ref(), self.email.as_ref()),
            title: changed(was.title.as_ref(), self.title.as_ref()),
            department: changed(was.department.as_ref(), self.department.as_ref()),
            manager_external_id: manager,
            status: match (comes_back, was.active || is_new, self.active) {
                (true, ..) => Field::Given("active".to_owned()),
                (false, true, false) => Field::Given("terminated".to_owned()),
                _ => Field::Absent,
            },
            // Whoever comes back on the day of leaving goes on as if nothing had been.
            end_date: if comes_back { Field::Cleared } else { Field::Absent },
            ..Row::default()
        }
    }

    /// Whether the source has the person back.
    pub fn comes_back(&self, before: Option<&Self>) -> bool {
        self.active && before.is_some_and(|before| !before.active)
    }
}

fn changed(before: Option<&String>, after: Option<&String>) -> Field {
    match after {
        _ if before == after => Field::Absent,
        None => Field::Cleared,
        Some(after) => Field::Given(after.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Date,
        sync::{Run, testing::Office},
    };

    fn ada() -> Profile {
        Profile {
            external_id: Some("a1".to_owned()),
            user_name: "ada@example.org".to_owned(),
            display_name: "Ada Example".to_owned(),
            title: Some("Head".to_owned()),
            active: true,
            ..Profile::default()
        }
    }

    fn send(office: &mut Office, day: &str, row: Row) -> String {
        office.send(&Run {
            source: "hris".to_owned(),
            as_of: day.parse::<Date>().unwrap(),
            rows: vec![row],
            ..Run::default()
        })
    }

    /// What the engine makes of Ada's way from one profile to the next, a day a step.
    fn walk(steps: &[(&str, Profile)]) -> String {
        let mut office = Office::default();
        let mut before = None;
        let mut text = String::new();
        for (day, after) in steps {
            text += &send(&mut office, day, after.row(before, Field::Absent));
            before = Some(after);
        }
        text + &office.people()
    }

    #[test]
    fn coming_back_on_the_last_day_reopens_the_employment() {
        let gone = Profile { active: false, ..ada() };
        expect_test::expect![[r#"
            a1 CREATED
            Planned
            a1 TERMINATED endDate: - -> 2026-01-06
              warning END_DATE_ASSUMED: no last working day was given; 2026-01-06 is taken
            Planned
            a1 UPDATED endDate: 2026-01-06 -> -
            Planned
            a1 employed 2026-01-05..
        "#]]
        .assert_eq(&walk(&[
            ("2026-01-05", ada()),
            ("2026-01-06", gone),
            ("2026-01-06", ada()),
        ]));
    }

    #[test]
    fn coming_back_later_is_a_rehire() {
        let gone = Profile { active: false, ..ada() };
        expect_test::expect![[r#"
            a1 CREATED
            Planned
            a1 TERMINATED endDate: - -> 2026-01-06
              warning END_DATE_ASSUMED: no last working day was given; 2026-01-06 is taken
            Planned
            a1 REHIRED startDate: - -> 2026-02-02
            Planned
            a1 employed 2026-01-05..=2026-01-06 employed 2026-02-02..
        "#]]
        .assert_eq(&walk(&[
            ("2026-01-05", ada()),
            ("2026-01-06", gone),
            ("2026-02-02", ada()),
        ]));
    }

    #[test]
    fn only_what_differs_is_said() {
        let other = Profile {
            title: None,
            external_id: Some("a2".to_owned()),
            ..ada()
        };
        let row = other.row(Some(&ada()), Field::Absent);
        let expected = Row {
            line: 1,
            external_id: "a2".to_owned(),
            previous_external_id: Field::Given("a1".to_owned()),
            title: Field::Cleared,
            ..Row::default()
        };
        assert_eq!(row, expected);
    }

    #[test]
    fn a_blank_full_name_is_made_of_what_there_is() {
        let named = |given: &str, family: &str| {
            let profile = Profile {
                display_name: " ".to_owned(),
                given_name: Some(given.to_owned()),
                family_name: Some(family.to_owned()),
                ..ada()
            };
            profile.cleaned().unwrap().display_name
        };
        assert_eq!(named("Ada", "Example"), "Ada Example");
        assert_eq!(named("", "Example"), "Example");
        assert_eq!(named("", " "), "ada@example.org");
    }
}
