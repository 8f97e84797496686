//! The monthly digest: what is fit to be mailed, and so names nobody.

use maud::html as markup;

use super::{Document, html, percent};

/// One month of a report on its last day, made for anybody's eyes, as one HTML file.
pub fn digest(document: &Document) -> String {
    let months = document.trend.iter().rev();
    let told: Vec<_> = months.take(2).collect();
    let month = told.first().map(|month| month.month.format("%B %Y").to_string());
    let held = told.first().and_then(|month| month.held);
    let body = markup! {
        @if let Some(held) = held {
            p {
                (held) " skip-level 1:1s were held this month. "
                @if let [this, before] = told[..] {
                    "Of everybody who could be heard, " (percent(this.share)) " have been; a month ago it was " (percent(before.share))
                    ". The same meetings could have reached " (percent(this.possible)) "."
                }
            }
        }
        (html::headline(document))
        (html::heat(document))
        (html::trend(document))
        (html::load(document))
    };
    let title = format!("Who was heard in {}", month.unwrap_or_default());
    html::page(&title, &body)
}
