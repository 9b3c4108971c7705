//! Checks that the house stands as ARCHITECTURE.md draws it. Nothing is exported; see `tests/`.
