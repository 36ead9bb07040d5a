//! What is in a machine.

use super::platform::VOLUMES;
use super::{
    ALLOW, Block, Entry, Identity, OMIT, SETTINGS, Setting, TAGS, Type, VARS, block, entry, setting,
};

const ROLES: Type = Type::List(&Type::Name);
const EXACT_ROLES: Type = Type::OneOrList(&Type::Name);

macro_rules! settings {
    ($ty:expr, $roles:expr $(, $more:expr)?) => {
        &[
            setting(
                "id",
                Type::Integer(1, i64::MAX),
                "counted from 1 in the order of the output",
                "The node number, which is also repmgr's node id.",
            ),
            setting(
                "address",
                Type::Address,
                "from `hosts`; on docker the next of the subnet",
                "The machine's IP address.",
            ),
            setting("public", Type::Address, "from `hosts`", "Its public address."),
            setting("private", Type::Address, "from `hosts`", "Its private address."),
            setting(
                "upstream",
                Type::Name,
                "the primary; for a second replica of a location its first data node",
                "The machine that it streams from.",
            ),
            setting(
                "backup",
                Type::OneOrList(&Type::Name),
                "for the primary and the first data node of a location its Barman node",
                "The Barman nodes that back it up, or `none`.",
            ),
            setting("roles", $ty, "none", $roles),
            setting(
                "was",
                Type::OneOrList(&Type::Name),
                "",
                "What the machine was called: it keeps what the lock has of that name.",
            ),
            setting(
                "instance",
                Type::Text,
                "the platform's",
                "The EC2 instance type.",
            )
            .only(&["aws"]),
            $($more)?
        ]
    };
}

const MACHINE_SETTINGS: &[Setting] = settings!(
    ROLES,
    "Extra roles, appended to its own.",
    setting(
        "witness",
        Type::Boolean,
        "the cluster's",
        "Whether this Barman node is a witness too.",
    )
    .only(&["barman"])
);

const NODE_SETTINGS: &[Setting] = settings!(
    EXACT_ROLES,
    "Its roles, exactly these. One text becomes a text in config.yml, which TPA splits at commas."
);

const ENTRIES: &[Entry] = &[
    entry(
        "volumes",
        &[],
        Identity::Word,
        "Volumes of this machine, a line `PURPOSE [SIZE] { … }` each.",
    )
    .block(&VOLUMES)
    .only(&["aws", "bare"]),
    entry("tags", &[], Identity::Word, "Tags of this machine.").block(&TAGS),
    entry("vars", &[], Identity::Word, "Variables of this machine.").block(&VARS),
    entry(
        "settings",
        &[],
        Identity::Word,
        "Any other key of the instance: `published_ports`, `networks`, `termination_protection`…",
    )
    .block(&SETTINGS),
    OMIT,
    ALLOW,
];

pub static MACHINE: Block = block("machine", MACHINE_SETTINGS, ENTRIES);
pub static NODE: Block = block("node", NODE_SETTINGS, ENTRIES);
