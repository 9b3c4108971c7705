//! The person wants to sign out: they say so, or the hint was issued to them in this very session.

use super::{Agreed, Passed, Stop};
use crate::{
    logout::rp_initiated::{LogoutAnswer, LogoutNeed},
    subject::subject,
};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let facts = passed.facts;
    let Some(session) = facts.session else {
        // Nobody is signed in, so there is nothing to end and nobody to ask.
        passed.agreed = Some(Agreed::Ends(None));
        return Ok(());
    };
    let proved = match (&passed.hint, passed.client) {
        (Some(hint), Some(client)) => {
            let same_person =
                hint.sub == subject(client, session.authentication.person, facts.mapped_subject, facts.keys);
            // An ID token from before the client took part in signing out names no session. It proves the person, whose other
            // sessions somebody who found it must not end.
            let same_session = hint.sid.as_ref().is_some_and(|sid| *sid == facts.keys.sid(session.id, &client.id));
            same_person && same_session
        }
        _ => false,
    };
    passed.agreed = Some(match facts.answer {
        LogoutAnswer::Stay => Agreed::Stays,
        LogoutAnswer::SignOut => Agreed::Ends(Some(session)),
        LogoutAnswer::NotAsked if proved => Agreed::Ends(Some(session)),
        LogoutAnswer::NotAsked => {
            return Err(Stop::Ask(LogoutNeed::Confirm {
                client: passed.client.map(|client| client.id.clone()),
                client_name: passed.client.map(|client| client.name.clone()),
            }));
        }
    });
    Ok(())
}
