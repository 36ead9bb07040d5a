//! Pages of images, regions and releases.

use std::fmt::Write as _;

use super::code;
use crate::facts::choices::Platform;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};
use crate::lsp::Document;
use crate::resolve::tables;

pub(super) fn image(document: &Document, name: &str) -> String {
    let mut page = code(&format!("image {name}"));
    let mut images = document.analysis.model.tables.images.clone();
    images.extend(tables::library_image(name));
    let mut seen = Vec::new();
    for image in images.iter().filter(|image| image.name == name) {
        let key = (image.platform, image.version.as_str());
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let default = if image.default { ", the default" } else { "" };
        let (platform, version) = key;
        let _ = write!(page, "\n- {platform} `{version}`{default}");
        let of = |tpa| changes::image(tpa, platform, name, version);
        if let Availability::NotYet(since) = of(TpaVersion::OLDEST) {
            let _ = write!(page, ", since TPA {since}");
        }
        if let Availability::Gone(since) = of(TpaVersion::NEWEST) {
            let _ = write!(page, ", gone since TPA {since}");
        }
    }
    page
}

/// A version of an image, on a platform if one is chosen.
pub(super) fn image_version(
    document: &Document,
    (name, version): (&str, &str),
    platform: Option<&str>,
) -> String {
    let mut images = document.analysis.model.tables.images.clone();
    images.extend(tables::library_image(name));
    let image = images.iter().find(|image| {
        let is_version = image.version == version || image.aliases.iter().any(|it| it == version);
        image.name == name
            && is_version
            && platform.is_none_or(|platform| {
                platform == image.platform.name() || platform == Platform::Bare.name()
            })
    });
    let mut page = code(&format!("os {name} {version}"));
    if let Some(image) = image {
        let facts = [
            ("ami", image.ami.as_deref()),
            ("owner", image.owner.as_deref()),
            ("image", image.image.as_deref()),
            ("architecture", image.arch.as_deref()),
            ("user", Some(image.user.as_str())),
            ("python", Some(image.python.as_str())),
        ];
        for (key, fact) in facts {
            if let Some(fact) = fact {
                let _ = write!(page, "\n- {key} `{fact}`");
            }
        }
        let (platform, version) = (image.platform, &image.version);
        let oldest = TpaVersion::OLDEST;
        add_since(&mut page, changes::image(oldest, platform, name, version));
    }
    page
}

pub(super) fn release(flavour: &str, version: &str) -> String {
    let mut page = code(&format!("release {flavour} {version}"));
    if let Some(end) = tables::library_end_of_life(flavour, version) {
        let _ = write!(page, "\n\nThe last day with fixes is {end}.");
    }
    add_since(&mut page, changes::major(TpaVersion::OLDEST, version));
    if let Availability::Gone(version) = changes::major(TpaVersion::NEWEST, version) {
        let _ = write!(
            page,
            "\n\nTPA {version} and later make no new clusters with it."
        );
    }
    page
}

pub(super) fn region(document: &Document, name: &str) -> Option<String> {
    let own = document.analysis.model.tables.region(name).cloned();
    let region = own.or_else(|| tables::library_region(name))?;
    let zones: Vec<String> = region
        .zones
        .iter()
        .map(|zone| format!("`{name}{zone}`"))
        .collect();
    let mut page = code(&format!("region {name}"));
    let _ = write!(page, "\n\nZones: {}", zones.join(", "));
    add_since(&mut page, changes::region(TpaVersion::OLDEST, name));
    Some(page)
}

/// Says since when TPA has something, where its first release does not.
fn add_since(page: &mut String, in_first: Availability) {
    if let Availability::NotYet(since) = in_first {
        let _ = write!(page, "\n\nSince TPA {since}.");
    }
}
