//! The sign-in room: the journey from "who are you?" to a session, enrolment, the session's end, passes, and what a person may do with their own passkeys.
//!
//! What it must not do: no async, I/O, clock, randomness, SQL or HTTP; and no OAuth words. It doesn't parse or verify WebAuthn (that is `passkey`),
//! and it doesn't decide what a page says (that is the shell, from [`Refusal`]).
//!
//! Start reading at [`journey`], the machine of steps; then [`change`], what it asks the store to write.

pub mod browser;
pub mod change;
pub mod journey;
pub mod limits;
pub mod pass;
pub mod refusal;

pub use browser::BrowserBinding;
pub use change::Change;
pub use journey::{EnrolBy, Journey, JourneyState, Purpose, ReturnTo, Start, Taken, begin, cancelled, take};
pub use pass::EnrolmentPass;
pub use refusal::Refusal;
