//! Notices: whatever changes how a person can sign in is told to them, outside this browser, in the commit that changes
//! it.

use model::{Entropy, NoticeId, NoticeKind, PasskeyId, PersonId, Timestamp};

use crate::Change;

/// A notice to `person` about their account. Takes 10 bytes of entropy.
pub(crate) fn notice(person: PersonId, kind: NoticeKind, now: Timestamp, entropy: &mut Entropy) -> Change {
    Change::QueueNotice { id: NoticeId::fresh(now, entropy), person, kind, at: now, passkey: None }
}

/// A notice to `person` about one of their passkeys. Takes 10 bytes of entropy.
pub(crate) fn passkey_notice(
    person: PersonId,
    kind: NoticeKind,
    passkey: PasskeyId,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Change {
    Change::QueueNotice { id: NoticeId::fresh(now, entropy), person, kind, at: now, passkey: Some(passkey) }
}
