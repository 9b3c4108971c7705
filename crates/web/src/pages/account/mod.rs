//! My account, which answers three questions: am I safe, who can act for me, who has seen my data. One overview, and a page for each place
//! where something can be changed.

pub mod applications;
pub mod confirm;
pub mod data;
pub mod new_password;
pub mod overview;
pub mod recovery_codes;
pub mod said;
pub mod sessions;
pub mod totp;
pub mod ways;

use crate::Computer;

/// Who looks at their account, on every one of its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountHolder {
    /// The person's display name.
    pub person: String,
    /// Their sign-in name.
    pub signin_name: String,
    /// Whose computer it is.
    pub computer: Computer,
    /// What was just done, told once at the top.
    pub said: Option<said::AccountSaid>,
}

impl AccountHolder {
    /// The sign-in name, unless it says nothing that the display name doesn't.
    fn other_name(&self) -> &str {
        if self.signin_name == self.person { "" } else { &self.signin_name }
    }
}

/// How passkeys know a person (WebAuthn L3 §5.1.10), for the browser's Signal API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyUser {
    /// The relying party id.
    pub rp_id: String,
    /// The user handle, base64url.
    pub user_id: String,
    /// The name that password managers show.
    pub name: String,
    /// The display name that password managers show.
    pub display_name: String,
}

/// Where a passkey lives, as far as we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyKeeping {
    /// A password manager copies it between the person's devices.
    Synced,
    /// It says that it may be copied, but isn't yet.
    NotYetSynced,
    /// It says that it stays on one device.
    OneDevice,
    /// Its maker vouches that it stays on one device.
    OneDeviceAttested,
}

impl PasskeyKeeping {
    const fn words(self) -> &'static str {
        match self {
            Self::Synced => "Synced between your devices",
            Self::NotYetSynced => "Can sync, but has no copy yet",
            Self::OneDevice => "Stays on one device",
            Self::OneDeviceAttested => "Stays on one device, confirmed by its maker",
        }
    }

    const fn survives_a_lost_device(self) -> bool {
        match self {
            Self::Synced => true,
            Self::NotYetSynced | Self::OneDevice | Self::OneDeviceAttested => false,
        }
    }
}
