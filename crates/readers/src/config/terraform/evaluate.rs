//! Expressions, worked out as far as the module goes.

use std::cell::RefCell;

use cutover::{Cause, Piece, Template};
use hcl_edit::Span;
use hcl_edit::expr::{BinaryOperator, Expression, ForExpr, ObjectKey, Traversal, TraversalOperator, UnaryOperator};
use hcl_edit::structure::Block;
use hcl_edit::template::Element;

use super::functions;
use super::module::{File, Module, Names};
use crate::config::facts::shortened;
use crate::tree::{Node, Value, either};

/// How far locals and blocks are followed into each other.
const DEPTH_MAX: usize = 64;
/// Most values that one resource's expressions may come to.
const STEPS_MAX: usize = 200_000;

/// Where an expression stands, and what its names mean there.
pub(super) struct Scope<'m, 'a> {
    module: &'m Module<'a>,
    names: &'m Names<'m>,
    pub(super) file: usize,
    /// `each.key`, `count.index`, the variables of `for` and of dynamic blocks.
    bound: Vec<(String, Node)>,
    conditions: RefCell<Vec<(u32, String)>>,
    steps: RefCell<usize>,
}

impl<'m, 'a> Scope<'m, 'a> {
    pub(super) fn new(module: &'m Module<'a>, names: &'m Names<'m>, file: usize) -> Self {
        Self { module, names, file, bound: Vec::new(), conditions: RefCell::default(), steps: RefCell::new(0) }
    }

    fn with(&self, file: usize, more: Vec<(String, Node)>) -> Self {
        let bound = self.bound.iter().cloned().chain(more).collect();
        Self {
            module: self.module,
            names: self.names,
            file,
            bound,
            conditions: RefCell::default(),
            steps: RefCell::new(*self.steps.borrow()),
        }
    }

    pub(super) fn with_each(&self, key: &str, value: Node) -> Self {
        let key = Node::new(value.line, Value::Text(key.to_owned()));
        self.with(self.file, vec![("each".to_owned(), map(vec![("key", key), ("value", value)]))])
    }

    pub(super) fn with_unknown_each(&self) -> Self {
        let unknown = |name: &str| Node::new(1, Value::Unknown(Cause::Variable(name.to_owned())));
        let each = map(vec![("key", unknown("each.key")), ("value", unknown("each.value"))]);
        self.with(self.file, vec![("each".to_owned(), each)])
    }

    #[expect(clippy::cast_precision_loss, reason = "an index stays below a thousand")]
    pub(super) fn with_count(&self, index: usize) -> Self {
        let index = Node::new(1, Value::Number(index as f64));
        self.with(self.file, vec![("count".to_owned(), map(vec![("index", index)]))])
    }

    pub(super) fn take_conditions(&self) -> Vec<(u32, String)> {
        self.conditions.take()
    }

    fn here(&self) -> &File<'a> {
        &self.module.files[self.file]
    }

    /// An expression as written, without what its strings say.
    fn quoted(&self, thing: &impl Span) -> String {
        let text = thing.span().and_then(|span| self.here().document.text.get(span)).unwrap_or("an expression");
        let mut out = String::new();
        for (index, part) in text.split('"').enumerate() {
            out.push_str(if index % 2 == 0 { part } else { "\"…\"" });
        }
        shortened(&out)
    }

    fn unknown(&self, thing: &impl Span) -> Value {
        Value::Unknown(Cause::Expression(self.quoted(thing)))
    }

    /// A block's arguments and nested blocks, as a map. Nested blocks of one type are a list.
    pub(super) fn block(&self, block: &Block, depth: usize) -> Node {
        let file = self.here();
        let mut entries: Vec<(String, Node)> = Vec::new();
        for attribute in block.body.attributes() {
            entries.push((attribute.key.to_string(), evaluate(self, &attribute.value, depth + 1)));
        }
        if depth < DEPTH_MAX {
            for nested in block.body.blocks() {
                let (name, items) = match (nested.ident.as_str(), nested.labels.first()) {
                    ("dynamic", Some(label)) => (label.as_str(), self.dynamic(nested, label.as_str(), depth + 1)),
                    (name, _) => (name, vec![self.block(nested, depth + 1)]),
                };
                match entries.iter_mut().find(|(key, _)| key == name) {
                    Some((_, Node { value: Value::List(list), .. })) => list.extend(items),
                    Some(_) => {}
                    None => entries.push((name.to_owned(), Node::new(file.line_of(nested), Value::List(items)))),
                }
            }
        }
        Node::new(file.line_of(block), Value::Map(entries))
    }

    /// `dynamic "web" { for_each = … content { … } }`: one block for each element.
    fn dynamic(&self, block: &Block, label: &str, depth: usize) -> Vec<Node> {
        let line = self.here().line_of(block);
        let content = block.body.blocks().find(|inner| inner.ident.as_str() == "content");
        let iterator =
            block.body.get_attribute("iterator").map_or_else(|| label.to_owned(), |name| self.quoted(&name.value));
        let (Some(content), Some(each)) = (content, block.body.get_attribute("for_each")) else { return Vec::new() };
        let pairs: Vec<(Node, Node)> = match evaluate(self, &each.value, depth).value {
            Value::List(items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
            Value::Map(entries) => {
                entries.into_iter().map(|(key, node)| (Node::new(node.line, Value::Text(key)), node)).collect()
            }
            // Nobody knows how many there are, or whether there are any.
            _ => return vec![Node::new(line, self.unknown(&each.value))],
        };
        pairs
            .into_iter()
            .map(|(key, value)| {
                let bound = vec![(iterator.clone(), map(vec![("key", key), ("value", value)]))];
                self.with(self.file, bound).block(content, depth)
            })
            .collect()
    }
}

fn map(entries: Vec<(&str, Node)>) -> Node {
    Node::new(1, Value::Map(entries.into_iter().map(|(key, node)| (key.to_owned(), node)).collect()))
}

/// What an expression comes to. Never fails: what can't be worked out is unknown.
pub(super) fn evaluate(scope: &Scope<'_, '_>, expression: &Expression, depth: usize) -> Node {
    let line = scope.here().line_of(expression);
    let steps = *scope.steps.borrow() + 1;
    scope.steps.replace(steps);
    if depth > DEPTH_MAX || steps > STEPS_MAX {
        return Node::new(line, scope.unknown(expression));
    }
    let next = |inner: &Expression| evaluate(scope, inner, depth + 1);
    let value = match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(value) => Value::Bool(*value.value()),
        Expression::Number(number) => number.value().as_f64().map_or_else(|| scope.unknown(expression), Value::Number),
        Expression::String(text) => Value::Text(text.value().clone()),
        Expression::Array(items) => Value::List(items.iter().map(next).collect()),
        Expression::Object(object) => {
            let mut entries = Vec::new();
            for (key, value) in object.iter() {
                let key = match key {
                    ObjectKey::Ident(ident) => Some(ident.to_string()),
                    ObjectKey::Expression(key) => next(key).as_text().map(str::to_owned),
                };
                match key {
                    Some(key) => entries.push((key, next(value.expr()))),
                    // A key that nobody knows may be any key.
                    None => return Node::new(line, scope.unknown(expression)),
                }
            }
            Value::Map(entries)
        }
        Expression::StringTemplate(template) => text(scope, template.iter(), depth),
        Expression::HeredocTemplate(heredoc) => text(scope, heredoc.template.iter(), depth),
        Expression::Parenthesis(inner) => next(inner.inner()).value,
        Expression::Variable(name) => {
            bound(scope, name.as_str()).map_or_else(|| scope.unknown(expression), |node| node.value)
        }
        Expression::Conditional(choice) => match next(&choice.cond_expr).as_bool() {
            Some(true) => next(&choice.true_expr).value,
            Some(false) => next(&choice.false_expr).value,
            None => {
                let text = scope.quoted(&choice.cond_expr);
                let value = either(next(&choice.true_expr), next(&choice.false_expr), Cause::Condition(text.clone()));
                if matches!(value, Value::List(_)) {
                    scope.conditions.borrow_mut().push((line, text));
                }
                value
            }
        },
        Expression::FuncCall(call) if !call.name.is_namespaced() => {
            let arguments = call.args.iter().map(next).collect();
            functions::call(call.name.name.as_str(), arguments).unwrap_or_else(|| scope.unknown(expression))
        }
        Expression::FuncCall(_) => scope.unknown(expression),
        Expression::Traversal(path) => return traversal(scope, path, expression, depth),
        Expression::UnaryOp(operation) => match (*operation.operator.value(), next(&operation.expr)) {
            (UnaryOperator::Not, node) => {
                node.as_bool().map_or_else(|| scope.unknown(expression), |value| Value::Bool(!value))
            }
            (UnaryOperator::Neg, Node { value: Value::Number(number), .. }) => Value::Number(-number),
            (UnaryOperator::Neg, _) => scope.unknown(expression),
        },
        Expression::BinaryOp(operation) => {
            binary(*operation.operator.value(), &next(&operation.lhs_expr), &next(&operation.rhs_expr))
                .unwrap_or_else(|| scope.unknown(expression))
        }
        Expression::ForExpr(each) => for_expression(scope, each, depth).unwrap_or_else(|| scope.unknown(expression)),
    };
    Node::new(line, value)
}

fn text<'e>(scope: &Scope<'_, '_>, elements: impl Iterator<Item = &'e Element>, depth: usize) -> Value {
    let elements: Vec<&Element> = elements.collect();
    // `"${x}"` is x itself, whatever its type.
    if let [Element::Interpolation(only)] = elements.as_slice() {
        return evaluate(scope, &only.expr, depth + 1).value;
    }
    let mut pieces = Vec::new();
    for element in elements {
        match element {
            Element::Literal(text) => pieces.push(Piece::Literal(text.value().clone())),
            Element::Interpolation(part) => match evaluate(scope, &part.expr, depth + 1).value {
                Value::Text(text) => pieces.push(Piece::Literal(text)),
                Value::Number(number) => pieces.push(Piece::Literal(number.to_string())),
                Value::Bool(value) => pieces.push(Piece::Literal(value.to_string())),
                Value::Template(template) => pieces.extend(template.pieces().iter().cloned()),
                _ => pieces.push(Piece::Hole(format!("${{{}}}", scope.quoted(&part.expr)))),
            },
            Element::Directive(_) => pieces.push(Piece::Hole("%{…}".to_owned())),
        }
    }
    let template = Template::new(pieces);
    match template.as_literal() {
        Some(text) => Value::Text(text.to_owned()),
        None => Value::Template(template),
    }
}

fn bound(scope: &Scope<'_, '_>, name: &str) -> Option<Node> {
    scope.bound.iter().rev().find(|(bound, _)| bound == name).map(|(_, node)| node.clone())
}

/// `var.x`, `local.x.y`, `each.value["k"]`, or the attribute of something that exists only once deployed.
fn traversal(scope: &Scope<'_, '_>, path: &Traversal, whole: &Expression, depth: usize) -> Node {
    let line = scope.here().line_of(whole);
    let unknown = || Node::new(line, scope.unknown(whole));
    let mut operators = path.operators.iter().map(|operator| operator.value());
    let mut node = match &path.expr {
        Expression::Variable(root) => match root.as_str() {
            kind @ ("var" | "local") => {
                let Some(TraversalOperator::GetAttr(name)) = operators.next() else { return unknown() };
                let names = if kind == "var" { &scope.names.variables } else { &scope.names.locals };
                let variable = || Node::new(line, Value::Unknown(Cause::Variable(format!("{kind}.{}", name.as_str()))));
                let Some(definitions) = names.get(name.as_str()) else { return variable() };
                let Some(definition) = definitions.iter().find(|definition| definition.file == scope.file).or(
                    match definitions.as_slice() {
                        [only] => Some(only),
                        _ => None,
                    },
                ) else {
                    return variable();
                };
                let there = scope.with(definition.file, Vec::new());
                let mut node = evaluate(&there, definition.expression, depth + 1);
                scope.steps.replace(*there.steps.borrow());
                // A default of null means that somebody else must say.
                if kind == "var" && node.is_null() {
                    return variable();
                }
                node.line = line;
                node
            }
            name => match bound(scope, name) {
                Some(node) => node,
                None => return unknown(),
            },
        },
        other => evaluate(scope, other, depth + 1),
    };
    for operator in operators {
        if matches!(node.value, Value::Unknown(_)) {
            return Node::new(line, node.value);
        }
        let next = match operator {
            TraversalOperator::GetAttr(name) => node.get(name.as_str()).cloned(),
            TraversalOperator::LegacyIndex(index) => {
                usize::try_from(*index.value()).ok().and_then(|index| item(&node, index))
            }
            TraversalOperator::Index(index) => {
                let index = evaluate(scope, index, depth + 1);
                match &index.value {
                    Value::Text(key) => node.get(key).cloned(),
                    Value::Number(_) => index.as_integer().and_then(|index| item(&node, usize::try_from(index).ok()?)),
                    _ => None,
                }
            }
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => None,
        };
        match next {
            Some(next) => node = next,
            None => return unknown(),
        }
    }
    Node { line, ..node }
}

fn item(node: &Node, index: usize) -> Option<Node> {
    node.as_list()?.get(index).cloned()
}

fn binary(operator: BinaryOperator, left: &Node, right: &Node) -> Option<Value> {
    let known = |node: &Node| matches!(node.value, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_));
    Some(Value::Bool(match operator {
        BinaryOperator::Eq if known(left) && known(right) => left.value == right.value,
        BinaryOperator::NotEq if known(left) && known(right) => left.value != right.value,
        BinaryOperator::And => match (left.as_bool(), right.as_bool()) {
            (Some(false), _) | (_, Some(false)) => false,
            (Some(true), Some(true)) => true,
            _ => return None,
        },
        BinaryOperator::Or => match (left.as_bool(), right.as_bool()) {
            (Some(true), _) | (_, Some(true)) => true,
            (Some(false), Some(false)) => false,
            _ => return None,
        },
        _ => return None,
    }))
}

/// `[for x in list : …]` and `{ for k, v in map : … => … }` over what is known.
fn for_expression(scope: &Scope<'_, '_>, each: &ForExpr, depth: usize) -> Option<Value> {
    #[expect(clippy::cast_precision_loss, reason = "an index stays below the bound on steps")]
    let number = |index: usize| Node::new(1, Value::Number(index as f64));
    let pairs: Vec<(Node, Node)> = match evaluate(scope, &each.intro.collection_expr, depth + 1).value {
        Value::List(items) => items.into_iter().enumerate().map(|(index, item)| (number(index), item)).collect(),
        Value::Map(entries) => {
            entries.into_iter().map(|(key, node)| (Node::new(node.line, Value::Text(key)), node)).collect()
        }
        _ => return None,
    };
    let mut items = Vec::new();
    let mut entries = Vec::new();
    for (key, value) in pairs {
        let mut names = vec![(each.intro.value_var.to_string(), value)];
        names.extend(each.intro.key_var.as_ref().map(|name| (name.to_string(), key)));
        let inner = scope.with(scope.file, names);
        if let Some(condition) = &each.cond
            && !evaluate(&inner, &condition.expr, depth + 1).as_bool()?
        {
            continue;
        }
        let value = evaluate(&inner, &each.value_expr, depth + 1);
        match &each.key_expr {
            Some(_) if each.grouping => return None,
            Some(key) => entries.push((evaluate(&inner, key, depth + 1).as_text()?.to_owned(), value)),
            None => items.push(value),
        }
        scope.steps.replace(*inner.steps.borrow());
    }
    Some(if each.key_expr.is_some() { Value::Map(entries) } else { Value::List(items) })
}
