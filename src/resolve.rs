//! A program becomes a model: names are bound, conditions decided, profiles merged, values typed.
//!
//! A part that cannot be understood becomes a hole, never a second error: it is reported once and left out. Which
//! statements a cluster must have, and what follows from them, is not known here.

mod applies;
mod bindings;
mod chosen;
mod concerned;
mod conditions;
mod definitions;
mod errors;
pub mod free;
mod given;
mod machines;
mod merge;
mod options;
mod swapped;
pub mod tables;
mod tpa;
mod values;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub use errors::CODES;
pub use free::is_reserved;
pub use given::Setting;
pub use options::Options;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::Program;
use crate::model::{Cluster, Model};
use crate::origin::Origin;
use crate::source::Span;
use crate::syntax::tree;

/// Binds the names of a program.
pub fn resolve(program: &Program, options: Options<'_>, diagnostics: &mut Diagnostics) -> Model {
    let given = given::given(program, options.settings, diagnostics);
    let mut resolver = Resolver {
        program,
        given: &given,
        diagnostics,
        bindings: bindings::collect(program),
        profiles: vec![HashMap::new(); program.modules.len()],
        clusters: Vec::new(),
        cluster_names: HashMap::new(),
        model: Model::default(),
        evaluating: Vec::new(),
        cycles: HashSet::new(),
        mistyped: HashSet::new(),
        circular_profiles: HashSet::new(),
        budget: BUDGET,
    };
    resolver.check_bindings();
    resolver.definitions();
    resolver.check_profiles();
    resolver.model.own = Arc::new(resolver.model.tables.clone());
    let concerned = concerned::clusters(program, resolver.diagnostics);
    for definition in std::mem::take(&mut resolver.clusters) {
        let errors = resolver.diagnostics.count_errors();
        let block = resolver.cluster(&definition);
        let tpa = resolver.tpa(&block, options.tpa);
        resolver.needs_newer_tpa(&block, tpa);
        resolver.library_entries(&block, tpa);
        let has_errors = resolver.diagnostics.count_errors() > errors || resolver.budget == 0;
        resolver.model.clusters.push(Cluster {
            broken: has_errors || concerned.contains(&definition.at),
            name: definition.name,
            at: definition.at,
            tpa: tpa.version,
            made_for: tpa.made_for,
            block,
        });
    }
    resolver.model
}

/// How many values one source may come to, counted each time that one is computed. References can double a value
/// again and again; this keeps time and memory in proportion to the source.
const BUDGET: u32 = 1_000_000;

/// The longest text that interpolation may make, in bytes.
const LONGEST_TEXT: usize = 65_536;

/// How deep references to references, and profiles in profiles, may go.
const MAXIMUM_DEPTH: usize = 64;

/// How many bodies one cluster may be merged from.
const MAXIMUM_LAYERS: usize = 1000;

/// The state of resolution. Places in `modules` index the program's modules; 0 is the root.
struct Resolver<'p> {
    program: &'p Program,
    given: &'p given::Given<'p>,
    diagnostics: &'p mut Diagnostics,
    bindings: Vec<HashMap<&'p str, &'p tree::Binding>>,
    profiles: Vec<HashMap<&'p str, &'p tree::Entry>>,
    clusters: Vec<definitions::Definition<'p>>,
    /// Where each of them is defined.
    cluster_names: HashMap<String, Span>,
    model: Model,
    /// The bindings whose values are being computed.
    evaluating: Vec<(usize, &'p str)>,
    /// The bindings that are part of a cycle that has been reported.
    cycles: HashSet<(usize, &'p str)>,
    /// The params whose values have another type than they take, which has been reported.
    mistyped: HashSet<(usize, &'p str)>,
    /// The profiles that are part of a cycle that has been reported, by where they stand.
    circular_profiles: HashSet<Span>,
    budget: u32,
}

/// Where a statement or value stands.
#[derive(Clone, Copy)]
struct Scope {
    /// The file whose names it sees.
    module: usize,
    /// The `include` in the cluster that brought it in.
    included: Option<Span>,
    /// The reference that it was substituted for.
    substituted: Option<Span>,
}

impl Scope {
    fn of(module: usize) -> Scope {
        Scope {
            module,
            included: None,
            substituted: None,
        }
    }

    fn origin(self, at: Span) -> Origin {
        let at = self.substituted.unwrap_or(at);
        match self.included {
            Some(used) => Origin::Included { at, used },
            None => Origin::Written(at),
        }
    }
}

impl Resolver<'_> {
    /// Reports an error about what is in this scope: with the `include` that brought it in, and where a reference
    /// was followed with the value that it stands for.
    fn report(&mut self, scope: Scope, diagnostic: Diagnostic) {
        let mut diagnostic = diagnostic;
        if let Some(reference) = scope.substituted {
            let written = diagnostic.primary.span;
            diagnostic.primary.span = reference;
            diagnostic.fix = None;
            diagnostic = match self.given_value() {
                Some((param, setting)) => {
                    diagnostic.related(param, format!("`{setting}` gives it this value"))
                }
                None => diagnostic.related(written, "the value that it stands for"),
            };
        }
        if let Some(used) = scope.included {
            diagnostic = diagnostic.related(used, "included here");
        }
        self.diagnostics.push(diagnostic);
    }

    /// The param whose value is being computed and what the command line says of it, if it does.
    fn given_value(&self) -> Option<(Span, &Setting)> {
        let &(module, name) = self.evaluating.last()?;
        let given = self.given.get(&(module, name.to_owned()))?;
        let binding = self.bindings.get(module)?.get(name)?;
        Some((binding.name.span, given.setting))
    }
}
