//! One file per group of endpoints. Handlers stay dull: read, load, ask, commit, answer. Which address leads here stands in [`crate::routes`].

pub(crate) mod account;
pub(crate) mod assets;
pub(crate) mod authorize;
pub(crate) mod ceremony;
pub(crate) mod client_call;
pub(crate) mod device;
pub(crate) mod documents;
pub(crate) mod fallback;
pub(crate) mod health;
pub(crate) mod introspect;
pub(crate) mod logout;
pub(crate) mod par;
pub(crate) mod registration;
pub(crate) mod sign_in_page;
pub(crate) mod token;
pub(crate) mod tour;
pub(crate) mod userinfo;
pub(crate) mod workstation;
