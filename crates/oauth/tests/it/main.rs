//! The rules of the oauth room, one request that passes and the nearest that must not.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod answers;
mod authorization_details;
mod authorize;
mod claims_requests;
mod clauses;
mod client_authentication;
mod client_rules;
mod code_grant;
mod consent;
mod devices;
mod exchanges;
mod logouts;
mod metadata;
mod metadata_documents;
mod params;
mod prompts;
mod pushed_requests;
mod redirects;
mod refresh_grant;
mod refresh_tokens;
mod registration;
mod request_objects;
mod resources;
mod response_modes;
mod scopes;
mod self_registration;
mod signer;
mod strengths;
mod subject_imports;
mod subjects;
mod userinfo;
mod world;
