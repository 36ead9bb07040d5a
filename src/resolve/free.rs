//! Free form: `vars`, `defaults` and `settings` say everything that config.yml can say, but not what another
//! statement decides, and no variable of TPA's with a type that TPA does not take.

use super::{Resolver, errors};
use crate::facts::variables::{self, Kind, Scope, Variable};
use crate::model::Block;
use crate::value::{Data, Key, Value};

/// Keys that other statements decide: the block they are in, the keys, and what to write instead.
struct Reserved {
    /// The name of the block that the free-form block is in.
    owner: &'static str,
    block: &'static str,
    keys: &'static [(&'static str, &'static str)],
}

const LAYOUT_VARIABLES: &[(&str, &str)] = &[
    (
        "failover_manager",
        "`failover repmgr`, `failover efm` or `failover patroni`",
    ),
    ("postgres_flavour", "`postgres FLAVOUR VERSION`"),
    ("postgres_version", "`postgres FLAVOUR VERSION`"),
];

const MACHINE_KEYS: &[(&str, &str)] = &[
    (
        "Name",
        "the name after the machine's word: `replica NAME { … }`",
    ),
    ("backup", "`backup = NAME` in the machine"),
    ("node", "`id = NUMBER` in the machine"),
    (
        "role",
        "`roles = [NAME]` in the machine, or `node NAME { roles = […] }`",
    ),
    ("tags", "`tags { … }` in the machine"),
    ("upstream", "`upstream = NAME` in the machine"),
    ("vars", "`vars { … }` in the machine"),
];

const RESERVED: &[Reserved] = &[
    Reserved {
        owner: "cluster",
        block: "vars",
        keys: LAYOUT_VARIABLES,
    },
    Reserved {
        owner: "location",
        block: "vars",
        keys: LAYOUT_VARIABLES,
    },
    Reserved {
        owner: "machine",
        block: "vars",
        keys: LAYOUT_VARIABLES,
    },
    Reserved {
        owner: "cluster",
        block: "settings",
        keys: &[
            (
                "architecture",
                "nothing instead: the architecture is always M1",
            ),
            ("cluster_name", "the name after `cluster`"),
            ("cluster_tags", "`tags { … }` in the cluster"),
            ("cluster_vars", "`vars { … }` in the cluster"),
            ("instance_defaults", "`defaults { … }` in the cluster"),
            ("instances", "machines in a `location`"),
            ("locations", "`location NAME { … }`"),
        ],
    },
    Reserved {
        owner: "location",
        block: "settings",
        keys: &[
            ("Name", "the name after `location`"),
            ("tags", "`tags { … }` in the location"),
            ("vars", "`vars { … }` in the location"),
        ],
    },
    Reserved {
        owner: "machine",
        block: "settings",
        keys: MACHINE_KEYS,
    },
    Reserved {
        owner: "volume",
        block: "settings",
        keys: &[("vars", "`vars { … }` in the volume")],
    },
];

/// The keys that other statements decide in a free-form block, with what to write instead; `owner` is the block that it
/// is in.
fn reserved<'n>(
    owner: &'n str,
    block: &'n str,
) -> impl Iterator<Item = &'static (&'static str, &'static str)> + Clone + use<'n> {
    RESERVED
        .iter()
        .filter(move |reserved| reserved.block == block && reserved.owner == owner)
        .flat_map(|reserved| reserved.keys)
}

/// Whether another statement decides a key of a free-form block in the block `owner`.
pub fn is_reserved(owner: &str, block: &str, key: &str) -> bool {
    reserved(owner, block).any(|(known, _)| *known == key)
}

impl Resolver<'_> {
    /// Checks the free-form blocks in a block and below it.
    pub(super) fn free_form(&mut self, owner: &Block) {
        self.free_form_below(owner, true);
    }

    /// The same; `checks_types` is false below an `allow` for types that TPA does not take.
    fn free_form_below(&mut self, owner: &Block, checks_types: bool) {
        let checks_types = checks_types && !allows_types(owner);
        for entry in &owner.entries {
            let block = &entry.block;
            if matches!(block.schema.name, "vars" | "settings") {
                self.free_block(owner, block, checks_types);
            }
            self.free_form_below(block, checks_types);
        }
    }

    fn free_block(&mut self, within: &Block, block: &Block, checks_types: bool) {
        let (owner, name) = (within.schema.name, block.schema.name);
        let scope = match (owner, name) {
            ("cluster", "settings") => Some(Scope::TopLevel),
            ("cluster" | "location" | "machine", "vars") => Some(Scope::Both),
            _ => None,
        };
        let reserved = reserved(owner, name);
        for key in &block.keys {
            let Key::Text(text) = &key.key else { continue };
            let Some(value) = block.free.get(text) else {
                continue;
            };
            let at = value.origin.of_key(key.at);
            if let Some((_, instead)) = reserved.clone().find(|(known, _)| known == text) {
                if is_decided_so(within, text, value) {
                    continue;
                }
                self.diagnostics
                    .push_at(at, |at| errors::reserved_key(at, text, name, instead));
            } else if let Some(scope) = scope.filter(|_| checks_types) {
                self.variable(text, value, scope);
            }
        }
    }

    /// Checks the type of a variable that TPA knows.
    fn variable(&mut self, name: &str, value: &Value, scope: Scope) {
        if let Some(variable) = misfit(name, value, scope) {
            let kinds: Vec<&str> = variable.accepts.iter().map(|kind| kind.name()).collect();
            self.diagnostics.push_at(value.origin, |at| {
                errors::variable_type(at, name, &kinds, value)
            });
        }
    }
}

/// The lint rule about variables with a type that TPA does not take.
pub const TYPES_RULE: &str = "wrong-type";

/// Whether a block says that its variables may have types that TPA does not take.
fn allows_types(block: &Block) -> bool {
    let mut allows = block.entries("allow");
    allows.any(|allow| allow.label(0) == Some(TYPES_RULE))
}

/// Whether a statement of the cluster decides a variable to be this already; config.yml then has it as it is spelled here.
fn is_decided_so(cluster: &Block, key: &str, value: &Value) -> bool {
    let (word, label) = match key {
        "failover_manager" => ("failover", 0),
        "postgres_flavour" => ("postgres", 0),
        "postgres_version" => ("postgres", 1),
        _ => return false,
    };
    let decided = cluster.entry(word).and_then(|entry| entry.label(label));
    decided.is_some() && decided == value.spelling().as_deref()
}

/// The variable of TPA's that does not take this value.
pub fn misfit(name: &str, value: &Value, scope: Scope) -> Option<&'static Variable> {
    let variable = variables::find(name)?;
    let top_level = |scope| scope == Scope::TopLevel;
    let is_misfit =
        top_level(scope) == top_level(variable.scope) && !accepts(variable.accepts, value);
    is_misfit.then_some(variable)
}

fn accepts(kinds: &[Kind], value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::Boolean(_) => kinds.contains(&Kind::Boolean),
        Data::Integer(_) => kinds.contains(&Kind::Integer) || kinds.contains(&Kind::Decimal),
        Data::Decimal(_) => kinds.contains(&Kind::Decimal),
        // A template can become anything.
        Data::Text(text) => kinds.contains(&Kind::Text) || text.contains("{{"),
        Data::List(_) => kinds.contains(&Kind::List),
        Data::Map(_) => kinds.contains(&Kind::Map),
    }
}
