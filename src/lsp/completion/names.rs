//! Names of what there is: machines, locations, profiles, bindings, images, regions and releases.

use super::{Completion, CompletionKind, Place};
use crate::facts::roles::Role;
use crate::facts::tables::{Image, Platform};
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::lock;
use crate::lsp::merged;
use crate::lsp::spelling::is_bare;
use crate::lsp::tokens::plain;
use crate::model;
use crate::resolve::tables;
use crate::source::Span;
use crate::syntax::tree::{BindingKind, Node};
use crate::value::Value;

impl Place<'_> {
    fn cluster(&self) -> Option<&model::Cluster> {
        merged::cluster(self.document, &self.site.trail)
    }

    /// The TPA of the cluster.
    pub(super) fn tpa(&self) -> TpaVersion {
        self.cluster()
            .map_or(TpaVersion::NEWEST, |cluster| cluster.tpa)
    }

    /// Whether the TPA of the cluster has a version of an image, or the source has it itself.
    fn is_there(&self, image: &Image) -> bool {
        let own = &self.document.analysis.model.own.images;
        let (platform, version) = (image.platform, &image.version);
        own.contains(image)
            || changes::image(self.tpa(), platform, &image.name, version).has_begun()
    }

    /// The locations of the cluster that a primary may be in.
    pub(super) fn primary_locations(&self) -> Vec<Completion> {
        let is_data = |machine: &model::Entry| {
            matches!(machine.schema.word, "data" | "primary" | "replica" | "node")
        };
        self.locations_that(|location| {
            location.block.holes || location.block.entries.iter().any(is_data)
        })
    }

    /// The locations of the cluster.
    pub(super) fn locations(&self) -> Vec<Completion> {
        self.locations_that(|_| true)
    }

    fn locations_that(&self, fits: impl Fn(&model::Entry) -> bool) -> Vec<Completion> {
        let Some(cluster) = self.cluster() else {
            return Vec::new();
        };
        let locations = cluster.block.entries("location");
        locations
            .filter(|location| fits(location))
            .filter_map(|location| location.label(0))
            .map(|name| named(name, CompletionKind::Location))
            .collect()
    }

    /// The machines of the cluster with a word that says what they are, the one around this place left out.
    fn machines(&self) -> Vec<(String, String)> {
        let own = self
            .site
            .trail
            .last()
            .and_then(|step| plain(step.entry.labels.first()?));
        let mut machines: Vec<(String, String)> = Vec::new();
        if let Some(cluster) = self.cluster() {
            for location in cluster.block.entries("location") {
                for machine in &location.block.entries {
                    let is_machine = machine.block.schema.name == "machine";
                    if let Some(name) = machine.label(0).filter(|_| is_machine) {
                        machines.push((name.to_owned(), machine.schema.word.to_owned()));
                    }
                }
            }
        }
        // Names that rules have made.
        if let Some(built) = merged::built(self.document, &self.site.trail) {
            for instance in &built.instances {
                let name = &instance.name.value;
                let is_written = instance.name.origin.is_written();
                if !is_written && machines.iter().all(|(known, _)| known != name) {
                    let role = instance
                        .roles
                        .first()
                        .map_or("", |role| role.value.as_str());
                    machines.push((name.clone(), role.to_owned()));
                }
            }
        }
        machines.retain(|(name, _)| Some(name.as_str()) != own);
        machines
    }

    /// The locations that the lock has and the source does not.
    pub(super) fn locations_that_went(&self) -> Vec<Completion> {
        let (Some(cluster), Some(lock)) = (self.cluster(), self.lock()) else {
            return Vec::new();
        };
        let is_here = |name: &str| {
            let mut locations = cluster.block.entries("location");
            locations.any(|location| location.label(0) == Some(name))
        };
        let names = lock.locations.keys().filter(|name| !is_here(name));
        names
            .map(|name| named(name, CompletionKind::Location))
            .collect()
    }

    /// The machines that the lock has and the source does not.
    pub(super) fn machines_that_went(&self) -> Vec<Completion> {
        let Some(lock) = self.lock() else {
            return Vec::new();
        };
        let here = self.machines();
        let is_here = |name: &str| here.iter().any(|(known, _)| known == name);
        let gone = lock.machines().filter(|(name, _)| !is_here(name));
        gone.map(|(name, machine)| {
            let number = format!("number {}", machine.number);
            named(name, CompletionKind::Machine).detail(&number)
        })
        .collect()
    }

    /// What the lock has of the cluster.
    fn lock(&self) -> Option<&lock::Cluster> {
        let lock = self.document.analysis.lock.as_ref()?;
        lock.clusters.get(&self.cluster()?.name)
    }

    /// The machines that others stream from.
    pub(super) fn upstreams(&self) -> Vec<Completion> {
        let is_data = |word: &str| matches!(word, "primary" | "replica" | "single" | "node");
        let machines = self.machines().into_iter();
        machines
            .filter(|(_, word)| is_data(word))
            .map(|(name, word)| named(&name, CompletionKind::Machine).detail(word))
            .collect()
    }

    pub(super) fn barman_nodes(&self, alone: bool) -> Vec<Completion> {
        let machines = self.machines().into_iter();
        let mut found: Vec<Completion> = machines
            .filter(|(_, word)| matches!(word.as_str(), "barman" | "node"))
            .map(|(name, word)| named(&name, CompletionKind::Machine).detail(word))
            .collect();
        if alone {
            found.push(Completion::new("none", CompletionKind::Word));
        }
        found
    }

    /// The lines of `hosts` whose names no machine bears.
    pub(super) fn spare_hosts(&self) -> Vec<Completion> {
        let Some(hosts) = self
            .cluster()
            .and_then(|cluster| cluster.block.entry("hosts"))
        else {
            return Vec::new();
        };
        let machines = self.machines();
        hosts
            .block
            .entries
            .iter()
            .map(|line| line.word.as_str())
            .filter(|word| machines.iter().all(|(name, _)| name != word))
            .map(|word| named(word, CompletionKind::Machine).detail("from `hosts`"))
            .collect()
    }

    /// The machines that no line of `hosts` names.
    pub(super) fn nameless_hosts(&self) -> Vec<Completion> {
        let hosts = self
            .cluster()
            .and_then(|cluster| cluster.block.entry("hosts"));
        let lines = hosts.map_or(&[][..], |hosts| hosts.block.entries.as_slice());
        let written = |name: &str| lines.iter().any(|line| line.word == name);
        let replaced = self.document.analysis.sources.slice(self.site.replaced);
        let is_own = |word: &str| {
            matches!(
                word,
                "primary"
                    | "replica"
                    | "single"
                    | "barman"
                    | "witness"
                    | "etcd"
                    | "haproxy"
                    | "pem"
                    | "node"
            )
        };
        self.machines()
            .into_iter()
            .filter(|(name, word)| is_own(word) && (!written(name) || name == replaced))
            .map(|(name, word)| named(&name, CompletionKind::Machine).detail(word))
            .collect()
    }

    pub(super) fn roles(&self) -> Vec<Completion> {
        // What the machine's word says already is not an extra role.
        let own = self
            .site
            .trail
            .last()
            .and_then(|step| plain(&step.entry.word));
        let tpa = self.tpa();
        Role::ALL
            .into_iter()
            .filter(|role| Some(role.name()) != own)
            .filter(|role| changes::role(tpa, *role) == Availability::Here)
            .map(|role| Completion::new(role.name(), CompletionKind::Word))
            .collect()
    }

    pub(super) fn profiles(&self) -> Vec<Completion> {
        let own = self.site.trail.first().filter(|step| step.is("profile"));
        let own = own.and_then(|step| plain(step.entry.labels.first()?));
        let program = &self.document.analysis.program;
        let Some(root) = program.modules.first() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for name in self.profiles_of(0) {
            if Some(name.as_str()) != own {
                found.push(Completion::new(name, CompletionKind::Profile));
            }
        }
        for used in &root.uses {
            let Some(module) = used.module else { continue };
            for name in self.profiles_of(module) {
                let name = format!("{}.{name}", used.name);
                found.push(Completion::new(name, CompletionKind::Profile));
            }
        }
        found
    }

    fn profiles_of(&self, module: usize) -> Vec<String> {
        let modules = &self.document.analysis.program.modules;
        let body = modules.get(module).map(|module| &module.tree.body);
        let entries = body.map_or_else(Vec::new, super::entries);
        entries
            .into_iter()
            .filter(|entry| plain(&entry.word) == Some("profile"))
            .filter_map(|entry| plain(entry.labels.first()?))
            .map(str::to_owned)
            .collect()
    }

    /// What comes after `$`, or after `$module.`.
    pub(super) fn references(&self, module: Option<Span>) -> Vec<Completion> {
        let Some(root) = self.document.analysis.program.modules.first() else {
            return Vec::new();
        };
        if let Some(module) = module {
            let name = self.document.analysis.sources.slice(module);
            let used = root.uses.iter().find(|used| used.name == name);
            return used
                .and_then(|used| used.module)
                .map_or_else(Vec::new, |module| self.bindings(module));
        }
        let mut found = self.bindings(0);
        for used in &root.uses {
            let has_bindings = used
                .module
                .is_some_and(|module| !self.bindings(module).is_empty());
            if has_bindings {
                found.push(
                    Completion::new(&used.name, CompletionKind::Module)
                        .insert(format!("{}.", used.name)),
                );
            }
        }
        found
    }

    /// The params and lets of a module.
    pub(super) fn bindings(&self, module: usize) -> Vec<Completion> {
        let analysis = &self.document.analysis;
        let modules = &analysis.program.modules;
        let body = modules.get(module).map(|module| &module.tree.body);
        let statements = body.map_or(&[][..], |body| body.statements.as_slice());
        statements
            .iter()
            .filter_map(|statement| match &statement.node {
                Node::Binding(binding) => {
                    let name = plain(&binding.name)?;
                    // A binding that names itself is a cycle.
                    let is_own = module == 0 && statement.span.contains(self.site.replaced);
                    let kind = match binding.kind {
                        BindingKind::Param => "param",
                        BindingKind::Let => "let",
                    };
                    let detail = analysis.sources.slice(statement.span).lines().next();
                    let completion = Completion::new(name, CompletionKind::Binding)
                        .detail(detail.unwrap_or(kind));
                    (!is_own).then_some(completion)
                }
                Node::Attribute(_) | Node::Conditional(_) | Node::Entry(_) | Node::Junk => None,
            })
            .collect()
    }

    fn platform(&self) -> Option<Platform> {
        let name = self.chosen("platform")?;
        Platform::ALL
            .into_iter()
            .find(|platform| platform.name() == name)
    }

    pub(super) fn images(&self) -> Vec<Completion> {
        let platform = self
            .platform()
            .filter(|platform| *platform != Platform::Bare);
        let own = self.document.analysis.model.tables.images.iter();
        let mut names: Vec<String> = own
            .filter(|image| platform.is_none_or(|platform| image.platform == platform))
            .map(|image| image.name.clone())
            .collect();
        for name in tables::library_names("image") {
            let fits = |image: &Image| {
                platform.is_none_or(|platform| image.platform == platform) && self.is_there(image)
            };
            if tables::library_image(name).iter().any(fits) {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        names.dedup();
        let names = names.iter();
        names
            .map(|name| named(name, CompletionKind::Table).detail("image"))
            .collect()
    }

    /// The versions of an image, the newest first.
    pub(super) fn image_versions(&self, name: &str) -> Vec<Completion> {
        let platform = self.platform();
        let mut images = self.document.analysis.model.tables.images.clone();
        images.extend(tables::library_image(name));
        let mut seen = std::collections::HashSet::new();
        let mut found: Vec<Completion> = Vec::new();
        for image in images.iter().rev() {
            let fits = platform.is_none_or(|it| it == image.platform || it == Platform::Bare);
            let is_one = image.name == name && fits && self.is_there(image);
            if is_one && seen.insert(image.version.clone()) {
                let detail = if image.default { "default" } else { "" };
                let aliases = image.aliases.join(", ");
                let detail = [detail, &aliases].join(" ").trim().to_owned();
                found.push(Completion::new(&image.version, CompletionKind::Table).detail(detail));
            }
        }
        found
    }

    /// The versions of a flavour, the newest first.
    pub(super) fn releases(&self, flavour: &str) -> Vec<Completion> {
        let own = self.document.analysis.model.tables.releases.iter();
        let mut versions: Vec<String> = own
            .filter(|release| release.flavour == flavour)
            .map(|release| release.version.clone())
            .collect();
        let tpa = self.tpa();
        let mut known = tables::library_releases(flavour);
        known.retain(|version| changes::major(tpa, version).has_begun());
        versions.extend(known.into_iter().map(str::to_owned));
        versions.sort_by_key(|version| std::cmp::Reverse(version.parse::<u32>().unwrap_or(0)));
        versions.dedup();
        versions
            .into_iter()
            .map(|version| {
                let end = tables::library_end_of_life(flavour, &version);
                let detail = end.map(|end| format!("end of life {end}"));
                Completion::new(version, CompletionKind::Table).detail(detail.unwrap_or_default())
            })
            .collect()
    }

    pub(super) fn regions(&self) -> Vec<Completion> {
        let own = self.document.analysis.model.tables.regions.iter();
        let mut names: Vec<String> = own.map(|region| region.name.clone()).collect();
        let tpa = self.tpa();
        let mut known = tables::library_names("region");
        known.retain(|name| changes::region(tpa, name).has_begun());
        names.extend(known.into_iter().map(str::to_owned));
        names.sort_unstable();
        names.dedup();
        let names = names.iter();
        names
            .map(|name| named(name, CompletionKind::Table).detail("region"))
            .collect()
    }

    /// The zones of the location's region.
    pub(super) fn zones(&self) -> Vec<Completion> {
        let own = merged::block(self.document, &self.site.trail);
        let own = own
            .and_then(|block| block.value("region"))
            .and_then(Value::as_text);
        let cluster = self.cluster();
        let platform = cluster.and_then(|cluster| cluster.block.entry("platform"));
        let written = platform.and_then(|platform| platform.block.value("region"));
        let mut regions: Vec<&str> = match (own, written) {
            (Some(own), _) => vec![own],
            (None, Some(value)) => match value.as_list() {
                Some(items) => items.iter().filter_map(Value::as_text).collect(),
                None => value.as_text().into_iter().collect(),
            },
            (None, None) => vec![crate::facts::tables::DEFAULT_REGION],
        };
        regions.dedup();
        let known = &self.document.analysis.model.tables;
        let mut found = Vec::new();
        for name in regions {
            let region = known
                .region(name)
                .cloned()
                .or_else(|| tables::library_region(name));
            for zone in region.into_iter().flat_map(|region| region.zones) {
                found.push(Completion::new(
                    format!("{name}{zone}"),
                    CompletionKind::Table,
                ));
            }
        }
        found
    }
}

/// A name, in quotes where it needs them.
fn named(name: &str, kind: CompletionKind) -> Completion {
    let text = if is_bare(name) {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    };
    Completion::new(name, kind).insert(text)
}
