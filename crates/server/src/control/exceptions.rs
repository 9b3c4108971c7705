//! Rules that are relaxed for one application, for a while.
//!
//! Two names stand on each: who answers for it, and who agreed. The command records both and asks that they differ; it can't know
//! that the second person really agreed.

use model::{Actor, AuditEvent, AuditKind, ClientId, Detail};
use oauth::{Change, Client, Exception};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Desk, ExceptionForm,
    clients::import::exception,
    desk::written,
    wire::{Refused, Reply},
};
use crate::ambient;

/// Most exceptions of one client.
const EXCEPTIONS_MAX: usize = 16;

/// What can be asked about exceptions.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExceptionsRequest {
    /// Relax a rule.
    Add {
        /// For which client.
        client: String,
        /// Which rule, why, for how long, and who.
        exception: ExceptionForm,
    },
    /// List all, those that are over too.
    List,
    /// End one before its time.
    End {
        /// At which client.
        client: String,
        /// Its id, as listed.
        id: String,
    },
}

pub(super) fn run(desk: &Desk, request: ExceptionsRequest) -> Result<Reply, Refused> {
    match request {
        ExceptionsRequest::Add { client, exception } => add(desk, &client, &exception),
        ExceptionsRequest::List => Ok(list(desk)),
        ExceptionsRequest::End { client, id } => end(desk, &client, &id),
    }
}

fn add(desk: &Desk, id: &str, form: &ExceptionForm) -> Result<Reply, Refused> {
    let mut client = Client::clone(&*desk.client(id)?);
    let now = ambient::now();
    let exception = exception(form, now)?;
    let (rule, ends) = (exception.rule, written(exception.expires));
    // What is long over tells nobody anything but the audit log, which has it.
    client.settings.exceptions.retain(|kept| kept.is_live(now));
    if client.settings.exceptions.len() == EXCEPTIONS_MAX {
        return Err(Refused::new(format_args!("{id} has {EXCEPTIONS_MAX} exceptions; end one first")));
    }
    client.settings.exceptions.push(exception);
    replace(desk, client, AuditKind::ExceptionAdded, rule.as_str())?;
    Ok(Reply::said(format_args!("{} is relaxed for {id} until {ends}.", rule.as_str())).and(format_args!(
        "{} answers for it, and {} agreed: nobody but you knows whether that is so.",
        form.owner.trim(),
        form.approved_by.trim()
    )))
}

fn list(desk: &Desk) -> Reply {
    let now = ambient::now();
    let mut all: Vec<(ClientId, Exception)> = desk
        .store
        .clients()
        .values()
        .flat_map(|client| client.settings.exceptions.iter().map(|exception| (client.id.clone(), exception.clone())))
        .collect();
    all.sort_by(|a, b| (a.1.expires, &a.0).cmp(&(b.1.expires, &b.0)));
    let rows = all
        .into_iter()
        .map(|(client, exception)| {
            vec![
                json!(client.as_str()),
                json!(exception.rule.as_str()),
                json!(exception.is_live(now)),
                json!(written(exception.expires)),
                json!(exception.owner),
                json!(exception.approved_by),
                json!(exception.reason),
                json!(exception.id.to_string()),
            ]
        })
        .collect();
    Reply::table(&["client", "rule", "live", "ends", "owner", "approved_by", "reason", "id"], rows)
}

fn end(desk: &Desk, client_id: &str, id: &str) -> Result<Reply, Refused> {
    let mut client = Client::clone(&*desk.client(client_id)?);
    let found = client.settings.exceptions.iter().position(|exception| exception.id.to_string() == id);
    let Some(at) = found else {
        return Err(Refused::new(format_args!(
            "{client_id} has no exception {id}; `lockgate exception list` shows what there is"
        )));
    };
    let rule = client.settings.exceptions.remove(at).rule;
    replace(desk, client, AuditKind::ExceptionEnded, rule.as_str())?;
    Ok(Reply::said(format_args!("{} holds for {client_id} again, from now on.", rule.as_str())))
}

fn replace(desk: &Desk, client: Client, kind: AuditKind, rule: &'static str) -> Result<(), Refused> {
    let event = AuditEvent::new(kind, Actor::Operator).client(client.id.clone()).detail("rule", Detail::Word(rule));
    desk.write(ambient::now(), vec![Change::ReplaceClient(Box::new(client)).into()], vec![event])
}
