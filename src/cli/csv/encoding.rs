//! Encodings: the one that was named or an error, never a guess.

use std::borrow::Cow;

use clap::ValueEnum;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::domain::sync::{Code, SyncIssue};

/// How the bytes of a file are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[value(name = "utf-8")]
    Utf8,
    /// What Western European versions of Windows call ANSI.
    #[value(name = "windows-1252")]
    Windows1252,
    /// UTF-16, with or without a byte order mark; spreadsheets call it "Unicode text".
    #[value(name = "utf-16")]
    Utf16,
}

impl Encoding {
    /// The text of a file, without a byte order mark.
    pub(super) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, SyncIssue> {
        match self {
            Self::Utf8 => utf8(bytes).map(Cow::Borrowed),
            Self::Windows1252 => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0),
            Self::Utf16 => {
                let (encoding, bytes) = match bytes {
                    [0xff, 0xfe, rest @ ..] => (UTF_16LE, rest),
                    [0xfe, 0xff, rest @ ..] => (UTF_16BE, rest),
                    [0, ..] => (UTF_16BE, bytes),
                    _ => (UTF_16LE, bytes),
                };
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
                text.ok_or_else(|| SyncIssue::error(Code::NotUtf8, "the file is not UTF-16"))
            }
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, SyncIssue> {
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..]) {
        let message = "the file is not UTF-8: UTF-16 was detected; use --encoding utf-16";
        return Err(SyncIssue::error(Code::NotUtf8, message));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(text).map_err(|error| {
        let sound = &text[..error.valid_up_to()];
        let line = line_after(sound);
        let offset = bytes.len() - text.len() + sound.len();
        let message = format!(
            "the file is not UTF-8 at byte {offset}, on line {line}; if it was written on Windows, use --encoding windows-1252"
        );
        SyncIssue::error(Code::NotUtf8, message).line(line)
    })
}

/// The line on which the character after `text` stands.
fn line_after(text: &[u8]) -> u64 {
    let ends = text.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => text.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    1 + ends.count() as u64
}
