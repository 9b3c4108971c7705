//! OAuth requests and documents: what clients, and whoever poses as one, send before they are known.

pub(crate) mod authorization_details;
pub(crate) mod authorization_header;
pub(crate) mod bent_assertion;
pub(crate) mod bent_request_object;
pub(crate) mod claims_request;
pub(crate) mod client_credentials;
pub(crate) mod client_document;
pub(crate) mod client_id_url;
pub(crate) mod client_registration;
pub(crate) mod dpop_claims;
pub(crate) mod parameters;
pub(crate) mod redirect_uri;
pub(crate) mod refresh_token;
pub(crate) mod request_object_claims;
pub(crate) mod scope_set;
mod stage;
pub(crate) mod subject_list;
pub(crate) mod user_code;
