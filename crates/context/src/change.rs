//! What this room asks the store to write.

use model::{ReceiptId, Timestamp};

use crate::Receipt;

/// One change, with its precondition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Keeps a receipt. Precondition: there is none of the same person, client, claims and purpose. Durable before the answer.
    InsertReceipt(Box<Receipt>),
    /// Counts one more telling. No precondition, and no hurry: it may be gathered with others and lost in a crash.
    CountReceipt {
        /// Which.
        id: ReceiptId,
        /// When.
        at: Timestamp,
    },
}
