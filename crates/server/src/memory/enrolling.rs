//! Secrets of authenticator apps that are being set up: shown, and not yet confirmed. A restart voids them; the page makes a new one.

use std::sync::{Mutex, PoisonError};

use model::{Entropy, SessionId, Timestamp};
use signin::totp::TotpSecret;

use super::bounded::Bounded;

/// Secrets kept at the most. When more are shown the oldest is forgotten.
const SECRETS_MAX: usize = 4096;
/// How long one may be confirmed, in seconds.
const SECRET_SECONDS: i64 = 10 * 60;

/// All of them, by a random handle that the page posts back.
pub(crate) struct EnrollingApps {
    all: Mutex<Bounded<[u8; 16], Waiting>>,
}

struct Waiting {
    session: SessionId,
    secret: [u8; 20],
}

impl EnrollingApps {
    pub(crate) fn new() -> Self {
        Self { all: Mutex::new(Bounded::new(SECRETS_MAX)) }
    }

    /// Keeps a fresh secret for this session; its handle.
    pub(crate) fn keep(
        &self,
        session: SessionId,
        secret: &TotpSecret,
        now: Timestamp,
        entropy: &mut Entropy,
    ) -> [u8; 16] {
        let handle = entropy.take::<16>();
        let waiting = Waiting { session, secret: *secret.expose() };
        let kept = self.lock().insert(handle, waiting, now.plus_seconds(SECRET_SECONDS), now, |_| true);
        debug_assert!(kept.is_ok(), "any secret may leave");
        handle
    }

    /// The secret under this handle, if this session was shown it.
    pub(crate) fn find(&self, handle: &[u8; 16], session: SessionId, now: Timestamp) -> Option<TotpSecret> {
        let all = self.lock();
        let waiting = all.get(handle, now).filter(|waiting| waiting.session == session)?;
        Some(TotpSecret::from_bytes(waiting.secret))
    }

    /// Forgets it once it is stored.
    pub(crate) fn forget(&self, handle: &[u8; 16], now: Timestamp) {
        self.lock().remove(handle, now);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Bounded<[u8; 16], Waiting>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_for_the_session_that_was_shown_it() {
        let apps = EnrollingApps::new();
        let now = Timestamp::from_seconds(1_000);
        let (own, other) = (SessionId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
        let secret = TotpSecret::from_bytes([3; 20]);
        let handle = apps.keep(own, &secret, now, &mut Entropy::new([4; model::entropy::ENTROPY_BYTES]));
        assert_eq!(apps.find(&handle, own, now).map(|found| *found.expose()), Some([3; 20]));
        assert!(apps.find(&handle, other, now).is_none());
        assert!(apps.find(&handle, own, now.plus_seconds(SECRET_SECONDS)).is_none());
        apps.forget(&handle, now);
        assert!(apps.find(&handle, own, now).is_none());
    }
}
