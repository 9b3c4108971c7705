//! The store's tests. What any engine must do is in `contract/`; the rest is about SQLite and its files.

mod first;
mod fixture;
