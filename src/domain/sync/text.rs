//! Texts as they are kept: trimmed, composed (NFC), without control characters.

use unicode_normalization::UnicodeNormalization;

use super::{
    issue::{Code, SyncIssue},
    run::Field,
};

/// How long a text may be, in characters.
const MAX_CHARS: usize = 200;
/// How long a title may be, in characters.
const MAX_TITLE_CHARS: usize = 500;

/// Reads the texts of one row and collects what there is to say about them.
pub(super) struct Texts<'a> {
    /// Where findings go.
    pub(super) issues: &'a mut Vec<SyncIssue>,
}

impl Texts<'_> {
    /// A text that people read, and that a spreadsheet might take for a formula.
    pub(super) fn prose(&mut self, field: &'static str, raw: &Field) -> Field {
        let text = self.plain(field, raw);
        if let Field::Given(text) = &text
            && text.starts_with(['=', '+', '-', '@'])
        {
            let message = format!("{field} starts like a formula of a spreadsheet; it is kept as it is");
            self.issues
                .push(SyncIssue::warning(Code::FormulaLike, message).field(field).value(text));
        }
        text
    }

    /// A text; blank means cleared, one that cannot be kept is reported and means absent.
    pub(super) fn plain(&mut self, field: &'static str, raw: &Field) -> Field {
        let Field::Given(raw) = raw else { return raw.clone() };
        if raw.contains('\0') {
            let message = format!("{field} contains a NUL character");
            self.issues
                .push(SyncIssue::error(Code::ControlCharacter, message).field(field));
            return Field::Absent;
        }
        let text = self.without_controls(field, raw);
        let text = text.trim_matches(is_blank);
        let max = if field == "title" { MAX_TITLE_CHARS } else { MAX_CHARS };
        if text.len() > max && text.chars().count() > max {
            let message = format!("{field} is longer than {max} characters");
            self.issues
                .push(SyncIssue::error(Code::FieldTooLong, message).field(field));
            return Field::Absent;
        }
        if text.is_empty() {
            Field::Cleared
        } else {
            Field::Given(text.to_owned())
        }
    }

    fn without_controls(&mut self, field: &'static str, raw: &str) -> String {
        if !raw.is_ascii() || raw.contains(|c: char| c.is_control()) {
            let lines = raw.replace("\r\n", "\n");
            let dropped = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
            if lines.trim_matches(is_blank).contains(dropped) {
                let message = format!("{field} contains control characters; they are dropped");
                self.issues
                    .push(SyncIssue::warning(Code::ControlCharacter, message).field(field));
            }
            lines.chars().filter(|c| !dropped(*c)).nfc().collect()
        } else {
            raw.to_owned()
        }
    }
}

/// A text of the field `field` as imports keep it, none if it is blank; the error says why it cannot be kept.
pub fn kept_text(field: &'static str, raw: &str) -> Result<Option<String>, SyncIssue> {
    let mut issues = Vec::new();
    let mut texts = Texts { issues: &mut issues };
    let text = texts.plain(field, &Field::Given(raw.to_owned()));
    match issues.into_iter().find(SyncIssue::is_error) {
        Some(error) => Err(error),
        None => Ok(text.given().cloned()),
    }
}

/// White space, and what looks like nothing: a name made of it is no name.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}')
}

/// How an e-mail address is compared.
pub(super) fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// Whether mail could be sent to it: one `@` between two parts without blanks.
pub fn is_email(text: &str) -> bool {
    let sound = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.contains(|c: char| {
                c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | ';' | '<' | '>' | '"')
            })
    };
    text.split_once('@')
        .is_some_and(|(local, domain)| sound(local) && sound(domain))
}
