//! What the server tells of itself: its abilities, its resource types and their schemas (RFC 7643, 5 to 8).
//!
//! Published as required is what a user never goes without, so that nobody tries to take it away; it may be left out of
//! a new user all the same, and is made up from what there is.

use scim_v2::schema_urns::{ENTERPRISE_USER, RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG, USER};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    ScimError,
    list::{MOST, page},
};

/// What the server can do.
pub(super) fn config(base: &str) -> Value {
    json!({
        "schemas": [SERVICE_PROVIDER_CONFIG],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": MOST },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": false },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token of the source, sent as `Authorization: Bearer`",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
    })
}

/// All types of resources, or the one with this id.
pub(super) fn resource_types(id: Option<&str>, base: &str) -> Result<Value, ScimError> {
    let user = json!({
        "schemas": [RESOURCE_TYPE],
        "id": "User",
        "name": "User",
        "description": "User Account",
        "endpoint": "/Users",
        "schema": USER,
        "schemaExtensions": [{ "schema": ENTERPRISE_USER, "required": false }],
        "meta": { "resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/User") },
    });
    one_or_all(vec![user], id)
}

/// All schemas, or the one with this id.
pub(super) fn schemas(id: Option<&str>, base: &str) -> Result<Value, ScimError> {
    let schema = |id: &str, name: &str, description: &str, attributes: Vec<Attribute>| {
        json!({
            "schemas": [SCHEMA],
            "id": id,
            "name": name,
            "description": description,
            "attributes": attributes,
            "meta": { "resourceType": "Schema", "location": format!("{base}/Schemas/{id}") },
        })
    };
    let schemas = vec![
        schema(USER, "User", "User Account", user()),
        schema(ENTERPRISE_USER, "EnterpriseUser", "Enterprise User", enterprise_user()),
    ];
    one_or_all(schemas, id)
}

fn one_or_all(mut all: Vec<Value>, id: Option<&str>) -> Result<Value, ScimError> {
    let Some(id) = id else {
        return Ok(page(all.len() as u64, 0, &all));
    };
    let at = all
        .iter()
        .position(|one| one["id"] == id)
        .ok_or_else(ScimError::not_found)?;
    Ok(all.swap_remove(at))
}

/// A published attribute; usually an optional text of which each user has one.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attribute {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    multi_valued: bool,
    description: &'static str,
    required: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    canonical_values: &'static [&'static str],
    case_exact: bool,
    mutability: &'static str,
    returned: &'static str,
    uniqueness: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    reference_types: &'static [&'static str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sub_attributes: Vec<Attribute>,
}

fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute {
        name,
        kind: "string",
        multi_valued: false,
        description,
        required: false,
        canonical_values: &[],
        case_exact: false,
        mutability: "readWrite",
        returned: "default",
        uniqueness: "none",
        reference_types: &[],
        sub_attributes: vec![],
    }
}

fn truth(name: &'static str, description: &'static str) -> Attribute {
    Attribute {
        kind: "boolean",
        ..text(name, description)
    }
}

fn parts(name: &'static str, description: &'static str, sub_attributes: Vec<Attribute>) -> Attribute {
    Attribute {
        kind: "complex",
        sub_attributes,
        ..text(name, description)
    }
}

fn required(attribute: Attribute) -> Attribute {
    Attribute {
        required: true,
        ..attribute
    }
}

/// The attributes of urn:ietf:params:scim:schemas:core:2.0:User.
fn user() -> Vec<Attribute> {
    vec![
        required(Attribute {
            uniqueness: "server",
            ..text(
                "userName",
                "Unique identifier for the User, typically used by the user to directly authenticate to the \
         service provider. Each User MUST include a non-empty userName value.  This identifier MUST be \
         unique across the service provider's entire set of Users. REQUIRED.",
            )
        }),
        parts(
            "name",
            "The components of the user's real name. Providers MAY return just the full name as a single \
         string in the formatted sub-attribute, or they MAY return just the individual component \
         attributes using the other sub-attributes, or they MAY return both.  If both variants are \
         returned, they SHOULD be describing the same name, with the formatted name indicating how the \
         component attributes should be combined.",
            vec![
                text(
                    "familyName",
                    "The family name of the User, or last name in most Western languages (e.g., 'Jensen' given the \
         full name 'Ms. Barbara J Jensen, III').",
                ),
                text(
                    "givenName",
                    "The given name of the User, or first name in most Western languages (e.g., 'Barbara' given \
         the full name 'Ms. Barbara J Jensen, III').",
                ),
            ],
        ),
        required(text(
            "displayName",
            "The name of the User, suitable for display to end-users.  The name SHOULD be the full name of \
         the User being described, if known.",
        )),
        text("title", "The user's title, such as \"Vice President.\""),
        required(truth(
            "active",
            "A Boolean value indicating the User's administrative status.",
        )),
        required(Attribute {
            multi_valued: true,
            ..parts(
                "emails",
                "Email addresses for the user.  The value SHOULD be canonicalized by the service provider, \
         e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', \
         'home', and 'other'.",
                vec![
                    required(text(
                        "value",
                        "Email addresses for the user.  The value SHOULD be canonicalized by the service provider, \
         e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', \
         'home', and 'other'.",
                    )),
                    Attribute {
                        canonical_values: &["work"],
                        ..text(
                            "type",
                            "A label indicating the attribute's function, e.g., 'work' or 'home'.",
                        )
                    },
                    truth(
                        "primary",
                        "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, \
         e.g., the preferred mailing address or primary email address.  The primary attribute value \
         'true' MUST appear no more than once.",
                    ),
                ],
            )
        }),
    ]
}

/// The attributes of urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.
fn enterprise_user() -> Vec<Attribute> {
    vec![
        text(
            "employeeNumber",
            "Numeric or alphanumeric identifier assigned to a person, typically based on order of hire or \
         association with an organization.",
        ),
        text("department", "Identifies the name of a department."),
        parts(
            "manager",
            "The User's manager.  A complex type that optionally allows service providers to represent \
         organizational hierarchy by referencing the 'id' attribute of another User.",
            vec![
                required(Attribute {
                    case_exact: true,
                    ..text(
                        "value",
                        "The id of the SCIM resource representing the User's manager.  REQUIRED.",
                    )
                }),
                Attribute {
                    kind: "reference",
                    case_exact: true,
                    reference_types: &["User"],
                    ..text(
                        "$ref",
                        "The URI of the SCIM resource representing the User's manager.  REQUIRED.",
                    )
                },
                Attribute {
                    mutability: "readOnly",
                    ..text(
                        "displayName",
                        "The displayName of the User's manager. OPTIONAL and READ-ONLY.",
                    )
                },
            ],
        ),
    ]
}
