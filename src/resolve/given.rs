//! Values of parameters from the command line.

use std::collections::HashMap;
use std::fmt;

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::load::Program;
use crate::source::{FileId, Span};
use crate::syntax::tree::{Binding, BindingKind, Node, Part, Scalar, ScalarKind, Text, Value};
use crate::syntax::{self};

/// A value given with `--set NAME=VALUE` or `--set MODULE.NAME=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub module: Option<String>,
    pub name: String,
    pub value: String,
}

impl fmt::Display for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("--set ")?;
        if let Some(module) = &self.module {
            write!(formatter, "{module}.")?;
        }
        write!(formatter, "{}={}", self.name, self.value)
    }
}

/// A setting and the value that it gives, which has no span.
pub(super) struct GivenValue<'s> {
    pub(super) setting: &'s Setting,
    pub(super) value: Value,
}

/// The values that were given, by module and name of the parameter.
pub(super) type Given<'s> = HashMap<(usize, String), GivenValue<'s>>;

/// Finds the parameter of each setting and reads its value as that parameter's type.
pub(super) fn given<'s>(
    program: &Program,
    settings: &'s [Setting],
    diagnostics: &mut Diagnostics,
) -> Given<'s> {
    let mut given = Given::new();
    for setting in settings {
        let Some(module) = module(program, setting, diagnostics) else {
            continue;
        };
        let Some(param) = param(program, module, setting, diagnostics) else {
            continue;
        };
        match read(param, &setting.value) {
            Some(value) => {
                let value = GivenValue { setting, value };
                given.insert((module, setting.name.clone()), value);
            }
            None => diagnostics.push(errors::unreadable_setting(param.name.span, setting)),
        }
    }
    given
}

fn start(program: &Program) -> Span {
    let file = program
        .modules
        .first()
        .map_or(FileId::NONE, |module| module.tree.file);
    Span {
        file,
        start: 0,
        end: 0,
    }
}

fn module(program: &Program, setting: &Setting, diagnostics: &mut Diagnostics) -> Option<usize> {
    let Some(name) = &setting.module else {
        return Some(0);
    };
    let uses = &program.modules.first()?.uses;
    if let Some(used) = uses.iter().find(|used| used.name == *name) {
        return used.module;
    }
    let names: Vec<&str> = uses.iter().map(|used| used.name.as_str()).collect();
    let (at, source) = (start(program), &program.name);
    diagnostics.push(errors::setting_of_unknown_module(
        at, source, setting, name, &names,
    ));
    None
}

fn param<'p>(
    program: &'p Program,
    module: usize,
    setting: &Setting,
    diagnostics: &mut Diagnostics,
) -> Option<&'p Binding> {
    let params: Vec<&Binding> = program
        .modules
        .get(module)?
        .tree
        .body
        .statements
        .iter()
        .filter_map(|statement| match &statement.node {
            Node::Binding(binding) if binding.kind == BindingKind::Param => Some(binding),
            Node::Binding(_)
            | Node::Attribute(_)
            | Node::Conditional(_)
            | Node::Entry(_)
            | Node::Junk => None,
        })
        .collect();
    let name = |param: &&'p Binding| match &param.name.kind {
        ScalarKind::Name(name) => Some(name.as_str()),
        ScalarKind::Text(_)
        | ScalarKind::Number(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => None,
    };
    let found = params
        .iter()
        .copied()
        .find(|param| name(param) == Some(setting.name.as_str()));
    if found.is_none() {
        let names: Vec<&str> = params.iter().filter_map(name).collect();
        let (at, source) = (start(program), &program.name);
        diagnostics.push(errors::setting_of_unknown_param(
            at, source, setting, &names,
        ));
    }
    found
}

/// Reads a value from the command line. Text needs no quotes there; everything else is written as in a source.
fn read(param: &Binding, value: &str) -> Option<Value> {
    let text = Value::Scalar(Scalar {
        kind: ScalarKind::Text(Text {
            raw: String::new(),
            long: false,
            parts: vec![Part::Text(value.to_owned())],
        }),
        span: Span::NONE,
    });
    if takes_text(param) {
        return Some(text);
    }
    let source = format!("value = {value}");
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::NONE, &source, &mut diagnostics);
    let mut statements = tree.body.statements.into_iter();
    match (statements.next()?.node, statements.next()) {
        (Node::Attribute(attribute), None) if diagnostics.is_empty() => Some(attribute.value),
        _ => None,
    }
}

/// Whether a parameter's type, or that of its default, is text.
fn takes_text(param: &Binding) -> bool {
    let declared = param.ty.as_ref().map(|ty| match ty {
        Value::Scalar(scalar) => matches!(&scalar.kind, ScalarKind::Name(name) if name == "text"),
        // One of some allowed values, which are compared by their spelling.
        Value::List(_) => true,
        Value::Map(_) | Value::Missing(_) => false,
    });
    let of_default = || match &param.value {
        Some(Value::Scalar(scalar)) => match &scalar.kind {
            ScalarKind::Name(name) => name != "true" && name != "false" && name != "null",
            ScalarKind::Text(_) | ScalarKind::Literal(_) => true,
            ScalarKind::Number(_) | ScalarKind::Reference(_) | ScalarKind::Missing => false,
        },
        Some(Value::List(_) | Value::Map(_) | Value::Missing(_)) | None => false,
    };
    declared.unwrap_or_else(of_default)
}
