//! The nouns that three or more rooms share: ids, time, entropy, decisions, strength, people, sessions, sign-in records and the audit vocabulary.
//!
//! What it must not do: behave. There is no rule in here, no I/O, no clock and no randomness; types and their honest constructors only.
//!
//! Start reading at [`decision`], the one contract between rooms that decide and rooms that do.

pub mod audit;
pub mod decision;
pub mod entropy;
pub mod ids;
pub mod notice;
pub mod person;
pub mod record;
pub mod secret;
pub mod session;
pub mod strength;
pub mod time;

pub use audit::{Actor, AuditEvent, AuditKind, Detail};
pub use decision::{Decision, Outcome};
pub use entropy::Entropy;
pub use ids::{
    ClientId, DeviceGrantId, ExceptionId, FamilyId, GrantId, JourneyId, KeyId, NoticeId, PassId, PasskeyId, PersonId,
    ReceiptId, RequestId, SessionId,
};
pub use notice::NoticeKind;
pub use person::{Employment, Person, PersonStatus};
pub use record::{Capabilities, SigninMethod, SigninOutcome, SigninRecord, Tier};
pub use secret::Secret;
pub use session::{Authentication, Session};
pub use strength::{Amr, Strength};
pub use time::Timestamp;
