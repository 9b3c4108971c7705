//! The grant behind the subject token may still be used, and its person may use the client that exchanges.

use super::Passed;
use crate::{
    exchange::ExchangeRefusal,
    still::{StillFacts, may},
};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let (facts, family) = (passed.facts, passed.family.ok_or(ExchangeRefusal::Incomplete)?);
    let family_client =
        facts.family_client.filter(|client| client.id == family.client).ok_or(ExchangeRefusal::SubjectWorthless)?;
    let still = StillFacts {
        client: family_client,
        person: facts.person,
        granted_by: family.person,
        scope: &family.scope,
        details: &family.details,
        authentication: &family.authentication,
        consent: facts.consent,
        credential: facts.credential,
        requirement_met: facts.requirement_met,
        session_live: family.session.is_none() || facts.session_live,
    };
    may(&still, passed.now).map_err(ExchangeRefusal::SubjectEnded)?;
    if !facts.person.is_some_and(|person| passed.client.settings.access.admits(person)) {
        return Err(ExchangeRefusal::PersonNotAdmitted);
    }
    Ok(())
}
