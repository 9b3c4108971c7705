//! What a telling leaves behind, for the person to see.

use model::{ClientId, PersonId, ReceiptId, Timestamp};

use crate::ClaimSet;

/// How long a receipt is kept after the last telling, in days. Longer than a year, so that a yearly look back finds it.
pub const RECEIPT_DAYS: i64 = 396;

/// One client was told one set of claims about one person, for one purpose; once or many times. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Our id.
    pub id: ReceiptId,
    /// About whom.
    pub person: PersonId,
    /// Who was told.
    pub client: ClientId,
    /// What.
    pub claims: ClaimSet,
    /// What for, in the words that the person was shown.
    pub purpose: String,
    /// When first. Durable before the answer went out.
    pub first: Timestamp,
    /// When last. Later tellings are counted in the background, and a crash may lose the last moments of counting.
    pub last: Timestamp,
    /// How many times.
    pub times: u64,
}

impl Receipt {
    /// What was told, as a person reads it: "name, e-mail address and groups". Check marks go without saying.
    #[must_use]
    pub fn claims_in_words(&self) -> String {
        in_words(self.claims)
    }
}

/// Claims as a person reads them. What merely qualifies another claim is left out where that claim is named too.
#[must_use]
pub fn in_words(claims: ClaimSet) -> String {
    use crate::Claim::{Email, EmailVerified, PhoneNumber, PhoneNumberVerified};
    let words: Vec<&str> = claims
        .iter()
        .filter(|claim| match claim {
            EmailVerified => !claims.contains(Email),
            PhoneNumberVerified => !claims.contains(PhoneNumber),
            _ => true,
        })
        .map(crate::Claim::words)
        .collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
