//! Statements become a block of the model; bodies of profiles and of the cluster itself are merged.

use super::{MAXIMUM_DEPTH, MAXIMUM_LAYERS, Resolver, Scope, errors, swapped};
use crate::model::{Block, Entry, FreeKey, Layer, Same, Setting};
use crate::resolve::definitions::Definition;
use crate::schema::{self, Identity, Other, Presence, Type};
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{Node, Scalar, ScalarKind, Statement};
use crate::syntax::{self, tree};
use crate::value::{Data, Key, Value};

/// A body that a cluster is merged from.
type Body<'p> = (&'p [Statement], Scope);

impl<'p> Resolver<'p> {
    /// The block of a cluster: what its profiles say, in order, and what it says itself over that.
    pub(super) fn cluster(&mut self, definition: &Definition<'p>) -> Block {
        let mut block = Block::new(&schema::cluster::CLUSTER);
        let mut bodies = Vec::new();
        let scope = Scope::of(definition.module);
        let reported = self.diagnostics.len();
        self.bodies(definition.statements, scope, &mut Vec::new(), &mut bodies);
        if self.diagnostics.len() > reported {
            lose(&mut block);
        }
        for (layer, (statements, scope)) in (0..).zip(bodies) {
            self.body(&mut block, statements, layer, scope);
        }
        self.os_or_image(&mut block);
        self.applies(&block);
        block
    }

    /// `os` and `image` of a platform replace each other: what is written in the later body holds.
    fn os_or_image(&mut self, cluster: &mut Block) {
        let is_platform = |entry: &&mut Entry| entry.schema.word == "platform";
        let Some(platform) = cluster.entries.iter_mut().find(is_platform) else {
            return;
        };
        let block = &mut platform.block;
        let (Some(os), Some(image)) = (block.entry("os"), block.setting("image")) else {
            return;
        };
        let (os_layer, image_layer) = (os.layer, image.layer);
        if os_layer == image_layer {
            let first = os.at.place();
            self.diagnostics
                .push_at(image.at, |at| errors::os_and_image(at, first));
        }
        if os_layer > image_layer {
            block
                .settings
                .retain(|setting| setting.schema.key != "image");
        } else {
            block.entries.retain(|entry| entry.schema.word != "os");
        }
    }

    /// Lists the bodies that are merged, those that lose first.
    pub(super) fn bodies(
        &mut self,
        statements: &'p [Statement],
        scope: Scope,
        chain: &mut Vec<&'p tree::Entry>,
        bodies: &mut Vec<Body<'p>>,
    ) {
        for (include, label) in self.includes(statements, scope) {
            let Some((module, profile)) = self.profile(label, scope) else {
                continue;
            };
            if let Some(at) = chain.iter().position(|known| std::ptr::eq(*known, profile)) {
                let cycle = chain.get(at..).unwrap_or_default();
                if !self.is_reported_cycle(cycle) {
                    let cycle: Vec<String> =
                        cycle.iter().map(|entry| profile_name(entry)).collect();
                    let diagnostic =
                        errors::cyclic_include(label.span, &profile_name(profile), &cycle);
                    self.report(scope, diagnostic);
                }
                continue;
            }
            if chain.len() >= MAXIMUM_DEPTH || bodies.len() >= MAXIMUM_LAYERS {
                self.report(scope, errors::too_many_includes(label.span));
                continue;
            }
            let inner = Scope {
                module,
                included: Some(scope.included.unwrap_or(include.word.span.to(label.span))),
                substituted: None,
            };
            if let Some(block) = &profile.block {
                chain.push(profile);
                self.bodies(&block.body.statements, inner, chain, bodies);
                chain.pop();
            }
        }
        bodies.push((statements, scope));
    }

    /// Whether a cycle of profiles has been reported; from now on it counts as such.
    fn is_reported_cycle(&mut self, cycle: &[&'p tree::Entry]) -> bool {
        let mut known = false;
        for profile in cycle {
            known |= !self.circular_profiles.insert(profile.word.span);
        }
        known
    }

    /// The `include` statements that hold.
    fn includes(
        &mut self,
        statements: &'p [Statement],
        scope: Scope,
    ) -> Vec<(&'p tree::Entry, &'p Scalar)> {
        let mut includes = Vec::new();
        for statement in statements {
            match &statement.node {
                Node::Entry(entry) if errors::name_of(&entry.word) == "include" => {
                    if let Some(label) = entry.labels.first() {
                        includes.push((entry, label));
                    }
                }
                Node::Conditional(conditional) => {
                    if let Some(taken) = self.branches(conditional, scope).taken {
                        includes.extend(self.includes(taken, scope));
                    }
                }
                Node::Entry(_) | Node::Attribute(_) | Node::Binding(_) | Node::Junk => {}
            }
        }
        includes
    }

    /// Adds the statements of one body to a block.
    pub(super) fn body(
        &mut self,
        block: &mut Block,
        statements: &'p [Statement],
        layer: Layer,
        scope: Scope,
    ) {
        for statement in statements {
            if self.diagnostics.is_full() {
                return;
            }
            match &statement.node {
                Node::Attribute(attribute) => {
                    self.attribute(block, attribute, statements, layer, scope);
                }
                Node::Entry(entry) => self.merge_entry(block, entry, layer, scope),
                Node::Conditional(conditional) => {
                    let reported = self.diagnostics.len();
                    let branches = self.branches(conditional, scope);
                    if self.diagnostics.len() > reported {
                        lose(block);
                    }
                    if let Some(taken) = branches.taken {
                        self.body(block, taken, layer, scope);
                    }
                    // The other branches are checked, so that a mistake is found before its day comes.
                    for rest in branches.rest {
                        self.body(&mut Block::new(block.schema), rest, layer, scope);
                    }
                }
                Node::Binding(_) => {}
                Node::Junk => lose(block),
            }
        }
    }

    fn attribute(
        &mut self,
        block: &mut Block,
        attribute: &'p tree::Attribute,
        siblings: &'p [Statement],
        layer: Layer,
        scope: Scope,
    ) {
        if block.schema.other == Other::Free {
            self.free_attribute(block, attribute, layer, scope);
            return;
        }
        let at = attribute.key.span;
        let key = match &attribute.key.kind {
            ScalarKind::Name(name) => name.clone(),
            ScalarKind::Text(_)
            | ScalarKind::Number(_)
            | ScalarKind::Literal(_)
            | ScalarKind::Reference(_)
            | ScalarKind::Missing => errors::spelling(&attribute.key),
        };
        let Some(schema) = block.schema.setting(&key) else {
            block.holes = true;
            let siblings = errors::keys_of(siblings);
            let chosen = self.chosen(at, scope);
            let place = (block.schema, &chosen);
            let diagnostic = errors::unknown_setting(attribute, &key, place, &siblings);
            let value = errors::span_of(&attribute.value, at);
            let form = match &attribute.value {
                tree::Value::Scalar(_) | tree::Value::Missing(_) => at.to(value),
                tree::Value::List(_) | tree::Value::Map(_) => Span {
                    end: value.start,
                    ..at
                },
            };
            self.diagnostics.remove(form, syntax::errors::OF_FORM);
            self.report(scope, diagnostic);
            return;
        };
        let Some(value) = self.value(&attribute.value, schema.ty, scope) else {
            block.holes = true;
            return;
        };
        let known = block
            .settings
            .iter()
            .position(|known| known.schema.key == schema.key);
        let Some(known) = known.and_then(|known| block.settings.get_mut(known)) else {
            block.settings.push(Setting {
                schema,
                at: scope.origin(at),
                value,
                layer,
            });
            return;
        };
        if known.layer == layer {
            let first = known.at.blame();
            self.report(scope, errors::duplicate_setting(at, &key, first));
            return;
        }
        known.value.merge(value);
        known.at = scope.origin(at);
        known.layer = layer;
    }

    fn free_attribute(
        &mut self,
        block: &mut Block,
        attribute: &'p tree::Attribute,
        layer: Layer,
        scope: Scope,
    ) {
        let at = attribute.key.span;
        let Some(key) = self.key(&attribute.key, scope) else {
            return;
        };
        match block.key_mut(&key) {
            Some(known) if known.layer == layer => {
                let first = known.at;
                self.report(scope, errors::duplicate_key(at, &key, first));
                return;
            }
            Some(known) => {
                known.layer = layer;
                known.at = at;
            }
            None => block.add_key(FreeKey {
                key: key.clone(),
                at,
                layer,
            }),
        }
        if let Some(value) = self.value(&attribute.value, Type::Any, scope) {
            block.free.merge_key(key, at, value);
        }
    }

    pub(super) fn merge_entry(
        &mut self,
        block: &mut Block,
        entry: &'p tree::Entry,
        layer: Layer,
        scope: Scope,
    ) {
        let at = entry.word.span;
        let word = match &entry.word.kind {
            ScalarKind::Name(name) => name.clone(),
            ScalarKind::Missing => {
                lose(block);
                return;
            }
            ScalarKind::Text(_)
            | ScalarKind::Number(_)
            | ScalarKind::Literal(_)
            | ScalarKind::Reference(_) => match self.key(&entry.word, scope) {
                Some(Key::Text(text)) => text,
                _ => {
                    lose(block);
                    return;
                }
            },
        };
        let schema = match (block.schema.entry(&word), block.schema.other) {
            (Some(schema), _) | (None, Other::Line(schema)) => schema,
            // It may be in every block.
            (None, Other::Unknown | Other::Free) if word == schema::ALLOW.word => &schema::ALLOW,
            (None, Other::Unknown | Other::Free) => {
                block.holes = true;
                // A misspelled word that is another statement's was not a location.
                let words: Vec<&str> = block.schema.words().collect();
                let meant = suggest::nearest(&word, &words);
                block.lost |= meant.is_none_or(|meant| meant == "location");
                let chosen = self.chosen(at, scope);
                let diagnostic = errors::unknown_entry(entry, &word, (block.schema, &chosen));
                let label = entry.labels.first().map(errors::spelling);
                let machines = self.machines(scope);
                let named = machines.iter().find(|it| Some(&it.name) == label.as_ref());
                let diagnostic = match named.filter(|_| word == "backup") {
                    Some(named) => errors::backup_of_machine(diagnostic, named, &machines),
                    None => diagnostic,
                };
                self.report(scope, diagnostic);
                return;
            }
        };
        if schema.word == "include" && entry.labels.len() == 1 && entry.block.is_none() {
            return;
        }
        let labels = self.labels(entry, schema, scope);
        let broken = labels.is_none();
        let mut new = Entry {
            schema,
            word,
            at: scope.origin(at),
            labels: labels.unwrap_or_default(),
            block: Block::new(schema.block.unwrap_or(&NOTHING)),
            bodies: Vec::new(),
            layer,
            broken,
        };
        let identity = if broken { None } else { identity(&new) };
        let known = identity.as_ref().and_then(|identity| block.same(identity));
        let Some(known) = known.and_then(|known| block.entries.get_mut(known)) else {
            self.entry_body(&mut new, entry, layer, scope);
            block.add_entry(identity, new);
            return;
        };
        let redefined = known.layer == layer && new.schema.identity == Identity::Definition;
        let relabelled = known.layer == layer && spelling(&known.labels) != spelling(&new.labels);
        if redefined || relabelled {
            let first = known.at.blame();
            let diagnostic = errors::duplicate_entry(entry, new.schema, &new.word, first);
            self.report(scope, diagnostic);
            self.entry_body(&mut new, entry, layer, scope);
            return;
        }
        let first = |entry: &Entry| entry.labels.first().map(|label| label.data.clone());
        if new.schema.identity == Identity::Word && first(known) != first(&new) {
            known.block = Block::new(known.block.schema);
        }
        known.labels = new.labels;
        known.at = new.at;
        known.layer = layer;
        self.entry_body(known, entry, layer, scope);
    }

    fn entry_body(&mut self, into: &mut Entry, entry: &'p tree::Entry, layer: Layer, scope: Scope) {
        let Some(block) = &entry.block else {
            return;
        };
        // What may be in it depends on the word.
        let chooses = into.schema.labels.first().map(|label| label.ty);
        if into.broken && matches!(chooses, Some(Type::Word(_))) {
            return;
        }
        if into.schema.block.is_none() {
            self.report(scope, {
                let before = entry.labels.last().unwrap_or(&entry.word).span;
                let diagnostic = errors::unexpected_block(block.span, &into.word, before);
                errors::variables_in_block(diagnostic, entry)
            });
            return;
        }
        into.bodies.push(entry.word.span.to(block.span));
        self.body(&mut into.block, &block.body.statements, layer, scope);
    }

    /// The typed labels of an entry, or `None` where one is missing, broken or too much.
    fn labels(
        &mut self,
        entry: &'p tree::Entry,
        schema: &'static schema::Entry,
        scope: Scope,
    ) -> Option<Vec<Value>> {
        if let Some((one, other)) = swapped::labels(entry, schema) {
            self.report(scope, errors::swapped_labels(entry, one, other));
            return None;
        }
        if let Some((number, unit, size)) = swapped::size_in_two(entry, schema) {
            self.report(scope, errors::size_in_two(number, unit, size));
            return None;
        }
        let mut typed = Vec::new();
        let mut labels = entry.labels.iter();
        let mut broken = false;
        for expected in schema.labels {
            loop {
                match labels.next() {
                    Some(label) => match self.scalar(label, expected.ty, scope) {
                        Some(value) => typed.push(value),
                        None => broken = true,
                    },
                    None if expected.presence == Presence::Required => {
                        if !broken {
                            self.report(scope, errors::missing_label(entry, schema, expected));
                        }
                        return None;
                    }
                    None => break,
                }
                if expected.presence != Presence::Repeated {
                    break;
                }
            }
        }
        if let Some(label) = labels.next() {
            if !broken {
                self.report(scope, errors::too_many_labels(entry, label, schema));
            }
            broken = true;
        }
        (!broken).then_some(typed)
    }
}

/// Notes that a statement of the block was lost, whatever it was.
fn lose(block: &mut Block) {
    block.holes = true;
    block.lost = true;
}

static NOTHING: schema::Block = schema::Block {
    name: "",
    settings: &[],
    entries: &[],
    other: Other::Unknown,
};

/// What makes two entries of a block the same one; nothing for those of which every one counts.
fn identity(entry: &Entry) -> Option<Same> {
    let first = || entry.labels.first().map(|label| label.data.clone());
    let labels = match entry.schema.identity {
        Identity::Word => Vec::new(),
        Identity::Labels => entry
            .labels
            .iter()
            .map(|label| label.data.clone())
            .collect(),
        Identity::FirstLabel => vec![first().unwrap_or(Data::Null)],
        // A line of `hosts` is defined by its word, a machine without a name by nothing.
        Identity::Definition if entry.schema.word == "NAME" => vec![Data::Text(entry.word.clone())],
        Identity::Definition => vec![first()?],
        Identity::Each => return None,
    };
    let spelled = labels.iter().map(spelled).collect();
    Some((entry.schema.word, spelled))
}

/// A label as a key of a map.
fn spelled(label: &Data) -> String {
    match label {
        Data::Text(text) => text.clone(),
        Data::Integer(integer) => integer.to_string(),
        Data::Null | Data::Boolean(_) | Data::Decimal(_) | Data::List(_) | Data::Map(_) => {
            String::new()
        }
    }
}

fn spelling(labels: &[Value]) -> Vec<&Data> {
    labels.iter().map(|label| &label.data).collect()
}

fn profile_name(entry: &tree::Entry) -> String {
    entry
        .labels
        .first()
        .map(errors::name_of)
        .unwrap_or_default()
}

impl<'p> Resolver<'p> {
    /// The profile that an `include` names, and the file that it is in.
    fn profile(&mut self, label: &'p Scalar, scope: Scope) -> Option<(usize, &'p tree::Entry)> {
        let name = match &label.kind {
            ScalarKind::Missing => return None,
            ScalarKind::Name(_)
            | ScalarKind::Text(_)
            | ScalarKind::Number(_)
            | ScalarKind::Literal(_)
            | ScalarKind::Reference(_) => errors::spelling(label),
        };
        let is_file = name.rsplit_once('.').is_some_and(|(_, end)| end == "m1");
        if is_file || name.contains(['/', '\\']) {
            self.report(scope, errors::included_file(label.span, &name));
            return None;
        }
        let program = self.program;
        let (module, name, prefix) = match name.split_once('.') {
            None => (scope.module, name.as_str(), String::new()),
            Some((module, name)) => {
                let uses = &program.modules.get(scope.module)?.uses;
                match uses.iter().find(|used| used.name == module) {
                    Some(used) => (used.module?, name, format!("{module}.")),
                    None => {
                        let length = u32::try_from(module.len()).unwrap_or(0);
                        let at = Span {
                            end: label.span.start + length,
                            ..label.span
                        };
                        self.unknown_module(at, module, scope);
                        return None;
                    }
                }
            }
        };
        let known = self.profiles.get(module)?;
        if let Some(profile) = known.get(name) {
            return Some((module, profile));
        }
        let names = suggest::candidates(known.keys().copied());
        let elsewhere = program.modules.get(scope.module).and_then(|source| {
            source.uses.iter().find(|used| {
                used.module
                    .and_then(|module| self.profiles.get(module))
                    .is_some_and(|profiles| profiles.contains_key(name))
            })
        });
        let diagnostic = errors::unknown_profile(
            label.span,
            (&prefix, name),
            &names,
            elsewhere.map(|used| used.name.as_str()),
        );
        self.report(scope, diagnostic);
        None
    }
}
