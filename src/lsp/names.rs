//! Names that a source defines or refers to, each at its place, and which of them mean the same thing.

use std::collections::{HashMap, HashSet};

use super::tokens::{self, Role, Token, block_of, plain};
use crate::check::Analysis;
use crate::source::Span;
use crate::syntax::tree::{Entry, ScalarKind};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A `param` or `let`.
    Binding,
    Profile,
    /// What a file calls a file that it uses.
    Module,
    Cluster,
    Location,
    Machine,
    Image,
    Region,
    Release,
}

impl Kind {
    /// As messages call it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Binding => "param or let",
            Kind::Profile => "profile",
            Kind::Module => "module",
            Kind::Cluster => "cluster",
            Kind::Location => "location",
            Kind::Machine => "machine",
            Kind::Image => "image",
            Kind::Region => "region",
            Kind::Release => "release",
        }
    }
}

/// What a name does where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Definition,
    /// A line of `hosts`, which names the machine that bears its name, or one that has none.
    Line,
    Use,
}

/// A cluster or profile: the path of its file, and where its statement begins.
pub(super) type Body<'a> = (&'a str, u32);

/// A name at its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) kind: Kind,
    pub(super) word: &'a str,
    /// The whole token, quotes included; of a reference or a dotted name the part that is this name.
    pub(super) at: Span,
    /// Whether it is a part of a token, which no quotes can be around.
    pub(super) is_part: bool,
    pub(super) part: Part,
    /// The path of the file whose name it is; of a release its flavour; empty for what all files share, and for a module
    /// that could not be read.
    pub(super) home: &'a str,
    /// The cluster or profile that it is in.
    pub(super) within: Option<Body<'a>>,
}

/// All names in the files of an analysis.
pub(super) fn names(analysis: &Analysis) -> Vec<Name<'_>> {
    let mut names = Vec::new();
    for module in 0..analysis.program.modules.len() {
        of_module(analysis, module, &mut |name| names.push(name));
    }
    names
}

/// The names in all files of some analyses, each once.
pub(super) fn everywhere<'a>(analyses: &[&'a Analysis]) -> Vec<Name<'a>> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for analysis in analyses {
        for module in 0..analysis.program.modules.len() {
            if seen.insert(path(analysis, module)) {
                of_module(analysis, module, &mut |name| all.push(name));
            }
        }
    }
    all
}

/// The name at an offset of the analysed file; of two that touch, the one that begins there.
pub(super) fn at(analysis: &Analysis, offset: u32) -> Option<Name<'_>> {
    let tree = &analysis.program.modules.first()?.tree;
    let mut found = None;
    tokens::visit(tree, offset..offset, &mut |token| {
        of_token(analysis, 0, token, &mut |name: Name<'_>| {
            if name.at.start <= offset && offset <= name.at.end {
                found = Some(name);
            }
        });
    });
    found
}

/// Those among all names that mean the same thing as one of them.
pub(super) fn same<'n, 'a>(name: &Name<'a>, all: &'n [Name<'a>]) -> Vec<&'n Name<'a>> {
    let alike = all
        .iter()
        .filter(|other| other.kind == name.kind && other.word == name.word);
    match name.kind {
        Kind::Location | Kind::Machine => {
            let bodies = name.within.map_or_else(HashSet::new, |within| {
                let mentioning = alike.clone().filter_map(|other| other.within).collect();
                related(within, &mentioning, all)
            });
            alike
                .filter(|other| other.within.is_some_and(|within| bodies.contains(&within)))
                .collect()
        }
        Kind::Binding
        | Kind::Profile
        | Kind::Module
        | Kind::Cluster
        | Kind::Image
        | Kind::Region
        | Kind::Release => alike.filter(|other| other.home == name.home).collect(),
    }
}

/// The bodies that are merged with one of them, directly or through others, as far as they mention a name.
pub(super) fn related<'a>(
    body: Body<'a>,
    mentioning: &HashSet<Body<'a>>,
    all: &[Name<'a>],
) -> HashSet<Body<'a>> {
    let merged = merges(all);
    let mut related = HashSet::from([body]);
    let mut next = vec![body];
    while let Some(body) = next.pop() {
        for cluster in merged.iter().filter(|merged| merged.contains(&body)) {
            for other in cluster {
                if mentioning.contains(other) && related.insert(*other) {
                    next.push(*other);
                }
            }
        }
    }
    related
}

/// Each body with all those that it includes, directly or through others.
fn merges<'a>(all: &[Name<'a>]) -> Vec<HashSet<Body<'a>>> {
    let mut profiles: HashMap<(&str, &str), Body<'a>> = HashMap::new();
    let mut includes: HashMap<Body<'a>, Vec<(&str, &str)>> = HashMap::new();
    let mut bodies = Vec::new();
    for name in all {
        let Some(within) = name.within else { continue };
        match (name.kind, name.part) {
            (Kind::Profile, Part::Definition) => {
                profiles.insert((name.home, name.word), within);
                bodies.push(within);
            }
            (Kind::Cluster, _) => bodies.push(within),
            (Kind::Profile, Part::Use) => {
                includes
                    .entry(within)
                    .or_default()
                    .push((name.home, name.word));
            }
            _ => {}
        }
    }
    let merged = |body: &Body<'a>| {
        let mut reached = HashSet::from([*body]);
        let mut next = vec![*body];
        while let Some(body) = next.pop() {
            for included in includes.get(&body).into_iter().flatten() {
                if let Some(profile) = profiles.get(included)
                    && reached.insert(*profile)
                {
                    next.push(*profile);
                }
            }
        }
        reached
    };
    bodies.iter().map(merged).collect()
}

/// Whether a module is named after `as`.
pub(super) fn is_alias(name: &Name<'_>) -> bool {
    let modules = name.analysis.program.modules.iter();
    let mut uses = modules.flat_map(|module| &module.uses);
    !uses.any(|used| used.at == name.at)
}

/// The path of a module.
pub(super) fn path(analysis: &Analysis, module: usize) -> &str {
    let module = analysis.program.modules.get(module);
    module.map_or("", |module| analysis.sources.name(module.tree.file))
}

/// The path of the module that a file uses under a name; empty where there is none.
fn used<'a>(analysis: &'a Analysis, module: usize, name: &str) -> &'a str {
    let uses = analysis.program.modules.get(module);
    let mut uses = uses.map_or(&[][..], |module| module.uses.as_slice()).iter();
    let used = uses
        .find(|used| used.name == name)
        .and_then(|used| used.module);
    used.map_or("", |used| path(analysis, used))
}

fn of_module<'a>(analysis: &'a Analysis, module: usize, found: &mut dyn FnMut(Name<'a>)) {
    if let Some(source) = analysis.program.modules.get(module) {
        tokens::all(&source.tree, &mut |token| {
            of_token(analysis, module, token, found);
        });
    }
}

fn of_token<'a>(
    analysis: &'a Analysis,
    module: usize,
    token: &Token<'a, '_>,
    found: &mut dyn FnMut(Name<'a>),
) {
    let file = path(analysis, module);
    let body = |entry: &Entry| (file, entry.word.span.start);
    let outermost = token
        .trail
        .first()
        .filter(|step| step.is("cluster") || step.is("profile"));
    let name = Name {
        analysis,
        kind: Kind::Binding,
        word: "",
        at: token.span(),
        is_part: false,
        part: Part::Use,
        home: "",
        within: outermost.map(|step| body(step.entry)),
    };
    for reference in token.references() {
        let mark = if analysis.sources.slice(reference.span).starts_with("${") {
            2
        } else {
            1
        };
        let parts = (reference.module.as_deref(), reference.name.as_str());
        let start = reference.span.start + mark;
        dotted(
            analysis,
            module,
            parts,
            Name {
                at: Span { start, ..name.at },
                ..name
            },
            found,
        );
    }
    let Some(word) = plain(token.scalar) else {
        return;
    };
    let name = Name { word, ..name };
    match token.role {
        Role::Name(_) => found(Name {
            part: Part::Definition,
            home: file,
            ..name
        }),
        Role::Word { schema, .. } => {
            let in_hosts = token.trail.last().is_some_and(|step| step.is("hosts"));
            if in_hosts && schema.is_some_and(|schema| schema.word != "allow") {
                found(Name {
                    kind: Kind::Machine,
                    part: Part::Line,
                    ..name
                });
            }
        }
        Role::Label {
            entry,
            schema: Some(schema),
            index,
        } => label(
            analysis,
            module,
            (schema.word, index, entry),
            name,
            token,
            found,
        ),
        Role::Value {
            schema: Some(schema),
            ..
        } => {
            let block = block_of(token.trail).map_or("", |block| block.name);
            let kind = match (block, schema.key) {
                ("cluster", "primary_location") => Kind::Location,
                ("machine", "upstream") => Kind::Machine,
                ("machine", "backup") if word != "none" => Kind::Machine,
                ("platform" | "location", "region") => Kind::Region,
                ("image", "like") => Kind::Image,
                _ => return,
            };
            found(Name { kind, ..name });
        }
        Role::Label { schema: None, .. }
        | Role::Key { .. }
        | Role::MapKey { .. }
        | Role::Value { schema: None, .. }
        | Role::Type
        | Role::Bound
        | Role::Operand => {}
    }
}

fn label<'a>(
    analysis: &'a Analysis,
    module: usize,
    (word, index, entry): (&'static str, usize, &'a Entry),
    name: Name<'a>,
    token: &Token<'a, '_>,
    found: &mut dyn FnMut(Name<'a>),
) {
    let file = path(analysis, module);
    let definition = |kind, home| Name {
        kind,
        home,
        part: Part::Definition,
        ..name
    };
    let own = Some((file, entry.word.span.start));
    let first = || entry.labels.first().and_then(plain).unwrap_or_default();
    let is_machine = block_of(token.trail).is_some_and(|block| block.name == "location");
    match (word, index) {
        ("profile", 0) => found(Name {
            within: own,
            ..definition(Kind::Profile, file)
        }),
        ("cluster", 0) => found(Name {
            within: own,
            ..definition(Kind::Cluster, file)
        }),
        ("location", 0) => found(definition(Kind::Location, "")),
        ("image", 0) => found(definition(Kind::Image, "")),
        ("region", 0) => found(definition(Kind::Region, "")),
        ("release", 1) => found(definition(Kind::Release, first())),
        ("postgres", 1) => found(Name {
            kind: Kind::Release,
            home: first(),
            ..name
        }),
        ("os", 0) => found(Name {
            kind: Kind::Image,
            ..name
        }),
        ("require", 1) => found(Name {
            kind: Kind::Location,
            ..name
        }),
        ("include", 0) => {
            let parts = match (&token.scalar.kind, name.word.split_once('.')) {
                (ScalarKind::Name(_), Some((used, profile))) => (Some(used), profile),
                _ => (None, name.word),
            };
            let kind = Kind::Profile;
            dotted(analysis, module, parts, Name { kind, ..name }, found);
        }
        ("use", 0) if entry.labels.len() == 1 => {
            let uses = analysis
                .program
                .modules
                .get(module)
                .map(|module| &module.uses);
            let mut uses = uses.into_iter().flatten();
            if let Some(used) = uses.find(|used| used.at == name.at) {
                found(Name {
                    word: &used.name,
                    ..definition(Kind::Module, file)
                });
            }
        }
        ("use", 2) => found(definition(Kind::Module, file)),
        // The block around it tells a machine from an image's version.
        (_, 0) if is_machine && !matches!(word, "data" | "allow") => {
            found(definition(Kind::Machine, ""));
        }
        _ => {}
    }
}

/// `name` or `module.name`, which begins where `base` does.
fn dotted<'a>(
    analysis: &'a Analysis,
    module: usize,
    (used_module, word): (Option<&'a str>, &'a str),
    base: Name<'a>,
    found: &mut dyn FnMut(Name<'a>),
) {
    let file = path(analysis, module);
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(0);
    let part = |text: &str, start: u32| Span {
        start,
        end: start + length(text),
        ..base.at
    };
    let is_reference = base.kind == Kind::Binding;
    match used_module {
        None => found(Name {
            word,
            at: if is_reference {
                part(word, base.at.start)
            } else {
                base.at
            },
            is_part: is_reference,
            home: file,
            ..base
        }),
        Some(used_name) => {
            found(Name {
                kind: Kind::Module,
                word: used_name,
                at: part(used_name, base.at.start),
                is_part: true,
                home: file,
                ..base
            });
            found(Name {
                word,
                at: part(word, base.at.start + length(used_name) + 1),
                is_part: true,
                home: used(analysis, module, used_name),
                ..base
            });
        }
    }
}
