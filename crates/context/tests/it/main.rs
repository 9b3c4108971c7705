//! The room from outside.

mod attributes;
mod disclose;
mod fixture;
mod matrix;
mod properties;
mod words;
