//! A refresh family: what one code became, and every refresh token that descends from it.

use model::{Authentication, ClientId, FamilyId, PersonId, SessionId, Timestamp};

use crate::{GrantDetails, ScopeSet, client::words};

/// One grant in use. Each redeemed code starts one, also where no refresh token is handed out: revoking it is what ends
/// the access tokens that name it in `fam`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshFamily {
    /// Our id; part of the refresh token and of access tokens.
    pub id: FamilyId,
    /// The only client that may use it.
    pub client: ClientId,
    /// On whose behalf.
    pub person: PersonId,
    /// The session it lives and dies with; none when `offline_access` was granted.
    pub session: Option<SessionId>,
    /// The ceremony behind it, for `auth_time`, `acr` and `amr`.
    pub authentication: Authentication,
    /// What was granted. Never grows.
    pub scope: ScopeSet,
    /// Everything else that was granted. Never changes.
    pub details: GrantDetails,
    /// Counts rotations, from 0.
    pub generation: u32,
    /// Keyed hash of the current refresh token's secret. Where no refresh token was handed out, of a secret that nobody holds.
    pub token_hash: [u8; 32],
    /// When the code was redeemed.
    pub created: Timestamp,
    /// When the current token was issued.
    pub rotated: Timestamp,
    /// Longest time the current token may lie unused, in seconds.
    pub idle_seconds: i64,
    /// When the family ends whatever happens; rotation never moves it.
    pub expires: Timestamp,
    /// Whether it may still be used.
    pub state: FamilyState,
}

impl RefreshFamily {
    /// Live, and past neither its idle nor its absolute end.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.state == FamilyState::Live && now < self.expires && now < self.rotated.plus_seconds(self.idle_seconds)
    }
}

/// Whether a family may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FamilyState {
    /// It may, until it expires.
    Live,
    /// Never again.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
}

words! {
    /// Why a family was ended.
    RevocationReason {
        /// Its code was presented a second time, by the right client and in every other respect correctly.
        CodeReplayed = "code_replayed",
        /// A refresh token that had already been exchanged was presented again.
        RefreshReplayed = "refresh_replayed",
        /// The person may no longer sign in.
        PersonRefused = "person_refused",
        /// The session it belonged to has ended.
        SessionEnded = "session_ended",
        /// The person took the consent back.
        ConsentWithdrawn = "consent_withdrawn",
        /// Its device's code was presented a second time, by the right client and in every other respect correctly.
        DeviceReplayed = "device_replayed",
        /// The client itself ended it (RFC 7009).
        ClientAsked = "client_asked",
        /// The person is no longer in a group that may use the client.
        GroupGone = "group_gone",
        /// The passkey behind it was removed.
        CredentialRevoked = "credential_revoked",
        /// More is demanded now than was proved for it.
        RequirementRaised = "requirement_raised",
        /// The client was disabled or removed.
        ClientDisabled = "client_disabled",
        /// Someone at the command line ended it.
        Operator = "operator",
    }
}
