//! Who asks: what the token said, joined with the place that the database knows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::person::PersonKey;

use super::token::{Role, VerifiedToken};

/// A person's place in today's chart, as their row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub(super) key: PersonKey,
    pub(super) path: String,
}

impl Place {
    /// The place of `key`, whose materialised path is `path`.
    pub fn new(key: PersonKey, path: String) -> Self {
        Self { key, path }
    }

    /// The person who stands here.
    pub fn key(&self) -> PersonKey {
        self.key
    }

    /// Keys from the root down to the person, fixed width, joined by dots.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Everyone above, nearest first.
    pub fn above(&self) -> Vec<PersonKey> {
        let keys = self.path.split('.').filter_map(|key| i64::from_str_radix(key, 36).ok());
        let mut above: Vec<_> = keys.map(PersonKey).collect();
        above.pop();
        above.reverse();
        above
    }

    /// Lines between two people where one stands above the other or they are the same.
    pub fn distance(&self, other: &Self) -> Option<u32> {
        let (upper, lower) = if self.path.len() <= other.path.len() {
            (self, other)
        } else {
            (other, self)
        };
        let rest = lower.path.strip_prefix(upper.path.as_str())?;
        if rest.is_empty() {
            return Some(0);
        }
        rest.starts_with('.')
            .then(|| u32::try_from(rest.matches('.').count()).unwrap_or(u32::MAX))
    }

    /// Whether this place is strictly above `other`.
    pub fn is_above(&self, other: &Self) -> bool {
        other
            .path
            .strip_prefix(self.path.as_str())
            .is_some_and(|rest| rest.starts_with('.'))
    }
}

/// What the name of whoever runs a command begins with.
const OPERATOR: &str = "operator:";

/// Who asks. Only [`auth`](super) makes one, from a token that was verified.
///
/// ```
/// use skiplevel::auth::{token::Role, viewer::Viewer};
/// fn is_admin(viewer: &Viewer) -> bool { viewer.roles().contains(&Role::HrAdmin) }
/// ```
/// ```compile_fail,E0616
/// use skiplevel::auth::{token::Role, viewer::Viewer};
/// fn promote(viewer: &mut Viewer) -> bool { viewer.roles.insert(Role::HrAdmin) }
/// ```
#[derive(Clone, Debug)]
pub struct Viewer {
    pub(super) principal: String,
    pub(super) place: Option<Place>,
    pub(super) roles: BTreeSet<Role>,
    pub(super) source: Option<String>,
    pub(super) now: DateTime<Utc>,
}

/// The token is valid, but whoever it names has no place here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token's subject is nobody in today's chart and it carries no role")]
pub struct Stranger;

impl Viewer {
    /// The viewer behind a verified token, who asks at `now`. `place` is their place in today's chart, if they have
    /// one; without a role they need one.
    pub fn new(token: &VerifiedToken, place: Option<Place>, now: DateTime<Utc>) -> Result<Self, Stranger> {
        let mut roles: BTreeSet<Role> = token.roles().iter().copied().collect();
        let integration = roles.contains(&Role::Integration);
        if integration {
            // A machine has no place in the chart, and no other role beside its own.
            roles = BTreeSet::from([Role::Integration]);
        }
        let place = if integration { None } else { place };
        if place.is_some() {
            roles.insert(Role::Person);
        } else {
            roles.remove(&Role::Person);
        }
        if roles.is_empty() {
            return Err(Stranger);
        }
        let source = token.source().map(str::to_owned);
        Ok(Self {
            principal: format!("token:{}", token.subject()),
            place,
            roles,
            source,
            now,
        })
    }

    /// Whoever runs a command on the machine that holds the database, or the server's own weekly draw: an HR
    /// admin outside the chart, who asks at `now`. `name` stands in the records.
    pub fn operator(name: &str, now: DateTime<Utc>) -> Self {
        let principal = format!("{OPERATOR}{name}");
        Self {
            principal,
            place: None,
            roles: BTreeSet::from([Role::HrAdmin]),
            source: None,
            now,
        }
    }

    /// The integration of `source`, by its SCIM token `id`, which asks at `now`.
    pub fn scim(id: Uuid, source: String, now: DateTime<Utc>) -> Self {
        Self {
            principal: format!("scim:{id}"),
            place: None,
            roles: BTreeSet::from([Role::Integration]),
            source: Some(source),
            now,
        }
    }

    /// Whether this is whoever runs a command beside the database. Names of all others begin otherwise.
    pub(super) fn is_operator(&self) -> bool {
        self.principal.starts_with(OPERATOR)
    }

    /// Whoever stands at `place`, by the secret address of their calendar, which is read at `now`: a person and nothing
    /// more, whatever roles their tokens have.
    pub fn calendar(place: Place, now: DateTime<Utc>) -> Self {
        Self {
            principal: format!("calendar:{}", place.key.0),
            place: Some(place),
            roles: BTreeSet::from([Role::Person]),
            source: None,
            now,
        }
    }

    /// A stable name of who asks, for idempotency keys, cursors and records.
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// The viewer's own place in today's chart.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The viewer's own key.
    pub fn key(&self) -> Option<PersonKey> {
        self.place.as_ref().map(Place::key)
    }

    /// What the viewer is.
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// The source an integration writes for.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }
}
