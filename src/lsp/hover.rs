//! What is known about the token at an offset: what it means, what holds, and where that came from.

mod library;

use std::fmt::Write as _;

use super::Document;
use super::completion::types;
use super::hints::nodes;
use super::merged;
use super::names::{self, Kind, Name, Part};
use super::parameters;
use super::tokens::{self, Role, Step, Token, block_of, label_of, plain};
use crate::facts::{self, variables};
use crate::lint;
use crate::model::Block;
use crate::origin::Origin;
use crate::schema::{self, Other, Presence, Setting};
use crate::source::Span;
use crate::syntax::tree::{Attribute, Entry, Node, Statement};
use crate::topology::Instance;

/// What to show, and for which part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    pub span: Span,
    pub markdown: String,
}

/// What is known about the token at an offset.
pub fn hover(document: &Document, offset: u32) -> Option<Hover> {
    let name = names::at(&document.analysis, offset);
    let found = tokens::at(document.tree(), offset, |token| {
        let pages = Pages { document, token };
        let markdown = match name {
            Some(name) if name.is_part || name.kind == Kind::Binding => reference(document, &name),
            Some(_) | None => pages.page(name.as_ref()),
        };
        let span = name
            .filter(|name| name.is_part)
            .map_or(token.span(), |name| name.at);
        markdown.map(|markdown| Hover { span, markdown })
    });
    found.flatten()
}

/// A param, let or module, or a part of a dotted name.
fn reference(document: &Document, name: &Name<'_>) -> Option<String> {
    let all = names::names(&document.analysis);
    let same = names::same(name, &all);
    let definition = same.iter().find(|name| name.part == Part::Definition)?;
    let sources = &document.analysis.sources;
    let at = definition.at;
    let statement = statement(document, definition);
    let text = sources.text(at.file);
    let line_start = text
        .get(..at.start as usize)?
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let mut page = match statement {
        // Nobody can go there to read it.
        Some(statement) if at.file < document.file() => code(sources.slice(statement.span)),
        Some(_) | None => code(line.trim_end_matches('{').trim()),
    };
    if at.file != document.file() {
        let _ = write!(page, "\n\nin `{}`", sources.name(at.file));
    }
    let above = statement.map(comments_above).unwrap_or_default();
    if !above.is_empty() {
        page.push_str("\n\n");
        page.push_str(&above);
    }
    Some(page)
}

/// The statement of the top level that defines a name.
fn statement<'d>(document: &'d Document, definition: &Name<'_>) -> Option<&'d Statement> {
    let mut modules = document.analysis.program.modules.iter();
    let module = modules.find(|module| module.tree.file == definition.at.file)?;
    let mut statements = module.tree.body.statements.iter();
    statements.find(|statement| match &statement.node {
        Node::Binding(_) | Node::Entry(_) => statement.span.contains(definition.at),
        Node::Attribute(_) | Node::Conditional(_) | Node::Junk => false,
    })
}

fn comments_above(statement: &Statement) -> String {
    let comments = statement.before.iter();
    let lines = comments.map(|comment| comment.text.trim_start_matches('#').trim());
    lines.collect::<Vec<_>>().join("\n")
}

struct Pages<'p, 't, 'w> {
    document: &'p Document,
    token: &'p Token<'t, 'w>,
}

impl<'p> Pages<'p, '_, '_> {
    fn page(&self, name: Option<&Name<'_>>) -> Option<String> {
        match self.token.role {
            Role::Word { entry, schema } => self.word(entry, schema?),
            Role::Label {
                entry,
                schema,
                index,
            } => self.label(entry, schema?, index),
            Role::Key {
                schema: Some(schema),
                ..
            } => Some(self.setting(schema)),
            Role::Key { schema: None, .. } => self.variable(),
            Role::Value {
                schema: Some(schema),
                ..
            } => match name {
                Some(name) => self.named(name).or_else(|| Some(self.setting(schema))),
                None => Some(self.setting(schema)),
            },
            Role::Name(_) => reference(self.document, name?),
            Role::MapKey { outer } => self.parameter(outer),
            Role::Value { schema: None, .. } | Role::Type | Role::Bound | Role::Operand => None,
        }
    }

    fn block(&self) -> Option<&'p Block> {
        merged::block(self.document, self.token.trail)
    }

    fn from(&self, origin: Origin) -> String {
        merged::origin(origin, self.token.span(), &self.document.analysis.sources)
    }

    // ---- words and labels ----

    fn word(&self, entry: &Entry, schema: &'static schema::Entry) -> Option<String> {
        let is_line = block_of(self.token.trail).is_some_and(|block| match block.other {
            Other::Line(_) => schema.word != schema::ALLOW.word,
            Other::Unknown | Other::Free => false,
        });
        if is_line {
            let name = plain(&entry.word)?;
            return Some(
                self.machine_named(name)
                    .unwrap_or_else(|| schema.documentation.to_owned()),
            );
        }
        let mut page = code(&schema.usage());
        page.push_str("\n\n");
        page.push_str(schema.documentation);
        add_only(&mut page, schema.only);
        let end = entry
            .block
            .as_ref()
            .map_or(self.token.span(), |block| block.span);
        let statement = self
            .token
            .span()
            .to(entry.labels.last().map_or(end, |label| label.span.to(end)));
        let machines = merged::machines(self.document, statement);
        let is_placed = schema.block.is_some_and(|block| block.name == "machine");
        if is_placed || schema.word == "data" {
            self.add_machines(&mut page, &machines);
        } else {
            self.add_effective(&mut page, entry);
        }
        Some(page)
    }

    /// What holds in a block although it is not written in it.
    fn add_effective(&self, page: &mut String, entry: &Entry) {
        let Some(outer) = self.block() else { return };
        let Some(merged) = merged::entry(outer, entry) else {
            return;
        };
        let own = |origin: Origin| match origin {
            Origin::Written(_) => true,
            Origin::Included { .. } | Origin::Default(_) | Origin::Derived { .. } => false,
        };
        let mut lines = Vec::new();
        for setting in merged
            .block
            .settings
            .iter()
            .filter(|setting| !own(setting.at))
        {
            let value = merged::written(&setting.value);
            lines.push(format!(
                "`{} = {value}`, {}",
                setting.schema.key,
                self.from(setting.at)
            ));
        }
        for inner in merged.block.entries.iter().filter(|inner| !own(inner.at)) {
            let labels: Vec<String> = inner.labels.iter().map(merged::written).collect();
            let head = std::iter::once(inner.word.clone())
                .chain(labels)
                .collect::<Vec<_>>();
            lines.push(format!("`{}`, {}", head.join(" "), self.from(inner.at)));
        }
        for (key, value) in merged
            .block
            .free
            .iter()
            .filter(|(_, value)| !own(value.origin))
        {
            let key = key.to_string();
            let value_text = merged::written(value);
            lines.push(format!(
                "`{key} = {value_text}`, {}",
                self.from(value.origin)
            ));
        }
        let platform = merged::cluster(self.document, self.token.trail)
            .and_then(|cluster| cluster.block.entry("platform")?.label(0));
        let label = merged.label(0);
        let schema = merged.schema.block.filter(|block| block.name != "versions");
        for setting in schema.map_or(&[][..], |block| block.settings) {
            let is_fitting = setting.only.is_empty()
                || setting
                    .only
                    .iter()
                    .any(|only| Some(*only) == platform || Some(*only) == label);
            if is_fitting
                && !setting.default.is_empty()
                && merged.block.value(setting.key).is_none()
            {
                lines.push(format!(
                    "`{}`: {}, by default",
                    setting.key, setting.default
                ));
            }
        }
        if !lines.is_empty() {
            page.push_str("\n\nAlso in effect:\n");
            for line in lines {
                let _ = write!(page, "\n- {line}");
            }
        }
    }

    fn label(&self, entry: &Entry, schema: &'static schema::Entry, index: usize) -> Option<String> {
        let text = plain(self.token.scalar)?;
        let first = entry.labels.first().and_then(plain);
        match (schema.word, index) {
            ("allow", 0) => lint::rule(text).map(lint::page),
            ("include" | "profile", 0) => {
                let name = names::at(&self.document.analysis, self.token.span().start)?;
                reference(self.document, &name)
            }
            ("os", 0) => Some(library::image(self.document, text)),
            ("os", 1) => {
                let cluster = merged::cluster(self.document, self.token.trail);
                let platform = cluster.and_then(|it| it.block.entry("platform")?.label(0));
                let page = library::image_version(self.document, (first?, text), platform);
                Some(page)
            }
            ("postgres" | "release", 1) => Some(library::release(first?, text)),
            ("cluster", 0) => self.cluster(text),
            ("location", 0) => Some(self.location(text)),
            _ => {
                let is_machine = schema.block.is_some_and(|block| block.name == "machine");
                let machine = is_machine.then(|| self.machine_named(text)).flatten();
                machine.or_else(|| {
                    let label = label_of(schema, index)?;
                    let mut page = code(&schema.usage());
                    let presence = match label.presence {
                        Presence::Required => "",
                        Presence::Optional => ", may be left out",
                        Presence::Repeated => ", any number of times",
                    };
                    let _ = write!(page, "\n\n`{}`: {}{presence}", label.name, label.ty.name());
                    page.push_str("\n\n");
                    page.push_str(schema.documentation);
                    Some(page)
                })
            }
        }
    }

    fn cluster(&self, name: &str) -> Option<String> {
        let topology = self.document.topology()?;
        let cluster = topology
            .clusters
            .iter()
            .find(|cluster| cluster.name.value == name)?;
        let mut page = code(&format!("cluster {name}"));
        if let Some(survives) = super::lens::survives(cluster, &self.document.analysis.sources) {
            let _ = write!(page, "\n\n{survives}");
        }
        let machines: Vec<&Instance> = cluster.instances.iter().collect();
        self.add_machines(&mut page, &machines);
        Some(page)
    }

    fn location(&self, name: &str) -> String {
        let mut page = code(&format!("location {name}"));
        let Some(cluster) = merged::built(self.document, self.token.trail) else {
            return page;
        };
        let mut locations = cluster.locations.iter();
        if let Some(location) = locations.find(|location| location.name.value == name) {
            page.push_str(if location.active {
                "\n\nAn active location."
            } else {
                "\n\nNot active: it has no data nodes other than `single`."
            });
            if let Some(place) = &location.place {
                for (key, value) in [
                    ("region", &place.region),
                    ("zone", &place.zone),
                    ("subnet", &place.subnet),
                ] {
                    let from = self.from(value.origin);
                    let _ = write!(page, "\n- {key} `{}`, {from}", value.value);
                }
            }
        }
        let machines: Vec<&Instance> = cluster
            .instances
            .iter()
            .filter(|instance| instance.location == name)
            .collect();
        self.add_machines(&mut page, &machines);
        page
    }

    // ---- machines ----

    fn machine_named(&self, name: &str) -> Option<String> {
        let cluster = merged::built(self.document, self.token.trail)?;
        let mut instances = cluster.instances.iter();
        let instance = instances.find(|instance| instance.name.value == name)?;
        Some(self.machine(instance))
    }

    fn machine(&self, instance: &Instance) -> String {
        let roles: Vec<&str> = instance
            .roles
            .iter()
            .map(|role| role.value.as_str())
            .collect();
        let mut page = code(&format!("{} {}", roles.join(", "), instance.name.value));
        // Places of an older text say nothing about this one.
        let is_current = self.document.analysis.whole().is_some();
        let mut line = |key: &str, value: &str, origin: Origin| {
            let _ = write!(page, "\n- {key} `{value}`");
            if is_current {
                let _ = write!(page, ", {}", self.from(origin));
            }
        };
        if !instance.name.origin.is_written() {
            line("name", &instance.name.value, instance.name.origin);
        }
        line("id", &instance.id.value.to_string(), instance.id.origin);
        if let Some(upstream) = &instance.upstream {
            line("upstream", &upstream.value, upstream.origin);
        }
        if let Some(backup) = &instance.backup {
            line("backup", &nodes(&backup.value), backup.origin);
        }
        for (key, address) in [
            ("address", &instance.address),
            ("public", &instance.public),
            ("private", &instance.private),
            ("instance", &instance.instance),
        ] {
            if let Some(address) = address {
                line(key, &address.value, address.origin);
            }
        }
        page
    }

    fn add_machines(&self, page: &mut String, machines: &[&Instance]) {
        match machines {
            [] => {}
            [only] => {
                page.push_str("\n\n");
                page.push_str(&self.machine(only));
            }
            [..] => {
                page.push('\n');
                for instance in machines {
                    let roles: Vec<&str> = instance
                        .roles
                        .iter()
                        .map(|role| role.value.as_str())
                        .collect();
                    let _ = write!(page, "\n- `{}`: {}", instance.name.value, roles.join(", "));
                    if let Some(upstream) = &instance.upstream {
                        let _ = write!(page, ", upstream `{}`", upstream.value);
                    }
                }
            }
        }
    }

    // ---- settings ----

    fn setting(&self, schema: &'static Setting) -> String {
        let mut page = code(&format!(
            "{}: {}",
            schema.key,
            schema.ty.name().replace('`', "")
        ));
        page.push_str("\n\n");
        page.push_str(&schema.described());
        if !schema.default.is_empty() {
            let _ = write!(page, "\n\nDefault: {}", schema.default);
        }
        add_only(&mut page, schema.only);
        let effective = self.block().and_then(|block| block.setting(schema.key));
        if let Some(effective) = effective {
            let value = merged::written(&effective.value);
            let span = self.statement_of_token();
            let sources = &self.document.analysis.sources;
            let from = merged::origin(effective.value.origin, span, sources);
            let _ = write!(page, "\n\nIn effect: `{value}`, {from}");
        }
        page
    }

    /// The attribute that the token is a part of.
    fn statement_of_token(&self) -> Span {
        match self.token.role {
            Role::Key { attribute, .. } | Role::Value { attribute, .. } => {
                attribute.key.span.to(attribute.value.span())
            }
            Role::Word { .. }
            | Role::Label { .. }
            | Role::MapKey { .. }
            | Role::Name(_)
            | Role::Type
            | Role::Bound
            | Role::Operand => self.token.span(),
        }
    }

    /// A parameter of Postgres in a map of them.
    fn parameter(&self, outer: Option<&Attribute>) -> Option<String> {
        let holder = plain(&outer?.key)?;
        let name = plain(self.token.scalar)?;
        let parameter = facts::parameters::find(name, self.major())
            .filter(|_| parameters::may_be_in(holder))?;
        let mut page = code(parameter.name);
        let _ = write!(page, "\n\n{}", parameters::page(parameter));
        Some(page)
    }

    /// The major version of the cluster around; the newest where none is written.
    fn major(&self) -> u32 {
        let cluster = merged::cluster(self.document, self.token.trail);
        let postgres = cluster.and_then(|cluster| cluster.block.entry("postgres"));
        let version = postgres.and_then(|entry| entry.label(1)?.parse().ok());
        version.unwrap_or(facts::parameters::NEWEST)
    }

    fn variable(&self) -> Option<String> {
        let name = plain(self.token.scalar)?;
        let step: &Step<'_> = self.token.trail.last()?;
        if step.is("tags") {
            return None;
        }
        let variable = variables::find(name)?;
        let mut page = code(&format!("{name}: {}", types(variable)));
        let _ = write!(
            page,
            "\n\n{}\n\nRead by TPA's `{}`.",
            variable.described(),
            variable.component
        );
        if let Some(parameter) = facts::parameters::find(name, self.major()) {
            let _ = write!(page, "\n\n{}", parameters::page(parameter));
        }
        if let Some(values) = lint::rules::values_of(name) {
            let _ = write!(page, "\n\nOne of {}.", schema::alternatives(values));
        }
        let value = self.block().and_then(|block| block.free.get(name));
        if let Some(value) = value {
            let sources = &self.document.analysis.sources;
            let from = merged::origin(value.origin, self.statement_of_token(), sources);
            let _ = write!(page, "\n\nIn effect: `{}`, {from}", merged::written(value));
        }
        Some(page)
    }

    // ---- names in values ----

    fn named(&self, name: &Name<'_>) -> Option<String> {
        match name.kind {
            Kind::Machine => self.machine_named(name.word),
            Kind::Location => Some(self.location(name.word)),
            Kind::Region => library::region(self.document, name.word),
            Kind::Image => Some(library::image(self.document, name.word)),
            Kind::Binding | Kind::Profile | Kind::Module | Kind::Cluster | Kind::Release => None,
        }
    }
}

fn add_only(page: &mut String, only: &[&str]) {
    if !only.is_empty() {
        let _ = write!(page, "\n\nOnly with {}.", schema::alternatives(only));
    }
}

fn code(text: &str) -> String {
    format!("```m1\n{text}\n```")
}
