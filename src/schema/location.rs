//! What is in a location.

use super::machine::{MACHINE, NODE};
use super::{
    ALLOW, Block, Entry, Identity, Label, OMIT, SETTINGS, TAGS, Type, VARS, block, entry, optional,
    required, setting,
};

const AWS: &[&str] = &["aws"];

static MACHINE_NAME: [Label; 1] = [optional("NAME", Type::Name)];

macro_rules! machine {
    ($word:literal, $documentation:literal) => {
        entry($word, &MACHINE_NAME, Identity::Definition, $documentation).block(&MACHINE)
    };
}

pub static LOCATION: Block = block(
    "location",
    &[
        setting(
            "region",
            Type::Name,
            "the platform's regions in turn",
            "The cloud region.",
        )
        .only(AWS),
        setting(
            "zone",
            Type::Name,
            "the zones of the region in turn",
            "The availability zone.",
        )
        .only(AWS),
        setting(
            "subnet",
            Type::Network,
            "the next free one of the network",
            "The subnet of the location's machines.",
        )
        .only(AWS),
        setting(
            "was",
            Type::OneOrList(&Type::Name),
            "",
            "What the location was called: it keeps what the lock has of that name.",
        ),
    ],
    LOCATION_ENTRIES,
);

const LOCATION_ENTRIES: &[Entry] = &[
    entry(
        "data",
        // The bound keeps a slip of the finger from filling the memory.
        &[required("COUNT", Type::Integer(1, 1000))],
        Identity::Word,
        "So many data nodes without names.",
    ),
    machine!(
        "primary",
        "The data node that accepts writes when the cluster is deployed. One in the cluster."
    ),
    machine!("replica", "A data node that streams from another."),
    machine!(
        "single",
        "A replica in a single-node location: the only data node there."
    ),
    machine!("barman", "A backup node."),
    machine!("witness", "A node that votes and holds no data."),
    machine!("etcd", "A node of Patroni's configuration store."),
    machine!("haproxy", "A load balancer in front of Patroni."),
    machine!("pem", "The PEM server."),
    entry(
        "node",
        &MACHINE_NAME,
        Identity::Definition,
        "A machine with exactly the roles that it names.",
    )
    .block(&NODE),
    entry(
        "tags",
        &[],
        Identity::Word,
        "Tags of the location's machines.",
    )
    .block(&TAGS),
    entry(
        "vars",
        &[],
        Identity::Word,
        "Variables of the location's machines.",
    )
    .block(&VARS),
    entry(
        "settings",
        &[],
        Identity::Word,
        "Other keys of the entry in `locations`.",
    )
    .block(&SETTINGS),
    OMIT,
    ALLOW,
];
