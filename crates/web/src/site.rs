//! What every page knows about where it stands.

/// The installation, as its pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The organisation whose people sign in here, as they call it.
    pub organisation: String,
    /// Host that passkeys are made for (the relying party id), shown so that people can compare it with the address bar.
    pub host: String,
    /// Whether this is the demonstration, which says so on every page.
    pub demo: bool,
}

/// Who asks for a sign-in or for consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// An application.
    Application {
        /// Its registered name.
        name: String,
        /// Host it sends people back to; empty when it runs on the person's own device.
        host: String,
    },
    /// The person's own account page.
    MyAccount,
    /// The demonstration's tour.
    Tour,
}

impl Asks {
    /// What to call it in a sentence that begins "to continue to …".
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Application { name, .. } => name,
            Self::MyAccount => "My account",
            Self::Tour => "the tour",
        }
    }

    /// The host to show beside the name; empty when there is none to show.
    #[must_use]
    pub fn host(&self) -> &str {
        match self {
            Self::Application { host, .. } => host,
            Self::MyAccount | Self::Tour => "",
        }
    }
}
