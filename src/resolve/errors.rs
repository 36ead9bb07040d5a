//! The wording of errors about statements, choices and free form; types and references have their own.

mod neighbours;
mod references;
mod types;

pub(super) use references::*;
pub(super) use types::*;

use crate::diagnostic::{Applicability, Diagnostic, Edit, codes};
use crate::facts::tables::Platform;
use crate::schema::{self, Identity, Presence, Type, alternatives};
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{
    Attribute, Entry, Node, Part, Reference, Scalar, ScalarKind, Statement, Value as TreeValue,
};
use crate::value::{Data, Key, Value};

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
}

// ---- describing ----

/// A token as it was written.
pub(super) fn spelling(scalar: &Scalar) -> String {
    match &scalar.kind {
        ScalarKind::Name(text) | ScalarKind::Literal(text) | ScalarKind::Number(text) => {
            text.clone()
        }
        ScalarKind::Text(text) => match text.parts.as_slice() {
            [] => String::new(),
            [Part::Text(part)] => part.clone(),
            _ => text.raw.clone(),
        },
        ScalarKind::Reference(reference) => written(reference),
        ScalarKind::Missing => String::new(),
    }
}

/// A token with its quotes, as the source has it.
pub(super) fn written_as(scalar: &Scalar) -> String {
    match &scalar.kind {
        ScalarKind::Text(text) if !text.long => format!("\"{}\"", text.raw),
        ScalarKind::Text(_)
        | ScalarKind::Name(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Number(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => spelling(scalar),
    }
}

/// A token that is a bare name; empty for any other.
pub(super) fn name_of(scalar: &Scalar) -> String {
    match &scalar.kind {
        ScalarKind::Name(name) => name.clone(),
        ScalarKind::Text(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Number(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => String::new(),
    }
}

pub(super) fn span_of(value: &TreeValue, otherwise: Span) -> Span {
    let span = match value {
        TreeValue::Scalar(scalar) => scalar.span,
        TreeValue::List(list) => list.span,
        TreeValue::Map(block) => block.span,
        TreeValue::Missing(span) => *span,
    };
    if span.file == otherwise.file {
        span
    } else {
        otherwise
    }
}

/// The type of a value in one word.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value.data {
        Data::Null => "null",
        Data::Boolean(_) => "boolean",
        Data::Integer(_) => "integer",
        Data::Decimal(_) => "decimal",
        Data::Text(_) => "text",
        Data::List(_) => "list",
        Data::Map(_) => "map",
    }
}

fn key_name(key: &Key) -> String {
    match key {
        Key::Text(text) => text.clone(),
        Key::Integer(integer) => integer.to_string(),
    }
}

fn written(reference: &Reference) -> String {
    match &reference.module {
        Some(module) => format!("${module}.{}", reference.name),
        None => format!("${}", reference.name),
    }
}

fn example(ty: Type) -> &'static str {
    match ty {
        Type::Size | Type::SizeOrNone => "`32GB` or `2TB`",
        Type::Address => "`10.0.0.1` or `\"fd00::1\"`",
        Type::Network => "`10.33.0.0/16`",
        Type::Version => "`16.4-1*`",
        Type::Date => "`2027-06-30`",
        Type::Port => "`22`, `8000-8030` or `1194/udp`",
        Type::Integer(..) => "`3`",
        Type::Boolean => "`true` or `false`",
        Type::List(_) | Type::OneOrList(_) | Type::PackageLists(_) => "`[a, b]`",
        Type::Word(_) | Type::Name | Type::Text | Type::TextOrMap | Type::Any => "`\"…\"`",
    }
}

fn with_article(ty: &str) -> String {
    match ty.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {ty}"),
        _ if ty == "text" => "text".to_owned(),
        _ => format!("a {ty}"),
    }
}

// ---- statements ----

pub(super) fn unknown_setting(
    attribute: &Attribute,
    key: &str,
    block: &'static schema::Block,
    siblings: &[String],
) -> Diagnostic {
    let at = attribute.key.span;
    if let Some(entry) = block.entry(key) {
        let value = match &attribute.value {
            TreeValue::Scalar(scalar) => spelling(scalar),
            TreeValue::List(_) | TreeValue::Map(_) | TreeValue::Missing(_) => String::new(),
        };
        let is_map = matches!(attribute.value, TreeValue::Map(_));
        let diagnostic =
            Diagnostic::error(&WRONG_FORM, at, format!("`{key}` is written without `=`"))
                .label("an entry, not an attribute");
        return if value.is_empty() || is_map {
            diagnostic.help(format!("write `{} {{ … }}`", entry.usage()))
        } else {
            diagnostic.help(format!(
                "write `{key} {value}`; in general `{}`",
                entry.usage()
            ))
        };
    }
    if let Some(diagnostic) = neighbours::setting(attribute, key, block) {
        return diagnostic;
    }
    let words: Vec<&str> = block.words().collect();
    let diagnostic = Diagnostic::error(
        &UNKNOWN_STATEMENT,
        at,
        format!("unknown setting `{key}` {}", place(block)),
    );
    if block.other != schema::Other::Unknown {
        return Diagnostic::error(&WRONG_FORM, at, "a line here has no `=`")
            .label("expected a name, then its addresses")
            .help(format!("write `{key} 10.0.0.1`"));
    }
    let mut diagnostic = suggest::among(diagnostic, key, &words);
    // With the `=` that stands here only another attribute is a fix.
    let is_attribute = |edit: &Edit| block.setting(&edit.replacement).is_some();
    diagnostic.fix = diagnostic
        .fix
        .filter(|fix| fix.edits.iter().all(is_attribute));
    unless_there(diagnostic, key, siblings)
}

/// A misspelt key beside the right one is not renamed: there would be two.
pub(super) fn unless_there(
    mut diagnostic: Diagnostic,
    key: &str,
    siblings: &[String],
) -> Diagnostic {
    let edit = diagnostic.fix.as_ref().and_then(|fix| fix.edits.first());
    let there = edit.and_then(|edit| siblings.iter().find(|other| **other == edit.replacement));
    let Some(there) = there else {
        return diagnostic;
    };
    let help = format!("remove `{key}`: `{there}` is set too");
    diagnostic.fix = None;
    diagnostic.help(help)
}

/// The keys of the attributes among statements.
pub(super) fn keys_of(statements: &[Statement]) -> Vec<String> {
    let key = |statement: &Statement| match &statement.node {
        Node::Attribute(attribute) => Some(spelling(&attribute.key)),
        Node::Entry(_) | Node::Conditional(_) | Node::Binding(_) | Node::Junk => None,
    };
    statements.iter().filter_map(key).collect()
}

pub(super) fn unknown_entry(
    entry: &Entry,
    word: &str,
    block: &'static schema::Block,
) -> Diagnostic {
    let at = entry.word.span;
    if block.other == schema::Other::Free {
        let diagnostic =
            Diagnostic::error(&WRONG_FORM, at, format!("`{word}` needs `=` and a value"))
                .label(format!("`{}` holds `key = value` lines", block.name));
        return match (entry.labels.as_slice(), &entry.block) {
            ([], Some(_)) => diagnostic
                .help(format!("a map is a value too: write `{word} = {{ … }}`"))
                .fix(Applicability::Safe, at.after(), " ="),
            ([value], None) => diagnostic
                .help(format!("write `{word} = {}`", written_as(value)))
                .fix(Applicability::Safe, at.after(), " ="),
            _ => diagnostic.help(format!("write `{word} = …`")),
        };
    }
    if let Some(setting) = block.setting(word) {
        let value = entry.labels.first().map(spelling).unwrap_or_default();
        let help = if value.is_empty() {
            format!("write `{word} = {}`", example(setting.ty).trim_matches('`'))
        } else {
            format!("write `{word} = {value}`")
        };
        let diagnostic = Diagnostic::error(&WRONG_FORM, at, format!("`{word}` needs `=`"))
            .label("an attribute")
            .help(help);
        return if entry.labels.len() == 1 && entry.block.is_none() {
            diagnostic.fix(Applicability::Safe, at.after(), " =")
        } else {
            diagnostic
        };
    }
    if let Some(diagnostic) = neighbours::entry(entry, word, block) {
        return diagnostic;
    }
    // Statements of the same form are likelier than others.
    let entries = block.entries.iter().map(|entry| entry.word);
    let settings = block.settings.iter().map(|setting| setting.key);
    let mut words: Vec<&str> = entries.chain(settings).collect();
    if block.name == schema::file::FILE.name {
        words.extend(["param", "let"]);
    }
    let diagnostic = Diagnostic::error(
        &UNKNOWN_STATEMENT,
        at,
        format!("unknown statement `{word}` {}", place(block)),
    );
    let mut diagnostic = suggest::among(diagnostic, word, &words);
    // Without `=` only another entry is a fix, and only one that takes as many labels.
    let is_entry = |edit: &Edit| {
        let meant = block.entry(&edit.replacement);
        meant.is_some_and(|meant| takes(meant, entry.labels.len()))
    };
    diagnostic.fix = diagnostic.fix.filter(|fix| fix.edits.iter().all(is_entry));
    diagnostic
}

/// Whether so many labels are enough for an entry, and not too many.
fn takes(entry: &schema::Entry, labels: usize) -> bool {
    let count = |presence: Presence| {
        let same = entry
            .labels
            .iter()
            .filter(|label| label.presence == presence);
        same.count()
    };
    let least = count(Presence::Required);
    let is_endless = count(Presence::Repeated) > 0;
    labels >= least && (is_endless || labels <= entry.labels.len())
}

/// Where a statement of this block stands.
fn place(block: &schema::Block) -> String {
    match block.name {
        "file" => "at the top level".to_owned(),
        name @ ("cluster" | "location" | "machine" | "volume") => format!("in a {name}"),
        name => format!("in `{name}`"),
    }
}

pub(super) fn attribute_at_top_level(attribute: &Attribute) -> Diagnostic {
    let key = spelling(&attribute.key);
    Diagnostic::error(
        &WRONG_FORM,
        attribute.key.span,
        format!("`{key} = …` is outside every cluster"),
    )
    .label("the top level has no settings")
    .help(format!(
        "move it into a `cluster NAME {{ … }}`; a constant is `let {key} = …`"
    ))
}

pub(super) fn unexpected_block(at: Span, word: &str) -> Diagnostic {
    let brace = Span {
        end: at.start + 1,
        ..at
    };
    Diagnostic::error(&WRONG_LABELS, brace, format!("`{word}` has no block"))
        .label("it holds nothing")
        .help("remove the braces and what is between them")
}

pub(super) fn missing_label(
    entry: &Entry,
    schema: &schema::Entry,
    label: &schema::Label,
) -> Diagnostic {
    let at = entry.labels.last().unwrap_or(&entry.word).span;
    let words = match label.ty {
        Type::Word(words) => format!(": {}", alternatives(words)),
        Type::Name
        | Type::Text
        | Type::Integer(..)
        | Type::Boolean
        | Type::Size
        | Type::SizeOrNone
        | Type::Address
        | Type::Network
        | Type::Version
        | Type::Date
        | Type::Port
        | Type::List(_)
        | Type::OneOrList(_)
        | Type::PackageLists(_)
        | Type::TextOrMap
        | Type::Any => String::new(),
    };
    Diagnostic::error(
        &WRONG_LABELS,
        at,
        format!(
            "`{}` needs {}",
            schema.word,
            with_article(&label.name.to_lowercase())
        ),
    )
    .label(format!("expected {} after this", label.name))
    .help(format!("write `{}`{words}", schema.usage()))
}

pub(super) fn too_many_labels(entry: &Entry, label: &Scalar, schema: &schema::Entry) -> Diagnostic {
    Diagnostic::error(
        &WRONG_LABELS,
        label.span,
        format!("unexpected `{}` after `{}`", spelling(label), schema.word),
    )
    .label("one word too many")
    .help(match braced(entry, label, schema) {
        Some(statement) => format!("settings are written in braces: `{statement}`"),
        None => format!("write `{}`", schema.usage()),
    })
}

/// The statement with its settings in braces, where a label is the key of one and the next is its value.
fn braced(entry: &Entry, label: &Scalar, schema: &schema::Entry) -> Option<String> {
    let mut words = vec![schema.word.to_owned()];
    let mut labels = entry.labels.iter();
    let before = labels.by_ref().take_while(|other| other.span != label.span);
    words.extend(before.map(written_as));
    let key = spelling(label);
    schema.block?.setting(&key)?;
    let value = written_as(labels.next()?);
    Some(format!("{} {{ {key} = {value} }}", words.join(" ")))
}

pub(super) fn duplicate_setting(at: Span, key: &str, first: Span) -> Diagnostic {
    Diagnostic::error(&DUPLICATE_SETTING, at, format!("`{key}` is set twice"))
        .label("the second time")
        .related(first, "the first time")
        .help("remove one of them")
}

pub(super) fn os_and_image(at: Span, os: Span) -> Diagnostic {
    Diagnostic::error(
        &DUPLICATE_SETTING,
        at,
        "a platform has either `os` or `image`",
    )
    .label("an image by its own name")
    .related(os, "an image out of the tables")
    .help("remove one of them")
}

pub(super) fn duplicate_key(at: Span, key: &Key, first: Span) -> Diagnostic {
    duplicate_setting(at, &key_name(key), first)
}

pub(super) fn duplicate_entry(
    entry: &Entry,
    schema: &schema::Entry,
    word: &str,
    first: Span,
) -> Diagnostic {
    let at = entry.word.span;
    match (schema.identity, entry.labels.first()) {
        // A line of `hosts` is named by its word.
        (Identity::Definition, _) if schema.word == "NAME" => duplicate_definition(at, word, first),
        (Identity::Definition, Some(name)) => {
            duplicate_definition(name.span, &spelling(name), first)
        }
        (
            Identity::Definition
            | Identity::Word
            | Identity::Labels
            | Identity::FirstLabel
            | Identity::Each,
            _,
        ) => Diagnostic::error(&DUPLICATE_SETTING, at, format!("`{word}` is written twice"))
            .label("the second")
            .related(first, "the first")
            .help("remove one of them"),
    }
}

pub(super) fn duplicate_definition(at: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(
        &DUPLICATE_DEFINITION,
        at,
        format!("`{name}` is defined twice"),
    )
    .label("the second definition")
    .related(first, "the first")
    .help("rename one of them, or merge the two")
}

pub(super) fn definition_without_name(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(&INVALID_NAME, at, format!("this {word} has no name"))
        .label("expected a name after this")
        .help(format!("write `{word} NAME {{ … }}`"))
}

pub(super) fn name_of_several_words(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(&INVALID_NAME, at, format!("a {word} has one name"))
        .label("one word too many")
        .help("join the words with `-` or `_`")
}

pub(super) fn invalid_name(at: Span, word: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        &INVALID_NAME,
        at,
        format!("`{name}` cannot be the name of a {word}"),
    )
    .label("expected letters, digits, `_` and `-`")
    .help("rename it; TPA takes no other characters in a cluster's name")
}

// ---- what a cluster's choices allow ----

pub(super) fn not_applicable(
    at: Span,
    word: &str,
    only: &[&str],
    chosen: &str,
    place: Span,
) -> Diagnostic {
    Diagnostic::error(
        &NOT_APPLICABLE,
        at,
        format!("`{word}` does not apply to `{chosen}`"),
    )
    .label(format!("only for {}", alternatives(only)))
    .related(place, format!("`{chosen}` is chosen here"))
    .help(format!("remove it, or choose {}", alternatives(only)))
}

pub(super) fn not_in_table(at: Span, what: &str, name: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(&NOT_IN_TABLE, at, format!("there is no {what} `{name}`"));
    suggest::among(diagnostic, name, known)
}

pub(super) fn unknown_release(
    at: Span,
    flavour: &str,
    version: &str,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::error(
        &NOT_IN_TABLE,
        at,
        format!("TPA does not deploy `{flavour}` {version}"),
    )
    .label("no such release")
    .help(match major_of(version).filter(|major| known.contains(major) && *major != version) {
        Some(major) if version.contains('.') => format!(
            "write `postgres {flavour} {major}`; a minor version is that of the package: `versions {{ postgres = \"{version}*\" }}`"
        ),
        Some(major) => format!("write `postgres {flavour} {major}`"),
        None => format!(
            "the releases are {}; one that your TPA has beyond these is `release {flavour} {version} {{ end_of_life = 2030-11-30 }}` at the top of the file, with its own date",
            known.join(", ")
        ),
    })
}

/// The release in a version that is written otherwise: `v16`, `16.4`, `PG16`.
fn major_of(version: &str) -> Option<&str> {
    let number = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = number.find(|c: char| !c.is_ascii_digit());
    number.get(..end.unwrap_or(number.len()))
}

pub(super) fn unknown_image(
    at: Span,
    name: &str,
    platform: Platform,
    known: &[&str],
) -> Diagnostic {
    let what = format!("image on {platform} called");
    let message = format!("there is no {what} `{name}`");
    let (system, version) = name.split_at(
        name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len(),
    );
    let system = system.trim_end_matches(['-', '_']);
    let foreign = crate::schema::neighbours::value(system, known);
    let meant = foreign.or_else(|| suggest::nearest(system, known));
    let Some(meant) = meant.filter(|_| foreign.is_some() || !version.is_empty()) else {
        return not_in_table(at, &what, name, known);
    };
    let meant = match version {
        "" => meant.to_owned(),
        version => format!("{meant} {version}"),
    };
    Diagnostic::error(&NOT_IN_TABLE, at, message)
        .label(format!("did you mean `{meant}`?"))
        .help(format!("write `os {meant}`"))
        .fix(Applicability::Suggested, at, meant)
}

pub(super) fn unknown_image_version(
    at: Span,
    name: &str,
    version: &str,
    platform: Platform,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::error(
        &NOT_IN_TABLE,
        at,
        format!("there is no {name} {version} on {platform}"),
    )
    .label("no such version")
    .help(format!("the versions are {}", known.join(", ")))
}

pub(super) fn image_without_default(at: Span, name: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(&NOT_IN_TABLE, at, format!("{name} has no default version"))
        .label("expected a version after this")
        .help(format!("the versions are {}", known.join(", ")))
}

pub(super) fn incomplete_table_entry(at: Span, what: &str, missing: &str) -> Diagnostic {
    Diagnostic::error(&NOT_IN_TABLE, at, format!("this {what} has no `{missing}`"))
        .label(format!("needs `{missing} = …`"))
        .help("see the standard library's tables for complete ones")
}

// ---- free form ----

/// What a text says that means a boolean.
fn boolean_in(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

pub(super) fn reserved_key(at: Span, key: &str, block: &str, instead: &str) -> Diagnostic {
    Diagnostic::error(
        &RESERVED_KEY,
        at,
        format!("`{key}` cannot be set in `{block}`"),
    )
    .label("another statement decides it")
    .help(format!("write {instead}"))
}

pub(super) fn variable_type(at: Span, name: &str, accepts: &[&str], found: &Value) -> Diagnostic {
    Diagnostic::error(
        &VARIABLE_TYPE,
        at,
        format!(
            "`{name}` takes {}, not {}",
            accepts.join(" or "),
            with_article(kind_of(found))
        ),
    )
    .label(format!("expected {}", accepts.join(" or ")))
    .help(
        match found
            .as_text()
            .and_then(boolean_in)
            .filter(|_| accepts.contains(&"a boolean"))
        {
            Some(boolean) => format!("write `{boolean}`, without quotes"),
            None => {
                "a value in quotes is text, a list is written in `[ ]`, a map in `{ }`".to_owned()
            }
        },
    )
}
