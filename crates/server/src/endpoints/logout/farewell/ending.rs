//! Which sessions a change set ends, by its changes.

use model::Session;
use signin::Change as S;
use store::{Change, ReadError, Store};

/// The sessions that live now and would be ended by `changes`.
///
/// One that another takes the place of is left out: the same person proved themselves again in the same browser, and applications go on.
pub(super) fn sessions(store: &Store, changes: &[Change]) -> Result<Vec<Session>, ReadError> {
    let mut found: Vec<Session> = Vec::new();
    for change in changes {
        if let Change::Signin(change) = change {
            found.extend(ended_by(store, change)?);
        }
    }
    found.retain(|session| !is_replaced(changes, session));
    found.sort_by_key(|session| session.id);
    found.dedup_by_key(|session| session.id);
    Ok(found)
}

fn is_replaced(changes: &[Change], session: &Session) -> bool {
    let person = session.authentication.person;
    let any = |wanted: &dyn Fn(&S) -> bool| {
        changes.iter().any(|change| if let Change::Signin(change) = change { wanted(change) } else { false })
    };
    any(&|change| matches!(change, S::EndSession { id, .. } if *id == session.id))
        && any(&|change| matches!(change, S::InsertSession(next) if next.authentication.person == person))
}

fn ended_by(store: &Store, change: &S) -> Result<Vec<Session>, ReadError> {
    match change {
        S::EndSession { id, .. } => {
            Ok(store.session_by_id(*id).map(|session| (*session).clone()).into_iter().collect())
        }
        S::EndSessionsOfPerson { person, .. } => store.sessions_of(*person),
        S::EndOtherSessions { person, keep, .. } => {
            Ok(store.sessions_of(*person)?.into_iter().filter(|session| session.id != *keep).collect())
        }
        S::EndFallbackSessions { person, keep, .. } => Ok(store
            .sessions_of(*person)?
            .into_iter()
            .filter(|session| session.authentication.passkey.is_none() && Some(session.id) != *keep)
            .collect()),
        S::EndSessionsOfPasskey { passkey, .. } => store.sessions_of_passkey(*passkey),
        S::InsertPerson { .. }
        | S::SetPersonStatus { .. }
        | S::SetPersonGroups { .. }
        | S::InsertSigninName { .. }
        | S::InsertPasskey(_)
        | S::UsePasskey { .. }
        | S::ConfirmPasskey { .. }
        | S::RenamePasskey { .. }
        | S::RemovePasskey { .. }
        | S::RequireNoPasskey { .. }
        | S::InsertPass(_)
        | S::SpendPass { .. }
        | S::SetPassword { .. }
        | S::RequirePassword { .. }
        | S::RemovePassword { .. }
        | S::SetTotp { .. }
        | S::UseTotp { .. }
        | S::RemoveTotp { .. }
        | S::ReplaceRecoveryCodes { .. }
        | S::SpendRecoveryCode { .. }
        | S::RecordInvitation { .. }
        | S::SetCounter { .. }
        | S::ClearCounter { .. }
        | S::SweepCounters { .. }
        | S::QueueNotice { .. }
        | S::RequireSession { .. }
        | S::InsertSession(_) => Ok(Vec::new()),
    }
}
