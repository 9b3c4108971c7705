//! Pages: view structs in, HTML out; with the stylesheet, the small ES modules and the security headers that belong to them.
//!
//! What it must not do: know the store, an engine or an HTTP framework; decide anything; hold a secret. A view struct carries exactly
//! what the page shows, in words a person can read. Nothing here reads a clock: times arrive as [`Moment`]s.
//!
//! Start reading at [`pages`], one file per page with its template of the same name in `templates/`; then [`problem`], every refusal
//! in the words that people see; then [`headers`], what every answer with a page must carry.

pub mod assets;
pub mod headers;
pub mod moment;
pub mod pages;
pub mod problem;
pub mod site;
pub mod words;

pub use assets::{Asset, asset, assets};
pub use headers::{PageKind, content_security_policy, form_action_source, security_headers};
pub use moment::{LastUsed, Moment};
pub use pages::account::{
    AccountPage, ApplicationRow, DisclosureRow, PasskeyKeeping, PasskeyRow, PasskeyUser, SessionRow, SigninRow,
};
pub use pages::consent::{ConsentMemory, ConsentPage, Destination};
pub use pages::enrol::EnrolPage;
pub use pages::error::{ErrorKind, ErrorPage};
pub use pages::sign_in::{SignInNotice, SignInPage, SignInReason};
pub use pages::signed_out::SignedOutPage;
pub use pages::tour::{Door, Fact, Step, StepAction, StepState, TourPage};
pub use problem::SigninProblem;
pub use site::{Asks, Site};
pub use words::{ScopeWords, scope_words};
