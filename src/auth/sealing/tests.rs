//! What opens, what does not, and which key files are refused.

use super::*;

const NONCE: [u8; NONCE_BYTES] = [7; NONCE_BYTES];

fn keys() -> NoteKeys {
    let line = |name: u8| NoteKey::new([0, 0, 0, name], [name; KEY_BYTES]).line();
    NoteKeys::parse(&format!("# newest first\n{}\n\n{}\n", line(2), line(1))).unwrap()
}

fn label() -> Label {
    Label {
        kind: Kind::PrivateNote,
        row: Uuid::from_u128(1),
        meeting: Uuid::from_u128(2),
        author: Some(PersonKey(3)),
        about: None,
        version: 4,
    }
}

#[test]
fn a_text_opens_with_its_own_label_only() {
    let (keys, text) = (keys(), Text::new("naïve, and \u{1f980}"));
    for id in ["k00000002", "k00000001"] {
        let sealed = keys.seal(id, &label(), &text, NONCE).unwrap();
        assert_eq!(keys.open(&label(), &sealed), Ok(text.clone()));
        let others: [fn(&mut Label); 7] = [
            |label| label.kind = Kind::SharedNote,
            |label| label.kind = Kind::AgendaItem,
            |label| label.row = Uuid::from_u128(9),
            |label| label.meeting = Uuid::from_u128(9),
            |label| label.author = None,
            |label| label.about = label.author,
            |label| label.version = 3,
        ];
        for other in others {
            let mut wrong = label();
            other(&mut wrong);
            assert_eq!(keys.open(&wrong, &sealed), Err(Unopened::Forged), "{wrong:?}");
        }
    }
}

#[test]
fn no_bit_can_be_flipped_and_nothing_cut_off() {
    let keys = keys();
    let sealed = keys.seal("k00000002", &label(), &Text::new("secret"), NONCE).unwrap();
    for bit in 0..sealed.bytes.len() * 8 {
        let mut flipped = sealed.clone();
        flipped.bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(keys.open(&label(), &flipped), Err(Unopened::Forged), "bit {bit}");
    }
    for length in 0..sealed.bytes.len() {
        let mut cut = sealed.clone();
        cut.bytes.truncate(length);
        assert_eq!(keys.open(&label(), &cut), Err(Unopened::Forged), "{length} bytes");
    }
    let mut renamed = sealed;
    "k00000001".clone_into(&mut renamed.key);
    assert_eq!(keys.open(&label(), &renamed), Err(Unopened::Forged));
    "k00000009".clone_into(&mut renamed.key);
    let unknown = Err(Unopened::UnknownKey("k00000009".to_owned()));
    assert_eq!(keys.open(&label(), &renamed), unknown);
}

#[test]
fn marks_tell_texts_apart_by_every_key() {
    let marks = |id: &str, text: &str| keys().marks(id, b"input", &Text::new(text));
    let (first, second) = (marks("k00000001", "a"), marks("k00000002", "a"));
    assert!(first[0].starts_with("k00000001:") && second[0].starts_with("k00000002:"));
    assert!(first.iter().all(|mark| second.contains(mark)), "{first:?} {second:?}");
    assert!(marks("k00000001", "b").iter().all(|mark| !first.contains(mark)));
}

#[test]
fn a_key_file_that_is_not_one_is_refused_by_its_line() {
    let line = keys().0[0].line();
    let long = STANDARD.encode([1; KEY_BYTES + 1]);
    for (text, error) in [
        (String::new(), NoteKeysError::Empty),
        ("# nothing\n".to_owned(), NoteKeysError::Empty),
        ("key".to_owned(), NoteKeysError::Line(1)),
        (format!("{line}\nk:{long}"), NoteKeysError::Line(2)),
        (format!("{line}\nk:short"), NoteKeysError::Line(2)),
        (format!("a b{line}"), NoteKeysError::Line(1)),
        (format!("{line}\n{line}"), NoteKeysError::Repeated(2)),
        (format!("{line}\nother{}", &line[9..]), NoteKeysError::Repeated(2)),
    ] {
        assert_eq!(NoteKeys::parse(&text).map(|_| ()), Err(error), "{text}");
    }
}

#[test]
fn nothing_secret_is_shown() {
    let shown = format!("{:?} {:?}", keys(), Text::new("secret"));
    assert_eq!(shown, "NoteKeys([NoteKey(k00000002), NoteKey(k00000001)]) Text(..)");
}
