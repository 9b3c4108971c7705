//! Why a redirect URI can't be registered, and what to write instead.

/// The rule that a redirect URI breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectFault {
    /// Nothing there, or more than [`super::REDIRECT_BYTES_MAX`] bytes.
    #[error("it is empty or longer than 2048 bytes; register the one full address that the client uses")]
    Length,
    /// A character that a URI can't hold, or that parsers disagree about.
    #[error("it holds a space, a control character, a backslash or another character that must be percent-encoded")]
    Character,
    /// A `%` that two hexadecimal digits don't follow.
    #[error("it holds a broken percent-encoding; write % followed by two hexadecimal digits")]
    BrokenEncoding,
    /// An encoded control character, slash, backslash or percent sign where it can change meaning.
    #[error(
        "it hides a control character, a slash, a backslash or a percent sign behind percent-encoding; leave it out"
    )]
    HiddenCharacter,
    /// A wildcard.
    #[error(
        "it holds a wildcard; register each address in full, because addresses are compared character by character"
    )]
    Wildcard,
    /// A fragment.
    #[error("it holds a fragment; leave out # and what follows it")]
    Fragment,
    /// No scheme, or nothing after it.
    #[error("it is not absolute; begin with https:// and name the host and the path")]
    NotAbsolute,
    /// The scheme holds an upper-case letter, which browsers would rewrite.
    #[error("its scheme or host holds upper-case letters; write them in lower case, as browsers do")]
    UpperCase,
    /// A scheme that runs or reads something instead of going somewhere.
    #[error("its scheme runs or reads something on the person's device; use https")]
    DangerousScheme,
    /// A private-use scheme without a period.
    #[error("its private scheme has no period; use a domain that you hold, backwards, such as com.example.app")]
    SchemeWithoutPeriod,
    /// `http` to somewhere else than this device.
    #[error("it uses http to another machine; use https (http is for 127.0.0.1, [::1] and localhost only)")]
    HttpNotLoopback,
    /// A user name or password before the host.
    #[error("it holds an @ before the host; leave out the user name and the password")]
    Userinfo,
    /// The host is missing, or is none.
    #[error(
        "its host is not a plain host name or address; write it without percent-encoding and without a trailing dot"
    )]
    Host,
    /// The port is missing, or is none.
    #[error("its port is not a number from 1 to 65535 without leading zeros")]
    Port,
    /// No path.
    #[error("it has no path; register the full address, at least with a / at the end")]
    MissingPath,
    /// A `.` or `..` segment, encoded or not.
    #[error("its path holds a . or .. segment, which browsers would rewrite; write the path that results")]
    DotSegment,
}

impl RedirectFault {
    /// A stable word for machines.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Character => "character",
            Self::BrokenEncoding => "broken_encoding",
            Self::HiddenCharacter => "hidden_character",
            Self::Wildcard => "wildcard",
            Self::Fragment => "fragment",
            Self::NotAbsolute => "not_absolute",
            Self::UpperCase => "upper_case",
            Self::DangerousScheme => "dangerous_scheme",
            Self::SchemeWithoutPeriod => "scheme_without_period",
            Self::HttpNotLoopback => "http_not_loopback",
            Self::Userinfo => "userinfo",
            Self::Host => "host",
            Self::Port => "port",
            Self::MissingPath => "missing_path",
            Self::DotSegment => "dot_segment",
        }
    }
}
