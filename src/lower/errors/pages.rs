//! The codes of errors about clusters, each with its page.

use crate::diagnostic::codes;

codes! {
    /// A cluster lacks a statement that it must have.
    ///
    /// Every cluster has `postgres`, `failover`, `platform` and at least one `location`.
    ///
    /// These four cannot be guessed: a wrong guess costs a failover, or a database of another release.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `wrong-combination` and `no-primary`.
    MISSING_STATEMENT = "missing-statement";

    /// Two choices exclude each other, or one needs another that is not there.
    ///
    /// TPA refuses such a cluster, or deploys one that cannot work: repmgr does not manage EPAS below 14, HAProxy
    /// reads Patroni's REST API to find the primary, EPAS must know whether it is compatible with Oracle before its
    /// database is created.
    ///
    /// The message names both statements: change the one that matters less to you.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   balance haproxy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   platform bare
    ///   balance haproxy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `not-applicable` and `missing-statement`.
    WRONG_COMBINATION = "wrong-combination";

    /// A cluster has no machine that holds data, or none that can be the primary.
    ///
    /// A witness votes and holds no data, and a `single` replica copies a primary elsewhere.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { witness robin }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     data    2
    ///     witness robin
    ///   }
    /// }
    /// ```
    ///
    /// See also `two-primaries` and `primary-location`.
    NO_PRIMARY = "no-primary";

    /// More than one machine is the primary.
    ///
    /// M1 has one primary. A second one would take writes that nobody replicates.
    ///
    /// `primary` says only where the cluster begins: after a failover another machine is the primary, without a change
    /// of the source.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     primary merlin
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// See also `no-primary` and `duplicate-machine`.
    TWO_PRIMARIES = "two-primaries";

    /// `primary_location` does not name the location of the primary.
    ///
    /// Streaming, backup and votes start from that location. A primary that is written decides it too, so the two have
    /// to agree.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   primary_location = london
    ///
    ///   location paris { primary kestrel }
    ///
    ///   location london { replica merlin }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   primary_location = paris
    ///
    ///   location paris { primary kestrel }
    ///
    ///   location london { replica merlin }
    /// }
    /// ```
    ///
    /// See also `no-primary` and `single-with-others`.
    PRIMARY_LOCATION = "primary-location";

    /// A `single` replica is beside other data nodes of its location.
    ///
    /// TPA calls a location with one replica that is never promoted a single-node location. With a second data node it
    /// is an ordinary one: write `replica` for both.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    ///
    ///   location other {
    ///     single  harrier
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    ///
    ///   location other { single harrier }
    /// }
    /// ```
    ///
    /// See also `primary-location` and `no-primary`.
    SINGLE_WITH_OTHERS = "single-with-others";

    /// A machine refers to one that does not exist.
    ///
    /// TPA would ask a host that does not exist, and the deployment would hang at the first standby. Machines without a
    /// name are called by `hostnames`: `main-db1` and so on.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin { upstream = kestral }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin { upstream = kestrel }
    ///   }
    /// }
    /// ```
    ///
    /// See also `not-a-barman-node` and `upstream-cycle`.
    UNKNOWN_MACHINE = "unknown-machine";

    /// Machines stream from each other in a cycle, so that none of them gets anything from the primary.
    ///
    /// A standby in a cycle waits for another one that waits for it, and `tpaexec deploy` never ends.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin { upstream = osprey }
    ///     replica osprey { upstream = merlin }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin
    ///     replica osprey { upstream = merlin }
    ///   }
    /// }
    /// ```
    ///
    /// See also `unknown-machine`.
    UPSTREAM_CYCLE = "upstream-cycle";

    /// `backup` names a machine that is not a Barman node.
    ///
    /// Only a Barman node can take backups and archive WAL. A data node can be one too: `replica merlin { roles =
    /// [barman] }`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { backup = merlin }
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { backup = heron }
    ///     replica merlin
    ///     barman  heron
    ///   }
    /// }
    /// ```
    ///
    /// See also `unknown-machine` and `backup-target-not-barman`.
    NOT_A_BARMAN_NODE = "not-a-barman-node";

    /// Two machines have one name.
    ///
    /// A machine is known by its name everywhere. One machine that does two things is written once, with the further
    /// role in `roles`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin
    ///     barman  merlin
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin { roles = [barman] }
    ///   }
    /// }
    /// ```
    ///
    /// See also `duplicate-definition` and `duplicate-id`.
    DUPLICATE_MACHINE = "duplicate-machine";

    /// Two machines have one node number.
    ///
    /// repmgr registers nodes by their number: the second would take the place of the first. Without `id` numbers are
    /// counted, and nothing collides.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { id = 1 }
    ///     replica merlin  { id = 1 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { id = 1 }
    ///     replica merlin  { id = 2 }
    ///   }
    /// }
    /// ```
    ///
    /// See also `duplicate-machine` and `bad-node-id`.
    DUPLICATE_ID = "duplicate-id";

    /// Names of machines cannot be made: `hosts` has too few lines or lacks that of a machine that runs, a line has too many
    /// addresses, or `hostnames` a placeholder that does not exist.
    ///
    /// Every machine without a name takes a line of `hosts`, in the order of the machines: data nodes, then the Barman
    /// node, and so on. Without `hosts` names follow from `hostnames`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   hosts { kestrel 10.0.0.1 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   hosts {
    ///     kestrel 10.0.0.1
    ///     merlin  10.0.0.2
    ///     heron   10.0.0.9
    ///   }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `duplicate-machine` and `invalid-name`.
    HOST_NAMES = "host-names";

    /// The network does not have the subnets or addresses that the cluster needs.
    ///
    /// On aws every location has a subnet of its own, of which AWS keeps five addresses. A network cannot be changed
    /// once machines are in it, so leave room.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   network { cidr = 10.33.0.0/28; subnet_prefix = 28 }
    ///
    ///   location one { data 2 }
    ///   location two { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   network { cidr = 10.33.0.0/24; subnet_prefix = 28 }
    ///
    ///   location one { data 2 }
    ///   location two { data 2 }
    /// }
    /// ```
    ///
    /// See also `out-of-range` and `subnet-capacity`.
    NETWORK_TOO_SMALL = "network-too-small";

    /// A zone is none of its region's.
    ///
    /// A zone that does not exist stops `tpaexec provision` when the first subnet is made. The zones of a new region
    /// are written with `region NAME { zones = [a, b, c] }`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///
    ///   location main {
    ///     zone = eu-west-1z
    ///     data 2
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///
    ///   location main {
    ///     zone = eu-west-1a
    ///     data 2
    ///   }
    /// }
    /// ```
    ///
    /// See also `not-in-table` and `aws-placement`.
    UNKNOWN_ZONE = "unknown-zone";

    /// A volume lacks its size or device, or has a size where there is none to set.
    ///
    /// TPA knows the device of the data volume alone. On bare the disks are there already and only need to be named.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { volumes { wal 50GB } }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { volumes { wal 50GB { device = "/dev/sdg" } } }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `wrong-type` and `volume-mount-conflict`.
    VOLUME_SETTINGS = "volume-settings";

    /// Sources cannot be built together, or not in this order.
    ///
    /// Sources are built in the order in which they are written.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   sources { bdr3; pglogical3 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   sources { pglogical3; bdr3 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `not-applicable`.
    SOURCE_BUILDS = "source-builds";

    /// The source gives a machine another number than the lock, or gives a new machine the number of another one.
    ///
    /// repmgr knows a machine by its node number, and so do replication slots. Under another number a machine that runs
    /// is a stranger to its cluster, and under the number of another one it is taken for that.
    ///
    /// Numbers that nobody writes are given once, and `NAME.m1.lock` keeps them. So `id` is needed only where a number
    /// from elsewhere is to be kept, and is then written before the first build.
    ///
    /// Take the number that the lock has, or leave `id` out. If the machine does not run,
    /// `m1c lock SOURCE --forget CLUSTER/LOCATION/NAME` frees its number.
    ///
    /// With this lock:
    ///
    /// ```toml beside
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.kestrel = { number = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { id = 2 }
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// See also `duplicate-id`, `reserved-name` and `lock-conflict`.
    LOCKED_NUMBER = "locked-number";

    /// The source gives a location another region, zone or subnet than the lock, or the subnet of another location; or it has
    /// a machine in another location, which on aws is another subnet.
    ///
    /// A machine on aws cannot leave its subnet, and a subnet cannot leave its zone: Terraform would replace all of it,
    /// and the data would be gone.
    ///
    /// Write what the lock has. To move, add a location with new machines, let them copy the data, switch over, and take
    /// the old location away. If nothing of the location runs, `m1c lock SOURCE --forget CLUSTER/LOCATION/`
    /// frees it.
    ///
    /// With this lock:
    ///
    /// ```toml beside
    /// version = 1
    ///
    /// cluster.speedy.location.main.region = "eu-west-1"
    /// cluster.speedy.location.main.zone = "eu-west-1a"
    /// cluster.speedy.location.main.subnet = "10.33.0.0/28"
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///
    ///   location main {
    ///     zone = b
    ///     data 2
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `locked-network` and `unknown-zone`.
    LOCKED_PLACE = "locked-place";

    /// `was` names what is still there, or what was never built.
    ///
    /// `was = OLD` in a machine with a name, or in a location, says that it is the one that was called `OLD`. It keeps the
    /// number, the subnet and everything else that the lock has of it. So there must have been one of that name, and there
    /// must be none now.
    ///
    /// With this lock:
    ///
    /// ```toml beside
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.kestrel = { number = 1 }
    /// cluster.speedy.location.main.machine.merlin = { number = 2 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica heron { was = kestrel }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica heron { was = merlin }
    ///   }
    /// }
    /// ```
    ///
    /// See also `reserved-name` and `renamed-machine`.
    WRONG_WAS = "wrong-was";

    /// The source asks for another network or address than the one that machines have, for the address of another machine, or
    /// for more than the network holds.
    ///
    /// A VPC and a network of docker cannot change while machines are in them, and no container changes its address. The
    /// addresses of machines that went stay theirs.
    ///
    /// Leave the network and the addresses as they are. If a machine is gone for good,
    /// `m1c lock SOURCE --forget CLUSTER/LOCATION/NAME` frees its address. If nothing runs, `m1c lock SOURCE --forget CLUSTER/`
    /// frees all of it, and everything is given again.
    ///
    /// With this lock:
    ///
    /// ```toml beside
    /// version = 1
    ///
    /// cluster.speedy.subnet = "10.33.0.0/28"
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker
    ///
    ///   location main { data 2 }
    ///   network { cidr = 10.40.0.0/16 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `locked-place` and `network-too-small`.
    LOCKED_NETWORK = "locked-network";

    /// A new machine or location would get a name that the lock keeps for another one.
    ///
    /// Monitoring, backups and Terraform know a machine by its name. Barman would put the backups of the new machine
    /// beside those of the old one.
    ///
    /// Take another name. If the old machine is gone for good, `m1c lock SOURCE --forget CLUSTER/LOCATION/NAME`
    /// frees its name.
    ///
    /// With this lock:
    ///
    /// ```toml beside
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main = { number = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 1 }
    ///   backup none
    ///   hostnames = "{location}"
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 1 }
    ///   backup none
    ///   hostnames = "{location}{n}"
    /// }
    /// ```
    ///
    /// See also `duplicate-machine` and `locked-number`.
    RESERVED_NAME = "reserved-name";

    /// A `require` names a location that is not there, or says something that does not go together.
    ///
    /// Only `survives-location` takes a name: that of the one location whose loss must be survived. `within` is for what
    /// happens without a person.
    ///
    /// A requirement that cannot be judged guards nothing, so that it is an error and not passed over.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   require survives-location londno
    ///
    ///   location paris { data 2 }
    ///   location london { data 1 }
    ///   location zurich { witness }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   require survives-location london
    ///
    ///   location paris { data 2 }
    ///   location london { data 1 }
    ///   location zurich { witness }
    /// }
    /// ```
    ///
    /// See also `broken-requirement`.
    WRONG_REQUIREMENT = "wrong-requirement";

    /// `omit` names a key that config.yml never has there.
    ///
    /// `omit` takes keys out of config.yml that m1c derives. TPA's own default holds then. It is for clusters that exist
    /// already and were deployed without such a key; `m1c import` writes it.
    ///
    /// A name alone is a key of config.yml, in a location or machine of its entry; `vars.KEY` is a variable. In a cluster
    /// `defaults.KEY` is a key of `instance_defaults`, and `machines.KEY` and `locations.KEY` are keys of all entries.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   omit keyring
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   omit keyring_backend vault_name
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-word`.
    NOTHING_TO_OMIT = "nothing-to-omit";
}
