//! The wording of errors about statements, choices and free form; types and references have their own.

mod neighbours;
mod references;
mod types;

pub(super) use references::*;
pub(super) use types::*;

use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::facts::tables::Platform;
use crate::schema::{self, Identity, Type, alternatives};
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{
    Attribute, Entry, Part, Reference, Scalar, ScalarKind, Value as TreeValue,
};
use crate::value::{Data, Key, Value};

codes! {
    /// A word begins no statement that may be here.
    UNKNOWN_STATEMENT = "unknown-statement";

    /// A statement is an attribute where it should be an entry, or the other way round.
    ///
    /// An attribute is `key = value`. An entry names a thing: `word label… { … }`, without `=`.
    WRONG_FORM = "wrong-form";

    /// A value is none of the words that may be there.
    UNKNOWN_WORD = "unknown-word";

    /// A word of the language is in quotes.
    ///
    /// Names are bare, text is quoted: `failover repmgr`.
    QUOTED_WORD = "quoted-word";

    /// A name that begins with a digit stands without quotes.
    UNQUOTED_NAME = "unquoted-name";

    /// A value has another type than its setting.
    WRONG_TYPE = "wrong-type";

    /// A number is out of its range.
    OUT_OF_RANGE = "out-of-range";

    /// The same setting is written twice in one body.
    ///
    /// Across bodies (a profile and the cluster that includes it) the cluster's own wins; in one body it is a slip.
    DUPLICATE_SETTING = "duplicate-setting";

    /// Two definitions have one name.
    DUPLICATE_DEFINITION = "duplicate-definition";

    /// An entry has too few or too many labels, or a block that it cannot have.
    WRONG_LABELS = "wrong-labels";

    /// A setting or block does not belong to the platform, flavour, failover manager or tool that was chosen.
    NOT_APPLICABLE = "not-applicable";

    /// A `$reference` stands for nothing.
    UNKNOWN_REFERENCE = "unknown-reference";

    /// Definitions refer to each other in a cycle.
    CYCLIC_REFERENCE = "cyclic-reference";

    /// References, profiles or texts grow beyond a bound.
    ///
    /// References may double a value again and again. The bounds keep compiling fast whatever a source says: 64 levels
    /// of references and of profiles, 64 KiB for a text, a million values for a source.
    TOO_LARGE = "too-large";

    /// An `include` names no profile.
    UNKNOWN_PROFILE = "unknown-profile";

    /// Profiles include each other in a cycle.
    CYCLIC_INCLUDE = "cyclic-include";

    /// A parameter has no value, or one that it does not take.
    PARAM_VALUE = "param-value";

    /// Two values of different types are compared, or a parameter with a value that it never has.
    COMPARED_TYPES = "compared-types";

    /// A name of a cluster, profile or machine is missing or not well formed.
    INVALID_NAME = "invalid-name";

    /// An image, region or release is in no table.
    ///
    /// The standard library has those that TPA knows. `image`, `region` and `release` statements add to them.
    NOT_IN_TABLE = "not-in-table";

    /// A key in `vars`, `settings` or `defaults` is decided by another statement.
    RESERVED_KEY = "reserved-key";

    /// A TPA variable has another type than TPA takes.
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
    suggest::among(diagnostic, key, &words)
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
    suggest::among(diagnostic, word, &words)
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
            .filter(|_| accepts.contains(&"boolean"))
        {
            Some(boolean) => format!("write `{boolean}`, without quotes"),
            None => {
                "a value in quotes is text, a list is written in `[ ]`, a map in `{ }`".to_owned()
            }
        },
    )
}
