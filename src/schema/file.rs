//! What is at the top level of a file.

use super::cluster::CLUSTER;
use crate::facts::choices::Flavour;

use super::{Block, Entry, Identity, Label, Type, block, entry, optional, required, setting};

const AMI: &[&str] = &["aws"];
const CONTAINER: &[&str] = &["docker"];

static IMAGE_VERSION: Block = block(
    "image version",
    &[
        setting("ami", Type::Text, "", "The name of the AMI.").only(AMI),
        setting("owner", Type::Text, "", "The account that owns the AMI.").only(AMI),
        setting(
            "family",
            Type::Text,
            "",
            "The family of operating systems, as Ansible names it.",
        )
        .only(AMI),
        setting(
            "arch",
            Type::Text,
            "",
            "The processor architecture: `x86_64` or `arm64`.",
        )
        .only(AMI),
        setting("user", Type::Text, "root", "Who logs in."),
        setting(
            "python",
            Type::Text,
            "python3",
            "The Python that Ansible uses there.",
        ),
        setting(
            "instance",
            Type::Text,
            "t3.micro",
            "The instance type when none is written.",
        )
        .only(AMI),
        setting(
            "image",
            Type::Text,
            "",
            "The container image without its tag; the tag is the version as written.",
        )
        .only(CONTAINER),
        setting(
            "aliases",
            Type::List(&Type::Version),
            "none",
            "Other words for the version.",
        ),
        setting(
            "default",
            Type::Boolean,
            "false",
            "Whether it is taken when no version is named.",
        ),
    ],
    &[],
);

static VERSION_LABEL: [Label; 1] = [required("VERSION", Type::Version)];

static IMAGE: Block = block(
    "image",
    &[setting(
        "like",
        Type::Name,
        "",
        "Repeats everything of another image.",
    )],
    &[
        entry(
            "aws",
            &VERSION_LABEL,
            Identity::Definition,
            "A version of the image on AWS.",
        )
        .block(&IMAGE_VERSION),
        entry(
            "docker",
            &VERSION_LABEL,
            Identity::Definition,
            "A version of the image on docker.",
        )
        .block(&IMAGE_VERSION),
    ],
);

static REGION: Block = block(
    "region",
    &[setting(
        "zones",
        Type::List(&Type::Text),
        "",
        "Its availability zones: what is appended to the region's name.",
    )],
    &[],
);

static RELEASE: Block = block(
    "release",
    &[setting(
        "end_of_life",
        Type::Date,
        "",
        "The last day with fixes.",
    )],
    &[],
);

/// The top level of a file, without `param` and `let`.
pub static FILE: Block = block("file", &[], FILE_ENTRIES);

const FILE_ENTRIES: &[Entry] = &[
    entry(
        "use",
        &[
            required("MODULE", Type::Text),
            optional("AS", Type::Word(&["as"])),
            optional("NAME", Type::Name),
        ],
        Identity::Each,
        "Makes another file's definitions available: a module of the standard library by its name, a file by its path in quotes, `use \"path.m1\" as NAME` under another name. Its clusters are not built.",
    ),
    entry(
        "profile",
        &[required("NAME", Type::Name)],
        Identity::Definition,
        "A reusable part of a cluster: any cluster statements, inserted by `include`.",
    )
    .block(&CLUSTER),
    entry(
        "cluster",
        &[required("NAME", Type::Name)],
        Identity::Definition,
        "One cluster. The name has letters, digits, `_` and `-`.",
    )
    .block(&CLUSTER),
    entry(
        "image",
        &[required("NAME", Type::Name)],
        Identity::Definition,
        "A machine image: a line `PLATFORM VERSION { … }` for each of its versions.",
    )
    .block(&IMAGE),
    entry(
        "region",
        &[required("NAME", Type::Name)],
        Identity::Definition,
        "A cloud region.",
    )
    .block(&REGION),
    entry(
        "release",
        &[
            required("FLAVOUR", Type::Word(Flavour::WORDS)),
            required("VERSION", Type::Version),
        ],
        Identity::Labels,
        "A Postgres version that `postgres` accepts.",
    )
    .block(&RELEASE),
];
