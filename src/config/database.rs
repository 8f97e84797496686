//! Which database, and how its URL is shown without the password in it.

use std::{fmt, path::Path};

/// Where the database is and how many connections read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Its URL.
    pub url: DatabaseUrl,
    /// Connections in the pool of readers.
    pub connections: u32,
}

/// A URL of `SQLite` or `PostgreSQL`; shown with its password masked.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Takes `sqlite:`, `postgres://` and `postgresql://`.
    pub fn new(url: &str) -> Option<Self> {
        let known = ["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        known.then(|| Self(url.to_owned()))
    }

    /// The URL of a file of `SQLite`, made if it is not there.
    pub fn sqlite(file: &Path) -> Self {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte);
        let bytes = file.as_os_str().as_encoded_bytes().iter();
        let path: String = bytes
            .map(|&byte| {
                if plain(byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
        Self(format!("sqlite://{path}?mode=rwc"))
    }

    /// The whole URL with its password, for the driver alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Default for DatabaseUrl {
    /// A file in the working directory, made when it is not there.
    fn default() -> Self {
        Self("sqlite://skiplevel.db?mode=rwc".to_owned())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({:?})", masked(&self.0))
    }
}

/// `url` with `***` for every password in it. Whatever stands before the last `@` is taken for a name and password, for
/// an unescaped `/`, `?` or `@` in a password must not bring it to light.
pub(super) fn masked(url: &str) -> String {
    let (scheme, rest) = url
        .split_once("://")
        .map_or(("", url), |(scheme, rest)| (&url[..scheme.len() + 3], rest));
    let (user, place) = rest
        .rsplit_once('@')
        .map_or((None, rest), |(user, place)| (Some(user), place));
    let user = user.map(|user| match user.split_once(':') {
        Some((name, _)) => format!("{name}:***@"),
        None => format!("{user}@"),
    });
    let place = match place.split_once('?') {
        Some((path, query)) => format!(
            "{path}?{}",
            query.split('&').map(masked_pair).collect::<Vec<_>>().join("&")
        ),
        None => place.to_owned(),
    };
    format!("{scheme}{}{place}", user.unwrap_or_default())
}

fn masked_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) if name.to_lowercase().contains("password") => format!("{name}=***"),
        _ => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked_and_everything_else_is_shown() {
        let rows = [
            ("sqlite://skiplevel.db?mode=rwc", "sqlite://skiplevel.db?mode=rwc"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://localhost/skiplevel", "postgres://localhost/skiplevel"),
            ("postgres://ada@db:5432/x", "postgres://ada@db:5432/x"),
            (
                "postgres://ada:secret@db:5432/x?sslmode=require",
                "postgres://ada:***@db:5432/x?sslmode=require",
            ),
            ("postgres://ada:se/cr?e@t@db/x", "postgres://ada:***@db/x"),
            (
                "postgres://db/x?user=ada&password=secret",
                "postgres://db/x?user=ada&password=***",
            ),
            ("mysql://ada:secret@db/x", "mysql://ada:***@db/x"),
            ("ada:secret@db/x", "ada:***@db/x"),
        ];
        for (url, shown) in rows {
            assert_eq!(masked(url), shown);
        }
    }

    #[test]
    fn any_path_of_a_file_is_written_so_that_the_driver_reads_it() {
        let url = |file: &str| DatabaseUrl::sqlite(Path::new(file)).0;
        assert_eq!(
            url("/var/lib/skip-level/a_1.db"),
            "sqlite:///var/lib/skip-level/a_1.db?mode=rwc"
        );
        assert_eq!(url("/my 100%?.db"), "sqlite:///my%20100%25%3F.db?mode=rwc");
    }

    #[test]
    fn neither_display_nor_debug_shows_the_password() {
        let url = DatabaseUrl::new("postgres://ada:secret@db/x").unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            r#"postgres://ada:***@db/x DatabaseUrl("postgres://ada:***@db/x")"#
        );
        assert_eq!(url.expose(), "postgres://ada:secret@db/x");
    }
}
