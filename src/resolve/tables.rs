//! `image`, `region` and `release` statements become tables; what a cluster names is looked up in them.
//!
//! The library's entries are parsed one by one, when something names them. An entry of the user's replaces the
//! library's entry with the same name, platform and version.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::tpa::Chosen;
use super::{BUDGET, Resolver, bindings, errors, given};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::tables::{
    DEFAULT_AWS_IMAGE, DEFAULT_DOCKER_IMAGE, DEFAULT_REGION, Image, Platform, Region, Release,
    Tables,
};
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::library::{self, Definition};
use crate::load::{Module, Program};
use crate::model::{Block, Entry};
use crate::origin::Origin;
use crate::source::{FileId, Span};
use crate::syntax;
use crate::value::Value;

/// The library's entry for an image, with its versions on every platform.
pub fn library_image(name: &str) -> Vec<Image> {
    let mut images = Vec::new();
    let mut next = Some(name.to_owned());
    // An image of the library is like another one that is like none.
    for _ in 0..2 {
        let Some(found) = next.take() else { break };
        let tables = library_tables("images", "image", &[&found]);
        next = tables.like.first().map(|(_, like)| like.clone());
        images.extend(tables.images.iter().map(|image| Image {
            name: name.to_owned(),
            ..image.clone()
        }));
    }
    images
}

/// The library's entry for a region.
pub fn library_region(name: &str) -> Option<Region> {
    let tables = library_tables("regions", "region", &[name]);
    tables.regions.last().cloned()
}

/// The versions that the library has of a flavour, the oldest first.
pub fn library_releases(flavour: &str) -> Vec<&'static str> {
    library::labels("releases", "release")
        .filter(|labels| labels.first() == Some(&flavour))
        .filter_map(|labels| labels.get(1).copied())
        .collect()
}

/// The last day with fixes of a release that the library knows.
pub fn library_end_of_life(flavour: &str, version: &str) -> Option<String> {
    let tables = library_tables("releases", "release", &[flavour, version]);
    tables
        .releases
        .first()
        .map(|release| release.end_of_life.clone())
}

/// The first labels of all `image` or `region` statements of the library.
pub fn library_names(word: &str) -> Vec<&'static str> {
    library::labels(&format!("{word}s"), word)
        .filter_map(|labels| labels.first().copied())
        .collect()
}

/// What has been read of the library, by where it stands: the same for every source, and named again by every cluster.
static READ: Mutex<BTreeMap<(FileId, usize), Arc<Tables>>> = Mutex::new(BTreeMap::new());

/// One statement of the library as a table.
fn library_tables(file: &str, word: &str, labels: &[&str]) -> Arc<Tables> {
    let Some(definition) = library::find(file, word, labels) else {
        return Arc::default();
    };
    let place = (definition.file, definition.range.start);
    let known = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tables) = known().get(&place) {
        return tables.clone();
    }
    let tables = Arc::new(read(definition));
    known().insert(place, tables.clone());
    tables
}

/// Parses one statement of the library and reads it as a table.
fn read(definition: Definition) -> Tables {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse_range(
        definition.file,
        definition.text,
        definition.range,
        &mut diagnostics,
    );
    let program = Program {
        name: String::new(),
        modules: vec![Module {
            tree: Arc::new(tree),
            uses: Vec::new(),
        }],
    };
    let given = given::Given::new();
    let mut resolver = Resolver {
        program: &program,
        given: &given,
        diagnostics: &mut diagnostics,
        bindings: bindings::collect(&program),
        profiles: Vec::new(),
        clusters: Vec::new(),
        cluster_names: HashMap::new(),
        model: crate::model::Model::default(),
        evaluating: Vec::new(),
        cycles: HashSet::new(),
        mistyped: HashSet::new(),
        circular_profiles: HashSet::new(),
        budget: BUDGET,
    };
    resolver.definitions();
    resolver.model.tables
}

/// The versions of an image of the library on a platform that a TPA has.
fn library_versions(name: &str, platform: Platform, tpa: TpaVersion) -> Vec<String> {
    let images = library_image(name).into_iter();
    images
        .filter(|image| image.platform == platform)
        .filter(|image| changes::image(tpa, platform, name, &image.version).has_begun())
        .flat_map(|image| std::iter::once(image.version.clone()).chain(image.aliases.clone()))
        .collect()
}

impl Resolver<'_> {
    /// Adds the entries of one file. What was added before stays: the root file comes first.
    pub(super) fn add_to_tables(&mut self, block: &Block) {
        for entry in &block.entries {
            if entry.broken {
                continue;
            }
            match entry.schema.word {
                "image" => self.add_image(entry),
                "region" => self.add_region(entry),
                "release" => self.add_release(entry),
                "allow" => self.model.allows.push(entry.clone()),
                _ => {}
            }
        }
    }

    fn add_image(&mut self, entry: &Entry) {
        let name = entry.label(0).unwrap_or_default();
        if let Some(like) = entry.block.text("like") {
            let like = (name.to_owned(), like.value.to_owned());
            self.model.tables.like.push(like);
        }
        for version in entry.block.entries.iter().filter(|version| !version.broken) {
            let (platform, required) = match version.schema.word {
                word if word == Platform::Aws.name() => (Platform::Aws, "ami"),
                _ => (Platform::Docker, "image"),
            };
            let block = &version.block;
            if block.value(required).is_none() && !block.holes {
                let at = version.at;
                self.diagnostics.push_at(at, |at| {
                    errors::incomplete_table_entry(at, "image", required)
                });
                continue;
            }
            let text = |key: &str| block.text(key).map(|text| text.value.to_owned());
            let image = Image {
                name: name.to_owned(),
                platform,
                version: version.label(0).unwrap_or_default().to_owned(),
                aliases: texts(block.value("aliases")),
                default: block
                    .boolean("default")
                    .is_some_and(|default| default.value),
                ami: text("ami"),
                owner: text("owner"),
                family: text("family"),
                arch: text("arch"),
                user: text("user").unwrap_or_else(|| "root".to_owned()),
                python: text("python").unwrap_or_else(|| "python3".to_owned()),
                instance: text("instance").unwrap_or_else(|| "t3.micro".to_owned()),
                image: text("image"),
            };
            self.model.tables.add_image(image);
        }
    }

    fn add_region(&mut self, entry: &Entry) {
        let zones = texts(entry.block.value("zones"));
        if zones.is_empty() {
            if !entry.block.holes {
                let at = entry.at;
                self.diagnostics.push_at(at, |at| {
                    errors::incomplete_table_entry(at, "region", "zones")
                });
            }
            return;
        }
        let name = entry.label(0).unwrap_or_default();
        self.model.tables.add_region(Region {
            name: name.to_owned(),
            zones,
        });
    }

    fn add_release(&mut self, entry: &Entry) {
        let Some(end_of_life) = entry.block.text("end_of_life") else {
            if !entry.block.holes {
                let at = entry.at;
                self.diagnostics.push_at(at, |at| {
                    errors::incomplete_table_entry(at, "release", "end_of_life")
                });
            }
            return;
        };
        self.model.tables.add_release(Release {
            flavour: entry.label(0).unwrap_or_default().to_owned(),
            version: entry.label(1).unwrap_or_default().to_owned(),
            end_of_life: end_of_life.value.to_owned(),
        });
    }

    /// Adds what a cluster names from the library, and reports what is in no table.
    pub(super) fn library_entries(&mut self, cluster: &Block, tpa: Chosen) {
        self.releases_of(cluster, tpa);
        self.images_of(cluster, tpa);
        self.regions_of(cluster, tpa);
    }

    fn releases_of(&mut self, cluster: &Block, tpa: Chosen) {
        let Some(postgres) = whole(cluster, "postgres") else {
            return;
        };
        let (Some(flavour), Some(version)) = (postgres.label(0), postgres.labels.get(1)) else {
            return;
        };
        let number = version.as_text().unwrap_or_default();
        if self.model.own.release(flavour, number).is_some() {
            return;
        }
        let what = format!("{flavour} {number}");
        let availability = changes::major(tpa.version, number);
        self.not_yet(version.origin, &what, availability, tpa);
        if self.model.tables.release(flavour, number).is_some() {
            return;
        }
        let found = library_tables("releases", "release", &[flavour, number]);
        if let Some(release) = found.releases.first() {
            self.model.tables.add_release(release.clone());
            return;
        }
        let mut known: Vec<&str> = library_releases(flavour);
        known.retain(|version| changes::major(tpa.version, version).has_begun());
        let own = self.model.tables.releases.iter();
        known.extend(
            own.filter(|release| release.flavour == flavour)
                .map(|release| release.version.as_str()),
        );
        self.diagnostics.push_at(version.origin, |at| {
            errors::unknown_release(at, flavour, number, &known)
        });
    }

    fn images_of(&mut self, cluster: &Block, tpa: Chosen) {
        let Some(platform) = whole(cluster, "platform") else {
            return;
        };
        let chosen = match platform.label(0).and_then(Platform::parse) {
            Some(chosen @ (Platform::Aws | Platform::Docker)) => chosen,
            Some(Platform::Bare) | None => return,
        };
        if platform.block.value("image").is_some() {
            if chosen == Platform::Docker {
                // A container image by its own name may be one of the library's, whose Python is known.
                for name in library_names("image") {
                    self.load_image(name);
                }
            }
            return;
        }
        let os = platform.block.entry("os");
        if os.is_some_and(|os| os.broken) {
            return;
        }
        let name = os.and_then(|os| os.labels.first());
        let spelled = match (name.and_then(Value::as_text), chosen) {
            (Some(name), _) => name,
            (None, Platform::Aws) => DEFAULT_AWS_IMAGE,
            (None, Platform::Docker | Platform::Bare) => DEFAULT_DOCKER_IMAGE,
        };
        self.load_image(spelled);
        let Some(name) = name else { return };
        let images = self.model.tables.images_of(spelled, chosen);
        if images.is_empty() {
            let mut known: Vec<String> = library_names("image")
                .into_iter()
                .filter(|name| {
                    library_image(name)
                        .iter()
                        .any(|image| image.platform == chosen)
                })
                .map(str::to_owned)
                .collect();
            let own = self.model.tables.images.iter();
            known.extend(
                own.filter(|image| image.platform == chosen)
                    .map(|image| image.name.clone()),
            );
            known.sort_unstable();
            known.dedup();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let version = os.and_then(|os| os.labels.get(1)).and_then(Value::as_text);
            self.diagnostics.push_at(name.origin, |at| {
                let versions = |name: &str| library_versions(name, chosen, tpa.version);
                errors::unknown_image(at, (spelled, version), chosen, &known, versions)
            });
            return;
        }
        let availability = |image: &Image| {
            if self.model.own.images.contains(image) {
                Availability::Here
            } else {
                changes::image(tpa.version, chosen, spelled, &image.version)
            }
        };
        let versions: Vec<String> = images
            .iter()
            .filter(|image| availability(image).has_begun())
            .flat_map(|image| std::iter::once(&image.version).chain(&image.aliases))
            .cloned()
            .collect();
        let known: Vec<&str> = versions.iter().map(String::as_str).collect();
        match os.and_then(|os| os.labels.get(1)) {
            Some(version) => {
                let spelling = version.as_text().unwrap_or_default();
                let is = |image: &&&Image| {
                    image.version == spelling || image.aliases.iter().any(|alias| alias == spelling)
                };
                if let Some(image) = images.iter().find(is) {
                    let what = format!("{spelled} {spelling} on {chosen}");
                    let availability = availability(image);
                    self.not_yet(version.origin, &what, availability, tpa);
                } else {
                    self.diagnostics.push_at(version.origin, |at| {
                        errors::unknown_image_version(at, spelled, spelling, chosen, &known)
                    });
                }
            }
            None if !images.iter().any(|image| image.default) => {
                self.diagnostics.push_at(name.origin, |at| {
                    errors::image_without_default(at, spelled, &known)
                });
            }
            None => {}
        }
    }

    /// Adds an image from the library, and what it or the user's own image of that name is like.
    fn load_image(&mut self, name: &str) {
        let mut seen = HashSet::new();
        let mut next = vec![name.to_owned()];
        while let Some(found) = next.pop() {
            if !seen.insert(found.clone()) {
                continue;
            }
            let library = library_tables("images", "image", &[&found]);
            self.model.tables.like.extend(library.like.iter().cloned());
            for image in &library.images {
                self.model.tables.add_image(image.clone());
            }
            let like = self.model.tables.like.iter();
            next.extend(
                like.filter(|(image, _)| *image == found)
                    .map(|(_, like)| like.clone()),
            );
        }
        let copies: Vec<Image> = seen
            .iter()
            .filter(|other| *other != name)
            .flat_map(|other| {
                self.model
                    .tables
                    .images
                    .iter()
                    .filter(move |image| image.name == *other)
            })
            .cloned()
            .collect();
        for image in copies {
            self.model.tables.add_image(Image {
                name: name.to_owned(),
                ..image
            });
        }
    }

    fn regions_of(&mut self, cluster: &Block, tpa: Chosen) {
        let Some(platform) = whole(cluster, "platform") else {
            return;
        };
        if platform.label(0) != Some(Platform::Aws.name()) {
            return;
        }
        let of_platform = platform.block.value("region");
        if of_platform.is_none() {
            self.load_region(DEFAULT_REGION);
        }
        let of_locations = cluster
            .entries("location")
            .filter_map(|location| location.block.value("region"));
        let named = of_platform
            .into_iter()
            .flat_map(Value::items)
            .chain(of_locations)
            .filter_map(Value::sourced_text);
        let mut places: BTreeMap<&str, Vec<Origin>> = BTreeMap::new();
        for region in named {
            places.entry(region.value).or_default().push(region.origin);
        }
        for (name, places) in places {
            self.region_of(name, &places, tpa);
        }
    }

    /// Adds a region that a cluster names in these places from the library, or reports that it is in no table.
    fn region_of(&mut self, name: &str, places: &[Origin], tpa: Chosen) {
        self.load_region(name);
        if self.model.own.region(name).is_none()
            && let Availability::NotYet(since) = changes::region(tpa.version, name)
        {
            let what = format!("the region `{name}`");
            self.report_everywhere(places, |at| errors::not_yet(at, &what, since, tpa));
        }
        if self.model.tables.region(name).is_none() {
            let mut known: Vec<&str> = library_names("region");
            known.retain(|name| changes::region(tpa.version, name).has_begun());
            let own = self.model.tables.regions.iter();
            let own: Vec<String> = own.map(|region| region.name.clone()).collect();
            known.extend(own.iter().map(String::as_str));
            self.report_everywhere(places, |at| errors::unknown_region(at, name, &known));
        }
    }

    /// Reports a mistake once, at the first of its places, with the others beside it.
    fn report_everywhere(&mut self, places: &[Origin], error: impl FnOnce(Span) -> Diagnostic) {
        if let [first, others @ ..] = places {
            self.diagnostics
                .push_at(*first, |at| errors::everywhere(error(at), others));
        }
    }

    fn load_region(&mut self, name: &str) {
        if self.model.tables.region(name).is_none() {
            for region in &library_tables("regions", "region", &[name]).regions {
                self.model.tables.add_region(region.clone());
            }
        }
    }
}

/// The entry with this word, unless a part of it could not be understood.
fn whole<'b>(block: &'b Block, word: &str) -> Option<&'b Entry> {
    block.entry(word).filter(|entry| !entry.broken)
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_list).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.as_text().map(str::to_owned))
        .collect()
}
