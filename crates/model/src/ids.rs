//! A type for each thing's id, so that two ids can't change places in a call.

use std::{fmt, str::FromStr, sync::Arc};

use uuid::Uuid;

use crate::{Entropy, Timestamp};

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh, time-ordered id (UUID version 7, RFC 9562 §5.7).
            #[must_use]
            pub fn fresh(now: Timestamp, entropy: &mut Entropy) -> Self {
                let millis = u64::try_from(now.millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &entropy.take::<10>()).into_uuid())
            }
            /// From the 16 bytes that storage and tokens carry.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self { Self(Uuid::from_bytes(bytes)) }
            /// The 16 bytes that storage and tokens carry.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] { self.0.as_bytes() }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!(stringify!($name), "({})"), self.0) }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> { Uuid::try_parse(text).map(Self).map_err(|_| NotAnId) }
        }
    )+};
}

uuid_ids! {
    /// A person.
    PersonId,
    /// A stored passkey (our row; not the WebAuthn credential id).
    PasskeyId,
    /// A signed-in session.
    SessionId,
    /// What one person allowed one client.
    GrantId,
    /// A refresh family: every refresh token that descends from one code.
    FamilyId,
    /// One journey through sign-in or enrolment, in one browser.
    JourneyId,
    /// A pass that lets one person enrol.
    PassId,
    /// A signing or sealing key.
    KeyId,
    /// One rule relaxed for one client or person.
    ExceptionId,
    /// What a disclosure leaves behind for the person to see.
    ReceiptId,
    /// One device that waits for a person to let it in.
    DeviceGrantId,
    /// A notice to a person, about their own account.
    NoticeId,
    /// One request, for joining what the caller saw with what the operator logs.
    RequestId,
}

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an id of 32 hexadecimal digits")
    }
}
impl std::error::Error for NotAnId {}

/// Longest client id accepted, in bytes.
pub const CLIENT_ID_BYTES_MAX: usize = 128;

/// An OAuth client's id (RFC 6749 §2.2): 1 to 128 visible ASCII characters. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(Arc<str>);

impl ClientId {
    /// Checks the characters and the length.
    ///
    /// # Errors
    /// When `text` is empty, longer than [`CLIENT_ID_BYTES_MAX`] or holds anything but VSCHAR without the space (RFC 6749 appendix A.1).
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let fits = !text.is_empty() && text.len() <= CLIENT_ID_BYTES_MAX;
        if fits && text.bytes().all(|b| b.is_ascii_graphic()) { Ok(Self(text.into())) } else { Err(NotAnId) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", self.0)
    }
}
impl std::borrow::Borrow<str> for ClientId {
    fn borrow(&self) -> &str {
        &self.0
    }
}
