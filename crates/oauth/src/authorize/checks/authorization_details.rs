//! Single permissions of known types.

use super::{Passed, Stop};
use crate::{
    authorization_details::{AuthorizationDetails, ShownDetail},
    authorize::AuthorizeFault,
};

/// The details of the request, if it has some.
pub(crate) struct CheckedDetails(Option<AuthorizationDetails>);

impl CheckedDetails {
    pub(crate) fn json(&self) -> Option<&str> {
        self.0.as_ref().map(AuthorizationDetails::json)
    }
    pub(crate) fn count(&self) -> usize {
        self.shown().len()
    }
    pub(super) fn shown(&self) -> &[ShownDetail] {
        self.0.as_ref().map_or(&[], AuthorizationDetails::shown)
    }
    pub(super) fn is_always_asked(&self) -> bool {
        self.0.as_ref().is_some_and(AuthorizationDetails::is_always_asked)
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let details = match passed.params.value("authorization_details") {
        None => None,
        Some(text) => {
            let details = AuthorizationDetails::parse(text, passed.facts.detail_types, client);
            Some(details.map_err(AuthorizeFault::Details)?)
        }
    };
    passed.details = Some(CheckedDetails(details));
    Ok(())
}
