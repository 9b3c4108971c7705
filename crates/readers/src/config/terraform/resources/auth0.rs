//! `auth0_client`. How it authenticates stands in `auth0_client_credentials`, another resource, since version 1 of the provider.

use cutover::{Cause, Client, Fact};

use super::Resource;
use crate::config::auth0;

/// The client.
pub(super) fn client(resource: &Resource) -> Client {
    let settings = resource.settings();
    let mut client = auth0::client(&settings, resource.address.clone());
    if settings.node_at(&["token_endpoint_auth_method"]).is_none() && client.kind.known().is_none() {
        client.authentication = Fact::unknown(Cause::NotSaid, resource.source.clone());
        client.has_secret = Fact::unknown(Cause::NotSaid, resource.source.clone());
    }
    client
}
