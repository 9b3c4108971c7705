//! What must this person show here?
//!
//! **Purpose.** From a person's kind, privilege and groups and an access path's tier to one [`Requirement`], with the reason for each
//! part of it; and the one predicate, [`serves`], that says whether a proof is enough. Signing in, using a session again and refreshing
//! a token all ask it, so that a requirement that was raised counts everywhere at once.
//!
//! **The rule of rules.** The strictest wins, facet by facet, and rules only tighten. What is asked is the base of the tier, tightened by
//! every rule whose segments hold the person, tightened by floors that no configuration can lower. So order never matters, and adding
//! a rule never makes anything weaker. Only the base can allow something; only a dated exception takes a rule away, and never base or floor.
//!
//! **What it must not do.** Know a protocol, a page or a person's name. Read a file or a clock: the shell hands over text that was read
//! and the time. Judge whether an exception was rightly granted: it is given those that were.
//!
//! **Where to start reading.** [`Facet`], the list of all that can be asked; [`resolve()`]; [`serves`]. Then [`presets`] for policies
//! that others have written down, and [`file`](mod@file) for the configuration's shape.

mod bounds;
mod facet;
pub mod file;
mod floor;
mod name;
mod person;
mod plan;
pub mod presets;
mod proof;
mod relaxation;
mod requirement;
mod resolve;
mod rule;
mod says;
mod segment;

pub use facet::Facet;
pub use floor::floor;
pub use name::{NAME_BYTES_MAX, NotAName, RuleName, SegmentName};
pub use person::PersonFacts;
pub use plan::{Base, Policy, PolicyFault};
pub use proof::{ProofFacts, Verdict, serves};
pub use relaxation::{Exceptions, RELAXATION_SECONDS_MAX, Relaxation, RelaxedFor};
pub use requirement::{Fallbacks, Invitation, Requirement, SessionTimes};
pub use resolve::{Because, Resolved, resolve, resolve_with};
pub use rule::{Rule, Tiers};
pub use segment::Segment;
