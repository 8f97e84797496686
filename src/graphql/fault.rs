//! What goes wrong in a use case, in GraphQL's codes.

use super::error::{ErrorCode, Fault};
use crate::app::AppError;

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        let code = match &error {
            AppError::Unauthenticated => ErrorCode::Unauthenticated,
            AppError::Forbidden(_) => ErrorCode::Forbidden,
            AppError::Input(_) => ErrorCode::BadUserInput,
            AppError::IdempotencyKeyReused => ErrorCode::IdempotencyKeyReused,
            AppError::CursorExpired => ErrorCode::CursorExpired,
            AppError::Occupied(_) => ErrorCode::ServiceUnavailable,
            AppError::Store(_) if error.is_busy() => return Fault::unavailable(error),
            AppError::Store(_) | AppError::NoteKeys(_) | AppError::Broken(_) => return Fault::internal(error),
        };
        Fault::new(code, error.to_string())
    }
}
