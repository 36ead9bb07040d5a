//! The words for what a change does, and to what.

words! {
    /// What a change does, the worse ones greater. The words are those of Postgres and Terraform.
    Effect {
        /// Nothing happens on machines that run.
        Nothing = "nothing",
        /// Something is made that was not there.
        Create = "create",
        /// Something is changed in place, and nobody who is connected notices.
        Update = "update",
        /// Postgres reads its files again.
        Reload = "reload",
        /// Another program than Postgres restarts.
        Service = "service",
        /// Postgres restarts, and connections break.
        Restart = "restart",
        /// The machine is stopped and started.
        Reboot = "reboot",
        /// Nobody knows.
        Unknown = "unknown",
        /// TPA does not do it: somebody has to.
        Manual = "manual",
        /// TPA or Terraform stops at it.
        Refused = "refused",
        /// Something is made in place of what is there.
        Replace = "replace",
        /// Data is lost.
        Loss = "loss",
    }
}

impl Effect {
    /// What it means, for pages.
    pub fn meaning(self) -> &'static str {
        match self {
            Effect::Nothing => "nothing happens on machines that run",
            Effect::Create => "something is made that was not there",
            Effect::Update => "changed in place; nobody who is connected notices",
            Effect::Reload => "Postgres reads its files again",
            Effect::Service => "another program than Postgres restarts",
            Effect::Restart => "Postgres restarts, and connections break",
            Effect::Reboot => "the machine is stopped and started",
            Effect::Unknown => "m1c does not know; read it as a restart at least",
            Effect::Manual => "TPA does not do it: it is left to do by hand",
            Effect::Refused => "TPA or Terraform stops, before anything is done",
            Effect::Replace => "something else is made in its place, without the data",
            Effect::Loss => "data is lost",
        }
    }
}

words! {
    /// What reads a variable, and so where a change of it matters.
    Part {
        /// The machine on which TPA runs.
        Tpa = "tpa",
        /// Whoever makes machines: `tpaexec provision`, or Terraform.
        Provision = "provision",
        System = "system",
        Postgres = "postgres",
        Repmgr = "repmgr",
        Efm = "efm",
        Patroni = "patroni",
        Etcd = "etcd",
        Barman = "barman",
        Pgbouncer = "pgbouncer",
        Haproxy = "haproxy",
        Pem = "pem",
        BeaconAgent = "beacon-agent",
        Openvpn = "openvpn",
    }
}

/// What happens when something changes, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consequence {
    pub effect: Effect,
    pub part: Part,
    /// A sentence without its full stop.
    pub says: &'static str,
}
