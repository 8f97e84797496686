//! Which media type the client wants, and what is left out of `Accept` by most of them.

use super::reply::MediaType;

/// What to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A GraphQL response of this type.
    Response(MediaType),
    /// A page for a browser.
    Page,
    /// Nothing that we have.
    Nothing,
}

/// Reads all `Accept` headers of a request.
///
/// `application/graphql-response+json` has to be named: whoever accepts anything gets `application/json`, which every
/// client can read. A page has to be named too, and preferred to both.
pub(super) fn negotiate<'a>(headers: impl Iterator<Item = &'a str>) -> Wanted {
    let mut ranges = headers
        .flat_map(|header| header.split(','))
        .filter_map(Range::read)
        .peekable();
    if ranges.peek().is_none() {
        return Wanted::Response(MediaType::Json);
    }
    let mut best = Best::default();
    for range in ranges {
        match (range.name.as_str(), range.utf8) {
            ("application/graphql-response+json", true) => best.graphql.name(range.quality),
            ("application/json", true) => best.json.name(range.quality),
            ("application/*" | "*/*", _) => best.any = best.any.max(range.quality),
            ("text/html", _) => best.page.name(range.quality),
            _ => {}
        }
    }
    best.choose()
}

/// Quality in thousandths.
type Quality = u32;

#[derive(Default)]
struct Best {
    graphql: Named,
    json: Named,
    page: Named,
    any: Quality,
}

/// The quality of a type, if it is named: a named 0 forbids what a wildcard allows.
#[derive(Default)]
struct Named(Option<Quality>);

impl Named {
    fn name(&mut self, quality: Quality) {
        self.0 = self.0.max(Some(quality));
    }

    fn alone(&self) -> Quality {
        self.0.unwrap_or(0)
    }

    fn or(&self, any: Quality) -> Quality {
        self.0.unwrap_or(any)
    }
}

impl Best {
    fn choose(&self) -> Wanted {
        let (graphql, json, page) = (self.graphql.alone(), self.json.or(self.any), self.page.alone());
        match graphql.max(json).max(page) {
            0 => Wanted::Nothing,
            best if graphql == best => Wanted::Response(MediaType::GraphQl),
            best if json == best => Wanted::Response(MediaType::Json),
            _ => Wanted::Page,
        }
    }
}

struct Range {
    name: String,
    quality: Quality,
    utf8: bool,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().filter(|name| name.contains('/'))?.to_ascii_lowercase();
        let mut range = Self {
            name,
            quality: 1000,
            utf8: true,
        };
        for parameter in parts {
            let Some((key, value)) = parameter.split_once('=') else {
                continue;
            };
            let (key, value) = (key.trim(), value.trim().trim_matches('"'));
            if key.eq_ignore_ascii_case("q") {
                range.quality = thousandths(value)?;
            } else if key.eq_ignore_ascii_case("charset") {
                range.utf8 = is_utf8(value);
            }
        }
        Some(range)
    }
}

/// Whether a `charset` names the only encoding we speak.
pub(super) fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

fn thousandths(value: &str) -> Option<Quality> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 1 || fraction.len() > 3 || !digits(whole) || !digits(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<3}")
        .parse()
        .ok()
        .filter(|quality| *quality <= 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_send() {
        const GRAPHQL: Wanted = Wanted::Response(MediaType::GraphQl);
        const JSON: Wanted = Wanted::Response(MediaType::Json);
        for (accept, wanted) in [
            ("", JSON),
            ("*/*", JSON),
            ("application/*", JSON),
            ("application/json", JSON),
            ("Application/JSON; Charset=\"UTF-8\"", JSON),
            ("application/graphql-response+json", GRAPHQL),
            ("application/graphql-response+json, application/json", GRAPHQL),
            ("application/json, application/graphql-response+json", GRAPHQL),
            ("application/json, application/graphql-response+json;q=0.9", JSON),
            (
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
                GRAPHQL,
            ),
            ("application/graphql-response+json;q=0.5, */*;q=0.1", GRAPHQL),
            ("application/graphql-response+json;q=0, */*", JSON),
            ("application/json;q=0, */*", Wanted::Nothing),
            ("application/json; charset=utf-16", Wanted::Nothing),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                Wanted::Page,
            ),
            ("text/html;q=0.8, application/json", JSON),
            ("text/html, application/json", JSON),
            ("image/png", Wanted::Nothing),
            ("text/*", Wanted::Nothing),
            ("nonsense", JSON),
            ("application/json;q=2", JSON),
        ] {
            let found = negotiate([accept].into_iter());
            assert_eq!(found, wanted, "{accept}");
        }
    }

    #[test]
    fn several_headers_are_one_list() {
        let headers = ["text/html;q=0.1", "application/graphql-response+json"];
        assert_eq!(negotiate(headers.into_iter()), Wanted::Response(MediaType::GraphQl));
    }
}
