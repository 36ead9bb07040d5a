//! The words of HAProxy's lines of servers.

/// What an option of a server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    Nothing,
    /// Any word: a name, a path, an address.
    Word,
    /// A time: a number with `us`, `ms`, `s`, `m`, `h` or `d`; milliseconds without a unit.
    Time,
    /// A time above 0.
    Interval,
    /// A whole number of at least this.
    Number(u32),
    /// A number from 0 to 256.
    Weight,
    OneOf(&'static [&'static str]),
}

use Argument::{Interval, Nothing, Number, OneOf, Time, Weight, Word};

/// The options of a server in HAProxy 2.6 and later, sorted by name.
pub static SERVER_OPTIONS: &[(&str, Argument)] = &[
    ("addr", Word),
    ("agent-addr", Word),
    ("agent-check", Nothing),
    ("agent-inter", Interval),
    ("agent-port", Word),
    ("agent-send", Word),
    ("allow-0rtt", Nothing),
    ("alpn", Word),
    ("backup", Nothing),
    ("ca-file", Word),
    ("check", Nothing),
    ("check-alpn", Word),
    ("check-proto", Word),
    ("check-send-proxy", Nothing),
    ("check-sni", Word),
    ("check-ssl", Nothing),
    ("check-via-socks4", Nothing),
    ("ciphers", Word),
    ("ciphersuites", Word),
    ("cookie", Word),
    ("crl-file", Word),
    ("crt", Word),
    ("disabled", Nothing),
    ("downinter", Interval),
    ("enabled", Nothing),
    ("error-limit", Number(1)),
    ("fall", Number(1)),
    ("fastinter", Interval),
    ("force-sslv3", Nothing),
    ("force-tlsv10", Nothing),
    ("force-tlsv11", Nothing),
    ("force-tlsv12", Nothing),
    ("force-tlsv13", Nothing),
    ("id", Word),
    ("init-addr", Word),
    ("inter", Interval),
    ("log-proto", Word),
    ("max-reuse", Word),
    ("maxconn", Number(0)),
    ("maxqueue", Number(0)),
    ("minconn", Number(0)),
    ("namespace", Word),
    ("no-agent-check", Nothing),
    ("no-backup", Nothing),
    ("no-check", Nothing),
    ("no-check-send-proxy", Nothing),
    ("no-check-ssl", Nothing),
    ("no-send-proxy", Nothing),
    ("no-send-proxy-v2", Nothing),
    ("no-send-proxy-v2-ssl", Nothing),
    ("no-send-proxy-v2-ssl-cn", Nothing),
    ("no-ssl", Nothing),
    ("no-ssl-reuse", Nothing),
    ("no-sslv3", Nothing),
    ("no-tfo", Nothing),
    ("no-tls-tickets", Nothing),
    ("no-tlsv10", Nothing),
    ("no-tlsv11", Nothing),
    ("no-tlsv12", Nothing),
    ("no-tlsv13", Nothing),
    ("non-stick", Nothing),
    ("npn", Word),
    ("observe", OneOf(&["layer4", "layer7"])),
    (
        "on-error",
        OneOf(&["fastinter", "fail-check", "sudden-death", "mark-down"]),
    ),
    ("on-marked-down", OneOf(&["shutdown-sessions"])),
    ("on-marked-up", OneOf(&["shutdown-backup-sessions"])),
    ("pool-low-conn", Word),
    ("pool-max-conn", Word),
    ("pool-purge-delay", Time),
    ("port", Word),
    ("proto", Word),
    ("proxy-v2-options", Word),
    ("redir", Word),
    ("resolve-net", Word),
    ("resolve-opts", Word),
    ("resolve-prefer", OneOf(&["ipv4", "ipv6"])),
    ("resolvers", Word),
    ("rise", Number(1)),
    ("send-proxy", Nothing),
    ("send-proxy-v2", Nothing),
    ("send-proxy-v2-ssl", Nothing),
    ("send-proxy-v2-ssl-cn", Nothing),
    ("slowstart", Time),
    ("sni", Word),
    ("socks4", Word),
    // It takes more words, as the last one of a line.
    ("source", Word),
    ("ssl", Nothing),
    ("ssl-max-ver", Word),
    ("ssl-min-ver", Word),
    ("ssl-reuse", Nothing),
    ("stick", Nothing),
    ("tcp-ut", Time),
    ("tfo", Nothing),
    ("tls-tickets", Nothing),
    ("track", Word),
    ("usesrc", Word),
    ("verify", OneOf(&["none", "required"])),
    ("verifyhost", Word),
    ("weight", Weight),
    ("ws", OneOf(&["auto", "h1", "h2"])),
];

/// What an option of a server takes; nothing for one that HAProxy does not know.
pub fn server_option(name: &str) -> Option<Argument> {
    let at = SERVER_OPTIONS
        .binary_search_by(|(known, _)| known.cmp(&name))
        .ok()?;
    SERVER_OPTIONS.get(at).map(|(_, argument)| *argument)
}

/// The backends of TPA that have settings of their own, and the one key that it reads there.
pub const BACKENDS: &[&str] = &["be", "be_check_queue", "be_ro"];
pub const BACKEND_KEY: &str = "default_server_options";
