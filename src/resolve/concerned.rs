//! Which clusters the errors concern that are not found in a cluster's own statements: those of what it takes from.
//!
//! A cluster takes from the profiles, bindings and `use` statements that it names, and from what these name. What is in
//! none of them, such as an `allow` or a line that nobody understands, may have been meant for every cluster.

use std::collections::{HashMap, HashSet};

use super::errors::{name_of, spelling};
use crate::diagnostic::Diagnostics;
use crate::load::Program;
use crate::schema::file::FILE;
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{
    Entry, Node, Part as TextPart, Reference, Scalar, ScalarKind, Statement, Value,
};
use crate::syntax::walk::{self, Element};

/// The names of the clusters that an error concerns which has been reported up to now.
pub(super) fn clusters(program: &Program, diagnostics: &Diagnostics) -> HashSet<Span> {
    if !diagnostics.has_errors() {
        return HashSet::new();
    }
    let mut parts = Parts::of(program);
    parts.take();
    for diagnostic in diagnostics.errors() {
        parts.mark(diagnostic.primary.span);
    }
    parts.spread();
    let names = parts.list.iter().filter(|part| part.is_wrong);
    let names = names.filter_map(|part| part.cluster);
    names.collect()
}

/// A statement of the top level that only those take from that name it.
#[derive(Default)]
struct Part {
    span: Option<Span>,
    /// The name of a cluster.
    cluster: Option<Span>,
    is_wrong: bool,
    /// Who takes from it.
    takers: Vec<usize>,
}

/// The part that stands for what is in no other. Every cluster takes from it.
const REST: usize = 0;

struct Parts<'p> {
    program: &'p Program,
    list: Vec<Part>,
    /// Where each part begins, by file, in the order of the text.
    starts: Vec<(Span, usize)>,
    profiles: HashMap<(usize, &'p str), Vec<usize>>,
    bindings: HashMap<(usize, &'p str), Vec<usize>>,
    /// What is looked through for names, with its part and its module.
    elements: Vec<(Element<'p>, usize, usize)>,
}

impl<'p> Parts<'p> {
    fn of(program: &'p Program) -> Parts<'p> {
        let mut parts = Parts {
            program,
            list: vec![Part::default()],
            starts: Vec::new(),
            profiles: HashMap::new(),
            bindings: HashMap::new(),
            elements: Vec::new(),
        };
        for (module, source) in program.modules.iter().enumerate() {
            parts.add_all(&source.tree.body.statements, module);
            if source.tree.is_cut {
                parts.mark_part(REST);
            }
        }
        parts.starts.sort_unstable();
        parts
    }

    fn add_all(&mut self, statements: &'p [Statement], module: usize) {
        for statement in statements {
            match &statement.node {
                Node::Binding(binding) => {
                    let part = self.add(statement, module);
                    if let ScalarKind::Name(name) = &binding.name.kind {
                        self.bindings.entry((module, name)).or_default().push(part);
                    }
                }
                Node::Entry(entry) => self.add_entry(entry, statement, module),
                Node::Conditional(conditional) => {
                    for condition in walk::conditions(conditional) {
                        let elements = &mut self.elements;
                        walk::condition(condition, &mut |element| {
                            elements.push((element, REST, module));
                        });
                    }
                    for branch in walk::branches(conditional) {
                        self.add_all(&branch.body.statements, module);
                    }
                }
                Node::Attribute(_) | Node::Junk => self.look_through(statement, REST, module),
            }
        }
    }

    fn add_entry(&mut self, entry: &'p Entry, statement: &'p Statement, module: usize) {
        let word = name_of(&entry.word);
        let is_bare = entry.labels.is_empty() && entry.block.is_none();
        let words: Vec<&str> = FILE.words().collect();
        match suggest::nearest(&word, &words) {
            Some("cluster") => {
                let part = self.add(statement, module);
                let name = entry.labels.first().map(|name| name.span);
                if let Some(part) = self.list.get_mut(part) {
                    part.cluster = name;
                }
                self.take_from(REST, part);
            }
            Some("profile") => {
                let part = self.add(statement, module);
                let name = entry.labels.first().and_then(Scalar::text);
                if let Some(name) = name {
                    self.profiles.entry((module, name)).or_default().push(part);
                }
            }
            Some("use") => {
                self.add(statement, module);
            }
            // A word that somebody has begun to write says nothing yet.
            None if is_bare => {
                self.add(statement, module);
            }
            Some(_) | None => self.look_through(statement, REST, module),
        }
    }

    fn add(&mut self, statement: &'p Statement, module: usize) -> usize {
        let part = self.list.len();
        self.list.push(Part {
            span: Some(statement.span),
            ..Part::default()
        });
        self.starts.push((statement.span, part));
        self.look_through(statement, part, module);
        part
    }

    fn look_through(&mut self, statement: &'p Statement, part: usize, module: usize) {
        walk::statement(statement, &mut |element| {
            self.elements.push((element, part, module));
        });
    }

    // ---- who takes from what ----

    /// Notes for every part what it takes from; one with a hole is wrong, whatever has been said about it.
    fn take(&mut self) {
        for (element, part, module) in std::mem::take(&mut self.elements) {
            self.element(element, part, module);
        }
    }

    fn element(&mut self, element: Element<'p>, part: usize, module: usize) {
        match element {
            Element::Statement(statement) => match &statement.node {
                Node::Junk => self.mark_part(part),
                Node::Attribute(attribute) => {
                    if matches!(attribute.value, Value::Missing(_)) {
                        self.mark_part(part);
                    }
                }
                Node::Entry(entry) if name_of(&entry.word) == "include" => {
                    for label in &entry.labels {
                        self.take_profile(label, part, module);
                    }
                }
                Node::Entry(_) | Node::Binding(_) | Node::Conditional(_) => {}
            },
            Element::Scalar(scalar) => match &scalar.kind {
                ScalarKind::Reference(reference) => self.take_binding(reference, part, module),
                ScalarKind::Text(text) => {
                    for piece in &text.parts {
                        if let TextPart::Reference(reference) = piece {
                            self.take_binding(reference, part, module);
                        }
                    }
                }
                ScalarKind::Missing => self.mark_part(part),
                ScalarKind::Name(_) | ScalarKind::Number(_) | ScalarKind::Literal(_) => {}
            },
            Element::Comment(_) | Element::Block(_) | Element::List(_) => {}
        }
    }

    fn take_profile(&mut self, label: &Scalar, part: usize, module: usize) {
        let label = spelling(label);
        let (home, name) = match label.split_once('.') {
            Some((home, name)) => (Some(home), name),
            None => (None, label.as_str()),
        };
        let Some(home) = self.home(home, part, module) else {
            return;
        };
        let found = self.profiles.get(&(home, name)).cloned();
        self.take_all(found, part);
    }

    fn take_binding(&mut self, reference: &'p Reference, part: usize, module: usize) {
        let Some(home) = self.home(reference.module.as_deref(), part, module) else {
            return;
        };
        let found = self.bindings.get(&(home, reference.name.as_str())).cloned();
        self.take_all(found, part);
    }

    /// The module that a name is in.
    fn home(&mut self, name: Option<&str>, part: usize, module: usize) -> Option<usize> {
        let Some(name) = name else {
            return Some(module);
        };
        let program = self.program;
        let uses = program.modules.get(module)?.uses.iter();
        let uses: Vec<_> = uses.filter(|used| used.name == name).collect();
        for used in &uses {
            if let Some(statement) = self.part_at(used.at) {
                self.take_from(statement, part);
            }
        }
        let home = uses.first().and_then(|used| used.module);
        if home.is_none() {
            self.mark_part(part);
        }
        home
    }

    /// What is not there has been lost.
    fn take_all(&mut self, found: Option<Vec<usize>>, part: usize) {
        match found {
            Some(found) => {
                for giver in found {
                    self.take_from(giver, part);
                }
            }
            None => self.mark_part(part),
        }
    }

    fn take_from(&mut self, giver: usize, taker: usize) {
        if let Some(giver) = self.list.get_mut(giver) {
            giver.takers.push(taker);
        }
    }

    // ---- what is wrong ----

    /// The part that holds a place.
    fn part_at(&self, at: Span) -> Option<usize> {
        let after = self
            .starts
            .partition_point(|(span, _)| (span.file, span.start) <= (at.file, at.start));
        let (_, part) = self.starts.get(after.checked_sub(1)?)?;
        let span = self.list.get(*part)?.span?;
        span.contains(at).then_some(*part)
    }

    fn mark(&mut self, at: Span) {
        // The start of a file stands for all of it.
        let part = if at.end == 0 { None } else { self.part_at(at) };
        self.mark_part(part.unwrap_or(REST));
    }

    fn mark_part(&mut self, part: usize) {
        if let Some(part) = self.list.get_mut(part) {
            part.is_wrong = true;
        }
    }

    /// Makes wrong whatever takes from what is wrong.
    fn spread(&mut self) {
        let wrong = self
            .list
            .iter()
            .enumerate()
            .filter(|(_, part)| part.is_wrong);
        let mut due: Vec<usize> = wrong.map(|(index, _)| index).collect();
        while let Some(part) = due.pop() {
            let takers = self
                .list
                .get_mut(part)
                .map(|part| std::mem::take(&mut part.takers));
            for taker in takers.unwrap_or_default() {
                if let Some(part) = self.list.get_mut(taker).filter(|part| !part.is_wrong) {
                    part.is_wrong = true;
                    due.push(taker);
                }
            }
        }
    }
}
