//! The GraphiQL page: a place to try queries, from the binary alone, for a browser that has no other host to ask.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    http::header::{HeaderValue, VARY},
    web::Path,
};

use super::assets::{self, Page, SCRIPT, STYLE};

/// The page, with `query` in its editor unless the URL or the tab has another.
pub(super) fn page(query: &str) -> HttpResponse {
    // `<` would end the element that carries this text.
    let boot = serde_json::json!({ "query": query })
        .to_string()
        .replace('<', "\\u003c");
    let mut page = assets::page(PAGE.html().replace("{boot}", &boot));
    page.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    page
}

/// One of the page's files.
pub(super) async fn asset(path: Path<(String, String)>) -> HttpResponse {
    PAGE.asset(&path.0, &path.1)
}

static PAGE: LazyLock<Page> = LazyLock::new(|| {
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
    Page::new("/graphql/assets", include_str!("graphiql/page.html"), files)
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::assets::check_names_no_host;

    #[test]
    fn every_address_in_the_page_is_filled_in() {
        assert_eq!(PAGE.html().matches("/graphql/assets/").count(), 6);
        assert!(!PAGE.html().contains("min.js}") && PAGE.html().contains("{boot}"));
    }

    #[test]
    fn no_file_names_another_host_to_load_from() {
        check_names_no_host(include_str!("graphiql/page.html"));
        check_names_no_host(include_str!("graphiql/page.js"));
    }
}
