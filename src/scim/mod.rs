//! SCIM 2.0 (RFC 7643, RFC 7644): people kept one by one by an identity provider. This room translates between the
//! protocol's JSON and [`Profile`](crate::domain::account::Profile)s; what becomes of them is decided elsewhere.
//!
//! What a provider sends that is not published here is ignored, because providers give up on whoever refuses it; what is
//! published and cannot be kept is refused with a reason.

mod attribute;
mod discovery;
mod error;
mod filter;
mod list;
mod patch;
mod projection;
mod resource;
mod route;
mod users;

pub use error::ScimError;
pub use route::{Action, action};
pub use users::{Answer, Call, answer};
