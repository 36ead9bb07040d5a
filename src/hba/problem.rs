//! What Postgres refuses in a line.

use std::ops::Range;

use super::{Kind, Method, RegexProblem};

/// A value, and where it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub at: Range<usize>,
}

/// Why Postgres refuses a line: the first reason that it finds, which is the only one that it tells.
pub type Refusal = At<Problem>;

/// What a line ends before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Kind,
    Database,
    User,
    Address,
    Mask,
    Method,
    /// In `pg_ident.conf`.
    Map,
    /// In `pg_ident.conf`.
    SystemUser,
    /// In `pg_ident.conf`.
    DatabaseUser,
}

/// What Postgres refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// What decides stands in a file of the server, so that nothing is known. Lines with it are left out.
    Elsewhere,
    /// Longer than this many bytes.
    LineTooLong(usize),
    TokenTooLong(usize),
    EndsBefore(Missing),
    /// A list where one item is taken.
    List(Missing),
    /// A list of connection types.
    ListOfKinds,
    UnknownKind,
    /// `include` and its like, which came with 16.
    IncludeTooNew,
    KindTooNew {
        since: u32,
    },
    /// An address that is a name, with `/` behind it.
    NameWithMask,
    /// What stands behind the `/` is no number of bits; so many are possible.
    MaskBits(u32),
    MaskNotNumeric,
    MaskOfOtherFamily,
    UnknownMethod,
    MethodTooNew {
        since: u32,
    },
    /// A method that no package for Linux has.
    MethodNotOnLinux,
    /// `peer` on a TCP connection.
    OnlyLocal(Method),
    /// `gss` on a local socket.
    NotLocal(Method),
    /// `cert` on anything but `hostssl`; where the kind of connections is.
    OnlyHostSsl {
        method: Method,
        kind: Range<usize>,
    },
    /// A method where the address should be.
    NoAddress,
    /// An address or a method where the user should be.
    NoUser,
    /// An address without a mask, where a network is expected.
    NoMask,
    /// An address in a line about the local socket.
    AddressOfLocal,
    /// A mask behind an address that has one.
    SecondMask,
    OptionWithoutValue,
    UnknownOption,
    OptionTooNew {
        since: u32,
    },
    OptionOfOtherMethod {
        option: &'static str,
        methods: &'static [Method],
    },
    /// `clientcert` or `clientname` on anything but `hostssl`.
    OptionOnlyHostSsl {
        option: &'static str,
        kind: Kind,
    },
    OptionValue {
        option: &'static str,
        allowed: &'static [&'static str],
    },
    /// `clientcert=verify-ca` and less with `cert`, which always verifies everything.
    WeakerThanCert,
    PortNotANumber {
        option: &'static str,
    },
    /// A list in an option with an empty item or an open quote.
    OptionList {
        option: &'static str,
    },
    LdapUrl,
    MissingOption {
        method: Method,
        option: &'static str,
    },
    /// `ldapprefix` or `ldapsuffix` with an option of search and bind.
    LdapMixed,
    /// Neither `ldapbasedn` nor `ldapprefix` or `ldapsuffix`.
    LdapNoBase,
    /// `ldapsearchattribute` with `ldapsearchfilter`.
    LdapTwoSearches,
    /// A list of RADIUS with another length than that of the servers.
    RadiusLength {
        option: &'static str,
        servers: usize,
    },
    /// `map` with `delegate_ident_mapping`.
    OauthMapped,
    Regex(RegexProblem),
}
