//! The GraphiQL page: a place to try queries, from the binary alone, for a browser that has no other host to ask.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
    },
    web::Path,
};
use sha2::{Digest, Sha256};

/// Everything the page may load comes from this server, nothing that is written into the page could run or lay it out,
/// and nobody may frame it. The fonts are within the style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A year: an address contains the hash of what is there, so it never means anything else.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The page, with `query` in its editor unless the URL or the tab has another.
pub(super) fn page(query: &str) -> HttpResponse {
    // `<` would end the element that carries this text.
    let boot = serde_json::json!({ "query": query })
        .to_string()
        .replace('<', "\\u003c");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept"))
        .body(PAGE.replace("{boot}", &boot))
}

/// One of the page's files.
pub(super) async fn asset(path: Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    match ASSETS.iter().find(|asset| asset.name == name && asset.hash == hash) {
        Some(asset) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, asset.content_type))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CACHE_CONTROL, FOREVER))
            .body(asset.content),
        None => HttpResponse::NotFound().finish(),
    }
}

struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static [u8],
    hash: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    const STYLE: &str = "text/css; charset=utf-8";
    let files: [(&str, &str, &[u8]); 6] = [
        (
            "react.production.min.js",
            SCRIPT,
            include_bytes!("graphiql/react.production.min.js"),
        ),
        (
            "react-dom.production.min.js",
            SCRIPT,
            include_bytes!("graphiql/react-dom.production.min.js"),
        ),
        ("graphiql.min.js", SCRIPT, include_bytes!("graphiql/graphiql.min.js")),
        ("graphiql.min.css", STYLE, include_bytes!("graphiql/graphiql.min.css")),
        ("page.js", SCRIPT, include_bytes!("graphiql/page.js")),
        ("page.css", STYLE, include_bytes!("graphiql/page.css")),
    ];
    let asset = |(name, content_type, content)| Asset {
        name,
        content_type,
        content,
        hash: hash(content),
    };
    files.into_iter().map(asset).collect()
});

static PAGE: LazyLock<String> = LazyLock::new(|| {
    ASSETS
        .iter()
        .fold(include_str!("graphiql/page.html").to_owned(), |page, asset| {
            let address = format!("/graphql/assets/{}/{}", asset.hash, asset.name);
            page.replace(&format!("{{{}}}", asset.name), &address)
        })
});

fn hash(content: &[u8]) -> String {
    let mut hash = format!("{:x}", Sha256::digest(content));
    hash.truncate(16);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_in_the_page_is_filled_in() {
        assert_eq!(PAGE.matches("/graphql/assets/").count(), ASSETS.len());
        assert!(!PAGE.contains("min.js}") && PAGE.contains("{boot}"));
    }

    #[test]
    fn no_file_names_another_host_to_load_from() {
        for line in include_str!("graphiql/page.html")
            .lines()
            .chain(include_str!("graphiql/page.js").lines())
        {
            assert!(!line.contains("//") || line.trim_start().starts_with("//"), "{line}");
        }
    }
}
