//! The page of coverage reports, for people who would rather look. It asks the public GraphQL API and nothing else.

mod files;

use std::sync::LazyLock;

use actix_web::{HttpResponse, web::Path};

use super::assets::{self, Page, SCRIPT, STYLE};

pub(super) use files::routes;

/// The page. It says nothing by itself: who looks signs in with a token, as everybody who asks the API.
pub(super) async fn page() -> HttpResponse {
    assets::page(PAGE.html().to_owned())
}

/// One of the page's files.
pub(super) async fn asset(path: Path<(String, String)>) -> HttpResponse {
    PAGE.asset(&path.0, &path.1)
}

/// What the page asks, each document as it is sent.
pub(super) fn documents() -> impl Iterator<Item = &'static str> {
    DOCUMENTS.split('`').skip(1).step_by(2)
}

/// A script in which nothing but documents stands between backticks.
const DOCUMENTS: &str = include_str!("reports/documents.js");

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    let files: [(&str, &str, &[u8]); 3] = [
        ("documents.js", SCRIPT, DOCUMENTS.as_bytes()),
        ("page.js", SCRIPT, include_bytes!("reports/page.js")),
        ("page.css", STYLE, include_bytes!("reports/page.css")),
    ];
    Page::new("/reports/assets", include_str!("reports/page.html"), files)
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        graphql::{preflight::QueryLimits, review::Reviewer},
        http::assets::check_names_no_host,
    };

    #[test]
    fn every_address_in_the_page_is_filled_in() {
        assert_eq!(PAGE.html().matches("/reports/assets/").count(), 3);
        assert!(!PAGE.html().contains("{page") && !PAGE.html().contains("{documents"));
    }

    #[test]
    fn no_file_names_another_host_to_load_from() {
        check_names_no_host(include_str!("reports/page.html"));
        check_names_no_host(include_str!("reports/page.js"));
        check_names_no_host(DOCUMENTS);
    }

    #[tokio::test]
    async fn every_document_of_the_page_could_be_answered() {
        let reviewer = Reviewer::new(QueryLimits::default());
        for document in documents() {
            assert!(document.starts_with("query "), "{document}");
            reviewer.review(document).await.unwrap();
        }
        assert_eq!(documents().count(), DOCUMENTS.matches(": `").count());
    }
}
