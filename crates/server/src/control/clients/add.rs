//! Registering one application.

use model::Secret;
use oauth::{client::ClientOrigin, client_rules};

use super::{
    ClientForm,
    build::{self, Kept},
};
use crate::{
    ambient,
    control::{
        Desk,
        wire::{Refused, Reply},
    },
};

/// What stands before a secret.
pub(super) const SECRET_WORDS: &str = "Its secret, shown only now:";

pub(super) fn add(desk: &Desk, form: &ClientForm) -> Result<Reply, Refused> {
    if form.client_secret.is_some() {
        return Err(Refused::new("secrets are made here; an application that keeps its own is imported from a file"));
    }
    let id = form.client_id.clone().unwrap_or_default();
    let reply = Reply::said(format_args!("Registered {id}."));
    Ok(match desk.add_client(form)? {
        Some(secret) => reply.telling(&id, SECRET_WORDS, secret),
        None => match build::auth_of(form) {
            Some(oauth::ClientAuth::None) | None => {
                reply.and("It has no secret: a program of this kind can't keep one, and PKCE protects it instead.")
            }
            Some(_) => reply.and("It has no secret: it proves itself with its own key."),
        },
    })
}

impl Desk {
    /// Registers an application. Where it authenticates with a secret, a fresh one is returned, and only its hash is kept.
    ///
    /// # Errors
    /// Everything that is wrong with the form, at once; or that the id is taken.
    pub fn add_client(&self, form: &ClientForm) -> Result<Option<Secret<String>>, Refused> {
        let id = form.client_id.as_deref().unwrap_or_default();
        if self.store.client(id).is_some() {
            return Err(Refused::new(format_args!("there is a client {id} already; choose another id")));
        }
        let kept = Kept { secrets: Vec::new(), origin: ClientOrigin::Operator, exceptions: Vec::new() };
        let (client, secret) = build::client(self, form, kept, ambient::now())?;
        self.commit(client_rules::addition(client))?;
        Ok(secret)
    }
}
