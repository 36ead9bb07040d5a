//! The wording of errors about whole clusters.

mod locked;
mod pages;
mod renames;

use ipnet::Ipv4Net;

use crate::diagnostic::{Applicability, Diagnostic};
use crate::schema::alternatives;
use crate::source::Span;
use crate::topology::{FailoverManager, Required};
pub(super) use locked::{
    locked_address, locked_machine, locked_network, locked_number, locked_place, locked_prefix,
    locked_subnet_full, lost_host, reserved_address, reserved_location, reserved_name,
    reserved_number, reserved_subnet,
};
pub use pages::CODES;
use pages::{
    DUPLICATE_ID, DUPLICATE_MACHINE, HOST_NAMES, MISSING_STATEMENT, NETWORK_TOO_SMALL, NO_PRIMARY,
    NOT_A_BARMAN_NODE, NOTHING_TO_OMIT, PRIMARY_LOCATION, SINGLE_WITH_OTHERS, SOURCE_BUILDS,
    TWO_PRIMARIES, UNKNOWN_MACHINE, UNKNOWN_ZONE, UPSTREAM_CYCLE, VOLUME_SETTINGS,
    WRONG_COMBINATION, WRONG_REQUIREMENT,
};
pub(super) use renames::{
    was_beside, was_is_there, was_of_other, was_other_kind, was_unknown, was_without_name,
};

fn count(number: usize, one: &str, several: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {several}")
    }
}

// ---- choices ----

pub(super) fn missing_statements(at: Span, cluster: &str, missing: &[&str]) -> Diagnostic {
    let example = |word: &&str| match *word {
        "postgres" => "`postgres postgresql 17`",
        "failover" => "`failover repmgr`",
        "platform" => "`platform bare`",
        _ => "`location main { data 2 }`",
    };
    let examples: Vec<&str> = missing.iter().map(example).collect();
    let examples = match examples.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => examples.concat(),
    };
    let others = if missing.contains(&"failover") {
        "; the other failover managers are `efm` and `patroni`"
    } else {
        ""
    };
    Diagnostic::error(
        &MISSING_STATEMENT,
        at,
        format!("the cluster `{cluster}` has no {}", alternatives(missing)),
    )
    .label("every cluster needs this")
    .help(format!("for example, add {examples}{others}"))
}

pub(super) fn redwood_missing(at: Span, version: &str) -> Diagnostic {
    Diagnostic::error(&WRONG_COMBINATION, at, "`epas` needs `redwood`")
        .label("compatible with Oracle, or not?")
        .help(format!(
            "write `postgres epas {version} {{ redwood = true }}` for Oracle's types and functions, `postgres epas {version} {{ redwood = false }}` for plain Postgres; it cannot be changed once the database exists"
        ))
}

pub(super) fn repmgr_with_old_epas(at: Span, version: Span) -> Diagnostic {
    Diagnostic::error(
        &WRONG_COMBINATION,
        at,
        "repmgr does not manage EPAS below 14",
    )
    .label("needs EPAS 14 or later")
    .related(version, "this version is older")
    .help("write `failover efm`, or take a newer version")
}

pub(super) fn balance_with_pool(at: Span, pool: Span) -> Diagnostic {
    Diagnostic::error(
        &WRONG_COMBINATION,
        at,
        "`balance haproxy` and `pool pgbouncer` exclude each other",
    )
    .label("one of the two")
    .related(pool, "the other")
    .help("remove this, or `pool`: TPA configures either HAProxy or PgBouncer in front of the primary")
}

pub(super) fn haproxy_without_patroni(
    at: Span,
    manager: FailoverManager,
    other: Span,
) -> Diagnostic {
    Diagnostic::error(
        &WRONG_COMBINATION,
        at,
        format!("`balance haproxy` does not work with {}", manager.name()),
    )
    .label("only with Patroni")
    .related(other, "the failover manager")
    .help("write `failover patroni`, or remove `balance`: HAProxy asks Patroni's REST API who the primary is")
}

pub(super) fn stig(at: Span, needed: &str, other: Span) -> Diagnostic {
    Diagnostic::error(
        &WRONG_COMBINATION,
        at,
        format!("`compliance = stig` needs {needed}"),
    )
    .label("chosen here")
    .related(other, format!("not {needed}"))
    .help("write `compliance = cis`, which has no such conditions; STIG is defined for EPAS on RHEL 8 and 9, on machines of your own")
}

pub(super) fn two_postgres_sources(at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        &SOURCE_BUILDS,
        at,
        "`postgres` and `2ndqpostgres` are both built from source",
    )
    .label("the second")
    .related(first, "the first")
    .help("remove this, or the first: a machine has one Postgres")
}

pub(super) fn bdr_before_pglogical(at: Span) -> Diagnostic {
    Diagnostic::error(
        &SOURCE_BUILDS,
        at,
        "`bdr3` is built on `pglogical3`, which must come before it",
    )
    .label("not built before this")
    .help("add a line `pglogical3` above, or move it there")
}

// ---- layout ----

pub(super) fn no_data_nodes(at: Span, cluster: &str) -> Diagnostic {
    Diagnostic::error(
        &NO_PRIMARY,
        at,
        format!("the cluster `{cluster}` has no data nodes"),
    )
    .label("no location has one")
    .help("add `data 2` to a location, or machines: `primary NAME`, `replica NAME`")
}

pub(super) fn no_primary(at: Span, cluster: &str) -> Diagnostic {
    Diagnostic::error(
        &NO_PRIMARY,
        at,
        format!("the cluster `{cluster}` has no primary"),
    )
    .label("nothing to write to")
    .help("write `primary NAME` for one of the machines of the primary location")
}

pub(super) fn two_primaries(at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(&TWO_PRIMARIES, at, "a second primary")
        .label("the second")
        .related(first, "the first")
        .help("make one of them a `replica`: a cluster has one primary, the failover manager promotes others")
}

pub(super) fn unknown_location(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        &PRIMARY_LOCATION,
        at,
        format!("there is no location `{name}`"),
    )
}

pub(super) fn required_location(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        &WRONG_REQUIREMENT,
        at,
        format!("there is no location `{name}`"),
    )
}

/// A location behind a requirement that is not about one.
pub(super) fn requirement_of_all(
    at: Span,
    what: Required,
    name: &str,
    is_location: bool,
) -> Diagnostic {
    let survives = Required::SurvivesLocation;
    let diagnostic = Diagnostic::error(
        &WRONG_REQUIREMENT,
        at,
        format!("`require {what}` is about the whole cluster, and takes no name"),
    )
    .label("one word too many");
    if is_location && what == Required::SurvivesMachine {
        diagnostic.help(format!(
            "write `require {survives} {name}` if the location is meant, else remove `{name}`"
        ))
    } else {
        diagnostic.help(format!("remove `{name}`"))
    }
}

/// A time within which a person would have to act.
pub(super) fn within_by_hand(at: Span, within: Span) -> Diagnostic {
    Diagnostic::error(
        &WRONG_REQUIREMENT,
        at,
        "how fast a person is, nobody knows: `within` needs `automatically = true`",
    )
    .label("says that a person may act")
    .related(within, "a time")
    .help("remove `automatically = false`, since `within` means `true`, or remove `within`")
}

pub(super) fn inactive_primary_location(at: Span, name: &str, location: Span) -> Diagnostic {
    Diagnostic::error(
        &PRIMARY_LOCATION,
        at,
        format!("the primary cannot be in `{name}`"),
    )
    .label("no data nodes there, or only a `single` one")
    .related(location, "this location")
    .help("name a location with data nodes, or add some to this one")
}

pub(super) fn primary_elsewhere(at: Span, name: &str, primary: Span) -> Diagnostic {
    Diagnostic::error(
        &PRIMARY_LOCATION,
        at,
        format!("the primary is not in `{name}`"),
    )
    .label("another location")
    .related(primary, "the primary")
    .help("remove `primary_location`, or move the primary")
}

pub(super) fn single_with_others(at: Span, location: &str, other: Span) -> Diagnostic {
    Diagnostic::error(
        &SINGLE_WITH_OTHERS,
        at,
        format!(
            "a `single` replica is the only data node of its location, but `{location}` has more"
        ),
    )
    .label("`single`")
    .related(other, "another data node")
    .help("write `replica`, or move it to a location of its own")
}

pub(super) fn machine_without_choice(at: Span, word: &str, choice: &str) -> Diagnostic {
    Diagnostic::error(
        &WRONG_COMBINATION,
        at,
        format!("a machine `{word}` needs `{choice}`"),
    )
    .label("nothing would use it")
    .help(format!(
        "add `{choice}` to the cluster, or remove the machine"
    ))
}

pub(super) fn barman_without_backup(at: Span, none: Span) -> Diagnostic {
    Diagnostic::error(
        &WRONG_COMBINATION,
        at,
        "a Barman node in a cluster with `backup none`",
    )
    .label("a Barman node")
    .related(none, "no backups")
    .help("remove `backup none`, or this machine")
}

// ---- machines ----

pub(super) fn unknown_machine(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        &UNKNOWN_MACHINE,
        at,
        format!("there is no machine `{name}`"),
    )
}

pub(super) fn upstream_cycle(at: Span, names: &[&str], others: &[Span]) -> Diagnostic {
    let (message, help) = match names {
        [only] => (
            format!("`{only}` streams from itself"),
            "remove `upstream`, so that it streams from the primary, or name another machine",
        ),
        _ => (
            format!(
                "machines stream from each other in a cycle: {} → {}",
                names.join(" → "),
                names.first().unwrap_or(&"")
            ),
            "remove `upstream` from one of them, so that it streams from the primary, or name a machine outside of the cycle",
        ),
    };
    let mut diagnostic = Diagnostic::error(&UPSTREAM_CYCLE, at, message)
        .label("closes the cycle")
        .help(help);
    for other in others {
        diagnostic = diagnostic.related(*other, "part of the cycle");
    }
    diagnostic
}

pub(super) fn not_a_barman_node(at: Span, name: &str, machine: Span) -> Diagnostic {
    Diagnostic::error(
        &NOT_A_BARMAN_NODE,
        at,
        format!("`{name}` is not a Barman node"),
    )
    .label("cannot take backups")
    .related(machine, "this machine")
    .help("write `none`, or the name of a `barman` machine")
}

/// One machine that is written twice, with two roles.
pub(super) fn machine_with_two_roles(
    at: Span,
    name: &str,
    first: Span,
    (word, role): (&str, &str),
) -> Diagnostic {
    Diagnostic::error(
        &DUPLICATE_MACHINE,
        at,
        format!("two machines are called `{name}`"),
    )
    .label("the second")
    .related(first, "the first")
    .help(format!(
        "if it is one machine, write `{word} {name} {{ roles = [{role}] }}` and remove this one; else rename one of the two"
    ))
}

pub(super) fn duplicate_machine(at: Span, name: &str, first: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &DUPLICATE_MACHINE,
        at,
        format!("two machines are called `{name}`"),
    );
    if at == first {
        return diagnostic
            .label("gives several machines one name")
            .help("add `{n}` or `{id}` to `hostnames`");
    }
    diagnostic
        .label("the second")
        .related(first, "the first")
        .help("rename one of them; in `hostnames`, `{n}` counts machines")
}

pub(super) fn duplicate_id(at: Span, id: i64, first: Span) -> Diagnostic {
    Diagnostic::error(
        &DUPLICATE_ID,
        at,
        format!("two machines have the node number {id}"),
    )
    .label("the second")
    .related(first, "the first")
    .help("give one of them another `id`, or leave it out: numbers are counted")
}

pub(super) fn too_few_hosts(at: Span, needed: usize, found: usize) -> Diagnostic {
    Diagnostic::error(
        &HOST_NAMES,
        at,
        format!(
            "`hosts` has {} for {} without a name",
            count(found, "spare line", "spare lines"),
            count(needed, "machine", "machines")
        ),
    )
    .label(format!("{} too few", needed - found))
    .help("add a line for each machine, in node order; a line `NAME { … }` is not needed for a machine that has its own address")
}

pub(super) fn too_many_addresses(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        &HOST_NAMES,
        at,
        format!("`{name}` has more than two addresses"),
    )
    .label("one too many")
    .help("remove it: a line is `NAME ADDRESS`, or `NAME PUBLIC PRIVATE`")
    .fix(Applicability::Suggested, at, "")
}

pub(super) fn unknown_placeholder(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &HOST_NAMES,
        at,
        format!("`hostnames` has no placeholder `{{{word}}}`"),
    )
}

// ---- networks ----

pub(super) fn too_few_subnets(
    at: Span,
    network: Ipv4Net,
    prefix: u8,
    needed: usize,
    found: usize,
) -> Diagnostic {
    Diagnostic::error(
        &NETWORK_TOO_SMALL,
        at,
        format!(
            "`{network}` has {} of length /{prefix}, the cluster needs {needed}",
            count(found, "free subnet", "free subnets")
        ),
    )
    .label("too small")
    .help("take a larger `cidr` or a longer `subnet_prefix`, or exclude less")
}

pub(super) fn prefix_too_short(at: Span, prefix: u8, network: Ipv4Net) -> Diagnostic {
    Diagnostic::error(
        &NETWORK_TOO_SMALL,
        at,
        format!("a subnet of length /{prefix} does not fit into `{network}`"),
    )
    .label("too small for it")
    .help(format!(
        "take a larger `cidr`, or a `subnet_prefix` from {} to 28",
        network.prefix_len().max(24)
    ))
}

pub(super) fn subnet_too_small(at: Span, subnet: Ipv4Net, machines: usize) -> Diagnostic {
    Diagnostic::error(
        &NETWORK_TOO_SMALL,
        at,
        format!("the subnet `{subnet}` is too small for {machines} machines"),
    )
    .label("too few addresses")
    .help("take a shorter `subnet_prefix`, or leave it out: it is then as long as it may be")
}

pub(super) fn too_many_machines(at: Span, machines: usize) -> Diagnostic {
    Diagnostic::error(
        &NETWORK_TOO_SMALL,
        at,
        format!("{machines} machines do not fit into one subnet on docker"),
    )
    .label("too many machines")
    .help("a /24 holds 253; make several clusters of it")
}

pub(super) fn unknown_zone(at: Span, zone: &str, region: &str, zones: &[String]) -> Diagnostic {
    Diagnostic::error(
        &UNKNOWN_ZONE,
        at,
        format!("`{region}` has no zone `{zone}`"),
    )
    .label("not a zone of this region")
    .help(format!("write {}", alternatives(zones)))
}

// ---- volumes ----

pub(super) fn volume_without_size(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &VOLUME_SETTINGS,
        at,
        format!("the volume `{word}` has no size"),
    )
    .label("expected a size after this")
    .help(format!(
        "for example, write `{word} 100GB`, or `none` to remove it"
    ))
}

pub(super) fn size_on_bare(at: Span) -> Diagnostic {
    Diagnostic::error(&VOLUME_SETTINGS, at, "a volume on bare has no size")
        .label("the disk is as large as it is")
        .help("remove it; `device` says which disk it is")
        .fix(Applicability::Suggested, at, "")
}

pub(super) fn volume_without_device(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        &VOLUME_SETTINGS,
        at,
        format!("the volume `{word}` has no `device`"),
    )
    .label("on which disk?")
    .help("for example, write `{ device = \"/dev/sdg\" }`")
}

// ---- omissions ----

pub(super) fn nothing_to_omit(at: Span, key: &str) -> Diagnostic {
    Diagnostic::error(
        &NOTHING_TO_OMIT,
        at,
        format!("config.yml never has `{key}` here"),
    )
    .label("nothing to omit")
    .help("name a key of config.yml, or `vars.KEY`; in a cluster also `defaults.KEY`, `machines.KEY` and `locations.KEY`")
}
