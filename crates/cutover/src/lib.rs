//! The cut-over: what an organisation's OAuth clients are, whoever's identity provider they live in, and what is wrong with them.
//!
//! **Purpose.** One normal form for clients of every product ([`Client`]), in which each fact says where it was read and how certain
//! it is ([`Fact`]).
//!
//! **What it must not do.** Read a file, know a file format, look at a clock. Readers of formats are the room `readers`. And it must
//! never take "nobody said" for "nothing is wrong": a fact that is unknown stays unknown up to the report.
//!
//! **Where to start reading.** [`fact`](Fact), then [`Client`].

mod client;
mod defaults;
mod fact;
mod lifetime;
mod notice;
mod provider;
mod redirect;
mod source;
mod template;

pub use client::{Authentication, Client, Flow, Flows, OwnerHint, Pkce, RefreshRotation};
pub use defaults::DefaultRow;
pub use fact::{Cause, Fact, List, Value};
pub use lifetime::{Lifetime, Lifetimes};
pub use notice::{Notice, NoticeKind};
pub use oauth::ClientKind;
pub use provider::Provider;
pub use redirect::{Matching, Redirect};
pub use source::Source;
pub use template::{Piece, Template};
