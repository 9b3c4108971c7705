//! `aws_cognito_user_pool_client`.

use cutover::Client;

use super::Resource;
use crate::config::cognito::{self, Names};

const NAMES: Names = Names {
    id: &["id"],
    name: &["name"],
    oauth_on: &["allowed_oauth_flows_user_pool_client"],
    flows: &["allowed_oauth_flows"],
    explicit: &["explicit_auth_flows"],
    callbacks: &["callback_urls"],
    generate_secret: &["generate_secret"],
    access_validity: &["access_token_validity"],
    access_unit: &["token_validity_units", "access_token"],
    refresh_validity: &["refresh_token_validity"],
    refresh_unit: &["token_validity_units", "refresh_token"],
    rotation: &["refresh_token_rotation", "feature"],
};

/// The client.
pub(super) fn client(resource: &Resource) -> Client {
    let settings = resource.settings();
    let mut client = cognito::client(&settings, resource.address.clone(), &NAMES);
    client.environment = settings.plain(&["user_pool_id"]);
    client
}
