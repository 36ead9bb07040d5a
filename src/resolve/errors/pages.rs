//! The codes of errors about names and values, each with its page.

use crate::diagnostic::codes;

codes! {
    /// A word begins no statement that may be here.
    ///
    /// Every word is checked where it is written, so that a misspelt one is not a setting that nobody reads. The
    /// message names the statement of this language for words of TPA, Terraform, Ansible and YAML; `docs/settings.md`
    /// lists what may be in each block.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   standby merlin
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
    ///   location main {
    ///     primary kestrel
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// See also `wrong-form` and `unknown-word`.
    UNKNOWN_STATEMENT = "unknown-statement";

    /// A statement is an attribute where it should be an entry, or the other way round.
    ///
    /// An attribute is `key = value`. An entry names a thing: `word label… { … }`, without `=`.
    ///
    /// An attribute is one value and can be replaced by another; an entry names a thing that can have a block. The form
    /// says which of the two a statement is, before anybody knows the word.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   pool = pgbouncer
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
    ///   pool pgbouncer
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-statement` and `wrong-labels`.
    WRONG_FORM = "wrong-form";

    /// A value is none of the words that may be there.
    ///
    /// Only these words mean something to TPA. The message lists them, the nearest first.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover pgpool
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
    /// See also `unknown-statement` and `quoted-word`.
    UNKNOWN_WORD = "unknown-word";

    /// A word of the language is in quotes.
    ///
    /// Names are bare, text is quoted: `failover repmgr`.
    ///
    /// Quotes say that something is text, which is taken as it is. A word of the language is looked up in a list; in
    /// quotes it would look as if any other text could be there.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover "repmgr"
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
    /// See also `unquoted-name` and `unknown-word`.
    QUOTED_WORD = "quoted-word";

    /// A name that begins with a digit stands without quotes.
    ///
    /// What begins with a digit is a number, a size, an address or a version. A name that begins so is quoted, to say
    /// that it is none of these. A count belongs to `data`: `data 2`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location 1st { data 2 }
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
    ///   location "1st" { data 2 }
    /// }
    /// ```
    ///
    /// See also `invalid-name` and `quoted-word`.
    UNQUOTED_NAME = "unquoted-name";

    /// A value has another type than its setting.
    ///
    /// Types are checked before TPA sees them, because Ansible finds a wrong one in the middle of a deployment, or not
    /// at all. Sizes have a unit, networks a prefix, lists have brackets.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { volumes { postgres 100 } }
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
    ///   platform aws { volumes { postgres 100GB } }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `variable-type` and `out-of-range`.
    WRONG_TYPE = "wrong-type";

    /// A number is out of its range.
    ///
    /// The bounds are those of TPA, of the platform or of the layout. The message names them.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 0 }
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
    /// See also `wrong-type` and `network-too-small`.
    OUT_OF_RANGE = "out-of-range";

    /// The same setting is written twice in one body.
    ///
    /// Across bodies (a profile and the cluster that includes it) the cluster's own wins; in one body it is a slip.
    ///
    /// Of two values one would be lost silently. Where both are meant, the setting takes a list.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { region = eu-west-1; region = eu-west-2 }
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
    ///   platform aws { region = eu-west-2 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `duplicate-definition` and `shadowed-setting`.
    DUPLICATE_SETTING = "duplicate-setting";

    /// Two definitions have one name.
    ///
    /// A name stands for one thing in the whole source: `upstream`, `backup` and `include` refer to it.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    ///   location main { data 1 }
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
    ///   location other { data 1 }
    /// }
    /// ```
    ///
    /// See also `duplicate-machine` and `duplicate-setting`.
    DUPLICATE_DEFINITION = "duplicate-definition";

    /// An entry has too few or too many labels, or a block that it cannot have.
    ///
    /// Labels are what is between the word of a statement and its block: as many as the statement has, in their
    /// order. Everything else about a thing is a setting in its block.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin upstream kestrel
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
    /// See also `wrong-form` and `unknown-statement`.
    WRONG_LABELS = "wrong-labels";

    /// A setting or block does not belong to the platform, flavour, failover manager or tool that was chosen.
    ///
    /// The setting would be dropped, and with it what its author expected of it. The message says for which platform,
    /// flavour or tool it is.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare { region = eu-west-1 }
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
    ///   platform aws { region = eu-west-1 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `wrong-combination` and `key-not-for-platform`.
    NOT_APPLICABLE = "not-applicable";

    /// A `$reference` stands for nothing.
    ///
    /// A reference is replaced by the value of a `param` or `let` of the same file, in front of a dot of a used one:
    /// `$house.nodes`. There are no variables of the environment.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data $nodes }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// let nodes = 2
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data $nodes }
    /// }
    /// ```
    ///
    /// See also `invalid-reference`, `param-value` and `cyclic-reference`.
    UNKNOWN_REFERENCE = "unknown-reference";

    /// Definitions refer to each other in a cycle.
    ///
    /// Neither of them has a value. One has to be written out.
    ///
    /// ```m1 fails
    /// let one = $other
    /// let other = $one
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data $one }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// let one = 2
    /// let other = $one
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data $other }
    /// }
    /// ```
    ///
    /// See also `unknown-reference` and `cyclic-include`.
    CYCLIC_REFERENCE = "cyclic-reference";

    /// References, profiles or texts grow beyond a bound.
    ///
    /// References may double a value again and again. The bounds keep compiling fast whatever a source says: 64 levels
    /// of references and of profiles, 64 KiB for a text, a million values for a source.
    ///
    /// The usual reason is a `let` that repeats another one several times, in a chain of many. Write the text or list
    /// once, where it is used.
    ///
    /// See also `cyclic-reference` and `nesting-too-deep`.
    TOO_LARGE = "too-large";

    /// An `include` names no profile.
    ///
    /// A profile of a used file is named with the module before it. `use profiles` makes those of the library
    /// available; `stdlib/profiles.m1` has them with the reason for each value.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   include production
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// use profiles
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   include profiles.production
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-module` and `cyclic-include`.
    UNKNOWN_PROFILE = "unknown-profile";

    /// Profiles include each other in a cycle.
    ///
    /// An `include` stands for the statements of the profile, which would never end. What both need goes into a third
    /// profile.
    ///
    /// ```m1 fails
    /// profile one { include other }
    ///
    /// profile other { include one }
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   include one
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// profile one { include other }
    ///
    /// profile other { keyring = legacy }
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   include one
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `cyclic-use` and `unknown-profile`.
    CYCLIC_INCLUDE = "cyclic-include";

    /// A parameter has no value, or one that it does not take.
    ///
    /// A `param` without a default has to be given: `m1c build --set stage=prod`. With a list of values behind the
    /// colon no other one is taken, so that a misspelt stage is not a third one.
    ///
    /// ```m1 fails
    /// param stage: [staging, prod]
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Stage = $stage }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// param stage: [staging, prod] = staging
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Stage = $stage }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-reference` and `compared-types`.
    PARAM_VALUE = "param-value";

    /// Two values of different types are compared, or a parameter with a value that it never has.
    ///
    /// The condition is the same whatever the parameter is, so a part of the cluster would always be missing, or never.
    ///
    /// ```m1 fails
    /// param stage: [staging, prod] = staging
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   if $stage == production { keyring = legacy }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// param stage: [staging, prod] = staging
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   if $stage == prod { keyring = legacy }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `param-value`.
    COMPARED_TYPES = "compared-types";

    /// A name of a cluster, profile or machine is missing or not well formed.
    ///
    /// The name becomes the name of a folder, of host names, and of tags in the cloud. TPA takes letters, digits, `_`
    /// and `-`.
    ///
    /// ```m1 fails
    /// cluster "speedy one" {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy-one {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unquoted-name` and `bad-cluster-or-location-name`.
    INVALID_NAME = "invalid-name";

    /// An image, region or release is in no table.
    ///
    /// The standard library has those that TPA knows. `image`, `region` and `release` statements add to them.
    ///
    /// TPA looks images, regions and releases up in tables, and stops where they have none. What your own TPA or
    /// account has beyond that is written at the top of the file: `image`, `region` or `release`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker { os Rockey 9 }
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
    ///   platform docker { os Rocky 9 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-zone` and `unknown-word`.
    NOT_IN_TABLE = "not-in-table";

    /// A key in `vars`, `settings` or `defaults` is decided by another statement.
    ///
    /// Streaming, votes and names follow from the statement. A variable would change what TPA does and not what m1c has
    /// planned.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { failover_manager = efm }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 16 { redwood = false }
    ///   failover efm
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `variable-type` and `wrong-combination`.
    RESERVED_KEY = "reserved-key";

    /// A TPA variable has another type than TPA takes.
    ///
    /// TPA does not check its variables. A text where a list is expected is taken letter by letter; a text where a
    /// boolean is expected is true whatever it says, in many tasks.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { postgres_databases = app }
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
    ///   vars { postgres_databases = [{ name = app }] }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `wrong-type` and `unknown-variable`.
    VARIABLE_TYPE = "variable-type";

    /// What is written as the release of TPA is none that m1c knows.
    ///
    /// `tpa` in a cluster, in a profile and in `m1c.toml`, and `--tpa` on the command line, take two numbers or three:
    /// `23.45`, `23.44.1`. Two stand for the newest release that begins so. What differs between releases is in
    /// `docs/tpa-versions.md`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   tpa = 23.39
    ///
    ///   postgres postgresql 16
    ///   failover repmgr
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
    ///   tpa = 23.40
    ///
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `newer-tpa` and `tpa-conflict`.
    TPA_VERSION = "tpa-version";

    /// A warning: a cluster is for a TPA that came out after this m1c.
    ///
    /// m1c builds and judges as for the newest TPA that it knows. That is right for everything that the newer one has
    /// left as it was; what it refuses, ignores or does differently is known to a newer m1c. The release notes of TPA
    /// say what that is.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   tpa = 99.1
    ///
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead, unless that TPA is the one that is installed:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   tpa = 23.45
    ///
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `tpa-version`.
    NEWER_TPA = "newer-tpa";

    /// `--tpa` of `m1c build` names another TPA than the cluster does.
    ///
    /// The files that are built are for one TPA. What a cluster says about its own holds for everybody who builds it,
    /// so that an option does not overrule it silently. `m1c lint --tpa` may name another one: it says what would be
    /// different, and builds nothing.
    ///
    /// See also `tpa-version`.
    TPA_CONFLICT = "tpa-conflict";
}
