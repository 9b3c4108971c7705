//! The sign-in room from outside: whole ceremonies with a software authenticator, against a store that keeps each change's precondition.
//! For each rule: what passes, the nearest that must not, and the race.

mod account;
mod device;
mod enrol;
mod fallback;
mod fresh_proof;
mod own_fallbacks;
mod passes;
mod people;
mod random_walk;
mod sign_in;
mod typed;
mod upgrade;
mod workstation;
mod world;
