//! Choosing a password: what makes one too weak to be taken.
//!
//! What it must not do: hash or compare (that is `crypto::password`), open the list of breached passwords (the shell
//! looks the question up), or say anything to the person: it returns reasons, the page finds the words.
//!
//! An estimate takes up to some ten milliseconds: it belongs off the event loop, with the hashing.
//!
//! Start reading at [`judge`]. There are no rules on kinds of characters, and a password never grows old by itself:
//! NIST SP 800-63B-4 §3.1.1.2 forbids both, because both make passwords worse.

mod guess;
pub mod judge;

pub use guess::Pattern;
pub use judge::{BreachLookup, BreachVerdict, Context, Factor, Weakness, judge_new};
