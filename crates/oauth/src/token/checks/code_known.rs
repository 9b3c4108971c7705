//! The code was issued here, to this client.

use super::{CodePassed, Run};
use crate::{CodeFact, CodeRecord, token::TokenRefusal};

/// A code of the authenticated client, spent or not.
#[derive(Clone, Copy)]
pub(super) struct CodeOfClient<'a>(&'a CodeRecord);

impl<'a> CodeOfClient<'a> {
    pub(super) const fn record(&self) -> &'a CodeRecord {
        self.0
    }
}

pub(super) fn check(passed: &mut CodePassed<'_>) -> Run<()> {
    if passed.request.params.value("code").is_none() {
        return Err(TokenRefusal::CodeMissing.into());
    }
    let record = match passed.facts.code {
        CodeFact::Live(record) | CodeFact::Spent { record, .. } => record,
        CodeFact::Unknown => return Err(TokenRefusal::CodeUnknown.into()),
    };
    // OAuth 2.1 §4.1.3: a code works for the client it was issued to, and tells another client nothing.
    if record.client != passed.client.client().id {
        return Err(TokenRefusal::CodeOfOtherClient.into());
    }
    passed.code = Some(CodeOfClient(record));
    Ok(())
}
