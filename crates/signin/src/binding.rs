//! Binding strength: how strong the proof was that let a passkey be enrolled, and what follows from it.
//!
//! | how it was enrolled | binding |
//! |---|---|
//! | pass issued at this machine's command line | `passkey`: whoever sits there can already write the store and its keys, and vouches for the person |
//! | pass issued by an administrator, sent to the person | `password`: a link is one factor that can be read, forwarded and phished |
//! | from a session | the strength of that session's proof |
//!
//! The strength of a sign-in and the binding of the passkey are kept apart: a passkey is as strong as it is whoever bound it, but a weak
//! binding means that it may be the wrong person's. So it opens the standard tier only, until a user-verified use and a notice to the
//! person's known addresses have both passed without protest (design §4).

use model::{Strength, Tier};
use passkey::Passkey;

/// Whether the person was told of the passkey and had time to object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Not sent, or its time to object has not passed.
    Outstanding,
    /// Sent, and nobody objected in time.
    Passed,
}

/// Whether a passkey may be used for access paths of this tier.
#[must_use]
pub fn serves_tier(passkey: &Passkey, tier: Tier, notice: Notice) -> bool {
    match tier {
        Tier::Standard => true,
        Tier::Sensitive | Tier::Critical => {
            let well_bound = passkey.binding > Strength::Password && passkey.user_verified;
            // Every accepted assertion is user-verified, so a use is a user-verified use.
            let proved_since = passkey.last_used.is_some() && notice == Notice::Passed;
            well_bound || proved_since
        }
    }
}
