//! An operator agreed to exchanges of tokens from there, for there.

use super::Passed;
use crate::{
    client::{ExchangeRule, SubjectFrom},
    exchange::{ExchangeRefusal, TARGETS_MAX},
};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let (token, client) = (passed.token()?, passed.client);
    // §2.1: `audience` names a target by a word, `resource` by an address. Here both are names that a rule must hold.
    let mut wanted: Vec<&str> = Vec::new();
    for target in passed.params.values("audience").chain(passed.params.values("resource")) {
        if wanted.len() == TARGETS_MAX {
            return Err(ExchangeRefusal::Target);
        }
        if !wanted.contains(&target) {
            wanted.push(target);
        }
    }
    let about_source = |rule: &&ExchangeRule| match &rule.subject_from {
        SubjectFrom::Own => token.client_id == client.id.as_str(),
        SubjectFrom::Client(id) => token.client_id == id.as_str(),
    };
    let mut rules = client.settings.delegation.exchange.iter().filter(about_source).peekable();
    if rules.peek().is_none() {
        return Err(ExchangeRefusal::NoRule);
    }
    let allows = |rule: &&ExchangeRule| match wanted.as_slice() {
        // §2.1 leaves the target to us when nobody names one. With one agreed there is nothing to guess.
        [] => rule.audiences.len() == 1,
        wanted => wanted.iter().all(|target| rule.audiences.iter().any(|agreed| agreed == target)),
    };
    let rule = rules.find(allows).ok_or(ExchangeRefusal::Target)?;
    passed.audience = Some(match wanted.as_slice() {
        [] => rule.audiences.clone(),
        wanted => wanted.iter().map(|target| (*target).to_owned()).collect(),
    });
    passed.rule = Some(rule);
    Ok(())
}
