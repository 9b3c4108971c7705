//! Reports: what a scan found, for programs and for people.
//!
//! A scan is written once, as [`Document`]; every other form is made from that, also later and on another machine. Only this module
//! knows how facts are spelled in JSON; the schema is `schema/inventory.schema.json`.

mod compose;
mod csv;
mod document;
mod html;
mod markdown;
mod summary;
mod words;

#[cfg(test)]
mod tests;

pub use compose::compose;
pub use csv::per_file;
pub use document::{
    ClientDocument, Counts, DefaultDocument, DisagreementDocument, Document, DocumentError, EvidenceDocument,
    FactDocument, FindingDocument, FlowsDocument, NoticeDocument, OpenDocument, OwnerDocument, PlaceDocument,
    RedirectDocument, Row, VoiceDocument,
};
pub use html::html;
pub use markdown::markdown;
