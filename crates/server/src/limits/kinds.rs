//! What is counted, and how much of it is allowed.
//!
//! A narrow block is one IPv4 address or one IPv6 /64: one household, or one company behind one address. A wide block is a /24 or a /48: one
//! small provider. The shares of what honest crowds do at nine in the morning are generous; those of guessing are not.

/// A door that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// A sign-in or enrolment journey is opened: it takes a place in bounded memory.
    JourneyOpened,
    /// A pushed authorization request without client authentication (RFC 9126 §2.1): likewise.
    PushedRequest,
    /// A dynamic client registration (RFC 7591 §5): it leaves a row.
    Registration,
    /// A guess at a device's user code (RFC 8628 §5.1).
    DeviceCodeGuess,
    /// A failed client authentication at the token endpoint and its siblings (RFC 6749 §2.3.1). Only failures count.
    ClientAuthenticationFailed,
    /// An address that somebody named as a client's is fetched (draft-ietf-oauth-client-id-metadata-document §6): whoever asks makes us call
    /// a stranger, and takes a place at the door outwards.
    DocumentFetched,
}

/// How much is allowed to one block: `burst` at once, and one more every `every_millis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// After how long the next is earned, in milliseconds. At least one.
    pub every_millis: u32,
}

/// What is allowed to both blocks around an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// To the IPv4 /32 or IPv6 /64.
    pub narrow: Rate,
    /// To the IPv4 /24 or IPv6 /48.
    pub wide: Rate,
}

impl LimitKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::JourneyOpened,
        Self::PushedRequest,
        Self::Registration,
        Self::DeviceCodeGuess,
        Self::ClientAuthenticationFailed,
        Self::DocumentFetched,
    ];

    /// What is allowed of it.
    #[must_use]
    pub const fn rates(self) -> Rates {
        let (narrow, wide) = match self {
            Self::JourneyOpened => ((600, 100), (2_400, 25)),
            Self::PushedRequest => ((300, 200), (1_200, 50)),
            Self::Registration => ((10, 60_000), (40, 15_000)),
            Self::DeviceCodeGuess => ((10, 30_000), (60, 5_000)),
            Self::ClientAuthenticationFailed => ((30, 2_000), (120, 500)),
            Self::DocumentFetched => ((20, 6_000), (60, 2_000)),
        };
        Rates {
            narrow: Rate { burst: narrow.0, every_millis: narrow.1 },
            wide: Rate { burst: wide.0, every_millis: wide.1 },
        }
    }
}
