//! Terraform and OpenTofu: the `.tf` files of a folder, which are one module, and the state that `terraform show -json` prints.
//!
//! What an expression comes to is worked out where the module itself says so: literals, locals, variables with a default or a value
//! in `terraform.tfvars`, `for_each` and `count` over those. Everything else is unknown, and named.

mod evaluate;
mod functions;
mod module;
mod resources;
mod shown;

use cutover::{Notice, NoticeKind};

use super::{Document, ReadOutcome};
use module::Module;

pub(crate) use shown::ShownState;

/// Whether a file names a resource that is a client.
pub(super) fn is_about_clients(document: &Document) -> bool {
    resources::TYPES.iter().any(|kind| document.text.contains(kind))
}

/// Reads the Terraform files of one folder.
pub(super) fn read_folder(documents: &[Document]) -> ReadOutcome {
    let mut outcome = ReadOutcome::default();
    if !documents.iter().any(is_about_clients) {
        return outcome;
    }
    let module = Module::parse(documents, &mut outcome.notices);
    let mut conditions = Vec::new();
    for resource in module.resources(&resources::TYPES, &mut conditions) {
        if let Some(client) = resources::client(&resource) {
            outcome.clients.push(client);
        }
    }
    outcome.notices.extend(conditions.into_iter().map(|(source, condition)| Notice {
        kind: NoticeKind::Remark,
        source,
        text: format!(
            "Entries stand here only under the condition {condition}. They are counted as if they always did."
        ),
    }));
    outcome
}

/// One resource with its arguments worked out.
#[derive(Debug)]
pub(super) struct Resource {
    /// `okta_app_oauth`.
    pub(super) kind: String,
    /// `okta_app_oauth.portal`, with `["key"]` or `[0]` where there are several.
    pub(super) address: String,
    /// Arguments; a block is a list of maps.
    pub(super) arguments: crate::tree::Node,
    /// Where it begins.
    pub(super) source: cutover::Source,
    /// Whether what is absent means the provider's default. An override file without what it overrides says nothing by silence.
    pub(super) silence_speaks: bool,
}
