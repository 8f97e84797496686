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

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    let files: [(&str, &str, &[u8]); 2] = [
        ("page.js", SCRIPT, include_bytes!("reports/page.js")),
        ("page.css", STYLE, include_bytes!("reports/page.css")),
    ];
    Page::new("/reports/assets", include_str!("reports/page.html"), files)
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::assets::check_names_no_host;

    #[test]
    fn every_address_in_the_page_is_filled_in() {
        assert_eq!(PAGE.html().matches("/reports/assets/").count(), 2);
        assert!(!PAGE.html().contains("{page"));
    }

    #[test]
    fn no_file_names_another_host_to_load_from() {
        check_names_no_host(include_str!("reports/page.html"));
        check_names_no_host(include_str!("reports/page.js"));
    }
}
