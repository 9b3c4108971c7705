//! The example application against a stand-in for its sign-in service, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod provider;
mod visitor;

mod attacks;
mod guard;
mod signin;
mod using_tokens;
