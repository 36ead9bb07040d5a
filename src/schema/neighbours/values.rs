//! The words of the neighbours for values, and programs that TPA does not install.

/// Words of other languages for the values of this one.
const VALUES: &[(&str, &[&str])] = &[
    (
        "bare",
        &[
            "onprem",
            "on-prem",
            "on_prem",
            "vmware",
            "vsphere",
            "vagrant",
            "metal",
            "baremetal",
            "bare-metal",
            "azure",
            "gcp",
            "google",
            "openstack",
            "hetzner",
            "none",
        ],
    ),
    ("aws", &["ec2", "amazon", "AWS"]),
    ("docker", &["podman", "container", "containers", "Docker"]),
    (
        "postgresql",
        &["postgres", "pg", "PostgreSQL", "pgdg", "community"],
    ),
    ("epas", &["edb", "enterprisedb", "ppas", "EPAS", "advanced"]),
    ("edbpge", &["pge", "PGE", "extended"]),
    ("pgbouncer", &["bouncer", "PgBouncer"]),
    ("barman", &["Barman"]),
    ("pem", &["PEM"]),
    ("text", &["string", "str", "varchar", "char"]),
    ("integer", &["int", "number", "bigint"]),
    ("decimal", &["float", "double", "numeric"]),
    ("boolean", &["bool"]),
    ("list", &["array", "tuple", "set"]),
    ("map", &["object", "dict", "hash", "json"]),
    ("repmgr", &["repmgrd"]),
    ("efm", &["EFM", "edb-efm"]),
    ("patroni", &["etcd", "Patroni"]),
    ("private", &["internal", "vpn"]),
    ("public", &["internet", "external"]),
    ("system", &["keyring", "os"]),
    ("legacy", &["file", "plain"]),
    ("RedHat", &["RHEL", "rhel", "redhat", "Red", "EL"]),
    ("Rocky", &["rocky", "CentOS", "centos", "RockyLinux"]),
    ("AlmaLinux", &["Alma", "alma"]),
    ("OracleLinux", &["Oracle", "OL", "oracle"]),
    ("SLES", &["SUSE", "suse", "sles", "SLE"]),
    ("af-south-1", &["cape-town"]),
    ("ap-east-1", &["hong-kong", "hongkong"]),
    ("ap-east-2", &["taipei", "taiwan"]),
    ("ap-northeast-1", &["tokyo", "japan"]),
    ("ap-northeast-2", &["seoul", "korea"]),
    ("ap-northeast-3", &["osaka"]),
    ("ap-south-1", &["mumbai", "india"]),
    ("ap-south-2", &["hyderabad"]),
    ("ap-southeast-1", &["singapore"]),
    ("ap-southeast-2", &["sydney", "australia"]),
    ("ap-southeast-3", &["jakarta", "indonesia"]),
    ("ap-southeast-4", &["melbourne"]),
    ("ap-southeast-5", &["malaysia"]),
    ("ap-southeast-6", &["auckland", "new-zealand"]),
    ("ap-southeast-7", &["bangkok", "thailand"]),
    ("ca-central-1", &["canada", "montreal"]),
    ("ca-west-1", &["calgary"]),
    ("cn-north-1", &["beijing", "china"]),
    ("eu-central-1", &["frankfurt", "germany"]),
    ("eu-central-2", &["zurich", "switzerland"]),
    ("eu-north-1", &["stockholm", "sweden"]),
    ("eu-south-1", &["milan", "italy"]),
    ("eu-south-2", &["spain"]),
    ("eu-west-1", &["dublin", "ireland"]),
    ("eu-west-2", &["london", "uk"]),
    ("eu-west-3", &["paris", "france"]),
    ("il-central-1", &["tel-aviv", "israel"]),
    ("me-central-1", &["uae", "dubai"]),
    ("me-south-1", &["bahrain"]),
    ("mx-central-1", &["mexico"]),
    ("sa-east-1", &["sao-paulo", "brazil"]),
    ("us-east-1", &["virginia", "n-virginia"]),
    ("us-east-2", &["ohio"]),
    ("us-west-1", &["california", "n-california"]),
    ("us-west-2", &["oregon"]),
];

/// Programs that TPA does not install, by the word that would be right beside them, and what to do.
const OTHER_PROGRAMS: &[(&str, &[&str], &str)] = &[
    (
        "pgbouncer",
        &["haproxy", "HAProxy"],
        "write `balance haproxy`, which needs `failover patroni`",
    ),
    (
        "haproxy",
        &["pgbouncer", "PgBouncer"],
        "write `pool pgbouncer`",
    ),
    (
        "pgbouncer",
        &["pgpool", "pgpool2", "pgpool-II", "odyssey", "pgcat"],
        "write `pool pgbouncer`, or remove `pool`",
    ),
    (
        "haproxy",
        &["nginx", "keepalived", "elb", "nlb"],
        "write `balance haproxy`, or remove `balance`",
    ),
    (
        "barman",
        &[
            "pgbackrest",
            "pgBackRest",
            "wal-g",
            "walg",
            "wal_g",
            "s3",
            "S3",
            "snapshot",
            "pg_dump",
            "pgdump",
        ],
        "write `backup barman`, or `backup none` if it makes the backups without TPA",
    ),
    (
        "pem",
        &[
            "prometheus",
            "grafana",
            "zabbix",
            "datadog",
            "nagios",
            "pganalyze",
        ],
        "write `monitor pem` or `monitor beacon`, or remove `monitor` and install it without TPA",
    ),
    (
        "patroni",
        &[
            "pacemaker",
            "corosync",
            "stolon",
            "pg_auto_failover",
            "keepalived",
        ],
        "write `failover repmgr`, `failover efm` or `failover patroni`",
    ),
];

/// What to do about a program that TPA does not install.
pub fn program(word: &str, words: &[&str]) -> Option<&'static str> {
    let mut programs = OTHER_PROGRAMS.iter();
    programs
        .find(|(beside, others, _)| words.contains(beside) && others.contains(&word))
        .map(|(.., help)| *help)
}

/// What a word of another language is called here, if that is among the words that may be there.
pub fn find<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let named = VALUES.iter().find(|(_, others)| others.contains(&word));
    let (name, _) = named.filter(|(name, _)| words.contains(name))?;
    words.iter().copied().find(|known| known == name)
}
