//! The words of the neighbours: what somebody writes who comes from TPA, YAML, Terraform, Ansible or SQL, and what it is
//! called here.

pub mod values;

use super::cluster::CLUSTER as CLUSTER_BLOCK;
use super::{Block, alternatives};
use crate::facts::choices::Platform;
use crate::facts::variables::{self, Scope};

/// A word of another language, and the statement of this one that says the same in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    pub words: &'static [&'static str],
    /// The blocks in which it is known.
    pub blocks: &'static [&'static str],
    /// The statement to write instead, with `…` for the value; empty where it is to be removed.
    pub form: &'static str,
    /// What is for `…` where no value was written. Without a form the reason, with `§` for the value.
    pub value: &'static str,
}

const FILE: &[&str] = &["file"];
const CLUSTER: &[&str] = &["cluster"];
const LOCATION: &[&str] = &["location"];
const MACHINE: &[&str] = &["machine", "node"];
const PLATFORM: &[&str] = &["platform"];
const VOLUMES: &[&str] = &["volumes"];
const VOLUME: &[&str] = &["volume"];
const NETWORK: &[&str] = &["network"];
const IMAGE: &[&str] = &["image version"];
const BACKUP: &[&str] = &["backup"];
const FAILOVER: &[&str] = &["failover"];

/// What other tools call a cluster and its file, before a name and a block.
pub const CLUSTERS: &[&str] = &[
    "deployment",
    "deploy",
    "database",
    "stack",
    "service",
    "system",
    "environment",
    "postgres",
    "postgresql",
    "m1",
    "M1",
];

const fn row(
    blocks: &'static [&'static str],
    words: &'static [&'static str],
    form: &'static str,
    value: &'static str,
) -> Neighbour {
    Neighbour {
        words,
        blocks,
        form,
        value,
    }
}

/// All of them, by block.
pub static NEIGHBOURS: &[Neighbour] = &[
    row(
        FILE,
        &["variable", "var", "parameter"],
        "param … = staging",
        "stage",
    ),
    row(
        FILE,
        &["const", "locals", "local", "define", "set"],
        "let … = 1",
        "name",
    ),
    row(
        FILE,
        &["import", "source", "require", "load"],
        "use …",
        "profiles",
    ),
    row(
        FILE,
        &["template", "mixin", "role"],
        "profile … { }",
        "house",
    ),
    row(
        FILE,
        &["ami"],
        "image … { aws 1 { ami = \"debian-12\" } }",
        "Golden",
    ),
    row(
        FILE,
        &["resource", "data", "output"],
        "",
        "Terraform is what m1c writes (`--target terraform`); machines are written in the locations of a `cluster`",
    ),
    row(
        FILE,
        &["provider", "terraform", "module", "backend"],
        "",
        "Terraform is what m1c writes (`--target terraform`), with its providers",
    ),
    row(
        FILE,
        &["hosts", "tasks", "plays", "vars_files"],
        "",
        "Ansible's playbooks are written beside the inventory that m1c writes (`--target ansible`)",
    ),
    row(
        FILE,
        &["architecture"],
        "",
        "m1c knows M1 alone, and writes it to config.yml",
    ),
    //
    row(
        CLUSTER,
        &["architecture"],
        "",
        "m1c knows M1 alone, and writes it to config.yml",
    ),
    row(
        CLUSTER,
        &["cluster_name", "name", "Name"],
        "",
        "the name follows `cluster`: `cluster NAME { … }`",
    ),
    row(
        CLUSTER,
        &["failover_manager", "manager", "ha", "failover_mode"],
        "failover …",
        "repmgr",
    ),
    row(CLUSTER, &["repmgr", "enable_repmgr"], "failover repmgr", ""),
    row(CLUSTER, &["efm", "enable_efm"], "failover efm", ""),
    row(
        CLUSTER,
        &["patroni", "enable_patroni"],
        "failover patroni",
        "",
    ),
    row(
        CLUSTER,
        &[
            "postgresql",
            "postgres_version",
            "pg",
            "pg_version",
            "version",
        ],
        "postgres postgresql …",
        "16",
    ),
    row(
        CLUSTER,
        &["epas", "enterprisedb", "ppas"],
        "postgres epas … { redwood = false }",
        "16",
    ),
    row(CLUSTER, &["edbpge", "pge"], "postgres edbpge …", "16"),
    row(
        CLUSTER,
        &["postgres_flavour", "flavour", "flavor"],
        "postgres … 16",
        "postgresql",
    ),
    row(
        CLUSTER,
        &["cluster_vars", "variables", "variable", "var", "parameters"],
        "vars { }",
        "",
    ),
    row(
        CLUSTER,
        &[
            "postgres_conf_settings",
            "postgresql_conf",
            "postgresql.conf",
            "parameter",
        ],
        "vars { postgres_conf_settings = { work_mem = 64MB } }",
        "",
    ),
    row(
        CLUSTER,
        &["pg_hba", "pg_hba.conf", "hba"],
        "vars { postgres_hba_settings = [\"host all all 10.0.0.0/8 scram-sha-256\"] }",
        "",
    ),
    row(
        CLUSTER,
        &["cluster_tags", "labels"],
        "tags { Owner = \"Database Team\" }",
        "",
    ),
    row(CLUSTER, &["instance_defaults"], "defaults { }", ""),
    row(
        CLUSTER,
        &[
            "locations",
            "site",
            "sites",
            "datacenter",
            "datacenters",
            "data_center",
            "dc",
        ],
        "location … { data 2 }",
        "main",
    ),
    row(
        CLUSTER,
        &["instances", "nodes", "machines", "servers", "vms"],
        "location main { primary kestrel; replica merlin }",
        "",
    ),
    row(
        CLUSTER,
        &[
            "data",
            "data_nodes",
            "data_nodes_per_location",
            "replicas",
            "count",
            "node_count",
        ],
        "location main { data … }",
        "2",
    ),
    row(
        CLUSTER,
        &["primary", "master"],
        "location main { primary …; replica merlin }",
        "kestrel",
    ),
    row(
        CLUSTER,
        &["replica", "standby", "slave"],
        "location main { primary kestrel; replica … }",
        "merlin",
    ),
    row(
        CLUSTER,
        &["witness"],
        "location third { witness … }",
        "robin",
    ),
    row(CLUSTER, &["barman", "enable_barman"], "backup barman", ""),
    row(
        CLUSTER,
        &[
            "pgbouncer",
            "enable_pgbouncer",
            "pooler",
            "connection_pooler",
        ],
        "pool pgbouncer",
        "",
    ),
    row(
        CLUSTER,
        &[
            "haproxy",
            "enable_haproxy",
            "load_balancer",
            "loadbalancer",
            "lb",
        ],
        "balance haproxy",
        "",
    ),
    row(
        CLUSTER,
        &["pem", "enable_pem", "monitoring"],
        "monitor pem",
        "",
    ),
    row(
        CLUSTER,
        &["beacon", "enable_beacon_agent"],
        "monitor beacon { project = \"prj_1\" }",
        "",
    ),
    row(CLUSTER, &["keyring_backend"], "keyring = …", "system"),
    row(CLUSTER, &["provider", "cloud"], "platform …", "aws"),
    row(
        CLUSTER,
        &["os", "distribution", "image_name"],
        "platform docker { os … }",
        "Debian",
    ),
    row(
        CLUSTER,
        &["region"],
        "platform aws { region = … }",
        "eu-west-1",
    ),
    row(
        CLUSTER,
        &["regions"],
        "platform aws { region = […] }",
        "eu-west-1",
    ),
    row(
        CLUSTER,
        &["instance_type", "instance", "machine_type"],
        "platform aws { instance = … }",
        "m6i.large",
    ),
    row(
        CLUSTER,
        &["ec2_vpc", "vpc"],
        "platform aws { vpc = … }",
        "Test",
    ),
    row(
        CLUSTER,
        &["cluster_bucket", "bucket", "s3_bucket"],
        "platform aws { bucket = … }",
        "auto",
    ),
    row(
        CLUSTER,
        &[
            "cluster_rules",
            "security_group",
            "ingress",
            "firewall",
            "open",
        ],
        "platform aws { open 22 … }",
        "203.0.113.0/24",
    ),
    row(
        CLUSTER,
        &["ssh_user", "ansible_user", "user"],
        "platform bare { user = … }",
        "ansible",
    ),
    row(
        CLUSTER,
        &["volume", "volumes", "disk", "disks"],
        "platform aws { volumes { postgres … } }",
        "100GB",
    ),
    row(
        CLUSTER,
        &["subnet", "cidr", "cidr_block", "subnets"],
        "network { cidr = … }",
        "10.33.0.0/16",
    ),
    row(
        CLUSTER,
        &["edb_repositories"],
        "repositories { edb = […] }",
        "standard",
    ),
    row(
        CLUSTER,
        &["apt_repository_list"],
        "repositories { apt = […] }",
        "PGDG",
    ),
    row(
        CLUSTER,
        &["yum_repository_list"],
        "repositories { yum = […] }",
        "PGDG",
    ),
    row(
        CLUSTER,
        &["extra_packages", "packages_to_install"],
        "packages { extra = […] }",
        "htop",
    ),
    row(
        CLUSTER,
        &["postgres_package_version", "package_version"],
        "versions { postgres = … }",
        "\"16.4-1*\"",
    ),
    row(CLUSTER, &["install_from_source"], "sources { … }", "barman"),
    row(
        CLUSTER,
        &["ansible_tower"],
        "tower { api_url = …; git_repository = \"ssh://git.example.org/lab.git\" }",
        "\"https://tower.example.org/api/v2\"",
    ),
    row(
        CLUSTER,
        &["import", "extends", "inherits"],
        "include …",
        "profiles.laboratory",
    ),
    row(
        CLUSTER,
        &["environment", "env", "stage", "deployment"],
        "tags { Environment = … }",
        "production",
    ),
    row(
        CLUSTER,
        &["port", "pg_port"],
        "vars { postgres_port = … }",
        "5433",
    ),
    row(
        CLUSTER,
        &[
            "sync",
            "synchronous",
            "synchronous_replication",
            "sync_replication",
            "synchronous_standby",
            "synchronous_mode",
        ],
        "",
        "whom commits wait for is a variable: `vars { synchronous_standby_names = \"'ANY 1 (kestrel, merlin)'\" }`, with the names of all data nodes; with Patroni `vars { patroni_dynamic_conf_settings = { synchronous_mode = true } }`",
    ),
    row(
        CLUSTER,
        &["vip", "virtual_ip", "floating_ip"],
        "",
        "EFM moves an address with the primary: `vars { efm_conf_settings = { virtual.ip = \"10.0.0.9\"; virtual.ip.interface = eth0; virtual.ip.prefix = 24 } }`; other managers have none",
    ),
    row(
        CLUSTER,
        &["use"],
        "",
        "`use` belongs at the top of the file, outside of the cluster; `include` inserts a profile here",
    ),
    row(
        CLUSTER,
        &["profile"],
        "",
        "a profile is written outside of the cluster; `include §` inserts it here",
    ),
    //
    row(
        LOCATION,
        &["Name", "name"],
        "",
        "the name follows `location`: `location NAME { … }`",
    ),
    row(
        LOCATION,
        &["standby", "slave", "secondary", "follower", "mirror"],
        "replica …",
        "merlin",
    ),
    row(
        LOCATION,
        &["master", "leader", "writer"],
        "primary …",
        "kestrel",
    ),
    row(
        LOCATION,
        &[
            "instances",
            "nodes",
            "machines",
            "servers",
            "server",
            "machine",
            "data_nodes",
            "node_count",
            "count",
            "size",
        ],
        "data …",
        "2",
    ),
    row(
        LOCATION,
        &["instance", "instance_type", "machine_type"],
        "",
        "it belongs to the platform or to a machine: `replica NAME { instance = \"m6i.large\" }`",
    ),
    row(
        LOCATION,
        &["az", "availability_zone"],
        "zone = …",
        "eu-west-1a",
    ),
    row(
        LOCATION,
        &["azs", "zones", "availability_zones"],
        "",
        "a location is in one zone, `zone = a`, and each zone has a location of its own",
    ),
    row(
        LOCATION,
        &["cidr", "subnet_cidr", "cidr_block", "subnets"],
        "subnet = …",
        "10.33.0.0/28",
    ),
    row(LOCATION, &["aws_region"], "region = …", "eu-west-1"),
    row(LOCATION, &["backup"], "barman …", "owl"),
    row(
        LOCATION,
        &[
            "arbiter",
            "quorum",
            "observer",
            "efm-witness",
            "efm_witness",
            "repmgr-witness",
            "repmgr_witness",
        ],
        "witness …",
        "robin",
    ),
    row(LOCATION, &["dcs"], "etcd …", "e1"),
    row(
        LOCATION,
        &["lb", "load_balancer", "loadbalancer"],
        "haproxy …",
        "lb1",
    ),
    row(
        LOCATION,
        &["pem-server", "pem_server", "pemserver"],
        "pem …",
        "eagle",
    ),
    row(
        LOCATION,
        &["pgbouncer", "pool", "bouncer"],
        "",
        "`pool pgbouncer` in the cluster runs PgBouncer on the data nodes; a machine of its own is `node NAME { roles = [pgbouncer] }`",
    ),
    row(
        LOCATION,
        &["upstream"],
        "",
        "it belongs to a machine: `replica NAME { upstream = OTHER }`",
    ),
    row(
        LOCATION,
        &["address", "ip_address"],
        "",
        "it belongs to a machine: `replica NAME { address = 10.0.0.1 }`",
    ),
    row(
        LOCATION,
        &["volumes"],
        "",
        "it belongs to the platform or to a machine: `replica NAME { volumes { postgres 100GB } }`",
    ),
    //
    row(
        MACHINE,
        &["Name", "name", "hostname"],
        "",
        "the name follows the word of the machine: `replica NAME { … }`",
    ),
    row(MACHINE, &["role"], "roles = […]", "barman"),
    row(
        MACHINE,
        &[
            "barman",
            "etcd",
            "haproxy",
            "pgbouncer",
            "pem-server",
            "pem-agent",
        ],
        "roles = [§]",
        "",
    ),
    row(&["node"], &["witness", "replica"], "roles = [§]", ""),
    row(MACHINE, &["standby", "slave"], "roles = [replica]", ""),
    row(
        MACHINE,
        &[
            "ip_address",
            "ip",
            "ipaddress",
            "ip_addr",
            "host",
            "ansible_host",
        ],
        "address = …",
        "10.0.0.1",
    ),
    row(
        MACHINE,
        &["public_ip", "public_address"],
        "public = …",
        "192.0.2.1",
    ),
    row(
        MACHINE,
        &["private_ip", "private_address"],
        "private = …",
        "10.0.0.1",
    ),
    row(MACHINE, &["node", "node_id", "server_id"], "id = …", "3"),
    row(
        MACHINE,
        &["instance_type", "type", "size", "machine_type"],
        "instance = …",
        "m6i.large",
    ),
    row(
        MACHINE,
        &[
            "upstream_node",
            "follows",
            "streams_from",
            "standby_of",
            "replica_of",
            "slave_of",
            "replicates_from",
            "replicate_from",
            "clone_from",
            "master",
        ],
        "upstream = …",
        "kestrel",
    ),
    row(
        MACHINE,
        &["backup_node", "barman_server"],
        "backup = …",
        "heron",
    ),
    row(
        MACHINE,
        &["priority", "repmgr_priority"],
        "vars { repmgr_priority = … }",
        "100",
    ),
    row(
        MACHINE,
        &["sync", "synchronous"],
        "",
        "whom commits wait for is a variable of the cluster: `vars { synchronous_standby_names = \"'ANY 1 (kestrel, merlin)'\" }`, with the names of all data nodes; with Patroni `vars { patroni_dynamic_conf_settings = { synchronous_mode = true } }`",
    ),
    row(
        MACHINE,
        &["count", "for_each", "replicas"],
        "",
        "a statement is one machine; `data 3` in its location is three data nodes",
    ),
    row(
        MACHINE,
        &["volume", "disk", "disks"],
        "volumes { postgres … }",
        "100GB",
    ),
    row(MACHINE, &["labels"], "tags { Tier = gold }", ""),
    row(MACHINE, &["variables", "host_vars"], "vars { }", ""),
    row(
        MACHINE,
        &["location"],
        "",
        "a machine is written in the block of its location: `location NAME { replica merlin }`",
    ),
    row(
        MACHINE,
        &["platform", "region", "os", "user"],
        "",
        "it belongs to the cluster's `platform`, or to the location",
    ),
    //
    row(
        PLATFORM,
        &["distribution", "distro", "operating_system", "os_name"],
        "os …",
        "Debian",
    ),
    row(
        PLATFORM,
        &["version", "os_version"],
        "",
        "the version follows the name of the system: `os Debian 12`",
    ),
    row(
        PLATFORM,
        &["instance_type", "type", "machine_type", "size", "flavor"],
        "instance = …",
        "m6i.large",
    ),
    row(
        PLATFORM,
        &[
            "ssh_user",
            "ansible_user",
            "username",
            "ec2_ami_user",
            "login",
            "remote_user",
        ],
        "user = …",
        "ansible",
    ),
    row(
        PLATFORM,
        &["ami", "ec2_ami", "image_id", "docker_image", "os_image"],
        "image = …",
        "debian-12-amd64-20250210-2019",
    ),
    row(
        PLATFORM,
        &["regions", "aws_region", "location"],
        "region = …",
        "eu-west-1",
    ),
    row(
        PLATFORM,
        &["ec2_vpc", "vpc_id", "vpc_name"],
        "vpc = …",
        "Test",
    ),
    row(
        PLATFORM,
        &["cluster_bucket", "s3_bucket"],
        "bucket = …",
        "auto",
    ),
    row(
        PLATFORM,
        &["ec2_instance_reachability", "access"],
        "reachability = …",
        "private",
    ),
    row(
        PLATFORM,
        &[
            "cluster_rules",
            "security_group",
            "ingress",
            "firewall",
            "port",
            "allow_ssh",
        ],
        "open 22 …",
        "203.0.113.0/24",
    ),
    row(
        PLATFORM,
        &[
            "volume",
            "disk",
            "disks",
            "ebs",
            "ebs_block_device",
            "postgres_volume_size",
        ],
        "volumes { postgres … }",
        "100GB",
    ),
    row(
        PLATFORM,
        &["local_source_directories", "volumes_from"],
        "mounts = […]",
        "\"/home/me/src:/opt/src\"",
    ),
    //
    row(
        VOLUMES,
        &["data", "pgdata", "postgres_data", "database", "postgresql"],
        "postgres …",
        "100GB",
    ),
    row(VOLUMES, &["backup", "backups"], "barman …", "200GB"),
    row(
        VOLUMES,
        &["pg_wal", "pg_xlog", "xlog"],
        "wal … { device = \"/dev/sdg\" }",
        "50GB",
    ),
    row(VOLUMES, &["/", "os", "system"], "root …", "32GB"),
    row(
        VOLUMES,
        &["volume", "extra"],
        "disk … { device = \"/dev/sdh\" }",
        "100GB",
    ),
    row(VOLUME, &["volume_type", "kind"], "type = …", "gp3"),
    row(VOLUME, &["device_name"], "device = …", "\"/dev/sdg\""),
    row(
        VOLUME,
        &["volume_size", "size"],
        "",
        "the size follows the purpose: `postgres 100GB`",
    ),
    row(VOLUME, &["encryption"], "encrypted = …", "true"),
    row(
        VOLUME,
        &["delete_on_termination"],
        "settings { delete_on_termination = … }",
        "false",
    ),
    row(
        VOLUME,
        &["mountpoint", "mount_point", "mount"],
        "vars { mountpoint = … }",
        "\"/opt/postgres\"",
    ),
    row(
        VOLUME,
        &["fstype", "filesystem", "fs"],
        "vars { fstype = … }",
        "xfs",
    ),
    row(
        NETWORK,
        &["cidr_block", "subnet", "range", "network"],
        "cidr = …",
        "10.33.0.0/16",
    ),
    row(
        NETWORK,
        &["prefix", "subnet_length", "subnet_size"],
        "subnet_prefix = …",
        "26",
    ),
    row(
        FAILOVER,
        &["mode", "automatic", "auto", "promote"],
        "",
        "the manager promotes a standby on its own; with repmgr `vars { repmgr_failover = manual }` in the cluster leaves it to people, and `failover none` has no manager",
    ),
    row(
        FAILOVER,
        &["dcs", "etcd", "consul", "zookeeper", "etcd_nodes"],
        "",
        "TPA's Patroni always has etcd, on three machines unless a location says `etcd NAME`",
    ),
    row(
        FAILOVER,
        &[
            "ttl",
            "loop_wait",
            "retry_timeout",
            "maximum_lag_on_failover",
            "synchronous_mode",
        ],
        "",
        "it is in a variable of the cluster: `vars { patroni_dynamic_conf_settings = { ttl = 30; loop_wait = 10 } }`",
    ),
    row(
        FAILOVER,
        &["vip", "virtual_ip", "virtual.ip"],
        "",
        "EFM's properties are a variable of the cluster: `vars { efm_conf_settings = { virtual.ip = \"10.0.0.9\" } }`",
    ),
    row(
        BACKUP,
        &["schedule", "cron", "interval", "backup_interval"],
        "",
        "when backups are taken is a variable of the cluster: `vars { barman_backup_interval = \"0 2 * * *\" }`",
    ),
    row(
        BACKUP,
        &["retention", "retention_policy", "keep"],
        "",
        "how long backups are kept is a variable of the cluster: `vars { barman_retention_policy = \"RECOVERY WINDOW OF 4 WEEKS\" }`",
    ),
    row(
        BACKUP,
        &["method", "backup_method", "type"],
        "",
        "how backups are taken is a variable of the cluster: `vars { barman_backup_method = rsync }`",
    ),
    row(
        BACKUP,
        &["host", "server", "on"],
        "",
        "the machine is written in its location: `barman NAME`",
    ),
    //
    row(IMAGE, &["instance_type"], "instance = …", "m6i.large"),
    row(IMAGE, &["name", "ec2_ami"], "ami = …", "debian-12"),
];

/// What a word of another language is in a block.
pub fn find(word: &str, block: &Block) -> Option<&'static Neighbour> {
    NEIGHBOURS
        .iter()
        .find(|neighbour| neighbour.blocks.contains(&block.name) && neighbour.words.contains(&word))
}

/// The words of other languages that have a statement in a block.
pub fn words(block: &Block) -> Vec<&'static str> {
    let of_block = NEIGHBOURS
        .iter()
        .filter(|neighbour| neighbour.blocks.contains(&block.name) && !neighbour.form.is_empty());
    of_block
        .flat_map(|neighbour| neighbour.words.iter().copied())
        .collect()
}

/// The variable of TPA that a setting in the block of a program is: `compression` of `backup barman`.
pub fn variable(word: &str, block: &Block) -> Option<&'static str> {
    let programs: &[&str] = match block.name {
        "failover" => &["", "repmgr_", "patroni_", "efm_"],
        "backup" => &["", "barman_"],
        _ => &[],
    };
    let mut names = programs.iter().map(|program| format!("{program}{word}"));
    names.find_map(|name| Some(variables::find(&name)?.name))
}

/// Whether a word is a variable of TPA that may be set in `vars` of a block.
pub fn is_variable(word: &str, block: &Block) -> bool {
    let holds_variables = matches!(block.name, "cluster" | "location" | "machine" | "node");
    holds_variables
        && variables::find(word).is_some_and(|variable| variable.scope != Scope::TopLevel)
}

impl Neighbour {
    /// Whether a value that was written can stand for `…`: a number where one is due, a list only after `=`.
    pub fn takes(&self, value: &str) -> bool {
        let is_number = |text: &str| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let wants_number = is_number(self.value) && !self.value.is_empty();
        let before = self.form.split('…').next().unwrap_or_default();
        let takes_list = before.ends_with(['=', ' ', '[']) && before.contains(['=']);
        let is_reference = value.starts_with('$');
        (is_reference || !wants_number || is_number(value))
            && (takes_list || !value.starts_with('['))
    }

    /// The statement of a block that a form begins with, and for whom alone it is.
    pub fn only(&self, block: &Block) -> Option<(&'static str, &'static [&'static str])> {
        let mut words = self.form.split(' ');
        let (word, label) = (words.next()?, words.next());
        if let Some(setting) = block.setting(word) {
            return Some((setting.key, setting.only));
        }
        let entry = block.entry(word)?;
        let platform = Platform::WORDS.iter().find(|it| Some(**it) == label);
        let inner = words.nth(1);
        match (entry.block, platform, inner) {
            (Some(of_platform), Some(_), Some(inner)) => {
                let setting = of_platform.setting(inner);
                let setting = setting.map(|setting| (setting.key, setting.only));
                setting.or_else(|| of_platform.entry(inner).map(|it| (it.word, it.only)))
            }
            _ => Some((entry.word, entry.only)),
        }
    }

    /// Why the word is to be removed, where there is no statement for it.
    pub fn reason(&self, value: Option<&str>) -> String {
        self.value.replace('§', value.unwrap_or("NAME"))
    }

    /// The statement to write, with a value that was written; nothing where the word is to be removed.
    pub fn statement(&self, word: &str, value: Option<&str>) -> Option<String> {
        if self.form.is_empty() {
            return None;
        }
        let value = value.unwrap_or(self.value);
        let value = value.strip_prefix('-').unwrap_or(value);
        let value = if self.form.contains("[…]") {
            value.trim_start_matches('[').trim_end_matches(']')
        } else {
            value
        };
        Some(self.form.replacen('…', value, 1).replacen('§', word, 1))
    }
}

/// The blocks of other statements in which a word may be: `` `platform` ``, or nothing.
pub fn home(word: &str, block: &Block) -> Option<String> {
    let inner = CLUSTER_BLOCK
        .entries
        .iter()
        .filter_map(|entry| entry.block.filter(|inner| inner.name != block.name));
    let homes: Vec<&str> = std::iter::once(&CLUSTER_BLOCK)
        .filter(|cluster| cluster.name != block.name)
        .chain(inner)
        .filter(|other| other.setting(word).is_some() || other.entry(word).is_some())
        .map(|other| other.name)
        .collect();
    match homes.as_slice() {
        [] => None,
        homes if homes.len() <= 2 => Some(alternatives(homes)),
        _ => None,
    }
}
