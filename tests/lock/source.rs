//! A source as data, which edits can change, and what it says as text.

use std::fmt::Write as _;

use m1c::check::Setting;

pub(super) const PATRONI: &str = "patroni";

/// The clusters of one source.
#[derive(Clone, Default)]
pub(super) struct Source {
    pub(super) clusters: Vec<Cluster>,
}

#[derive(Clone)]
pub(super) struct Cluster {
    pub(super) name: String,
    pub(super) platform: &'static str,
    pub(super) failover: &'static str,
    pub(super) backup: bool,
    pub(super) pem: bool,
    pub(super) balance: bool,
    pub(super) hostnames: Option<&'static str>,
    /// Numbers of the lines of `hosts`, in their order. Empty: there is no `hosts`.
    pub(super) hosts: Vec<usize>,
    pub(super) regions: Vec<&'static str>,
    pub(super) primary_location: Option<String>,
    pub(super) locations: Vec<Location>,
}

#[derive(Clone)]
pub(super) struct Location {
    pub(super) name: String,
    /// N of `data N`; at 0 it is not written.
    pub(super) data: usize,
    /// Whether N comes by `--set`.
    pub(super) is_param: bool,
    /// Whether a condition with a param is around it, and whether `--set` makes it true.
    pub(super) condition: Option<bool>,
    /// The number of the subnet that is written for it, on aws.
    pub(super) subnet: Option<usize>,
    /// What it was called.
    pub(super) was: Vec<String>,
    pub(super) machines: Vec<Machine>,
}

/// A statement about one machine.
#[derive(Clone)]
pub(super) struct Machine {
    pub(super) word: &'static str,
    pub(super) name: Option<String>,
    pub(super) id: Option<i64>,
    /// What it was called.
    pub(super) was: Vec<String>,
}

impl Machine {
    pub(super) fn is_data(&self) -> bool {
        ["primary", "replica", "single"].contains(&self.word)
    }
}

impl Location {
    pub(super) fn is_wanted(&self) -> bool {
        self.condition != Some(false)
    }

    /// Whether it has data nodes other than `single`.
    pub(super) fn is_active(&self) -> bool {
        let mut machines = self.machines.iter();
        self.data > 0 || machines.any(|machine| machine.is_data() && machine.word != "single")
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.machines.iter().any(|machine| machine.word == word)
    }
}

impl Cluster {
    /// The locations that are not under a condition that is false.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &Location> {
        self.locations
            .iter()
            .filter(|location| location.is_wanted())
    }

    /// The location of the primary: the one that is written, else the explicit primary's, else the first active one.
    pub(super) fn home(&self) -> Option<&Location> {
        let written = self.primary_location.as_ref();
        match written {
            Some(written) => self.wanted().find(|location| location.name == *written),
            None => self
                .wanted()
                .find(|location| location.has("primary"))
                .or_else(|| self.wanted().find(|location| location.is_active())),
        }
    }

    /// Whether m1c takes it: the edits that make something else are none of this test.
    pub(super) fn is_valid(&self) -> bool {
        let primaries = self.wanted().filter(|location| location.has("primary"));
        let primaries: Vec<&str> = primaries.map(|location| location.name.as_str()).collect();
        let Some(home) = self.home().filter(|home| home.is_active()) else {
            return false;
        };
        let of_word = |word: &str| self.wanted().any(|location| location.has(word));
        let is_alone = |location: &Location| {
            let machines = location.machines.iter();
            let data = location.data + machines.filter(|machine| machine.is_data()).count();
            !location.has("single") || data == 1
        };
        let of_primary = |location: &Location| {
            let machines = location.machines.iter();
            machines.filter(|machine| machine.word == "primary").count() <= 1
        };
        primaries.len() <= 1
            && primaries.iter().all(|location| *location == home.name)
            && self
                .wanted()
                .all(|location| is_alone(location) && of_primary(location))
            && (self.backup || !of_word("barman"))
            && (self.pem || !of_word("pem"))
            && (self.balance || !of_word("haproxy"))
            && (self.failover == PATRONI || !(of_word("etcd") || self.balance))
    }
}

impl Source {
    /// The values of `--set`.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        let mut set = |name: String, value: String| {
            settings.push(Setting {
                module: None,
                name,
                value,
            });
        };
        for cluster in &self.clusters {
            for location in &cluster.locations {
                if location.is_param && location.data > 0 {
                    set(count_of(cluster, location), location.data.to_string());
                }
                if let Some(is_wanted) = location.condition {
                    set(wish_for(cluster, location), is_wanted.to_string());
                }
            }
        }
        settings
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        for cluster in &self.clusters {
            for location in &cluster.locations {
                if location.is_param && location.data > 0 {
                    writeln!(text, "param {} = 1", count_of(cluster, location))?;
                }
                if location.condition.is_some() {
                    writeln!(text, "param {} = false", wish_for(cluster, location))?;
                }
            }
        }
        for cluster in &self.clusters {
            cluster.write(text)?;
        }
        Ok(())
    }
}

impl Cluster {
    fn write(&self, text: &mut String) -> std::fmt::Result {
        let (name, failover) = (&self.name, self.failover);
        writeln!(text, "\ncluster {name} {{")?;
        writeln!(text, "  postgres postgresql 16\n  failover {failover}")?;
        match self.platform {
            "aws" => {
                let regions = self.regions.join(", ");
                writeln!(text, "  platform aws {{ region = [{regions}] }}")?;
            }
            "docker" => {
                writeln!(
                    text,
                    "  platform docker\n  network {{ subnet_prefix = 24 }}"
                )?;
            }
            platform => writeln!(text, "  platform {platform}")?,
        }
        if !self.backup {
            writeln!(text, "  backup none")?;
        }
        if self.pem {
            writeln!(text, "  monitor pem")?;
        }
        if self.balance {
            writeln!(text, "  balance haproxy")?;
        }
        if let Some(pattern) = self.hostnames {
            writeln!(text, "  hostnames = \"{pattern}\"")?;
        }
        if !self.hosts.is_empty() {
            let lines = self.hosts.iter().map(|number| match self.platform {
                "bare" => format!("host{number} 192.0.2.{number}"),
                _ => format!("host{number}"),
            });
            let lines: Vec<String> = lines.collect();
            writeln!(text, "  hosts {{ {} }}", lines.join("; "))?;
        }
        if let Some(location) = &self.primary_location {
            writeln!(text, "  primary_location = {location}")?;
        }
        for location in &self.locations {
            if location.condition.is_some() {
                writeln!(text, "  if ${} {{", wish_for(self, location))?;
            }
            location.write(text, self)?;
            if location.condition.is_some() {
                writeln!(text, "  }}")?;
            }
        }
        writeln!(text, "}}")
    }
}

impl Location {
    fn write(&self, text: &mut String, cluster: &Cluster) -> std::fmt::Result {
        writeln!(text, "  location {} {{", self.name)?;
        if let Some(subnet) = self.subnet.filter(|_| cluster.platform == "aws") {
            writeln!(text, "    subnet = 10.33.200.{}/28", subnet * 16)?;
        }
        if !self.was.is_empty() {
            writeln!(text, "    was = [{}]", self.was.join(", "))?;
        }
        match self.data {
            0 => {}
            _ if self.is_param => writeln!(text, "    data ${}", count_of(cluster, self))?,
            data => writeln!(text, "    data {data}")?,
        }
        for machine in &self.machines {
            machine.write(text)?;
        }
        writeln!(text, "  }}")
    }
}

impl Machine {
    fn write(&self, text: &mut String) -> std::fmt::Result {
        write!(text, "    {}", self.word)?;
        if let Some(name) = &self.name {
            write!(text, " {name}")?;
        }
        let mut settings = Vec::new();
        match (self.id, self.word) {
            (Some(id), _) => settings.push(format!("id = {id}")),
            (None, "node") => settings.push("roles = [monitoring-server]".to_owned()),
            (None, _) => {}
        }
        match self.was.as_slice() {
            [] => {}
            [only] => settings.push(format!("was = {only}")),
            several => settings.push(format!("was = [{}]", several.join(", "))),
        }
        if settings.is_empty() {
            writeln!(text)
        } else {
            writeln!(text, " {{ {} }}", settings.join("; "))
        }
    }
}

fn count_of(cluster: &Cluster, location: &Location) -> String {
    format!("{}_{}", cluster.name, location.name)
}

fn wish_for(cluster: &Cluster, location: &Location) -> String {
    format!("{}_has_{}", cluster.name, location.name)
}
