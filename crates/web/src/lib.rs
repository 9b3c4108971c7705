//! Pages: view structs in, HTML out; with the stylesheet, the small ES modules and the security headers that belong to them.
//!
//! What it must not do: know the store, an engine or an HTTP framework; decide anything; hold a secret longer than the one page that shows it
//! once. A view struct carries exactly what the page shows, in words a person can read. Nothing here reads a clock: times arrive as
//! [`Moment`]s.
//!
//! Start reading at [`pages`], one file per page with its template of the same name in `templates/`; then [`problem`], every refusal
//! in the words that people see; then [`headers`], what every answer with a page must carry.

pub mod assets;
pub mod headers;
pub mod moment;
pub mod pages;
pub mod password_flaw;
pub mod problem;
pub mod site;
pub mod words;

pub use assets::{Asset, asset, assets};
pub use headers::{PageKind, content_security_policy, form_action_source, security_headers};
pub use moment::{LastUsed, Moment};
pub use pages::account::{
    AccountHolder, PasskeyKeeping, PasskeyUser,
    applications::{ApplicationRow, ApplicationsPage},
    confirm::{ConfirmPage, StrandingAct},
    data::{DataPage, ReceiptRow},
    new_password::NewPasswordPage,
    overview::{AccountPage, SigninRow, WaysHeld},
    recovery_codes::{RecoveryCodesPage, ShownCodes},
    said::AccountSaid,
    sessions::{SessionRow, SessionsPage},
    totp::{QrCode, ShownSecret, TotpPage},
    ways::{Fallback, PasskeyRow, PasskeyStanding, WaysPage},
};
pub use pages::choose::ChooserPage;
pub use pages::consent::{ConsentMemory, ConsentPage, Destination, DetailWords};
pub use pages::device::{DeviceAnswered, DeviceCodePage, DeviceConfirmPage, DeviceDonePage, DeviceProblem};
pub use pages::enrol::EnrolPage;
pub use pages::error::{ErrorKind, ErrorPage};
pub use pages::form_post::FormPostPage;
pub use pages::invitation::InvitationPage;
pub use pages::password::PasswordPage;
pub use pages::second_factor::{OtherFactor, SecondFactor, SecondFactorPage};
pub use pages::sign_in::{PasswordOffer, SignInNotice, SignInPage, SignInReason};
pub use pages::sign_out::SignOutPage;
pub use pages::signed_out::SignedOutPage;
pub use pages::tour::{Door, Fact, Step, StepAction, StepState, TourPage};
pub use pages::wait::{WaitPage, WaitReason};
pub use pages::workstation::WorkstationPage;
pub use password_flaw::PasswordFlaw;
pub use problem::SigninProblem;
pub use site::{Asks, ClientMark, Computer, HiddenField, Site};
pub use words::{ScopeWords, scope_words, tells_about_person};
