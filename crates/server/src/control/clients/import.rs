//! Registering many applications from one file: all of them, or none.

use std::collections::HashSet;

use model::{Actor, AuditEvent, AuditKind, Detail, ExceptionId, Secret, Timestamp};
use oauth::{Change, Client, Exception, ExceptionRule, client::ClientOrigin, client_rules};
use serde_json::Value;

use super::{
    ClientForm, ExceptionForm,
    add::SECRET_WORDS,
    build::{self, Kept},
};
use crate::{
    ambient,
    control::{
        Desk,
        wire::{Refused, Reply, ToldOnce, Verdict},
    },
};

/// Longest file, in bytes.
const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most applications of one file.
const CLIENTS_MAX: usize = 5000;
/// An application may keep a secret that it has only when it is long enough not to be guessed: ours are 47 characters.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 32..=256;
/// How long an exception of a file holds when it does not say, in days.
const EXCEPTION_DAYS: i64 = 90;

/// What an import has come to.
#[derive(Default)]
struct Plan {
    changes: Vec<store::Change>,
    audit: Vec<AuditEvent>,
    told: Vec<ToldOnce>,
    lines: Vec<String>,
    remarks: Vec<String>,
    seen: HashSet<String>,
}

pub(super) fn import(desk: &Desk, text: &Secret<String>, dry_run: bool, replace: bool) -> Result<Reply, Refused> {
    let now = ambient::now();
    let mut plan = Plan::default();
    for (number, value) in (1..).zip(entries(text.expose())?) {
        let named = value.get("client_id").and_then(Value::as_str).unwrap_or("without client_id").to_owned();
        let read = serde_json::from_value::<ClientForm>(value)
            .map_err(|error| Refused::new(format_args!("this can't be read: {error}")))
            .and_then(|form| plan.take(desk, &form, replace, now));
        if let Err(refused) = read {
            let more = refused.remarks.iter().map(|remark| format!("\n  {}", remark.replace('\n', "\n  ")));
            plan.remarks.push(format!("application {number} ({named}): {}{}", refused.what, more.collect::<String>()));
        }
    }
    let count = plan.changes.len();
    if dry_run {
        let verdict = if plan.remarks.is_empty() { Verdict::Yes } else { Verdict::No };
        let mut lines = plan.remarks;
        lines.extend(plan.lines);
        lines.push(format!("{count} applications would be registered. Nothing was changed."));
        return Ok(Reply { lines, verdict, ..Reply::default() });
    }
    if !plan.remarks.is_empty() {
        return Err(Refused::because("nothing was imported: every application must be sound", plan.remarks));
    }
    desk.write(now, plan.changes, plan.audit)?;
    Ok(Reply { lines: plan.lines, told_once: plan.told, ..Reply::default() })
}

/// The applications of a file: an array, or an object with an array `clients`.
fn entries(text: &str) -> Result<Vec<Value>, Refused> {
    if text.len() > FILE_BYTES_MAX {
        return Err(Refused::new("the file is longer than 4 MiB"));
    }
    let value: Value =
        serde_json::from_str(text).map_err(|error| Refused::new(format_args!("the file is not JSON: {error}")))?;
    let list = match value {
        Value::Array(list) => list,
        Value::Object(mut object) => match object.remove("clients") {
            Some(Value::Array(list)) if object.is_empty() => list,
            Some(_) | None => return Err(Refused::new("expected an array of applications, alone or as clients")),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(Refused::new("expected an array of applications, alone or as clients"));
        }
    };
    if list.len() > CLIENTS_MAX {
        return Err(Refused::new(format_args!("the file has more than {CLIENTS_MAX} applications")));
    }
    Ok(list)
}

impl Plan {
    fn take(&mut self, desk: &Desk, form: &ClientForm, replace: bool, now: Timestamp) -> Result<(), Refused> {
        let id = form.client_id.clone().unwrap_or_default();
        if !self.seen.insert(id.clone()) {
            return Err(Refused::new("another application of this file has the same id"));
        }
        let before = desk.store.client(&id);
        match &before {
            Some(_) if !replace => {
                return Err(Refused::new("there is a client of this id already; --replace puts this one in its place"));
            }
            Some(before) if before.settings.origin != ClientOrigin::Operator => {
                return Err(Refused::new("the client of this id registered itself; remove it first"));
            }
            Some(_) | None => {}
        }
        let mut secrets = before.as_ref().map(|before| before.secrets.clone()).unwrap_or_default();
        if let Some(secret) = &form.client_secret {
            secrets = vec![own_secret(desk, secret)?];
        }
        let exceptions = match (&form.lockgate.exceptions, &before) {
            (Some(forms), _) => forms.iter().map(|form| exception(form, now)).collect::<Result<Vec<_>, _>>()?,
            (None, Some(before)) => before.settings.exceptions.clone(),
            (None, None) => Vec::new(),
        };
        for exception in form.lockgate.exceptions.iter().flatten() {
            // Read above, so the word exists.
            if let (Some(rule), Ok(id)) = (ExceptionRule::from_word(&exception.rule), model::ClientId::parse(&id)) {
                let event = AuditEvent::new(AuditKind::ExceptionAdded, Actor::Operator).client(id);
                self.audit.push(event.detail("rule", Detail::Word(rule.as_str())));
            }
        }
        let kept = Kept { secrets, origin: ClientOrigin::Operator, exceptions };
        let (client, fresh) = build::client(desk, form, kept, now)?;
        if let Some(secret) = fresh {
            self.told.push(ToldOnce { whose: id.clone(), words: format!("{id}: {SECRET_WORDS}"), secret });
        }
        match before {
            None => {
                let outcome = client_rules::addition(client);
                self.changes.extend(outcome.changes.into_iter().map(Into::into));
                self.audit.extend(outcome.audit);
                self.lines.push(format!("Registered {id}."));
            }
            Some(before) => {
                let event = AuditEvent::new(AuditKind::ClientUpdated, Actor::Operator).client(client.id.clone());
                self.audit.push(event.detail("what", Detail::Word("imported")));
                let client = Client { status: before.status, created: before.created, ..client };
                self.changes.push(Change::ReplaceClient(Box::new(client)).into());
                self.lines.push(format!("Put {id} in place of what was there."));
            }
        }
        Ok(())
    }
}

/// Differs: everywhere else secrets are ours and random. A fast keyed hash protects what can't be guessed, so a short one stays out.
fn own_secret(desk: &Desk, secret: &Secret<String>) -> Result<[u8; 32], Refused> {
    let text = secret.expose();
    if !SECRET_CHARS.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refused::new(
            "client_secret must be 32 to 256 printable characters without spaces; leave it out, and a good one is made",
        ));
    }
    Ok(desk.tokens.client_secret_hash(text))
}

/// An exception as a file asks for it, with its end.
pub(in crate::control) fn exception(form: &ExceptionForm, now: Timestamp) -> Result<Exception, Refused> {
    let rule = ExceptionRule::from_word(&form.rule).ok_or_else(|| {
        Refused::new(
            "a rule that can be relaxed is pkce_with_nonce, no_rotation or legacy_assertion_audience; no other",
        )
    })?;
    let days = form.days.unwrap_or(EXCEPTION_DAYS);
    let exception = Exception {
        id: ExceptionId::fresh(now, &mut ambient::entropy()),
        rule,
        reason: form.reason.trim().to_owned(),
        owner: form.owner.trim().to_owned(),
        approved_by: form.approved_by.trim().to_owned(),
        created: now,
        expires: now.plus_seconds(days.clamp(-1, 100_000).saturating_mul(86_400)),
    };
    exception.check().map_err(|fault| Refused::new(format_args!("this exception can't be made: {fault}")))?;
    Ok(exception)
}
