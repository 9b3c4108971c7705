//! A module: its files, variables, locals and resources.

use std::collections::HashMap;

use cutover::{Notice, NoticeKind, Source};
use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::Resource;
use super::evaluate::{Scope, evaluate};
use crate::config::Document;
use crate::tree::{Node, Value};

/// Most instances that one resource stands for.
const INSTANCES_MAX: usize = 1000;

/// A parsed file.
pub(super) struct File<'a> {
    pub(super) document: &'a Document,
    pub(super) body: Body,
    /// Offsets at which lines begin.
    lines: Vec<usize>,
}

impl File<'_> {
    /// The line of a byte offset, counted from 1.
    pub(super) fn line(&self, offset: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// The line on which something stands.
    pub(super) fn line_of(&self, thing: &impl Span) -> u32 {
        thing.span().map_or(1, |span| self.line(span.start))
    }

    fn is_override(&self) -> bool {
        let name = self.document.source.file.rsplit('/').next().unwrap_or_default();
        name == "override.tf" || name.ends_with("_override.tf")
    }
}

/// A definition: an expression and the file that it stands in. Where files of a folder disagree, none is right.
#[derive(Clone, Copy)]
pub(super) struct Definition<'m> {
    pub(super) file: usize,
    pub(super) expression: &'m Expression,
}

/// A folder's worth of Terraform.
pub(super) struct Module<'a> {
    pub(super) files: Vec<File<'a>>,
}

/// The names that a module defines.
pub(super) struct Names<'m> {
    pub(super) locals: HashMap<&'m str, Vec<Definition<'m>>>,
    pub(super) variables: HashMap<&'m str, Vec<Definition<'m>>>,
}

impl<'a> Module<'a> {
    /// Parses each file; one that can't be parsed is named and left out.
    pub(super) fn parse(documents: &'a [Document], notices: &mut Vec<Notice>) -> Self {
        let mut files = Vec::new();
        for document in documents {
            match hcl_edit::parser::parse_body(&document.text) {
                Ok(body) => {
                    let lines = std::iter::once(0)
                        .chain(document.text.match_indices('\n').map(|(offset, _)| offset + 1))
                        .collect();
                    files.push(File { document, body, lines });
                }
                Err(fault) => notices.push(Notice {
                    kind: NoticeKind::Unread,
                    source: document.source.at_line(u32::try_from(fault.location().line()).unwrap_or(u32::MAX)),
                    text: "This is named like Terraform, but can't be parsed.".to_owned(),
                }),
            }
        }
        Self { files }
    }

    fn blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        self.files.iter().enumerate().flat_map(|(index, file)| file.body.blocks().map(move |block| (index, block)))
    }

    fn names(&self) -> Names<'_> {
        let mut names = Names { locals: HashMap::new(), variables: HashMap::new() };
        for (file, block) in self.blocks() {
            match block.ident.as_str() {
                "locals" => {
                    for attribute in block.body.attributes() {
                        let definition = Definition { file, expression: &attribute.value };
                        names.locals.entry(attribute.key.as_str()).or_default().push(definition);
                    }
                }
                "variable" => {
                    if let (Some(label), Some(default)) = (block.labels.first(), block.body.get_attribute("default")) {
                        let definition = Definition { file, expression: &default.value };
                        names.variables.entry(label.as_str()).or_default().push(definition);
                    }
                }
                _ => {}
            }
        }
        // Values that Terraform loads by itself stand above defaults.
        let values = self.files.iter().enumerate().filter(|(_, file)| {
            let name = file.document.source.file.rsplit('/').next().unwrap_or_default();
            name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
        });
        for (index, file) in values {
            for attribute in file.body.attributes() {
                let definition = Definition { file: index, expression: &attribute.value };
                names.variables.insert(attribute.key.as_str(), vec![definition]);
            }
        }
        names
    }

    /// Every resource of these types, one for each instance. Conditions on lists are added to `conditions`.
    pub(super) fn resources(&self, types: &[&str], conditions: &mut Vec<(Source, String)>) -> Vec<Resource> {
        let names = self.names();
        let mut out: Vec<Resource> = Vec::new();
        let mut overrides = Vec::new();
        for (index, block) in self.blocks() {
            let (Some(kind), Some(name)) = (block.labels.first(), block.labels.get(1)) else { continue };
            if block.ident.as_str() != "resource" || !types.contains(&kind.as_str()) {
                continue;
            }
            let scope = Scope::new(self, &names, index);
            let instances = self.instances(&scope, block, (kind.as_str(), name.as_str()), conditions);
            if self.files[index].is_override() { overrides.extend(instances) } else { out.extend(instances) }
        }
        for mut over in overrides {
            match out.iter_mut().find(|base| base.address == over.address) {
                Some(base) => merge(base, over),
                None => {
                    over.silence_speaks = false;
                    out.push(over);
                }
            }
        }
        out
    }

    fn instances(
        &self,
        scope: &Scope<'_, '_>,
        block: &Block,
        (kind, name): (&str, &str),
        conditions: &mut Vec<(Source, String)>,
    ) -> Vec<Resource> {
        let file = &self.files[scope.file];
        let base = format!("{kind}.{name}");
        let make = |scope: &Scope<'_, '_>, address: String, conditions: &mut Vec<(Source, String)>| {
            let arguments = scope.block(block, 0);
            let source = file.document.source.at_line(file.line_of(block)).at_pointer(&address);
            conditions.extend(scope.take_conditions().into_iter().map(|(line, text)| (source.at_line(line), text)));
            Resource { kind: kind.to_owned(), address, arguments, source, silence_speaks: true }
        };
        if let Some(attribute) = block.body.get_attribute("for_each") {
            let collection = evaluate(scope, &attribute.value, 0);
            let pairs = match collection.value {
                Value::Map(entries) => entries,
                // `toset([...])`: each element is its own key.
                Value::List(items) if items.iter().all(|item| item.as_text().is_some()) => {
                    items.into_iter().map(|item| (item.as_text().unwrap_or_default().to_owned(), item)).collect()
                }
                _ => return vec![make(&scope.with_unknown_each(), base, conditions)],
            };
            return pairs
                .into_iter()
                .take(INSTANCES_MAX)
                .map(|(key, value)| {
                    let address = format!("{base}[\"{key}\"]");
                    make(&scope.with_each(&key, value), address, conditions)
                })
                .collect();
        }
        if let Some(attribute) = block.body.get_attribute("count")
            && let Some(count) = evaluate(scope, &attribute.value, 0).as_integer()
        {
            let count = usize::try_from(count).unwrap_or(0).min(INSTANCES_MAX);
            let address = |index: usize| if count == 1 { base.clone() } else { format!("{base}[{index}]") };
            return (0..count).map(|index| make(&scope.with_count(index), address(index), conditions)).collect();
        }
        vec![make(scope, base, conditions)]
    }
}

/// An override replaces arguments, and all blocks of the types that it has.
fn merge(base: &mut Resource, over: Resource) {
    let (Value::Map(entries), Value::Map(new)) = (&mut base.arguments.value, over.arguments.value) else { return };
    let line = entries.first().map_or(0, |(_, node)| node.line);
    for (key, node) in new {
        entries.retain(|(name, _)| *name != key);
        // Lines of another file would lead astray.
        entries.push((key, Node { line, ..node }));
    }
}
