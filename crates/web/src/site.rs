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

/// Whose computer the browser runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Computer {
    /// The person's own, as far as anybody knows.
    Own,
    /// Marked by an operator as shared: no name is remembered, no password taken, and sessions are short.
    Shared {
        /// Minutes without use after which the session ends.
        idle_minutes: u32,
    },
}

impl Computer {
    /// What to tell the person; empty on their own computer.
    #[must_use]
    pub fn words(self) -> String {
        if self.is_shared() {
            format!("This is a shared computer. You'll be signed out {}.", self.idle_words())
        } else {
            String::new()
        }
    }

    /// When an unused session ends, for a sentence that goes on; empty on the person's own computer.
    pub(crate) fn idle_words(self) -> String {
        match self {
            Self::Own => String::new(),
            Self::Shared { idle_minutes } => {
                let idle = crate::words::duration(idle_minutes.saturating_mul(60).max(60));
                format!("after {idle} without use")
            }
        }
    }

    /// Whether others use it too.
    #[must_use]
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Shared { .. })
    }
}

/// How an application came to be known, as far as people should weigh it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientMark {
    /// An operator registered it.
    Registered,
    /// It registered itself (RFC 7591): its name is its own claim.
    RegisteredItself,
    /// It is known by a document at that host: its name is that host's claim.
    Document {
        /// The host of its client id.
        host: String,
    },
}

/// One value that a form posts back. Its value may be a code or a token, so it never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct HiddenField {
    /// The parameter's name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl HiddenField {
    /// The field `name` with `value`.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl std::fmt::Debug for HiddenField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HiddenField({} = …)", self.name)
    }
}
