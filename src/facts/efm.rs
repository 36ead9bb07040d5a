//! The versions of EFM that TPA installs, and what its properties take that TPA copies.

/// A version of EFM: its major and its minor.
pub type Version = (u32, u32);

/// The versions that TPA installs where none is written: on most systems, and on Ubuntu 24.04.
pub const INSTALLED: [Version; 2] = [(4, 9), (5, 0)];

/// What a property takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number, this or more.
    Integer(i64),
    Port,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An address of IP or a host name.
    Address,
    /// Addresses of e-mail, with blanks or commas between.
    Emails,
    /// Options of the Java machine that runs EFM's agent.
    JavaOptions,
}

/// The seconds of EFM's checks of its own database: how often it asks, after how long without an answer it asks a last
/// time, and how long it waits then.
pub const LOCAL_CHECKS: [(&str, i64); 3] = [
    ("local.period", 10),
    ("local.timeout", 60),
    ("local.timeout.final", 10),
];

const LEVELS: &[&str] = &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
const FACILITIES: &[&str] = &[
    "LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6", "LOCAL7",
];

/// What a property takes, where that is a closed set.
pub fn kind(property: &str) -> Option<Kind> {
    let at = PROPERTIES.binary_search_by(|(name, _)| (*name).cmp(property));
    PROPERTIES.get(at.ok()?).map(|(_, kind)| *kind)
}

use Kind::{Address, Boolean, Emails, Integer, JavaOptions, Port, Word};

/// Sorted by name.
static PROPERTIES: &[(&str, Kind)] = &[
    ("admin.port", Port),
    ("auto.allow.hosts", Boolean),
    ("auto.failover", Boolean),
    ("auto.resume.failure.period", Integer(0)),
    ("auto.resume.period", Integer(0)),
    ("auto.resume.startup.period", Integer(0)),
    ("auto.rewind", Boolean),
    ("backup.wal", Boolean),
    ("check.num.sync.period", Integer(0)),
    ("check.vip.before.promotion", Boolean),
    ("check.vip.timeout", Integer(0)),
    ("custom.monitor.interval", Integer(0)),
    ("custom.monitor.safe.mode", Boolean),
    ("custom.monitor.timeout", Integer(0)),
    ("db.reuse.connection.count", Integer(0)),
    ("detach.on.agent.failure", Boolean),
    ("efm.loglevel", Word(LEVELS)),
    ("enable.stop.cluster", Boolean),
    ("encrypt.agent.messages", Boolean),
    ("file.log.enabled", Boolean),
    ("from.email", Emails),
    ("jdbc.loglevel", Word(LEVELS)),
    ("jgroups.loglevel", Word(LEVELS)),
    ("jvm.options", JavaOptions),
    ("local.period", Integer(1)),
    ("local.timeout", Integer(1)),
    ("local.timeout.final", Integer(1)),
    ("minimum.standbys", Integer(0)),
    ("node.timeout", Integer(1)),
    ("notification.level", Word(&["INFO", "WARNING", "SEVERE"])),
    ("pcp.port", Port),
    ("pgpool.enable", Boolean),
    ("ping.server.ip", Address),
    ("primary.health.check.port", Port),
    ("primary.shutdown.as.failure", Boolean),
    ("reconfigure.num.sync", Boolean),
    ("reconfigure.num.sync.max", Integer(0)),
    ("reconfigure.sync.primary", Boolean),
    ("recovery.check.period", Integer(1)),
    ("release.vip.background", Boolean),
    ("release.vip.post.wait", Integer(0)),
    ("release.vip.pre.wait", Integer(0)),
    ("remote.timeout", Integer(1)),
    ("restart.connection.timeout", Integer(1)),
    ("stable.nodes.file", Boolean),
    ("standby.restart.delay", Integer(0)),
    ("stop.failed.primary", Boolean),
    ("stop.isolated.primary", Boolean),
    ("syslog.enabled", Boolean),
    ("syslog.facility", Word(FACILITIES)),
    ("syslog.port", Port),
    ("syslog.protocol", Word(&["UDP", "TCP"])),
    ("update.physical.slots.period", Integer(0)),
    ("use.replay.tiebreaker", Boolean),
    ("user.email", Emails),
    ("virtual.ip.single", Boolean),
];
