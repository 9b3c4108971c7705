//! Readers of what identity providers say about their clients, and writers of what we say about them.
//!
//! **Purpose.** From folders, files and archives to [`cutover::Client`]s: one file for each foreign format, under [`config`].
//!
//! **What it must not do.** Open a socket, write to what it scans, or follow a link out of it. Judge: whether something is wrong is
//! for `cutover`. Keep a secret: of a secret a reader keeps whether there is one, and messages name places, not values.
//!
//! **Where to start reading.** [`scan`], then [`config::Reader`], then a short reader such as `config/okta.rs`. To add one, follow
//! `docs/howto/add-a-reader.md`.

pub mod config;
mod defaults;
mod input;
pub mod map;
pub mod report;
mod scan;
pub mod tree;
mod walk;

pub use defaults::DEFAULTS;
pub use input::{FILE_BYTES_MAX, NotText, decode};
pub use scan::{FileCounts, Progress, Scan, ScanError, scan};
