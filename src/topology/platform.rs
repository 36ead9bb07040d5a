//! Where machines run, and what each platform needs to know.

use crate::facts::choices;
use crate::origin::Sourced;
use crate::value::{Map, Value};

#[derive(Clone, Debug, PartialEq)]
pub struct Platform {
    /// Who logs in.
    pub user: Sourced<String>,
    /// `python3`, or `python2` on the oldest systems.
    pub python: Sourced<String>,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Aws(Box<Aws>),
    Docker(Box<Docker>),
    Bare(Bare),
}

impl Platform {
    pub fn name(&self) -> &'static str {
        let platform = match self.kind {
            Kind::Aws(_) => choices::Platform::Aws,
            Kind::Docker(_) => choices::Platform::Docker,
            Kind::Bare(_) => choices::Platform::Bare,
        };
        platform.name()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Aws {
    pub ami: Sourced<String>,
    /// The account that owns the AMI.
    pub owner: Option<Sourced<String>>,
    /// The EC2 instance type.
    pub instance: Sourced<String>,
    pub bucket: Option<Sourced<String>>,
    /// Of every region of the platform and of its locations, each once.
    pub networks: Vec<Network>,
    pub vpc: Vpc,
    /// `public` or `private`.
    pub reachability: Sourced<String>,
    pub open: Vec<OpenPort>,
    /// Of every machine.
    pub volumes: Vec<Volume>,
}

/// The network of a region's VPC.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub region: Sourced<String>,
    pub cidr: Sourced<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Vpc {
    /// Its name in every region.
    Name(Sourced<String>),
    /// TPA's entries by region, as they stand.
    Entries(Map),
}

/// Ports that networks may reach.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenPort {
    pub first: i64,
    pub last: i64,
    pub protocol: &'static str,
    pub network: Sourced<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Docker {
    /// With its tag.
    pub image: Sourced<String>,
    pub subnet: Sourced<String>,
    /// What is mounted into every container, where that is written.
    pub mounts: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Bare {
    /// What the machines run, as the source says it: `RedHat 9`. TPA is not told.
    pub system: Option<Sourced<String>>,
    /// Of every machine.
    pub volumes: Vec<Volume>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    pub purpose: Purpose,
    pub device: Sourced<String>,
    /// In GB. Only on aws.
    pub size: Option<Sourced<i64>>,
    /// Only on aws; `none` for a volume that is removed.
    pub kind: Option<Sourced<String>>,
    /// Only on aws.
    pub encrypted: Option<Sourced<bool>>,
    pub iops: Option<Sourced<i64>>,
    pub vars: Map,
    pub settings: Map,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Root,
    Postgres,
    Wal,
    Barman,
    Tablespace(String),
    /// None that TPA knows.
    Disk,
}
