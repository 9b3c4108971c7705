//! The sign-in room: the journey from "who are you?" to a session, by passkey or by what a requirement still allows
//! beside it; enrolment, the session's end, passes, and what a person may do with their own passkeys and passwords.
//!
//! What it must not do: no async, I/O, clock, randomness, SQL or HTTP; and no OAuth words. It doesn't parse or verify
//! WebAuthn (that is `passkey`), it doesn't work out what a person must show (that comes as a [`Requirement`]), and it
//! doesn't decide what a page says (that is the shell, from [`Refusal`]).
//!
//! Start reading at [`journey`], the machine of steps; then [`prove`](mod@prove) and [`enrol`](mod@enrol), the two ways
//! through it by passkey, and [`fallback`], the way without; then [`serves`](mod@serves), whether what was shown is
//! enough, and [`change`], what the store is asked to write. A session opens only from a proof, and a proof exists only
//! after everything that it claims was verified:
//!
//! ```text
//! begin ─▶ options ─▶ (browser) ─▶ take ─▶ prove ─▶ session
//! begin ─▶ enrol_options ─▶ (browser) ─▶ take ─▶ enrol ─▶ passkey, and after a pass a session
//! begin ─▶ name_typed ─▶ take_password ─▶ charge ─▶ password ─▶ take_second_factor ─▶ charge_code ─▶ second_factor ─▶ session
//! ```

pub mod account;
pub mod attempt;
pub mod binding;
pub mod browser;
pub mod change;
pub mod charge;
pub mod enrol;
pub mod fallback;
pub mod holdings;
pub mod invitation;
pub mod journey;
pub mod limits;
pub mod names;
mod notices;
pub mod own_fallbacks;
pub mod pass;
pub mod password;
pub mod people;
mod proof;
pub mod prove;
pub mod recovery_code;
pub mod refusal;
pub mod requirement;
pub mod serves;
pub mod session;
pub mod setting;
pub mod signal;
pub mod step_up;
pub mod throttle;
pub mod totp;
pub mod workstation;

pub use account::{AccountFacts, LastPasskey, Removed, remove_passkey, rename_passkey};
pub use attempt::{Attempt, End, Mediation, outcome_of, pseudonym};
pub use binding::{Binding, Notice, serves_tier, session_serves};
pub use browser::BrowserBinding;
pub use change::Change;
pub use charge::{Charged, CounterRows, charge, charge_code, settle, sweep};
pub use enrol::{CreationWanted, EnrolFacts, EnrolRequest, Enrolled, enrol, enrol_options};
pub use fallback::{
    CheckPassword, CodeTyped, FallbackFacts, FallbackSignedIn, Named, PasswordChecked, PasswordReply, PasswordToCheck,
    PersonPassword, PersonTotp, TakenCode, TakenPassword, name_typed, password, second_factor, take_password,
    take_second_factor,
};
pub use holdings::{Holdings, fresh_and_strongest};
pub use invitation::{InvitationDue, InvitationState, invitation_met, not_now};
pub use journey::{EnrolBy, Journey, JourneyState, Purpose, ReturnTo, Start, Taken, begin, cancelled, take};
pub use limits::SessionLimits;
pub use names::{Label, SigninName};
pub use own_fallbacks::{
    OwnFacts, PasswordAnswers, PasswordQuestion, Stranding, add_totp, make_recovery_codes, remove_fallbacks,
    remove_password, remove_recovery_codes, remove_totp, set_password,
};
pub use pass::{EnrolmentPass, IssuedPass, PASS_PREFIX, PassIssuer, PassRequest, issue_pass, pass_hash};
pub use people::{
    NewPerson, SealedName, add_person, draft, import_password, reset_fallbacks, reset_passkeys, revoke_credential,
    set_person_groups, set_person_status,
};
pub use prove::{Asked, NameTyped, ProofFacts, SignedIn, options, prove, sign_out_by_tap};
pub use refusal::{FallbackFault, Refusal};
pub use requirement::{InvitationLimits, Requirement};
pub use serves::{Lack, Shown, serves};
pub use session::{NewSession, end_all_sessions, end_other_sessions, end_session, session_cookie_hash, sign_out};
pub use setting::Setting;
pub use signal::Signal;
pub use step_up::{StepUp, Wanted, step_up};
pub use workstation::{WORKSTATION_PREFIX, Workstation, workstation_link, workstation_mark};
