//! The changes of a source that could make a difference, the most natural first.

use super::changes::{self, Change, Id, Step};
use super::differences::{Difference, apart};
use super::edit::{self, list_at, parsed};
use crate::facts::machines::Kind;
use crate::format;
use crate::import::free::{self, Words};
use crate::import::{data, forms};
use crate::origin::Origin;
use crate::schema::file::FILE;
use crate::source::{FileId, Span};
use crate::syntax::Tree;
use crate::syntax::nodes;
use crate::syntax::tree::{self, Body, Node, Statement};
use crate::value::{Data, Key, Map, Value};

/// Changes that belong together.
pub(super) type Try = Vec<Change>;

/// What two config.ymls become when they are imported.
pub(super) struct Imports {
    /// What makes the source of one of that of the other: without what the layout rules give, and with all names.
    changes: Vec<Vec<Change>>,
    /// The new one with all names.
    named: Option<Tree>,
}

impl Imports {
    pub(super) fn of(old: &Map, new: &Map) -> Imports {
        let (Some(old), Some(new)) = (forms(old), forms(new)) else {
            return Imports {
                changes: Vec::new(),
                named: None,
            };
        };
        let between = |(old, new): (&String, &String)| {
            changes::between(&parsed(old).body, &parsed(new).body, Some(&FILE))
        };
        Imports {
            changes: old.iter().zip(&new).map(between).collect(),
            named: new.last().map(|named| parsed(named)),
        }
    }

    /// Each change alone.
    pub(super) fn single(&self) -> impl Iterator<Item = Try> {
        let all = self.changes.iter().flatten();
        all.map(|change| vec![change.clone()])
    }

    /// Changes that only hold together: those of each location, all of them, all machines of a location written anew.
    pub(super) fn together(&self, source: &Tree) -> Vec<Try> {
        let mut tries = Vec::new();
        for changes in &self.changes {
            let mut locations: Vec<&Id> = changes.iter().filter_map(Change::location).collect();
            locations.dedup();
            for location in locations {
                let of_it = changes.iter();
                let of_it = of_it.filter(|change| change.location() == Some(location));
                tries.push(of_it.cloned().collect());
            }
            tries.push(changes.clone());
        }
        tries.extend(self.named.as_ref().map(|named| rewritten(source, named)));
        tries.retain(|changes: &Try| changes.len() > 1);
        tries
    }
}

/// What is known about the source of a cluster, and about what is wanted of it.
pub(super) struct Wanted<'w> {
    pub(super) cluster: &'w str,
    pub(super) document: &'w Map,
    pub(super) root: FileId,
    pub(super) text: &'w str,
}

impl Wanted<'_> {
    /// What could make a difference where the old value is written.
    pub(super) fn in_place(&self, difference: &Difference, all: &[Difference]) -> Vec<Try> {
        let mut tries = self.replaced(difference);
        tries.extend(self.renamed(difference, all));
        tries.extend(self.counted(difference).map(|change| vec![change]));
        tries
    }

    /// What could make a difference without knowing what it means.
    pub(super) fn in_free_form(&self, difference: &Difference) -> Vec<Try> {
        let mut tries = self.without(difference);
        tries.extend(self.free_form(difference).map(|change| vec![change]));
        tries
    }

    /// The place where a value is written in the source itself, and not in a profile.
    fn written(&self, value: &Value) -> Option<Span> {
        match value.origin {
            Origin::Written(at) if at.file == self.root => Some(at),
            Origin::Written(_)
            | Origin::Included { .. }
            | Origin::Default(_)
            | Origin::Derived { .. } => None,
        }
    }

    /// Another value where the old one is written.
    fn replaced(&self, difference: &Difference) -> Vec<Try> {
        let (Some(old), Some(new)) = (&difference.old, &difference.new) else {
            return Vec::new();
        };
        let Some(at) = self.written(old) else {
            return Vec::new();
        };
        let mut tries = Vec::new();
        let mut texts = Vec::new();
        let slice = self.text.get(at.range()).unwrap_or_default();
        if let Some(bound) = slice.strip_prefix('$').and_then(|name| self.bound(name)) {
            tries.push(vec![Change::Text(bound, spelled(new, Words::Bare))]);
            tries.push(vec![Change::Text(bound, spelled(new, Words::Quoted))]);
        }
        if let (Some(old), Some(new)) = (old.spelling(), new.spelling())
            && !new.contains(['"', '\\', '$', '\n'])
        {
            // A part of it may be all that is another, and the rest refer to a param.
            for (old, new) in [(old.as_str(), new.as_str()), middle(&old, &new)] {
                if !old.is_empty() && slice.matches(old).count() == 1 {
                    texts.push(slice.replacen(old, new, 1));
                }
            }
        }
        if let (Data::List(old), Data::List(new)) = (&old.data, &new.data)
            && let Some(change) = self.items(at, old, new)
        {
            return vec![vec![change]];
        }
        texts.extend([Words::Bare, Words::Quoted].map(|words| spelled(new, words)));
        texts.dedup();
        tries.extend(texts.into_iter().map(|text| vec![Change::Text(at, text)]));
        tries
    }

    /// Where the value of a param or `let` of the source is written.
    fn bound(&self, name: &str) -> Option<Span> {
        let tree = parsed(self.text);
        let bindings = tree.body.statements.iter();
        let mut bindings = bindings.filter_map(|statement| match &statement.node {
            Node::Binding(binding) => Some(binding),
            Node::Entry(_) | Node::Attribute(_) | Node::Conditional(_) | Node::Junk => None,
        });
        let found = bindings.find(|binding| binding.name.text() == Some(name))?;
        found.value.as_ref().map(tree::Value::span)
    }

    /// The items of a list that are others; those before and after them stay as they are written.
    fn items(&self, at: Span, old: &[Value], new: &[Value]) -> Option<Change> {
        let (gone, added) = apart(old, new);
        let before = old.iter().zip(new);
        let before = before.take_while(|(old, new)| data::same(old, new)).count();
        let is_last = before + gone.len() == old.len();
        let (gone, new) = (gone.len(), added);
        let tree = parsed(self.text);
        let list = list_at(&tree, at)?;
        let end = |place: usize| {
            let item = list.items.get(place)?;
            let after = item.after.as_ref().map(|comment| comment.span.end);
            Some(after.unwrap_or(item.value.span().end))
        };
        let start = match before.checked_sub(1) {
            Some(last) => end(last)?,
            None => {
                let open = list.open.as_ref().map(|comment| comment.span.end);
                open.unwrap_or(list.span.start + 1)
            }
        };
        let end = match (before + gone).checked_sub(1) {
            Some(last) if gone > 0 => end(last)?,
            Some(_) | None => start,
        };
        let texts: Vec<String> = new.iter().map(|item| spelled(item, Words::Bare)).collect();
        let is_first = before == 0;
        let replacement = if list.multiline {
            let joined = texts.iter().map(|text| format!("\n{text}"));
            joined.collect::<String>()
        } else {
            let joined = texts.join(", ");
            match (joined.is_empty(), is_first, is_last || gone > 0) {
                (true, ..) => String::new(),
                (false, true, true) => joined,
                (false, true, false) => format!("{joined}, "),
                (false, false, _) => format!(", {joined}"),
            }
        };
        // Of the first items the comma after them goes as well.
        let rest = self.text.get(end as usize..)?;
        let comma = rest.len() - rest.trim_start_matches([',', ' ']).len();
        let end = if gone > 0 && is_first && new.is_empty() {
            end + u32::try_from(comma).ok()?
        } else {
            end
        };
        Some(Change::Text(
            Span {
                file: at.file,
                start,
                end,
            },
            replacement,
        ))
    }

    /// The same for all values that were one and are another now, such as the name of a machine.
    fn renamed(&self, difference: &Difference, all: &[Difference]) -> Option<Try> {
        let text = |value: &Option<Value>| value.as_ref()?.as_text().map(str::to_owned);
        let pair = |difference: &Difference| Some((text(&difference.old)?, text(&difference.new)?));
        let wanted = pair(difference)?;
        let alike = all
            .iter()
            .filter(|other| pair(other).as_ref() == Some(&wanted));
        let changes: Option<Try> = alike
            .map(|other| self.replaced(other).into_iter().next()?.into_iter().next())
            .collect();
        changes.filter(|changes| changes.len() > 1)
    }

    /// One more machine without a name, or one less.
    fn counted(&self, difference: &Difference) -> Option<Change> {
        let [Key::Text(section), Key::Text(_)] = difference.path.as_slice() else {
            return None;
        };
        let (instance, more) = match (&difference.old, &difference.new) {
            (None, Some(instance)) => (instance, 1),
            (Some(instance), None) => (instance, -1),
            (_, _) => return None,
        };
        let location = instance.as_map()?.get("location")?.as_text()?;
        let path = [("cluster", self.cluster), ("location", location)];
        let path = path.map(|(word, label)| Step::entry(word, Some(label)));
        let counted = edit::labels(self.text, &path, &Step::entry("data", None))?;
        let [count] = counted.as_slice() else {
            return None;
        };
        let count = count.parse::<i64>().ok()? + more;
        let mut step = Step::entry("data", None);
        step.shell = nodes::line(nodes::word("data"), vec![nodes::number(count)]);
        (section == "instances").then(|| Change::Head(path.to_vec(), step))
    }

    /// What is written goes, and what is derived is omitted.
    fn without(&self, difference: &Difference) -> Vec<Try> {
        let (Some(old), None) = (&difference.old, &difference.new) else {
            return Vec::new();
        };
        let key = Some(difference.old_key).filter(|key| key.file == self.root);
        let written = self.written(old).map(|at| key.unwrap_or(at));
        let gone = written.map(Change::Remove);
        let omitted = self.omission(difference);
        let mut tries = Vec::new();
        tries.extend(gone.clone().map(|gone| vec![gone]));
        if let (Some(gone), Some(omitted)) = (gone, &omitted) {
            tries.push(vec![gone, omitted.clone()]);
        }
        tries.extend(omitted.map(|omitted| vec![omitted]));
        tries
    }

    fn omission(&self, difference: &Difference) -> Option<Change> {
        let (steps, keys) = self.home(difference)?;
        let path = keys.join(".");
        let line = nodes::line(nodes::word("omit"), vec![nodes::name(&path)]);
        Some(Change::Set(steps, line))
    }

    /// The block that a difference is in and the path of what could be omitted there.
    fn home(&self, difference: &Difference) -> Option<(Vec<Step>, Vec<String>)> {
        let mut steps = vec![Step::entry("cluster", Some(self.cluster))];
        let keys = difference.keys();
        let (first, rest) = keys.split_first()?;
        let within = |block: &str| {
            let block = std::iter::once(block.to_owned());
            block.chain(rest.iter().cloned()).collect()
        };
        let keys = match first.as_str() {
            "cluster_vars" => within("vars"),
            "instance_defaults" => within("defaults"),
            "locations" => {
                let (name, rest) = rest.split_first()?;
                steps.push(Step::entry("location", Some(name)));
                rest.to_vec()
            }
            "instances" => {
                let (name, rest) = rest.split_first()?;
                let machine = self.machine(name)?;
                let location = machine.get("location").and_then(Value::as_text)?;
                steps.push(Step::entry("location", Some(location)));
                let mut step = Step::entry(Kind::Replica.name(), Some(name));
                step.id.word.clear();
                steps.push(step);
                rest.to_vec()
            }
            _ => keys,
        };
        Some((steps, keys))
    }

    fn machine(&self, name: &str) -> Option<&Map> {
        let instances = self.document.get("instances")?.as_list()?;
        let named = |entry: &&Map| entry.get("Name").and_then(Value::as_text) == Some(name);
        instances.iter().filter_map(Value::as_map).find(named)
    }

    /// What is wanted, in free form.
    fn free_form(&self, difference: &Difference) -> Option<Change> {
        difference.new.as_ref()?;
        let (mut steps, keys) = self.home(difference)?;
        let is_below = |block: &str| keys.first().is_some_and(|first| first == block);
        let (block, skipped) = match difference.path.first()? {
            Key::Text(key) if key == "cluster_tags" => ("tags", 1),
            Key::Text(_) if is_below("vars") => ("vars", 1),
            Key::Text(_) if is_below("tags") => ("tags", 1),
            Key::Text(_) if steps.len() == 1 && is_below("defaults") => ("defaults", 1),
            Key::Text(_) | Key::Integer(_) => ("settings", 0),
        };
        let depth = difference.path.len() - keys.len() + skipped;
        let (start, path) = difference.path.split_at_checked(depth)?;
        let (path, value) = wanted(reached(self.document, start)?, path)?;
        let words = if block == "tags" {
            Words::Quoted
        } else {
            Words::Bare
        };
        steps.push(Step::entry(block, None));
        let (last, around) = path.split_last()?;
        let statement = nodes::attribute(key(last), free::value(value, words));
        let statement = around.iter().rev().fold(statement, |inner, around| {
            nodes::attribute(key(around), nodes::map(vec![inner]))
        });
        Some(Change::Set(steps, statement))
    }
}

/// What is between the beginning and the end that two texts share.
fn middle<'t>(old: &'t str, new: &'t str) -> (&'t str, &'t str) {
    let pairs = old.char_indices().zip(new.chars());
    let mut others = pairs.skip_while(|((_, old), new)| old == new);
    let start = others
        .next()
        .map_or(old.len().min(new.len()), |((at, _), _)| at);
    let (old, new) = (
        old.get(start..).unwrap_or_default(),
        new.get(start..).unwrap_or_default(),
    );
    let pairs = old.chars().rev().zip(new.chars().rev());
    let same = pairs.take_while(|(old, new)| old == new);
    let end: usize = same.map(|(same, _)| same.len_utf8()).sum();
    (
        old.get(..old.len() - end).unwrap_or_default(),
        new.get(..new.len() - end).unwrap_or_default(),
    )
}

/// The map at the end of a path.
fn reached<'v>(map: &'v Map, path: &[Key]) -> Option<&'v Map> {
    let Some((first, rest)) = path.split_first() else {
        return Some(map);
    };
    let value = map.value_of(first)?;
    match (&value.data, rest.split_first()) {
        (Data::List(items), Some((Key::Text(name), rest))) => {
            let mut entries = items.iter().filter_map(Value::as_map);
            let named = |entry: &&Map| entry.get("Name").and_then(Value::as_text) == Some(name);
            reached(entries.find(named)?, rest)
        }
        (_, _) => reached(value.as_map()?, rest),
    }
}

/// The value at the end of a path; a list is one value.
fn wanted<'p, 'v>(map: &'v Map, path: &'p [Key]) -> Option<(&'p [Key], &'v Value)> {
    let mut map = map;
    for (depth, key) in path.iter().enumerate() {
        let value = map.value_of(key)?;
        match value.as_map() {
            Some(inner) if depth + 1 < path.len() => map = inner,
            Some(_) | None => return Some((path.get(..=depth)?, value)),
        }
    }
    None
}

fn key(key: &Key) -> tree::Scalar {
    match key {
        Key::Text(text) => nodes::key(text),
        Key::Integer(integer) => nodes::number(*integer),
    }
}

/// A value as it is in a source.
fn spelled(value: &Value, words: Words) -> String {
    let text = format::statement(&nodes::attribute(
        nodes::word("v"),
        free::value(value, words),
    ));
    text.strip_prefix("v = ").unwrap_or(&text).to_owned()
}

/// The machines of all locations written anew.
fn rewritten(source: &Tree, named: &Tree) -> Try {
    let mut changes = Vec::new();
    let clusters = named.body.statements.iter();
    for cluster in clusters.filter_map(entry_of("cluster")) {
        let Some(of_source) = same_entry(&source.body, cluster) else {
            continue;
        };
        for location in entries(cluster).filter_map(entry_of("location")) {
            let known = same_body(of_source).and_then(|body| same_entry(body, location));
            let path = [cluster, location].map(|entry| {
                let label = entry.labels.first().and_then(tree::Scalar::text);
                Step::entry(entry.word.text().unwrap_or_default(), label)
            });
            let machines = |entry: &tree::Entry| -> Vec<Statement> {
                entries(entry)
                    .filter(|it| edit::is_machine(it))
                    .cloned()
                    .collect()
            };
            let schema = FILE.entry("cluster").and_then(|cluster| cluster.block);
            let schema = schema.and_then(|cluster| cluster.entry("location")?.block);
            for old in known.map(machines).unwrap_or_default() {
                changes.push(Change::Unset(path.to_vec(), changes::id(&old, schema)));
            }
            for new in machines(location) {
                changes.push(Change::Set(path.to_vec(), new));
            }
        }
    }
    changes
}

fn entry_of<'t>(word: &'static str) -> impl Fn(&'t Statement) -> Option<&'t tree::Entry> {
    move |statement| match &statement.node {
        Node::Entry(entry) if entry.word.text() == Some(word) => Some(entry),
        Node::Entry(_)
        | Node::Attribute(_)
        | Node::Binding(_)
        | Node::Conditional(_)
        | Node::Junk => None,
    }
}

fn entries(entry: &tree::Entry) -> impl Iterator<Item = &Statement> {
    same_body(entry)
        .into_iter()
        .flat_map(|body| &body.statements)
}

fn same_body(entry: &tree::Entry) -> Option<&Body> {
    entry.block.as_ref().map(|block| &block.body)
}

/// The entry of a body with the same word and the same first label.
fn same_entry<'t>(body: &'t Body, wanted: &tree::Entry) -> Option<&'t tree::Entry> {
    let label = |entry: &tree::Entry| {
        let first = entry.labels.first().and_then(tree::Scalar::text);
        (
            entry.word.text().map(str::to_owned),
            first.map(str::to_owned),
        )
    };
    body.statements
        .iter()
        .find_map(|statement| match &statement.node {
            Node::Entry(entry) if label(entry) == label(wanted) => Some(entry),
            Node::Entry(_)
            | Node::Attribute(_)
            | Node::Binding(_)
            | Node::Conditional(_)
            | Node::Junk => None,
        })
}
