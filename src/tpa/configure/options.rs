//! The options of `tpaexec configure --architecture M1`, as data: what they are called, what they take, what they set.
//!
//! The parser, the help page and the names that overrides files use are all made from these tables.

mod cluster;
mod software;
mod systems;

use crate::facts::tables::Platform;
use crate::facts::tpa::TpaVersion;
use crate::facts::tpa::changes::{self, Availability};

/// An option of the command line.
#[derive(Debug)]
pub(super) struct CommandOption {
    /// Its spellings, the one that messages use first.
    pub(super) names: &'static [&'static str],
    pub(super) takes: Takes,
    /// The internal name of the value that it sets, which overrides files and their templates use.
    pub(super) sets: &'static str,
    pub(super) group: Option<Group>,
    /// The platform that it belongs to; elsewhere it is unknown.
    pub(super) only: Option<Platform>,
    /// The platforms that it has an effect on.
    pub(super) affects: &'static [Platform],
    /// For the help page.
    pub(super) documentation: &'static str,
}

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing: it turns something on.
    Nothing,
    /// Nothing: it stands for this word.
    Word(&'static str),
    /// Nothing: it stands for yes or no.
    Answer(bool),
    Text(&'static str),
    OneOf(&'static [&'static str]),
    /// The name of an operating system, which each platform has its own list of.
    System,
    Integer,
    /// A major version of Postgres that the release of TPA takes.
    Major,
    /// A Postgres version, or nothing; the option itself stands for a flavour.
    Version(&'static str),
    /// One or more words.
    Several(&'static str),
    /// One word; all that are given count.
    Each(&'static str),
    Help,
}

/// Options of which at most one may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Failover,
    Flavour,
    Redwood,
    Front,
    Repositories,
    LocalRepository,
    Regions,
}

impl Group {
    /// The groups of which one option must be given, with what is asked for.
    pub(super) const REQUIRED: [(Group, &'static str, &'static str); 2] = [
        (
            Group::Flavour,
            "no flavour of Postgres is chosen",
            "for example, add `--postgresql 16`; the others are `--epas`, `--edbpge` and `--postgres-flavour`",
        ),
        (
            Group::Failover,
            "no failover manager is chosen",
            "add `--enable-repmgr`, `--enable-efm` or `--enable-patroni`",
        ),
    ];
}

/// Options that belong together on the help page.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) options: &'static [CommandOption],
}

pub(super) static SECTIONS: &[Section] = &[
    Section {
        title: "What to describe",
        options: cluster::SELECTION,
    },
    Section {
        title: "Failover manager, one of them",
        options: cluster::FAILOVER,
    },
    Section {
        title: "Postgres, one flavour and one version",
        options: software::POSTGRES,
    },
    Section {
        title: "Locations and machines",
        options: cluster::LAYOUT,
    },
    Section {
        title: "Software beside Postgres",
        options: software::COMPONENTS,
    },
    Section {
        title: "Package versions",
        options: software::VERSIONS,
    },
    Section {
        title: "Repositories and sources",
        options: software::REPOSITORIES,
    },
    Section {
        title: "Operating system and volumes",
        options: systems::SYSTEMS,
    },
    Section {
        title: "Network",
        options: systems::NETWORK,
    },
    Section {
        title: "Host names",
        options: systems::HOST_NAMES,
    },
    Section {
        title: "Cluster",
        options: cluster::CLUSTER,
    },
    Section {
        title: "With --platform aws",
        options: systems::AWS,
    },
    Section {
        title: "With --platform docker",
        options: systems::DOCKER,
    },
];

/// The `tpaexec configure` that is followed: what it takes depends on the platform and on its release.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    pub(super) platform: Platform,
    pub(super) tpa: TpaVersion,
}

/// Every option of every platform.
pub(super) fn all() -> impl Iterator<Item = &'static CommandOption> {
    SECTIONS.iter().flat_map(|section| section.options)
}

/// The options that there are.
pub(super) fn of(dialect: Dialect) -> impl Iterator<Item = &'static CommandOption> {
    all().filter(move |option| {
        option.only.is_none_or(|only| only == dialect.platform)
            && option.availability(dialect.tpa) == Availability::Here
    })
}

impl CommandOption {
    /// The spelling that messages use.
    pub(super) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// Whether a release of TPA has it.
    pub(super) fn availability(&self, tpa: TpaVersion) -> Availability {
        changes::option(tpa, self.name())
    }
}

/// The operating systems that a platform's option takes; none where it takes any text.
pub(super) fn systems_of(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Aws => systems::AWS_SYSTEMS,
        Platform::Docker => systems::DOCKER_SYSTEMS,
        Platform::Bare => &[],
    }
}

const fn option(
    names: &'static [&'static str],
    takes: Takes,
    sets: &'static str,
    documentation: &'static str,
) -> CommandOption {
    CommandOption {
        names,
        takes,
        sets,
        group: None,
        only: None,
        affects: &Platform::ALL,
        documentation,
    }
}

impl CommandOption {
    const fn group(mut self, group: Group) -> CommandOption {
        self.group = Some(group);
        self
    }

    const fn only(mut self, platform: Platform) -> CommandOption {
        self.only = Some(platform);
        self
    }

    const fn affects(mut self, platforms: &'static [Platform]) -> CommandOption {
        self.affects = platforms;
        self
    }
}
