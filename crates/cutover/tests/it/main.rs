//! What must be true of any clients, drawn at random.

mod draw;
mod merge;
mod unknown;
