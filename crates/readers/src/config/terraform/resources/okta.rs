//! `okta_app_oauth`.

use cutover::Client;

use super::Resource;
use crate::config::okta::{self, Names};

const NAMES: Names = Names {
    id: &["client_id"],
    kind: &["type"],
    grants: &["grant_types"],
    responses: &["response_types"],
    redirects: &["redirect_uris"],
    wildcard: &["wildcard_redirect"],
    pkce: &["pkce_required"],
    method: &["token_endpoint_auth_method"],
    rotation: &["refresh_token_rotation"],
    terraform: true,
};

/// The client.
pub(super) fn client(resource: &Resource) -> Client {
    okta::client(&resource.settings(), resource.address.clone(), &NAMES)
}
