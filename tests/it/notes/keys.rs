//! Keys: which file starts a server, and changing them while servers go on.

use std::sync::Arc;

use serde_json::json;
use skiplevel::{
    app::{App, AppError, AppOptions, Keyring, NoteKeysFault},
    auth::sealing::NoteKey,
    config::NoteKeyFile,
};

use super::{NOW, ORGANISATION, meeting, organisation, texts, write};
use crate::support::{Options, TestDatabase, World, both, number, run};

/// A key file in a directory of its own.
struct Keys {
    directory: tempfile::TempDir,
}

impl Keys {
    fn new(key: u8) -> Self {
        let keys = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        keys.file().create(&Self::key(key)).unwrap();
        keys
    }

    fn key(number: u8) -> NoteKey {
        NoteKey::new([0, 0, 0, number], [number; 32])
    }

    fn file(&self) -> NoteKeyFile {
        NoteKeyFile::new(self.directory.path().join("notes.keys"))
    }

    fn ring(&self) -> Keyring {
        let file = self.file();
        Keyring::new(move || file.read()).unwrap()
    }

    fn options(&self) -> Options {
        Options {
            notes: self.ring(),
            ..Options::default()
        }
    }
}

/// What a server says of its keys when it starts.
async fn start(world: &World, notes: Keyring) -> Result<(), String> {
    let checked = world.app_with(notes).await.check_note_keys(world.now).await;
    checked.map_err(|error| error.to_string())
}

async fn a_wrong_key_file_ends_the_start(database: TestDatabase) {
    let keys = Keys::new(1);
    let world = World::start(Arc::new(database), NOW, &keys.options()).await;
    assert_eq!(start(&world, keys.ring()).await, Ok(()));
    assert_eq!(start(&world, Keyring::off()).await, Ok(()), "notes are off");
    let lacks =
        "the key file lacks the key k00000001, which this database is sealed with: it is the wrong file, or an old one";
    assert_eq!(start(&world, Keys::new(2).ring()).await, Err(lacks.to_owned()));
    // Another key of the same name.
    let other = Keys::new(3);
    let line = NoteKey::new([0, 0, 0, 1], [9; 32]).line();
    std::fs::write(other.file().path(), line).unwrap();
    let wrong =
        "the key file has another key k00000001 than the one that this database is sealed with: it is the wrong file";
    assert_eq!(start(&world, other.ring()).await, Err(wrong.to_owned()));
}

async fn a_key_changes_while_servers_go_on(database: TestDatabase) {
    let keys = Keys::new(1);
    let one = World::start(Arc::new(database), NOW, &keys.options()).await;
    one.import(ORGANISATION).await;
    let two = World::start(one.database.clone(), NOW, &keys.options()).await;
    let meeting = meeting(&one).await;
    let mut expected = Vec::new();
    for number in 0..45 {
        let text = format!("before {number}");
        write(&one, "ada", &meeting, "SHARED", &text).await;
        expected.push(text);
    }
    let keyed = json!({ "meetingId": meeting, "visibility": "SHARED", "text": "keyed", "idempotencyKey": "k" });
    let first = two.act("ada", "writeNote", keyed.clone()).await;
    expected.push("keyed".to_owned());
    // The operator, with a server reading and another one writing at the same time.
    keys.file().put_first(&Keys::key(2)).unwrap();
    let operator = one.app_with(keys.ring()).await;
    let rotate = operator.rotate_note_keys(one.now);
    let writing = async {
        for number in 0..10 {
            write(&two, "cyd", &meeting, "PRIVATE", &format!("during {number}")).await;
        }
    };
    let reading = async {
        for _ in 0..10 {
            assert_eq!(texts(&one, "ada", &meeting).await.len(), expected.len());
        }
    };
    let (rotated, (), ()) = tokio::join!(rotate, writing, reading);
    let rotated = rotated.unwrap();
    assert_eq!((rotated.key.as_str(), rotated.unopened.len()), ("k00000002", 0));
    // Nothing is lost, everything is sealed by the new key, and what was answered before is answered again.
    for world in [&one, &two] {
        let mut read = texts(world, "ada", &meeting).await;
        read.sort();
        expected.sort();
        assert_eq!(read, expected);
        assert_eq!(texts(world, "cyd", &meeting).await.len(), expected.len() + 10);
    }
    assert_eq!(
        one.act("ada", "writeNote", keyed.clone()).await["note"]["id"],
        first["note"]["id"]
    );
    let raw = one.database.raw().await;
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM note WHERE key_id <> 'k00000002'").await,
        0
    );
    // The old key can go; a server that has only the new one starts and reads everything.
    std::fs::remove_file(keys.file().path()).unwrap();
    keys.file().create(&Keys::key(2)).unwrap();
    let three = World::start(one.database.clone(), NOW, &keys.options()).await;
    assert_eq!(texts(&three, "ada", &meeting).await.len(), expected.len());
    let verified = three.app.verify_notes(three.now).await.unwrap();
    assert_eq!(verified.by_key, [("k00000002".to_owned(), expected.len() as u64 + 10)]);
    assert_eq!(verified.unopened, []);
}

async fn what_does_not_open_is_named_and_stops_nothing(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    write(&world, "ada", &meeting, "PRIVATE", "alpha").await;
    write(&world, "ada", &meeting, "PRIVATE", "bravo").await;
    let raw = world.database.raw().await;
    run(
        &raw,
        "UPDATE note SET key_id = 'gone' WHERE id = (SELECT MIN(id::text)::uuid FROM note)"
            .replace(
                "MIN(id::text)::uuid",
                if raw.get_database_backend() == sea_orm::DbBackend::Sqlite {
                    "MIN(id)"
                } else {
                    "MIN(id::text)::uuid"
                },
            )
            .as_str(),
    )
    .await
    .unwrap();
    let verified = world.app.verify_notes(world.now).await.unwrap();
    assert_eq!(verified.by_key, [("gone".to_owned(), 1), ("test".to_owned(), 1)]);
    let [broken] = verified.unopened.as_slice() else {
        panic!("{verified:?}")
    };
    assert_eq!(
        (broken.table, broken.reason.to_string().as_str()),
        ("note", "the key gone is not there")
    );
    let rotated = world.app.rotate_note_keys(world.now).await.unwrap();
    assert_eq!((rotated.texts, rotated.unopened.len()), (0, 1));
}

impl World {
    /// Another server over the same database with these keys, not started.
    async fn app_with(&self, notes: Keyring) -> App {
        let store = skiplevel::store::StoreOptions::new(self.database.url.clone());
        let store = skiplevel::store::Store::open(&store).await.unwrap();
        App::new(
            store,
            AppOptions {
                notes,
                ..self.app_options()
            },
        )
    }
}

#[test]
fn a_fault_of_keys_is_one_of_the_operators() {
    let fault = AppError::from(NoteKeysFault::Off);
    assert_eq!(
        fault.to_string(),
        "set SKIPLEVEL_NOTES_KEYS to the file with the note keys"
    );
    assert!(!fault.is_busy());
}

both!(
    a_wrong_key_file_ends_the_start,
    a_key_changes_while_servers_go_on,
    what_does_not_open_is_named_and_stops_nothing,
);
