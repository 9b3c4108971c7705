//! What `terraform show -json` prints: a state or a plan, with every value known that is known at all.

use cutover::{Cause, Source};

use super::{Resource, resources};
use crate::config::{Confidence, Parsed, ReadOutcome, Reader};
use crate::tree::{Node, Value};

/// Deepest nesting of modules.
const MODULES_DEEP_MAX: usize = 32;

/// The reader.
pub(crate) struct ShownState;

impl Reader for ShownState {
    fn name(&self) -> &'static str {
        "terraform_show"
    }

    fn words(&self) -> &'static [&'static [&'static str]] {
        &[&["\"format_version\"", "\"root_module\""]]
    }

    fn detects(&self, parsed: &Parsed<'_>) -> Confidence {
        if parsed.roots.iter().any(|root| root_module(root).is_some()) { Confidence::Sure } else { Confidence::No }
    }

    fn read(&self, parsed: &Parsed<'_>) -> ReadOutcome {
        let mut outcome = ReadOutcome::default();
        let mut found = Vec::new();
        for module in parsed.roots.iter().filter_map(root_module) {
            collect(module, &parsed.document.source, 0, &mut found);
        }
        outcome.clients = found.iter().filter_map(resources::client).collect();
        outcome
    }
}

/// A state has `values`, a plan `planned_values`.
fn root_module(root: &Node) -> Option<&Node> {
    root.at(&["values", "root_module"]).or_else(|| root.at(&["planned_values", "root_module"]))
}

fn collect(module: &Node, file: &Source, depth: usize, out: &mut Vec<Resource>) {
    for node in module.get("resources").and_then(Node::as_list).unwrap_or_default() {
        let (Some(kind), Some(address)) = (text(node, "type"), text(node, "address")) else { continue };
        if !resources::TYPES.contains(&kind) || text(node, "mode").is_some_and(|mode| mode != "managed") {
            continue;
        }
        let Some(values) = node.get("values") else { continue };
        out.push(Resource {
            kind: kind.to_owned(),
            address: address.to_owned(),
            arguments: planned(values),
            source: file.at_line(node.line).at_pointer(address),
            silence_speaks: true,
        });
    }
    if depth < MODULES_DEEP_MAX {
        for child in module.get("child_modules").and_then(Node::as_list).unwrap_or_default() {
            collect(child, file, depth + 1, out);
        }
    }
}

/// A plan leaves out what will be known only when it is applied; ids are, and they must not look like silence.
fn planned(values: &Node) -> Node {
    let mut node = values.clone();
    if let Value::Map(entries) = &mut node.value {
        for key in ["client_id", "application_id"] {
            if !entries.iter().any(|(name, _)| name == key) {
                entries.push((key.to_owned(), Node::new(values.line, Value::Unknown(Cause::NotSaid))));
            }
        }
    }
    node
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::as_text)
}
