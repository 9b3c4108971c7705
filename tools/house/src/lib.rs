//! Checks that the house stands as `ARCHITECTURE.md` draws it: arrows between rooms, fences round libraries, the seam between deciding and doing, and a few
//! manners that no compiler knows.
//!
//! What it must not do: hold rules about sign-in or OAuth, or change anything. It reads manifests and sources, and exports nothing.
//!
//! Start reading at `tests/it/main.rs`.
