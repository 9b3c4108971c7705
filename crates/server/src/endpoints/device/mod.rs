//! Signing in on another device (RFC 8628): the device asks at one endpoint, a person answers on two pages. The tokens are fetched at the
//! token endpoint.

mod page;
mod start;

pub(crate) use page::{answer, show, typed};
pub(crate) use start::start;
