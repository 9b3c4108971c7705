//! A pushed request, as the shell keeps it for a few minutes.

use model::{ClientId, Secret, Timestamp};

use crate::authorize::PARKED_SECONDS;

/// Life of a pushed request, in seconds (RFC 9126 §2.2): enough for the browser to arrive with its name.
pub const PUSHED_SECONDS: i64 = 60;

/// Everything that the name of a pushed request stands for. Kept in memory under the name's keyed hash, in a bounded number for each
/// client and altogether.
///
/// It may be opened until it expires, more than once (people reload pages), and is used up when a code is issued for it. Whoever
/// opened it in time and is signing in may finish: so it is kept until [`Self::forget_at`], spent or not.
#[derive(Debug, Clone)]
pub struct PushedRequest {
    /// The only client that may use it.
    pub client: ClientId,
    /// Its parameters, checked when they were pushed; checked again when they are used.
    pub(crate) text: Secret<String>,
    /// Whether the client signed them.
    pub signed: bool,
    /// When it can no longer be opened.
    pub expires: Timestamp,
}

impl PushedRequest {
    /// When the shell may forget it: nobody who opened it in time can still be under way.
    #[must_use]
    pub const fn forget_at(&self) -> Timestamp {
        self.expires.plus_seconds(PARKED_SECONDS)
    }

    /// How many bytes it holds, for the shell's bound.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.expose().len() + self.client.as_str().len()
    }
}
