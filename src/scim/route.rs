//! What a method and a path ask for.

use uuid::Uuid;

use super::ScimError;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Users, by a query.
    List,
    /// Users, by a body.
    Search,
    /// Groups, of which there are none.
    Groups,
    /// One user.
    Read(Uuid),
    /// A new user.
    Create,
    /// Another user in the place of one.
    Replace(Uuid),
    /// Something else of a user.
    Patch(Uuid),
    /// One user less.
    Delete(Uuid),
    /// What the server can do.
    Config,
    /// The types of resources, or one of them.
    ResourceTypes(Option<String>),
    /// The schemas, or one of them.
    Schemas(Option<String>),
}

impl Action {
    /// Whether a body has to come with it.
    pub fn has_body(&self) -> bool {
        matches!(self, Self::Search | Self::Create | Self::Replace(_) | Self::Patch(_))
    }

    /// Whether it may change something, so that it must go on to its end.
    pub fn writes(&self) -> bool {
        matches!(self, Self::Create | Self::Replace(_) | Self::Patch(_) | Self::Delete(_))
    }
}

/// What `method` asks for at `path`, which begins behind `/scim/v2`.
pub fn action(method: &str, path: &str) -> Result<Action, ScimError> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (parts.as_slice(), method) {
        (["Users"], "GET") => Ok(Action::List),
        (["Users"], "POST") => Ok(Action::Create),
        (["Users"], _) => Err(ScimError::not_allowed("GET, POST")),
        (["Users", ".search"] | [".search"], "POST") => Ok(Action::Search),
        (["Users", ".search"] | [".search"], _) => Err(ScimError::not_allowed("POST")),
        (["Users", id], "GET") => user(id).map(Action::Read),
        (["Users", id], "PUT") => user(id).map(Action::Replace),
        (["Users", id], "PATCH") => user(id).map(Action::Patch),
        (["Users", id], "DELETE") => user(id).map(Action::Delete),
        (["Users", _], _) => Err(ScimError::not_allowed("GET, PUT, PATCH, DELETE")),
        // Providers look whether there are groups, and take an error for a broken server.
        (["Groups"], "GET") => Ok(Action::Groups),
        (["ServiceProviderConfig"], "GET") => Ok(Action::Config),
        (["ResourceTypes"], "GET") => Ok(Action::ResourceTypes(None)),
        (["ResourceTypes", id], "GET") => Ok(Action::ResourceTypes(Some((*id).to_owned()))),
        (["Schemas"], "GET") => Ok(Action::Schemas(None)),
        (["Schemas", id], "GET") => Ok(Action::Schemas(Some((*id).to_owned()))),
        (["Groups" | "ServiceProviderConfig"] | ["ResourceTypes" | "Schemas", ..], _) => {
            Err(ScimError::not_allowed("GET"))
        }
        (["Bulk" | "Me"], _) => Err(ScimError::new(501, "this is not offered")),
        _ => Err(ScimError::not_found()),
    }
}

/// Ids are compared as they are written: another way to write one is another id.
fn user(text: &str) -> Result<Uuid, ScimError> {
    let id = Uuid::parse_str(text).ok().filter(|id| id.to_string() == text);
    id.ok_or_else(|| ScimError::new(404, "there is no user with this id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, path: &str) -> u16 {
        action(method, path).map_or_else(|error| error.status, |_| 200)
    }

    #[test]
    fn methods_and_paths() {
        let id = "/Users/67e55044-10b1-426f-9247-bb680e5fe0c8";
        for (method, path, expected) in [
            ("GET", "/Users", 200),
            ("GET", "/Users/", 200),
            ("DELETE", "/Users", 405),
            ("POST", "/.search", 200),
            ("GET", "/Users/.search", 405),
            ("PATCH", id, 200),
            ("POST", id, 405),
            ("GET", &id.to_uppercase().replace("USERS", "Users"), 404),
            ("GET", "/Users/1", 404),
            ("GET", "/Groups", 200),
            ("POST", "/Groups", 405),
            ("GET", "/Groups/1", 404),
            ("PUT", "/ServiceProviderConfig", 405),
            ("DELETE", "/Schemas/x", 405),
            ("POST", "/Bulk", 501),
            ("GET", "/Me", 501),
            ("GET", "/", 404),
            ("GET", "/users", 404),
        ] {
            assert_eq!(status(method, path), expected, "{method} {path}");
        }
    }
}
