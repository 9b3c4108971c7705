//! What an operator can do: one function for each command, the same whether the command opened the store itself or asks the
//! server that has it open.
//!
//! A command makes a [`Request`]. With no server running it opens the store and calls [`run`]; otherwise it sends the request through
//! a socket in the data folder, and the server calls [`run`]. So there is one way to do each thing, and one place to read it.
//!
//! What it must not do: decide. Engines judge, the store checks preconditions; here facts are loaded, names looked up and outcomes
//! committed. It never repeats a secret: what is told once leaves in [`Reply::told_once`] and is kept nowhere.
//!
//! Who may ask: whoever may open the socket, which is the user that the server runs as (and the machine's administrator). The same user can
//! read the root key, so the socket gives nobody a power that they did not have.
//!
//! Start reading at [`Request`], then any file named in it.

#[cfg(unix)]
mod caller;
pub mod clients;
mod desk;
mod exceptions;
mod frame;
mod keys;
#[cfg(unix)]
mod listener;
pub mod people;
mod registration;
mod secret_text;
mod subjects;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;

#[cfg(unix)]
pub use caller::{CallError, call};
pub use clients::{ClientForm, ClientsRequest, ExceptionForm, ExchangeForm, OwnForm};
pub use desk::{Desk, address_hash};
pub use exceptions::ExceptionsRequest;
pub use keys::KeysRequest;
pub use people::{NewPersonForm, PeopleRequest};
pub use registration::RegistrationRequest;
pub use subjects::SubjectsRequest;
pub use wire::{Listing, Refused, Reply, Request, Response, ToldOnce, Verdict};

use crate::state::App;

/// Opens the socket, if one is wanted. One that can't be had is told to the operator, and keeps nobody from signing in: commands
/// then need the server to be stopped.
#[cfg(unix)]
pub(crate) fn start(app: &Arc<App>) -> Option<listener::Listening> {
    let path = app.settings.control.as_deref()?;
    match listener::listen(path, Desk::of_server(app.clone())) {
        Ok(listening) => Some(listening),
        Err(error) => {
            tracing::error!(socket = %path.display(), %error, "commands can't reach this server");
            None
        }
    }
}

/// There is no socket of this kind here.
#[cfg(not(unix))]
pub(crate) fn start(_: &Arc<App>) {}

/// Does what was asked. Waits for the disk, and for the processor where an RSA key is made: call it on a thread that may wait.
#[must_use]
pub fn run(desk: &Desk, request: Request) -> Response {
    let done = match request {
        Request::People(request) => people::run(desk, request),
        Request::Clients(request) => clients::run(desk, request),
        Request::Exceptions(request) => exceptions::run(desk, request),
        Request::Keys(request) => keys::run(desk, &request),
        Request::Subjects(request) => subjects::run(desk, &request),
        Request::Registration(request) => registration::run(desk, request),
        Request::WorkstationLink => Ok(desk.workstation_link()),
    };
    match done {
        Ok(reply) => Response::Done(reply),
        Err(refused) => Response::Refused(refused),
    }
}
