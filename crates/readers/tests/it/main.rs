//! Tests of the readers from outside.

mod labels;
