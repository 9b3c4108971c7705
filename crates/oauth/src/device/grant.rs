//! What a device was promised, and what a person said to it.

use model::{Authentication, ClientId, DeviceGrantId, FamilyId, PersonId, SessionId, Timestamp};

use crate::{GrantDetails, ScopeSet, TokenKeys};

/// One device that waits for a person, or waited. Durable; both codes are kept as keyed hashes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceGrant {
    /// Our id, safe to show and to log.
    pub id: DeviceGrantId,
    /// The only client that may redeem it.
    pub client: ClientId,
    /// Keyed hash of the device code ([`device_code_hash`]).
    pub device_hash: [u8; 32],
    /// Keyed hash of the user code ([`super::UserCode::hash`]).
    pub user_hash: [u8; 32],
    /// What it asks for.
    pub scope: ScopeSet,
    /// What it asks for besides; only `resources` is filled before a person said yes.
    pub details: GrantDetails,
    /// From where it asks, coarsely, for the person who decides ("203.0.113.0/24"). At most 80 bytes.
    pub place: String,
    /// When it began.
    pub created: Timestamp,
    /// When both codes die.
    pub expires: Timestamp,
    /// Shortest time between two polls now, in seconds.
    pub interval_seconds: i64,
    /// When the device asked last.
    pub polled: Option<Timestamp>,
    /// How often people looked the code up.
    pub look_ups: u32,
    /// How far it is.
    pub state: DeviceState,
}

/// How far a device's grant is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody answered yet.
    Pending,
    /// A person said yes; the device has not fetched its tokens yet.
    Approved(DeviceApproval),
    /// A person said no.
    Denied {
        /// When.
        at: Timestamp,
    },
    /// The device fetched its tokens.
    Redeemed {
        /// The family that they belong to.
        family: FamilyId,
        /// When.
        at: Timestamp,
    },
}

impl DeviceState {
    /// The word used in storage.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved(_) => "approved",
            Self::Denied { .. } => "denied",
            Self::Redeemed { .. } => "redeemed",
        }
    }
}

/// A person's yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceApproval {
    /// Who said it.
    pub person: PersonId,
    /// In which session.
    pub session: SessionId,
    /// How they had signed in.
    pub authentication: Authentication,
    /// When.
    pub at: Timestamp,
}

/// What a person said, for [`crate::Change::AnswerDeviceGrant`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// Yes.
    Approved(DeviceApproval),
    /// No.
    Denied {
        /// When.
        at: Timestamp,
    },
}

impl From<DeviceAnswer> for DeviceState {
    fn from(answer: DeviceAnswer) -> Self {
        match answer {
            DeviceAnswer::Approved(approval) => Self::Approved(approval),
            DeviceAnswer::Denied { at } => Self::Denied { at },
        }
    }
}

/// Under which the grant of a device code is kept.
#[must_use]
pub fn device_code_hash(keys: &TokenKeys, device_code: &str) -> [u8; 32] {
    keys.kept_hash("device code", device_code.as_bytes())
}
