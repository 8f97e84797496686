//! Cursors as clients see them: signed, and bound to the viewer and to the shape of the query.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::store::Cursor;

/// The one shape of places in the change feed: they are the same whatever types are asked for.
pub const FEED: &str = "changes";

/// Bytes of the signature that a cursor carries.
const TAG: usize = 12;

/// Signs the cursors of one viewer.
#[derive(Clone)]
pub struct CursorKey {
    key: Vec<u8>,
    principal: String,
}

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey")
    }
}

impl CursorKey {
    /// The signer for `principal` with the database's key.
    pub fn new(key: &[u8], principal: &str) -> Self {
        Self {
            key: key.to_vec(),
            principal: principal.to_owned(),
        }
    }

    /// The signer of places in the change feed. These belong to nobody: everybody who may follow the feed reads the same
    /// events in the same places, so that a place can be told to whoever listens, and outlives a change of accounts.
    pub fn of_feed(key: &[u8]) -> Self {
        // No principal is called so: theirs begin with `token:` or `operator:`.
        Self::new(key, "feed")
    }

    /// The place after the event of this number, as text.
    pub fn place(&self, seq: i64) -> String {
        self.seal(FEED, &Cursor(vec![seq.to_string()]))
    }

    /// `cursor` as text. `shape` names the list, its filters and its order: no other list takes the cursor.
    pub fn seal(&self, shape: &str, cursor: &Cursor) -> String {
        let body = serde_json::to_vec(&cursor.0).unwrap_or_default();
        let mut text = self.tag(shape, &body);
        text.extend(body);
        URL_SAFE_NO_PAD.encode(text)
    }

    /// The cursor that `text` was made from, if it was made for this viewer and this shape.
    pub fn open(&self, shape: &str, text: &str) -> Option<Cursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (tag, body) = bytes.split_at_checked(TAG)?;
        self.mac(shape, body).verify_truncated_left(tag).ok()?;
        serde_json::from_slice(body).ok().map(Cursor)
    }

    fn tag(&self, shape: &str, body: &[u8]) -> Vec<u8> {
        self.mac(shape, body).finalize().into_bytes()[..TAG].to_vec()
    }

    fn mac(&self, shape: &str, body: &[u8]) -> Hmac<Sha256> {
        // HMAC takes a key of any length; lengths keep the three parts apart.
        #[expect(clippy::expect_used, reason = "HMAC accepts keys of every length")]
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.key).expect("any key length");
        for part in [self.principal.as_bytes(), shape.as_bytes(), body] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_for_its_viewer_and_shape_only() {
        let cursor = Cursor(vec!["zoe".to_owned(), "7".to_owned()]);
        let key = CursorKey::new(b"key", "token:1");
        let text = key.seal("people", &cursor);
        assert_eq!(key.open("people", &text), Some(cursor));
        assert_eq!(key.open("below", &text), None);
        assert_eq!(CursorKey::new(b"key", "token:2").open("people", &text), None);
        assert_eq!(CursorKey::new(b"other", "token:1").open("people", &text), None);
        assert_eq!(key.open("people", &text[1..]), None);
        assert_eq!(key.open("people", ""), None);
    }
}
