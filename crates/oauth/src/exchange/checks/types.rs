//! Access tokens go in, an access token comes out.

use super::{Passed, Types};
use crate::exchange::{ACCESS_TOKEN_TYPE, ExchangeRefusal};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let params = passed.params;
    params.value("subject_token").ok_or(ExchangeRefusal::SubjectMissing)?;
    // §2.1: subject_token_type is required; there is no guessing.
    if params.value("subject_token_type") != Some(ACCESS_TOKEN_TYPE) {
        return Err(ExchangeRefusal::TypeUnsupported("subject_token_type"));
    }
    if !matches!(params.value("requested_token_type"), None | Some(ACCESS_TOKEN_TYPE)) {
        return Err(ExchangeRefusal::TypeUnsupported("requested_token_type"));
    }
    match (params.value("actor_token"), params.value("actor_token_type")) {
        (None, None) | (Some(_), Some(ACCESS_TOKEN_TYPE)) => {}
        (Some(_), Some(_)) => return Err(ExchangeRefusal::TypeUnsupported("actor_token_type")),
        (Some(_), None) | (None, Some(_)) => return Err(ExchangeRefusal::ActorIncomplete),
    }
    passed.types = Some(Types { _made_here: () });
    Ok(())
}
