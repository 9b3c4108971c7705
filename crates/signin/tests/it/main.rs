//! The sign-in room from outside: whole ceremonies with a software authenticator, against a store that keeps each change's precondition.
//! For each rule: what passes, the nearest that must not, and the race.

mod account;
mod device;
mod enrol;
mod fresh_proof;
mod passes;
mod people;
mod sign_in;
mod world;
