//! The cut-over: what an organisation's OAuth clients are, whoever's identity provider they live in, and what is wrong with them.
//!
//! **Purpose.** One normal form for clients of every product ([`Client`]), in which each fact says where it was read and how certain
//! it is ([`Fact`]); one rule for each fault ([`Rule`]), three-valued, the same that registration asks where registration has it;
//! and an [`Inventory`] of clients that were read in several places, with their findings in the order of their risk.
//!
//! **What it must not do.** Read a file, know a file format, look at a clock. Readers of formats are the room `readers`. And it must
//! never take "nobody said" for "nothing is wrong": a fact that is unknown stays unknown up to the report.
//!
//! **Where to start reading.** [`Fact`], then [`Client`]; then `rules/implicit.rs`, which is the shortest rule, and [`Inventory::of`].

mod client;
mod columns;
mod defaults;
mod fact;
mod finding;
mod hints;
mod inventory;
mod lifetime;
mod merge;
mod notice;
mod provider;
mod redirect;
mod rules;
mod shape;
mod source;
mod template;

pub use client::{Authentication, Client, Flow, Flows, OwnerHint, Pkce, RefreshRotation};
pub use columns::{Answer, Columns, columns};
pub use defaults::DefaultRow;
pub use fact::{Cause, Fact, List, Value};
pub use finding::{Confidence, Exposure, Finding, Open, Severity};
pub use hints::{ClientHint, EnvironmentHint, Hints};
pub use inventory::{Entry, Inventory};
pub use lifetime::{Lifetime, Lifetimes};
pub use merge::Disagreement;
pub use notice::{Notice, NoticeKind};
pub use oauth::ClientKind;
pub use provider::Provider;
pub use redirect::{Looseness, Matching, Reach, Redirect};
pub use rules::{Evidence, Judgement, Needs, RULES, Rule};
pub use source::Source;
pub use template::{Piece, Template};
