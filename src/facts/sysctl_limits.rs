//! Kernel settings that are gone, and the ranges of others.

/// Settings that newer kernels do not have, since when, and what to do.
pub const GONE: &[(&str, &str, &str)] = &[
    (
        "kernel.exec-shield",
        "that of Red Hat 7",
        "remove it: the processor does it",
    ),
    (
        "net.ipv4.tcp_tw_recycle",
        "Linux 4.12",
        "remove it: it broke clients behind NAT; `net.ipv4.tcp_tw_reuse` is the safe one",
    ),
];

/// Names that only some kernels have, beside those of the table.
pub const RARE: &[&str] = &[
    "kernel.latencytop",
    "kernel.panic_on_stackoverflow",
    "kernel.sched_energy_aware",
    "vm.enable_soft_offline",
];

/// The ranges that the kernel keeps to.
pub const RANGES: &[(&str, i64, i64)] = &[
    ("vm.compaction_proactiveness", 0, 100),
    ("vm.dirty_background_ratio", 0, 100),
    ("vm.dirty_ratio", 0, 100),
    ("vm.overcommit_memory", 0, 2),
    ("vm.panic_on_oom", 0, 2),
    ("vm.swappiness", 0, 200),
];
