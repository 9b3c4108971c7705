//! The binary, run as people run it: arguments in, text, files and exit codes out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod command;

mod audit_log;
mod check_config;
mod client;
mod conformance;
mod demo;
mod init;
mod inventory;
mod operate;
mod person;
mod serve;
