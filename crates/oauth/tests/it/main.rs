//! The rules of the oauth room, one request that passes and the nearest that must not.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod answers;
mod authorization_details;
mod authorize;
mod claims_requests;
mod clauses;
mod client_assertions;
mod client_authentication;
mod client_certificates;
mod client_credentials;
mod client_rules;
mod client_settings;
mod code_grant;
mod consent;
mod devices;
mod dpop_proofs;
mod exchanges;
mod grants_still;
mod introspections;
mod logouts;
mod metadata;
mod metadata_documents;
mod params;
mod prompts;
mod pushed_requests;
mod quiet;
mod redirects;
mod refresh_grant;
mod refresh_retries;
mod refresh_tokens;
mod registration;
mod request_objects;
mod resources;
mod response_modes;
mod revocations;
mod scopes;
mod self_registration;
mod sender_constrained;
mod signer;
mod strengths;
mod subject_imports;
mod subjects;
mod token_resources;
mod userinfo;
mod world;
