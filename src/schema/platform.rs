//! What is in `platform` and in `volumes`.

use super::{
    ALLOW, Block, Entry, Identity, SETTINGS, Type, VARS, block, entry, optional, repeated,
    required, setting,
};
use crate::facts::choices::REACHABILITIES;

const AWS: &[&str] = &["aws"];
const DOCKER: &[&str] = &["docker"];

pub static PLATFORM: Block = block(
    "platform",
    &[
        setting(
            "image",
            Type::Text,
            "",
            "An image by its own name, instead of `os`: an AMI, a container image.",
        )
        .only(&["aws", "docker"]),
        setting(
            "user",
            Type::Text,
            "the image's, else `root`",
            "Who logs in to the machines.",
        ),
        setting(
            "region",
            Type::OneOrList(&Type::Name),
            "eu-west-1",
            "The cloud region; a list is given to the locations in turn.",
        )
        .only(AWS),
        setting(
            "instance",
            Type::Text,
            "the image's",
            "The EC2 instance type.",
        )
        .only(AWS),
        setting(
            "bucket",
            Type::Text,
            "",
            "The S3 bucket of the cluster; `auto` lets TPA make one.",
        )
        .only(AWS),
        setting(
            "vpc",
            Type::TextOrMap,
            "Test",
            "The name of the VPC in each region, or a map from region to TPA's `ec2_vpc` entry.",
        )
        .only(AWS),
        setting(
            "reachability",
            Type::Word(REACHABILITIES),
            "public",
            "Whether TPA reaches the machines by their public or their private addresses.",
        )
        .only(AWS),
        setting(
            "mounts",
            Type::List(&Type::Text),
            "none; with `sources` a volume for ccache",
            "What is mounted into every container, as `docker run -v` takes it.",
        )
        .only(DOCKER),
    ],
    &[
        entry(
            "os",
            &[
                required("NAME", Type::Name),
                optional("VERSION", Type::Version),
            ],
            Identity::Word,
            "The operating system: an `image`, by default in its default version. On bare it is only checked.",
        ),
        entry(
            "open",
            &[
                required("PORT", Type::Port),
                repeated("NETWORK", Type::Network),
            ],
            Identity::Each,
            "Lets these networks reach a port: `22`, `8000-8030`, `1194/udp`. Without a network it is the whole world; without any `open` it is port 22.",
        )
        .only(AWS),
        entry(
            "volumes",
            &[],
            Identity::Word,
            "The machines' volumes, a line `PURPOSE [SIZE] { … }` each.",
        )
        .block(&VOLUMES)
        .only(&["aws", "bare"]),
        ALLOW,
    ],
);

static VOLUME: Block = block(
    "volume",
    &[
        setting(
            "device",
            Type::Text,
            "`root`; `/dev/sdf` for postgres and barman",
            "The device name. Required for `wal`, `tablespace` and `disk`.",
        ),
        setting("type", Type::Text, "gp2", "The EBS volume type.").only(AWS),
        setting(
            "encrypted",
            Type::Boolean,
            "true",
            "Whether EBS encrypts the volume.",
        )
        .only(AWS),
        setting(
            "iops",
            Type::Integer(1, i64::MAX),
            "",
            "Provisioned input and output operations a second.",
        )
        .only(AWS),
    ],
    &[
        entry(
            "vars",
            &[],
            Identity::Word,
            "Variables of the volume: `fstype`, `mountpoint`, `encryption`…",
        )
        .block(&VARS),
        entry(
            "settings",
            &[],
            Identity::Word,
            "Other keys of the volume: `kms_key_id`, `snapshot`…",
        )
        .block(&SETTINGS),
        ALLOW,
    ],
);

macro_rules! volume {
    ($word:literal, $documentation:literal) => {
        entry(
            $word,
            &[optional("SIZE", Type::SizeOrNone)],
            Identity::Word,
            $documentation,
        )
        .block(&VOLUME)
    };
}

pub static VOLUMES: Block = block("volumes", &[], VOLUME_ENTRIES);

const VOLUME_ENTRIES: &[Entry] = &[
    volume!("root", "The root volume; 16GB on aws."),
    volume!("postgres", "Postgres data; 16GB on aws."),
    volume!("wal", "The write-ahead log, apart from the data."),
    volume!("barman", "Backups; 32GB on aws."),
    entry(
        "tablespace",
        &[
            required("NAME", Type::Name),
            optional("SIZE", Type::SizeOrNone),
        ],
        Identity::FirstLabel,
        "A tablespace.",
    )
    .block(&VOLUME),
    entry(
        "disk",
        &[optional("SIZE", Type::SizeOrNone)],
        Identity::Each,
        "A volume without a purpose that TPA knows.",
    )
    .block(&VOLUME),
];
