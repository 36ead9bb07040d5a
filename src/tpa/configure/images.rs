//! The image that machines run, and the instance type that it implies.

use super::refusal::{Refusal, refused};
use super::request::Request;
use crate::facts::tables::{DEFAULT_AWS_IMAGE, DEFAULT_DOCKER_IMAGE, Image, Platform};
use crate::facts::tpa::changes::{self, Availability};
use crate::resolve::tables::{library_image, library_names};
use crate::schema::alternatives;

/// What is in `platform` about the image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    /// `os NAME VERSION`.
    pub(super) system: Option<(String, Option<String>)>,
    /// `image = "…"`.
    pub(super) own: Option<String>,
    /// `instance = "…"`, where the image does not imply it.
    pub(super) instance: Option<String>,
    /// The Python of an image that no table knows.
    pub(super) python: Option<&'static str>,
}

/// The instance type that TPA replaces where an image needs another.
const SMALLEST_INSTANCE: &str = "t3.micro";

/// An image without tables that has Python 2 alone.
const OLD_CENTOS: &str = "centos/systemd";

pub(super) fn image(request: &Request) -> Result<Chosen, Refusal> {
    match request.platform {
        Platform::Aws => aws(request),
        Platform::Docker => docker(request),
        Platform::Bare => Ok(bare(request)),
    }
}

fn aws(request: &Request) -> Result<Chosen, Refusal> {
    let values = &request.values;
    let given = values.text("instance_type");
    let instance = given.filter(|given| *given != SMALLEST_INSTANCE);
    let own = values.text("os_image");
    let name = own
        .or(values.text("distribution"))
        .unwrap_or(DEFAULT_AWS_IMAGE);
    let images = of_platform(request, name, Platform::Aws);
    if images.is_empty() {
        let Some(instance) = instance else {
            return Err(refused(
                format!("m1c does not know which instance type `{name}` needs"),
                format!(
                    "add `--instance-type` with another type than {SMALLEST_INSTANCE}, for example `--instance-type t3.medium`"
                ),
            ));
        };
        return Ok(Chosen {
            own: Some(name.to_owned()),
            instance: Some(instance.to_owned()),
            ..Chosen::default()
        });
    }
    let version = values
        .text("os_version")
        .filter(|version| *version != "default");
    let (image, version) = find(name, Platform::Aws, &images, version)?;
    let implied = image.instance.as_str();
    Ok(Chosen {
        system: Some((name.to_owned(), Some(version))),
        instance: instance
            .filter(|instance| *instance != implied)
            .map(str::to_owned),
        ..Chosen::default()
    })
}

fn docker(request: &Request) -> Result<Chosen, Refusal> {
    let values = &request.values;
    let version = values.text("os_version");
    let own = values.text("os_image");
    let label = own
        .or(values.text("distribution"))
        .unwrap_or(DEFAULT_DOCKER_IMAGE);
    let (name, tag) = match label.split_once(':') {
        Some((name, tag)) => (name, Some(tag)),
        None => (label, None),
    };
    let images = labelled(request, name);
    if !images.is_empty() {
        let (_, version) = find(name, Platform::Docker, &images, tag.or(version))?;
        return Ok(Chosen {
            system: Some((name.to_owned(), Some(version))),
            ..Chosen::default()
        });
    }
    for label in library_names("image") {
        let images = of_platform(request, label, Platform::Docker);
        if images
            .iter()
            .any(|image| image.image.as_deref() == Some(name))
        {
            find(label, Platform::Docker, &images, tag.or(version))?;
        }
    }
    Ok(Chosen {
        own: Some(label.to_owned()),
        python: (label == OLD_CENTOS).then_some("python2"),
        ..Chosen::default()
    })
}

/// TPA looks at no image on bare, so that what no table knows is left out.
fn bare(request: &Request) -> Chosen {
    let values = &request.values;
    let name = values.text("distribution").unwrap_or_default();
    let images = library_image(name);
    let version = values.text("os_version");
    let known = |image: &Image| {
        version.is_none_or(|version| spellings(image).any(|known| known == version))
    };
    let system = images
        .iter()
        .any(known)
        .then(|| (name.to_owned(), version.map(str::to_owned)));
    Chosen {
        system,
        ..Chosen::default()
    }
}

fn of_platform(request: &Request, name: &str, platform: Platform) -> Vec<Image> {
    let is_there = |image: &Image| {
        image.platform == platform
            && changes::image(request.tpa, platform, name, &image.version) == Availability::Here
    };
    library_image(name).into_iter().filter(is_there).collect()
}

/// The images of a label that docker's option takes.
fn labelled(request: &Request, name: &str) -> Vec<Image> {
    if super::options::systems_of(Platform::Docker).contains(&name) {
        of_platform(request, name, Platform::Docker)
    } else {
        Vec::new()
    }
}

fn spellings(image: &Image) -> impl Iterator<Item = &String> {
    std::iter::once(&image.version).chain(&image.aliases)
}

/// The image of a version, or the default one, with the version as the source spells it.
fn find<'i>(
    name: &str,
    platform: Platform,
    images: &'i [Image],
    version: Option<&str>,
) -> Result<(&'i Image, String), Refusal> {
    let known: Vec<&str> = images
        .iter()
        .flat_map(spellings)
        .map(String::as_str)
        .collect();
    match version {
        Some(version) => images
            .iter()
            .find(|image| spellings(image).any(|known| known == version))
            .map(|image| (image, version.to_owned()))
            .ok_or_else(|| {
                refused(
                    format!("TPA has no image of {name} `{version}` for {platform}"),
                    format!(
                        "its versions are {}",
                        alternatives(&known).replace(" or ", " and ")
                    ),
                )
            }),
        None => images
            .iter()
            .find(|image| image.default)
            .map(|image| (image, image.version.clone()))
            .ok_or_else(|| {
                refused(
                    format!("{name} has no default version"),
                    format!(
                        "add `--os-version {}`",
                        known.first().copied().unwrap_or_default()
                    ),
                )
            }),
    }
}
