//! A client's own subject can't be taken for a person's.

use super::{CredentialsPassed, Run};
use crate::{client::looks_like_a_person, token::TokenRefusal};

/// `sub` of the new token is the client's id, and no person's `sub` can be the same.
pub(super) struct OwnSubject {
    _made_here: (),
}

pub(super) fn check(passed: &mut CredentialsPassed<'_>) -> Run<()> {
    // OAuth 2.1 §7.4, RFC 9700 §4.15: registration refuses such ids; a client whose id says what it is gets no token here either.
    if looks_like_a_person(passed.client.client().id.as_str()) {
        return Err(TokenRefusal::SubjectLikePerson.into());
    }
    passed.subject = Some(OwnSubject { _made_here: () });
    Ok(())
}
