//! Signing in without a passkey, where the requirement still allows it: a name, a password, and a code from an
//! authenticator app or a recovery code.
//!
//! What it must not do: tell whether a name exists, whether its person has a password or a second factor, or which of
//! the two was wrong. A name that nobody holds walks the same steps, costs the same work and meets the same refusal at
//! the end as a wrong password does.
//!
//! Start reading at [`steps`], what each step may do to the journey; then [`password_step`] and [`code_step`], which
//! judge; then [`granted`], where the session opens. Every guess is paid for before it is looked at: see
//! [`charge`](crate::charge).

pub mod code_step;
pub mod facts;
mod granted;
pub mod password_step;
pub mod steps;

pub use code_step::{CodeTyped, second_factor};
pub use facts::{CheckPassword, FallbackFacts, PasswordChecked, PasswordToCheck, PersonPassword, PersonTotp};
pub use granted::FallbackSignedIn;
pub use password_step::{PasswordReply, password};
pub use steps::{
    AfterPassword, Named, PasswordSoFar, TakenCode, TakenPassword, name_typed, take_password, take_second_factor,
};
