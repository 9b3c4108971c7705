//! The request would be decided once somebody is there.

use super::{Pushing, Stop};
use crate::{
    authorize::{
        self, AuthorizeFacts, AuthorizeFault, AuthorizeRequest, ConsentAnswer, IdTokenHint, Origin, PushedFact,
    },
    par::PushedRequest,
    params::{LOWERED_BYTES_MAX, RawParams},
};

/// A request that broke no rule.
pub(super) struct Checked(PushedRequest);

impl Checked {
    pub(super) fn into_record(self) -> PushedRequest {
        self.0
    }
}

pub(super) fn check(pushing: &mut Pushing<'_>) -> Result<(), Stop> {
    let lowered = pushing.lowered.take().ok_or(AuthorizeFault::Incomplete)?;
    let record = lowered.record();
    let key = pushing.name.1;
    // Read back from what is kept, so that what was checked is what will be used.
    let params = RawParams::parse_within(record.text.expose(), LOWERED_BYTES_MAX).map_err(AuthorizeFault::Malformed)?;
    let request = AuthorizeRequest::new(params, Origin::Pushed { key, signed: record.signed });
    let facts = AuthorizeFacts {
        issuer: pushing.facts.issuer,
        keys: pushing.facts.keys,
        client: Some(pushing.client),
        session: None,
        person: None,
        mapped_subject: None,
        consent: None,
        reauthenticated_after: None,
        consent_answer: ConsentAnswer::NotAsked,
        id_token_hint: IdTokenHint::NotSent,
        pushed: PushedFact::Live { key, record },
        par_required: false,
        detail_types: pushing.facts.detail_types,
        requirement_met: true,
        requirement_says: &[],
    };
    authorize::check_request(&request, &facts, pushing.now)?;
    drop(request);
    pushing.checked = Some(Checked(lowered.into_record()));
    Ok(())
}
