//! For whom the new token is meant: no resource that was not granted.

use super::{CodePassed, CredentialsPassed, RefreshPassed, Run};
use crate::{Client, RawParams, claims::Audience, token::TokenRefusal};

/// Most `resource` parameters of one request.
const RESOURCES_MAX: usize = 8;

/// For whom the new access token is meant.
pub(super) struct MeantFor<'a>(Audience<'a>);

impl<'a> MeantFor<'a> {
    pub(super) fn get(self) -> Audience<'a> {
        self.0
    }
}

/// RFC 8707 §2.2: what is asked for is part of what was granted; without asking it is all of that. What the client was deregistered
/// for since then is gone, whatever was once granted.
pub(crate) fn meant_for<'a>(
    params: &RawParams<'_>,
    granted: &'a [String],
    client: &'a Client,
) -> Result<Audience<'a>, TokenRefusal> {
    let own = client.audience.as_str();
    let left = || granted.iter().map(String::as_str).filter(|resource| client.may_name_resource(resource));
    if !granted.is_empty() && left().next().is_none() {
        return Err(TokenRefusal::TargetInvalid);
    }
    let mut wanted: Vec<&'a str> = Vec::new();
    for resource in params.values("resource") {
        let known = match granted {
            [] => Some(own).filter(|own| *own == resource),
            [..] => left().find(|known| *known == resource),
        };
        let known = known.ok_or(TokenRefusal::TargetInvalid)?;
        if wanted.len() == RESOURCES_MAX {
            return Err(TokenRefusal::TargetInvalid);
        }
        if !wanted.contains(&known) {
            wanted.push(known);
        }
    }
    Ok(match (wanted.as_slice(), granted) {
        ([], []) => Audience::One(own),
        ([one], _) => Audience::One(one),
        ([], [one]) => Audience::One(one),
        ([], [..]) => match left().collect::<Vec<_>>().as_slice() {
            [one] => Audience::One(one),
            several => Audience::Several(several.to_vec()),
        },
        ([..], _) => Audience::Several(wanted),
    })
}

pub(super) fn check_code(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    let client = passed.client.client();
    passed.audience = Some(MeantFor(meant_for(passed.request.params, &record.details.resources, client)?));
    Ok(())
}

pub(super) fn check_refresh(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    let client = passed.client.client();
    passed.audience = Some(MeantFor(meant_for(passed.request.params, &family.details.resources, client)?));
    Ok(())
}

/// A client that acts for itself was granted what it is registered for, and gets its own audience unless it asks.
pub(super) fn check_credentials(passed: &mut CredentialsPassed<'_>) -> Run<()> {
    let client = passed.client.client();
    let params = passed.request.params;
    let registered = &client.settings.requests.resources;
    let asks_own = params.values("resource").all(|resource| resource == client.audience);
    let granted: &[String] = if asks_own { &[] } else { registered };
    passed.audience = Some(MeantFor(meant_for(params, granted, client)?));
    Ok(())
}
