//! Pages for people, from the binary alone: a page and its files, for a browser that has no other host to ask.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use sha2::{Digest, Sha256};

/// A script.
pub(super) const SCRIPT: &str = "text/javascript; charset=utf-8";
/// A style sheet.
pub(super) const STYLE: &str = "text/css; charset=utf-8";

/// Everything a page may load comes from this server, nothing that is written into the page could run or lay it out,
/// and nobody may frame it. Fonts are within style sheets.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A year: an address contains the hash of what is there, so it never means anything else.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// A page with the files that it loads.
pub(super) struct Page {
    html: String,
    assets: Vec<Asset>,
}

struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static [u8],
    hash: String,
}

impl Page {
    /// A page whose `html` has `{name}` wherever it loads a file, all of which are served below `root`.
    pub(super) fn new(
        root: &str,
        html: &str,
        files: impl IntoIterator<Item = (&'static str, &'static str, &'static [u8])>,
    ) -> Self {
        let assets = files.into_iter().map(|(name, content_type, content)| Asset {
            name,
            content_type,
            content,
            hash: hash(content),
        });
        let assets: Vec<Asset> = assets.collect();
        let html = assets.iter().fold(html.to_owned(), |page, asset| {
            page.replace(
                &format!("{{{}}}", asset.name),
                &format!("{root}/{}/{}", asset.hash, asset.name),
            )
        });
        Self { html, assets }
    }

    /// The page itself, with the addresses of its files.
    pub(super) fn html(&self) -> &str {
        &self.html
    }

    /// Answers with one of the files.
    pub(super) fn asset(&self, hash: &str, name: &str) -> HttpResponse {
        match self
            .assets
            .iter()
            .find(|asset| asset.name == name && asset.hash == hash)
        {
            Some(asset) => HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, asset.content_type))
                .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .insert_header((CACHE_CONTROL, FOREVER))
                .body(asset.content),
            None => HttpResponse::NotFound().finish(),
        }
    }
}

/// Answers with a page.
pub(super) fn page(html: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(html)
}

fn hash(content: &[u8]) -> String {
    let mut hash = format!("{:x}", Sha256::digest(content));
    hash.truncate(16);
    hash
}

/// Fails on a page or script of ours that names another host to load from.
#[cfg(test)]
pub(super) fn check_names_no_host(text: &str) {
    for line in text.lines() {
        let names_host = line.contains("//") && !line.trim_start().starts_with("//");
        assert!(!names_host || line.contains("http://www.w3.org/2000/svg"), "{line}");
    }
}
