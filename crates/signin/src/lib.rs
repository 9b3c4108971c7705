//! The sign-in room: the journey from "who are you?" to a session, enrolment, the session's end, passes, and what a
//! person may do with their own passkeys.
//!
//! What it must not do: no async, I/O, clock, randomness, SQL or HTTP; and no OAuth words. It doesn't parse or verify
//! WebAuthn (that is `passkey`), and it doesn't decide what a page says (that is the shell, from [`Refusal`]).
//!
//! Start reading at [`journey`], the machine of steps; then [`prove`](mod@prove) and [`enrol`](mod@enrol), the two ways
//! through it; then [`change`], what the store is asked to write. A session opens only from a proof, and a proof exists
//! only after a verified ceremony:
//!
//! ```text
//! begin ─▶ options ─▶ (browser) ─▶ take ─▶ prove ─▶ session
//! begin ─▶ enrol_options ─▶ (browser) ─▶ take ─▶ enrol ─▶ passkey, and after a pass a session
//! ```

pub mod account;
pub mod attempt;
pub mod binding;
pub mod browser;
pub mod change;
pub mod enrol;
pub mod journey;
pub mod limits;
pub mod names;
pub mod pass;
pub mod password;
pub mod people;
mod proof;
pub mod prove;
pub mod recovery_code;
pub mod refusal;
pub mod session;
pub mod setting;
pub mod signal;
pub mod throttle;
pub mod totp;

pub use account::{AccountFacts, LastPasskey, Removed, remove_passkey, rename_passkey};
pub use attempt::{Attempt, End, Mediation, outcome_of, pseudonym};
pub use binding::{Notice, serves_tier, session_serves};
pub use browser::BrowserBinding;
pub use change::Change;
pub use enrol::{CreationWanted, EnrolFacts, EnrolRequest, Enrolled, enrol, enrol_options};
pub use journey::{EnrolBy, Journey, JourneyState, Purpose, ReturnTo, Start, Taken, begin, cancelled, take};
pub use limits::SessionLimits;
pub use names::{Label, SigninName};
pub use pass::{EnrolmentPass, IssuedPass, PASS_PREFIX, PassIssuer, PassRequest, issue_pass, pass_hash};
pub use people::{NewPerson, SealedName, add_person, draft, reset_passkeys, set_person_status};
pub use prove::{Asked, NameTyped, ProofFacts, SignedIn, options, prove};
pub use refusal::Refusal;
pub use session::{NewSession, end_all_sessions, end_session, fresh, session_cookie_hash, sign_out};
pub use setting::Setting;
pub use signal::Signal;
