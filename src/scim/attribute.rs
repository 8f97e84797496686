//! The attributes of a user, by the paths that filters and patches write; upper and lower case do not matter.

use scim_v2::{
    filter::AttrPath,
    schema_urns::{ENTERPRISE_USER, USER},
};

/// An attribute of a user, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Id,
    ExternalId,
    UserName,
    Name,
    GivenName,
    FamilyName,
    DisplayName,
    Title,
    Active,
    Emails,
    EmailValue,
    EmailType,
    EmailPrimary,
    EmployeeNumber,
    Department,
    Manager,
    Meta,
    Created,
    LastModified,
}

impl Attribute {
    /// The attribute at `path`; those of the extension are known without its name, too.
    pub(super) fn at(path: &AttrPath) -> Option<Self> {
        let name = path.name.to_ascii_lowercase();
        let part = path.sub_attr.as_deref().map(str::to_ascii_lowercase);
        let found = match (name.as_str(), part.as_deref()) {
            ("id", None) => Self::Id,
            ("externalid", None) => Self::ExternalId,
            ("username", None) => Self::UserName,
            ("name", None) => Self::Name,
            ("name", Some("givenname")) => Self::GivenName,
            ("name", Some("familyname")) => Self::FamilyName,
            ("displayname", None) => Self::DisplayName,
            ("title", None) => Self::Title,
            ("active", None) => Self::Active,
            ("emails", None) => Self::Emails,
            ("emails", Some("value")) => Self::EmailValue,
            ("emails", Some("type")) => Self::EmailType,
            ("emails", Some("primary")) => Self::EmailPrimary,
            ("employeenumber", None) => Self::EmployeeNumber,
            ("department", None) => Self::Department,
            ("manager", None | Some("value" | "$ref")) => Self::Manager,
            ("meta", None) => Self::Meta,
            ("meta", Some("created")) => Self::Created,
            ("meta", Some("lastmodified")) => Self::LastModified,
            _ => return None,
        };
        match &path.uri {
            None => Some(found),
            Some(uri) if uri.eq_ignore_ascii_case(USER) => (!found.is_of_extension()).then_some(found),
            Some(uri) if uri.eq_ignore_ascii_case(ENTERPRISE_USER) => found.is_of_extension().then_some(found),
            Some(_) => None,
        }
    }

    /// A part of an e-mail address.
    pub(super) fn of_email(part: &str) -> Option<Self> {
        Self::at(&AttrPath::with_sub_attr("emails", part))
    }

    fn is_of_extension(self) -> bool {
        matches!(self, Self::EmployeeNumber | Self::Department | Self::Manager)
    }
}
