//! Which changes may take away what a grant rests on. In doubt a change does: the price is one conclusion drawn anew.

use crate::Change;

/// Whether somebody who concluded "this grant holds" must look again.
pub(super) fn moves(change: &Change) -> bool {
    match change {
        Change::Signin(change) => signin_moves(change),
        Change::Oauth(change) => oauth_moves(change),
        Change::RetireKey { .. } | Change::RemoveKey { .. } | Change::WithdrawKey { .. } => true,
        Change::Context(_)
        | Change::SetAttributes { .. }
        | Change::AddNoticeAddress { .. }
        | Change::RemoveNoticeAddress { .. }
        | Change::NoticeSent { .. }
        | Change::PostponeNotice { .. }
        | Change::GiveUpNotice { .. }
        | Change::InsertKey { .. }
        | Change::ActivateKey { .. } => false,
    }
}

fn signin_moves(change: &signin::Change) -> bool {
    use signin::Change;
    // What only adds, asks, counts or tells does not.
    !matches!(
        change,
        Change::InsertPerson { .. }
            | Change::InsertSigninName { .. }
            | Change::InsertPasskey(_)
            | Change::UsePasskey { .. }
            | Change::ConfirmPasskey { .. }
            | Change::RenamePasskey { .. }
            | Change::RequireNoPasskey { .. }
            | Change::InsertPass(_)
            | Change::SpendPass { .. }
            | Change::RequirePassword { .. }
            | Change::UseTotp { .. }
            | Change::SpendRecoveryCode { .. }
            | Change::RecordInvitation { .. }
            | Change::SetCounter { .. }
            | Change::ClearCounter { .. }
            | Change::SweepCounters { .. }
            | Change::QueueNotice { .. }
            | Change::RequireSession { .. }
            | Change::InsertSession(_)
    )
}

fn oauth_moves(change: &oauth::Change) -> bool {
    use oauth::Change;
    !matches!(
        change,
        Change::InsertClient(_)
            | Change::InsertFamily(_)
            | Change::RotateFamily { .. }
            | Change::UseFamily { .. }
            | Change::SpendAssertion { .. }
            | Change::InsertDeviceGrant(_)
            | Change::CountDeviceLookUp { .. }
            | Change::AnswerDeviceGrant { .. }
            | Change::PollDeviceGrant { .. }
            | Change::RedeemDeviceGrant { .. }
            | Change::InsertInitialAccess(_)
            | Change::SpendInitialAccess { .. }
            | Change::RevokeInitialAccess { .. }
    )
}
