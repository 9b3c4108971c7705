//! The client is who it says it is.

use super::{Opening, Run, Stop};
use crate::{
    authentication::{AuthenticationStop, authenticate},
    token::{TokenNeed, TokenRefusal},
};

/// The path of this endpoint.
const TOKEN: &str = "/token";

pub(super) fn check(opening: &mut Opening<'_>) -> Run<()> {
    // OAuth 2.1 §2.4, §3.2.2: what proves a client is the same at every endpoint.
    match authenticate(&opening.request.credentials, &opening.facts.authentication(), TOKEN, opening.now) {
        Ok(client) => {
            opening.client = Some(client);
            Ok(())
        }
        Err(AuthenticationStop::Fault(fault)) => Err(TokenRefusal::Client(fault).into()),
        Err(AuthenticationStop::NeedKeys { uri }) => Err(Stop::Need(TokenNeed::ClientKeys { uri })),
    }
}
