//! Clients whose id is the address of a document about themselves (draft-ietf-oauth-client-id-metadata-document): nobody registers
//! them, and they hold no secret that we gave them.
//!
//! What a stranger can make us do is bounded: only plain `https` addresses without query are fetched ([`ClientIdUrl`]), through the
//! shell's guarded fetcher, at most [`DOCUMENT_BYTES_MAX`] bytes, once per freshness period, and nothing is written until a person
//! agreed ([`keep`]). The host of the address is what people are shown beside whatever name the document claims ([`shown_host`]).

mod document;
mod load;
mod url;

pub use document::{DOCUMENT_BYTES_MAX, DocumentRules, RedirectReach};
pub use load::{
    DocumentFact, DocumentFault, DocumentNeed, FRESH_SECONDS_MAX, FRESH_SECONDS_MIN, keep, load, shown_host,
};
pub use url::{ClientIdUrl, UrlFault, is_document_id};
