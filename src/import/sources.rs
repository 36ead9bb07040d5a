//! What is built from source.

use super::Given;
use crate::syntax::nodes;
use crate::syntax::tree::Statement;
use crate::tpa::builds;
use crate::value::{Map, Value};

/// The statement `sources`, where its lines give the same variables.
pub(super) fn sources(given: &Given<'_>) -> Option<Statement> {
    let components = builds::components(given.vars);
    let extensions = given.vars.get("install_from_source");
    let extensions = extensions.and_then(Value::as_list).unwrap_or_default();
    let extensions = extensions
        .iter()
        .map(|extension| extension.as_map().and_then(extension_line));
    // All of them or none: the order counts.
    let extensions: Option<Vec<Statement>> = extensions.collect();
    let mut lines: Vec<Statement> = components
        .into_iter()
        .map(|(name, reference)| line(name, reference))
        .collect();
    lines.extend(extensions.unwrap_or_default());
    (!lines.is_empty()).then(|| nodes::entry("sources", Vec::new(), lines))
}

fn line(name: &str, reference: Option<&str>) -> Statement {
    let reference = reference.map(nodes::free_text);
    nodes::line(nodes::name(name), reference.into_iter().collect())
}

fn extension_line(extension: &Map) -> Option<Statement> {
    let (name, reference) = builds::extension(extension)?;
    Some(line(name, reference))
}
