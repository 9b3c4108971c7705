//! A pushed request is used once, and where requests must be pushed no other is taken.

use super::{Passed, Stop};
use crate::authorize::{AuthorizeFault, PushedFact};

/// The request came by the way that it had to.
pub(super) struct RightlyPushed(Option<[u8; 32]>);

impl RightlyPushed {
    /// The pushed request that a code uses up.
    pub(super) const fn to_spend(&self) -> Option<[u8; 32]> {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let Some(named) = passed.request.pushed() else {
        // RFC 9126 §5, §6: by the installation's rule or the client's own.
        if passed.facts.par_required || client.settings.requests.require_par {
            return Err(AuthorizeFault::PushRequired.into());
        }
        passed.pushed = Some(RightlyPushed(None));
        return Ok(());
    };
    // RFC 9126 §4, §7.3: once. It may have been used up while this request waited for its person, in another window of theirs or
    // by whoever saw the address. Its age does not count here: it was young when it was opened.
    match passed.facts.pushed {
        PushedFact::Live { key, record } if key == named && record.client == client.id => {
            passed.pushed = Some(RightlyPushed(Some(named)));
            Ok(())
        }
        PushedFact::Spent => Err(AuthorizeFault::RequestUriSpent.into()),
        PushedFact::Live { .. } | PushedFact::Unknown | PushedFact::NotNamed => {
            Err(AuthorizeFault::RequestUriUnknown.into())
        }
    }
}
