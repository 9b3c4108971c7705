//! Identity context on demand: which attributes of a person one client is told, for which purpose, and the receipt it leaves.
//!
//! An application gets an attribute when it needs it, for a stated purpose, and nothing is copied ahead of time. What is told is the
//! **intersection** of what the grant asks for, what the client may ever be told, and what is known; each first telling leaves a receipt
//! that is durable before the answer goes out, and the person can read all of them.
//!
//! What it must not do: no async, I/O, clock, randomness, SQL or HTTP; no OAuth types (wishes come as plain data); and it never keeps a
//! value: attributes are handed in for one decision, and stored sealed by others.
//!
//! Start reading at [`claim`], the closed list of what can be told; then [`disclose`](mod@disclose), the one decision.

pub mod attributes;
pub mod change;
pub mod claim;
pub mod claim_set;
pub mod disclose;
pub mod receipt;
pub mod value;

pub use attributes::{Attributes, BadAttributes};
pub use change::Change;
pub use claim::Claim;
pub use claim_set::ClaimSet;
pub use disclose::{Disclosed, Omitted, Wanted, Why, Wish, disclose};
pub use receipt::Receipt;
pub use value::{Address, Value};
