//! What `tpaexec configure` began to write for new clusters, release by release: words of the language where there are
//! some, variables otherwise. It belongs into the source and not into what `build` derives, because most of it cannot be
//! changed on a cluster that runs.

use serde_yaml::{Mapping, Value};

use super::{Parts, boolean};
use crate::facts::tpa::changes::{Literal, Written, written_for};
use crate::syntax::tree::Statement;
use crate::tpa::configure::nodes;
use crate::tpa::words;

/// What is written for a new cluster of the request's release.
fn written(parts: &Parts) -> Vec<Written> {
    let request = &parts.request;
    let mut all = written_for(request.tpa, request.layout.manager, request.platform);
    all.retain(|written| !parts.effects.vars.contains_key(written.variable));
    all
}

/// Whether Patroni and etcd use TLS in everything that `tls` stands for.
fn has_tls(all: &[Written]) -> bool {
    words::TLS.iter().all(|of_tls| {
        let is = |written: &Written| written.variable == of_tls.name && of_tls.is_on(written.value);
        all.iter().any(is)
    })
}

fn is_of_tls(written: &Written) -> bool {
    words::TLS
        .iter()
        .any(|of_tls| of_tls.name == written.variable)
}

/// The text of a variable: what an option of its name says, or what is written without one.
fn spelled(parts: &Parts, written: &Written) -> Option<String> {
    let given = parts.request.values.text(written.variable);
    match (given, written.value) {
        (Some(given), _) => Some(given.to_owned()),
        (None, Literal::Text(text)) => Some(text.to_owned()),
        (None, Literal::Boolean(_) | Literal::Texts(_)) => None,
    }
}

/// Statements in the block of `failover`.
pub(super) fn failover(parts: &Parts) -> Vec<Statement> {
    let all = written(parts);
    let mut block = Vec::new();
    if has_tls(&all) {
        block.push(nodes::setting("tls", boolean(true)));
    }
    for written in &all {
        let Some(word) = words::of_variable(written.variable) else {
            continue;
        };
        if let Some(text) = spelled(parts, written) {
            block.push(nodes::setting(word, nodes::spelling(&text)));
        } else if let Literal::Boolean(value) = written.value {
            block.push(nodes::setting(word, boolean(value)));
        }
    }
    block
}

/// Variables that no word stands for.
pub(super) fn vars(parts: &Parts) -> Mapping {
    let all = written(parts);
    let has_tls = has_tls(&all);
    let mut vars = Mapping::new();
    for written in &all {
        let is_said = words::of_variable(written.variable).is_some();
        if is_said || has_tls && is_of_tls(written) {
            continue;
        }
        let value = match (spelled(parts, written), written.value) {
            (Some(text), _) => Value::from(text),
            (None, Literal::Boolean(boolean)) => Value::from(boolean),
            (None, Literal::Text(text)) => Value::from(text),
            (None, Literal::Texts(texts)) => texts.iter().copied().map(Value::from).collect(),
        };
        vars.insert(written.variable.into(), value);
    }
    vars
}
