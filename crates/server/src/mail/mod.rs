//! Notices by mail: a person hears of every change to what opens their account.
//!
//! The promise is the row in the store, written in the commit of the change that it tells of. Mail is how the promise is kept: [`Mailer::send`]
//! hands a notice over without waiting, and the worker also asks the store for rows that nobody has sent yet, so a crash, a full queue or
//! a relay that is down for a day loses nothing.
//!
//! What it must not do: take words from anybody. A notice has a kind and a time, no free text, so there is nothing to inject into a header and no
//! way to speak to somebody in our name. Addresses are personal values: they are in no log, no error and no `Debug` output.
//!
//! Start reading at [`words`], what people read; then `worker`.

mod message;
mod recipient;
mod schedule;
mod settings;
mod transport;
pub mod words;
mod worker;

#[cfg(test)]
mod tests;

pub use recipient::{NotAnAddress, Recipient};
pub use settings::{MailSettings, MailSetupError, MailTransport, Smtp, SmtpCredentials, SmtpSecurity};
pub use worker::{Delivery, MailWorker, Mailer, Notice, open};
