//! The hint, if there is one, was issued here.

use super::{Passed, Stop};
use crate::{
    IdTokenHint,
    logout::rp_initiated::{HintClaims, LogoutFault},
};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let sent = passed.params.value("id_token_hint").is_some();
    passed.hint = match (passed.facts.hint, sent) {
        (_, false) => None,
        (IdTokenHint::Claims(claims), true) => {
            let claims = HintClaims::parse(claims).filter(|claims| claims.iss == passed.facts.issuer.url());
            Some(claims.ok_or(LogoutFault::HintInvalid)?)
        }
        (IdTokenHint::NotSent | IdTokenHint::Unverifiable, true) => return Err(LogoutFault::HintInvalid.into()),
    };
    Ok(())
}
