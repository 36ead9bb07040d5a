//! The words that begin a line of `pg_hba.conf`, and the methods that end it.

/// A kind of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Local,
    Host,
    HostSsl,
    HostNoSsl,
    HostGssEnc,
    HostNoGssEnc,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::Local,
        Kind::Host,
        Kind::HostSsl,
        Kind::HostNoSsl,
        Kind::HostGssEnc,
        Kind::HostNoGssEnc,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Local => "local",
            Kind::Host => "host",
            Kind::HostSsl => "hostssl",
            Kind::HostNoSsl => "hostnossl",
            Kind::HostGssEnc => "hostgssenc",
            Kind::HostNoGssEnc => "hostnogssenc",
        }
    }

    /// The first major version that knows it.
    pub(super) fn since(self) -> u32 {
        match self {
            Kind::Local | Kind::Host | Kind::HostSsl | Kind::HostNoSsl => 0,
            Kind::HostGssEnc | Kind::HostNoGssEnc => 12,
        }
    }

    /// Whether every connection of another kind is one of this kind, too.
    pub(super) fn covers(self, other: Kind) -> bool {
        match self {
            Kind::Host => other != Kind::Local,
            // A connection is encrypted by TLS or by GSSAPI, and never by both.
            Kind::HostNoSsl => matches!(other, Kind::HostNoSsl | Kind::HostGssEnc),
            Kind::HostNoGssEnc => matches!(other, Kind::HostNoGssEnc | Kind::HostSsl),
            Kind::Local | Kind::HostSsl | Kind::HostGssEnc => self == other,
        }
    }
}

/// How a client proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Trust,
    Reject,
    ScramSha256,
    Md5,
    Password,
    Gss,
    Sspi,
    Ident,
    Peer,
    Pam,
    Bsd,
    Ldap,
    Radius,
    Cert,
    Oauth,
}

impl Method {
    pub const ALL: [Method; 15] = [
        Method::Trust,
        Method::Reject,
        Method::ScramSha256,
        Method::Md5,
        Method::Password,
        Method::Gss,
        Method::Sspi,
        Method::Ident,
        Method::Peer,
        Method::Pam,
        Method::Bsd,
        Method::Ldap,
        Method::Radius,
        Method::Cert,
        Method::Oauth,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Method::Trust => "trust",
            Method::Reject => "reject",
            Method::ScramSha256 => "scram-sha-256",
            Method::Md5 => "md5",
            Method::Password => "password",
            Method::Gss => "gss",
            Method::Sspi => "sspi",
            Method::Ident => "ident",
            Method::Peer => "peer",
            Method::Pam => "pam",
            Method::Bsd => "bsd",
            Method::Ldap => "ldap",
            Method::Radius => "radius",
            Method::Cert => "cert",
            Method::Oauth => "oauth",
        }
    }
}
