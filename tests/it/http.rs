//! The HTTP door over real connections, with a toy behind it.

mod faults;
mod limits;
mod negotiation;
mod page;
mod persisted;
pub mod toy;
