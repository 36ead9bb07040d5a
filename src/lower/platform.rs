//! The platform: its image, and what each platform needs to know.

use ipnet::Ipv4Net;

use super::volumes::PlatformVolumes;
use super::{Lowering, by_default, derived};
use crate::facts::tables::{self, DEFAULT_AWS_IMAGE, DEFAULT_DOCKER_IMAGE, Image};
use crate::facts::tpa::changes;
use crate::model::Block;
use crate::origin::{Origin, Sourced};
use crate::schema::Type;
use crate::topology::Place;
use crate::topology::platform::{Aws, Bare, Docker, Kind, OpenPort, Platform, Vpc};
use crate::value::{Data, Value};

const DEFAULT_INSTANCE: &str = "t3.micro";

/// What the cluster's image says about the machines that run it.
struct ChosenImage<'m> {
    /// Where it is written.
    origin: Origin,
    /// Its entry in the tables; none for an image by its own name.
    image: Option<&'m Image>,
    /// The name of an AMI, or that of a container image with its tag.
    name: String,
}

impl<'m> Lowering<'m, '_> {
    pub(super) fn platform_name(&self) -> Option<tables::Platform> {
        let name = self.chosen("platform")?.value;
        tables::Platform::ALL
            .into_iter()
            .find(|platform| platform.name() == name)
    }

    pub(super) fn platform(
        &mut self,
        name: tables::Platform,
        places: Option<&[Place]>,
        subnet: Option<Sourced<Ipv4Net>>,
        volumes: PlatformVolumes,
    ) -> Option<Platform> {
        let block = &self.whole("platform")?.block;
        let image = match name {
            tables::Platform::Aws => self.aws_image(block),
            tables::Platform::Docker => self.docker_image(block),
            tables::Platform::Bare => None,
        };
        let of_image = |value: &dyn Fn(&Image) -> String, otherwise: &str| match &image {
            Some(ChosenImage {
                origin,
                image: Some(image),
                ..
            }) => derived(value(image), origin.place(), "what the image needs"),
            Some(ChosenImage { image: None, .. }) | None => {
                by_default(otherwise.to_owned(), "the default")
            }
        };
        let user = block.text("user").map(Sourced::to_owned);
        let user = user.unwrap_or_else(|| of_image(&|image| image.user.clone(), "root"));
        let python = of_image(&|image| image.python.clone(), "python3");
        let kind = match name {
            tables::Platform::Aws => {
                let instance = block.text("instance").map(Sourced::to_owned);
                let instance = instance
                    .unwrap_or_else(|| of_image(&|image| image.instance.clone(), DEFAULT_INSTANCE));
                let image = image?;
                let owner = image.image.and_then(|image| image.owner.clone());
                Kind::Aws(Box::new(Aws {
                    ami: Sourced::new(image.name, image.origin),
                    owner: owner.map(|owner| Sourced::new(owner, image.origin)),
                    instance,
                    bucket: block.text("bucket").map(Sourced::to_owned),
                    networks: self
                        .networks(places.unwrap_or_default().iter().map(|place| &place.region)),
                    vpc: vpc(block),
                    reachability: block
                        .text("reachability")
                        .unwrap_or_else(|| by_default("public", "the default of `reachability`"))
                        .to_owned(),
                    open: open_ports(block),
                    volumes: volumes.every_machine,
                }))
            }
            tables::Platform::Docker => {
                let image = image?;
                Kind::Docker(Box::new(Docker {
                    image: Sourced::new(image.name, image.origin),
                    subnet: subnet?.map(|subnet| subnet.to_string()),
                    mounts: block.value("mounts").cloned(),
                }))
            }
            tables::Platform::Bare => Kind::Bare(Bare {
                system: system(block),
                volumes: volumes.every_machine,
            }),
        };
        Some(Platform { user, python, kind })
    }

    fn aws_image(&self, block: &'m Block) -> Option<ChosenImage<'m>> {
        if let Some(ami) = own_image(block) {
            return Some(ami);
        }
        let (image, _, origin) = self.os(block, tables::Platform::Aws, DEFAULT_AWS_IMAGE)?;
        let ami = image.ami.as_deref()?;
        // The library has the names of the newest release.
        let earlier = changes::ami(self.cluster.tpa, ami);
        let name = earlier.filter(|_| !self.own.has_ami(ami)).unwrap_or(ami);
        Some(ChosenImage {
            origin,
            image: Some(image),
            name: name.to_owned(),
        })
    }

    fn docker_image(&self, block: &'m Block) -> Option<ChosenImage<'m>> {
        if let Some(own) = own_image(block) {
            let tagged = |image: &&Image| {
                let tag = own
                    .name
                    .strip_prefix(image.image.as_deref()?)?
                    .strip_prefix(':')?;
                (tag == image.version).then_some(())
            };
            let image = self
                .tables
                .images
                .iter()
                .find(|image| tagged(image).is_some());
            return Some(ChosenImage { image, ..own });
        }
        let (image, version, origin) =
            self.os(block, tables::Platform::Docker, DEFAULT_DOCKER_IMAGE)?;
        Some(ChosenImage {
            origin,
            image: Some(image),
            name: format!("{}:{version}", image.image.as_deref()?),
        })
    }

    /// The image of `os`, or the platform's default one, and the version as it is written.
    fn os(
        &self,
        block: &'m Block,
        platform: tables::Platform,
        default: &'static str,
    ) -> Option<(&'m Image, &'m str, Origin)> {
        let os = block.entry("os");
        let name = os.and_then(|os| os.label(0)).unwrap_or(default);
        let origin = os.map_or(Origin::Default("the platform's default image"), |os| os.at);
        let images = self.tables.images_of(name, platform);
        let image = match os.and_then(|os| os.label(1)) {
            Some(version) => {
                let is = |image: &Image| {
                    image.version == version || image.aliases.iter().any(|alias| alias == version)
                };
                let image = images.into_iter().find(|image| is(image))?;
                return Some((image, version, origin));
            }
            None => images.into_iter().find(|image| image.default)?,
        };
        Some((image, &image.version, origin))
    }
}

/// The system that `os` names with its version, which machines that exist already have to have.
fn system(block: &Block) -> Option<Sourced<String>> {
    let os = block.entry("os").filter(|os| !os.broken)?;
    let (name, version) = (os.label(0)?, os.label(1)?);
    let origin = os.labels.first().map_or(os.at, |name| name.origin);
    Some(Sourced::new(format!("{name} {version}"), origin))
}

/// An image by its own name.
fn own_image(block: &Block) -> Option<ChosenImage<'_>> {
    let written = block.text("image")?;
    Some(ChosenImage {
        origin: written.origin,
        image: None,
        name: written.value.to_owned(),
    })
}

fn vpc(block: &Block) -> Vpc {
    match block.value("vpc") {
        Some(Value {
            data: Data::Map(map),
            ..
        }) => Vpc::Entries(map.clone()),
        Some(value) => match value.sourced_text() {
            Some(name) => Vpc::Name(name.to_owned()),
            None => default_vpc(),
        },
        None => default_vpc(),
    }
}

fn default_vpc() -> Vpc {
    Vpc::Name(by_default("Test".to_owned(), "the default of `vpc`"))
}

/// The ports that are open to networks; ssh to the whole world where none is written, as in TPA.
fn open_ports(block: &Block) -> Vec<OpenPort> {
    const EVERYWHERE: &str = "0.0.0.0/0";
    let mut open = Vec::new();
    for entry in block.entries("open").filter(|entry| !entry.broken) {
        let Some((first, last, protocol)) = entry.label(0).and_then(Type::port) else {
            continue;
        };
        let mut networks: Vec<Sourced<&str>> = entry
            .labels
            .iter()
            .skip(1)
            .filter_map(Value::sourced_text)
            .collect();
        if networks.is_empty() {
            networks.push(derived(
                EVERYWHERE,
                entry.at.place(),
                "a port is open to the whole world",
            ));
        }
        open.extend(networks.into_iter().map(|network| OpenPort {
            first,
            last,
            protocol,
            network: network.to_owned(),
        }));
    }
    if open.is_empty() {
        open.push(OpenPort {
            first: 22,
            last: 22,
            protocol: "tcp",
            network: by_default(EVERYWHERE.to_owned(), "`open 22`, the default"),
        });
    }
    open
}
