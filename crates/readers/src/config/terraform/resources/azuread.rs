//! `azuread_application`, and `azuread_application_registration`, whose redirect URIs stand in resources of their own.

use cutover::{Cause, Client, List};

use super::Resource;
use crate::config::entra::{Registration, assemble, redirects};
use crate::config::facts::Silence;
use crate::defaults::entra as row;

/// The client.
pub(super) fn client(resource: &Resource) -> Client {
    let settings = resource.settings();
    let whole = resource.kind == "azuread_application";
    let list = |block: &str| {
        let said = settings.node_at(&[block]).is_some();
        if said || (whole && resource.silence_speaks) {
            redirects(&settings, &[block, "redirect_uris"])
        } else if resource.silence_speaks || !whole {
            List::unknown(Cause::NotSaid, resource.source.clone())
        } else {
            // An override file that names none of this type leaves the others as they are; those are judged where they stand.
            List::complete(Vec::new())
        }
    };
    let implicit: &[&str] = if whole {
        &["web", "implicit_grant", "access_token_issuance_enabled"]
    } else {
        &["implicit_access_token_issuance_enabled"]
    };
    let found = Registration {
        implicit: settings.switch(implicit, resource.default(false, &row::IMPLICIT)),
        fallback_public: settings
            .switch(&["fallback_public_client_enabled"], resource.default(false, &row::FALLBACK_PUBLIC)),
        web: list("web"),
        spa: list("single_page_application"),
        public: list("public_client"),
        secret: settings.node_at(&["password"]).map(|_| true),
        certificate: None,
    };
    let mut client = assemble(&settings, resource.address.clone(), &found);
    if client.id.known().is_none() {
        client.id = settings.text(&["client_id"], Silence::Unknown(Cause::NotSaid));
    }
    client
}
