//! The frame of every mutation: idempotency, one write transaction, mistakes that a user can mend.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{AppError, Session, session::Turn};
use crate::store::{IdempotencyKey, Remembered};

/// Something a user can mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// What kind of mistake.
    pub code: MistakeCode,
    /// What is wrong and how to mend it.
    pub message: String,
    /// Where in the input, from `input` down.
    pub path: Vec<String>,
}

impl Mistake {
    /// A mistake in `input.field`.
    pub fn at(field: &str, code: MistakeCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            path: vec!["input".to_owned(), field.to_owned()],
        }
    }

    /// Nobody and nothing in reach has the id in `input.field`: the same words whether it exists or not.
    pub fn not_found(field: &str) -> Self {
        Self::at(
            field,
            MistakeCode::NotFound,
            format!("nothing in your reach has this {field}"),
        )
    }
}

/// The kinds of mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MistakeCode {
    /// Something is missing.
    Required,
    /// A text is too long.
    TooLong,
    /// A value does not fit.
    Invalid,
    /// Nothing in reach has this id.
    NotFound,
    /// The lines would form a ring.
    Cycle,
    /// It would contradict something else that stands.
    Conflict,
    /// Not for this person at all.
    NotAllowed,
    /// A limit is reached.
    Limit,
    /// The load cap: somebody has at most one skip-level a week and 28 days between any two.
    LoadCap,
    /// The present status does not allow the step.
    WrongStatus,
    /// Nobody else can be suggested this week.
    NobodyLeft,
    /// The server has no key to seal with.
    NotesOff,
}

/// The answer of a mutation, or what is to be mended.
pub type Outcome<T> = Result<T, Vec<Mistake>>;

/// The input of a mutation with its idempotency key.
#[derive(Clone, Debug)]
pub struct Keyed<T> {
    /// The client's key.
    pub key: Option<String>,
    /// The input without it.
    pub input: T,
}

/// A turn that has begun, or the answer that was given before under the same key.
pub(super) enum Begun<T> {
    Turn(Box<Open>),
    Replayed(Outcome<T>),
}

/// A write transaction under an idempotency key.
pub(super) struct Open {
    pub(super) turn: Turn,
    operation: &'static str,
    key: Option<String>,
    input_hash: String,
}

impl<T> Keyed<T> {
    /// Whether the client's key is one.
    pub(super) fn check(&self) -> Result<(), AppError> {
        if self.key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 128) {
            return Err(AppError::Input(
                "idempotencyKey should have 1 to 128 characters".to_owned(),
            ));
        }
        Ok(())
    }
}

impl Session {
    /// Takes the writer's turn for `operation`, unless the key has its answer already.
    pub(super) async fn begin<I: Serialize, T: DeserializeOwned>(
        &self,
        operation: &'static str,
        keyed: &Keyed<I>,
    ) -> Result<Begun<T>, AppError> {
        keyed.check()?;
        let input = serde_json::to_vec(&keyed.input).map_err(|_| AppError::Broken("an input cannot be hashed"))?;
        let input_hash = URL_SAFE_NO_PAD.encode(Sha256::digest(input));
        let turn = self.turn().await?;
        self.recalled(turn, operation, keyed.key.as_ref(), vec![input_hash])
            .await
    }

    /// The turn, unless the key has its answer already. The input has several hashes where several keys make them; the
    /// first one is kept.
    pub(super) async fn recalled<T: DeserializeOwned>(
        &self,
        turn: Turn,
        operation: &'static str,
        key: Option<&String>,
        input_hashes: Vec<String>,
    ) -> Result<Begun<T>, AppError> {
        if let Some(key) = key {
            let id = IdempotencyKey {
                principal: self.principal(),
                operation,
                key,
            };
            if let Some(Remembered {
                input_hash: before,
                answer,
            }) = turn.write.recall(&id, self.now()).await?
            {
                turn.write.rollback().await?;
                if !input_hashes.contains(&before) {
                    return Err(AppError::IdempotencyKeyReused);
                }
                let answer = serde_json::from_str(&answer).map_err(|_| AppError::Broken("an answer cannot be read"))?;
                return Ok(Begun::Replayed(answer));
            }
        }
        Ok(Begun::Turn(Box::new(Open {
            turn,
            operation,
            key: key.cloned(),
            input_hash: input_hashes.into_iter().next().unwrap_or_default(),
        })))
    }

    /// Ends the turn: keeps the answer under its key and commits. Mistakes leave nothing but the answer behind.
    pub(super) async fn finish<T: Serialize>(&self, open: Open, outcome: Outcome<T>) -> Result<Outcome<T>, AppError> {
        if let Some(key) = &open.key {
            let id = IdempotencyKey {
                principal: self.principal(),
                operation: open.operation,
                key,
            };
            let answer = serde_json::to_string(&outcome).map_err(|_| AppError::Broken("an answer cannot be kept"))?;
            open.turn
                .write
                .remember(
                    &id,
                    Remembered {
                        input_hash: open.input_hash,
                        answer,
                    },
                    self.now(),
                )
                .await?;
        }
        open.turn.write.commit().await?;
        Ok(outcome)
    }
}

/// `begin`, the body, `finish`: a mutation in three lines.
macro_rules! act {
    ($session:expr, $operation:literal, $keyed:expr, |$turn:ident| $body:expr) => {{
        let open = match $session.begin($operation, $keyed).await? {
            $crate::app::act::Begun::Replayed(answer) => return Ok(answer),
            $crate::app::act::Begun::Turn(open) => *open,
        };
        let outcome = {
            let $turn = &open.turn;
            $body
        };
        $session.finish(open, outcome).await
    }};
}
pub(super) use act;
