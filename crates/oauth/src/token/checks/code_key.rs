//! Whoever redeems the code holds the key that asked for it.

use crypto::equal;

use super::{CodePassed, Run};
use crate::{confirmation::BindingFault, token::TokenRefusal};

/// The request shows the DPoP key that the code is bound to, if it is bound to one.
pub(super) struct KeyShown {
    _made_here: (),
}

pub(super) fn check(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    // RFC 9449 §10: a code with `dpop_jkt` is worthless without that key.
    if let Some(bound) = record.dpop_jkt {
        let proof = passed.facts.proof.ok_or(TokenRefusal::Binding(BindingFault::ProofMissing))?;
        if !equal(&proof.jkt, &bound) {
            return Err(TokenRefusal::Binding(BindingFault::OtherKey).into());
        }
    }
    passed.key = Some(KeyShown { _made_here: () });
    Ok(())
}
