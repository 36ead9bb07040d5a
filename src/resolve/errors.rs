//! The wording of errors about statements, choices and free form; types and references have their own.

mod blocks;
pub(super) mod describe;
mod free;
mod given;
mod meant;
mod neighbours;
mod pages;
mod references;
mod tables;
mod tpa;
mod types;

pub(super) use blocks::{unexpected_block, variables_in_block};
pub(super) use describe::{kind_of, name_of, span_of, spelling, written_as};
pub(super) use free::*;
pub(super) use given::*;
pub(super) use references::*;
pub(super) use tables::*;
pub(super) use tpa::*;
pub(super) use types::*;

use super::chosen::Chosen;
use super::machines::Machine;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::roles;
use crate::schema::{self, Identity, Presence, Type, alternatives};
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{Attribute, Entry, Item, Node, Scalar, Statement, Value as TreeValue};
use crate::value::Key;
use blocks::{as_block, only_map};
use describe::{example, with_article, written};
pub use pages::CODES;
use pages::{
    COMPARED_TYPES, CYCLIC_INCLUDE, CYCLIC_REFERENCE, DUPLICATE_DEFINITION, DUPLICATE_SETTING,
    INVALID_NAME, NOT_APPLICABLE, OUT_OF_RANGE, PARAM_VALUE, QUOTED_WORD, RESERVED_KEY, TOO_LARGE,
    UNKNOWN_PROFILE, UNKNOWN_REFERENCE, UNKNOWN_STATEMENT, UNKNOWN_WORD, UNQUOTED_NAME,
    VARIABLE_TYPE, WRONG_FORM, WRONG_LABELS, WRONG_TYPE,
};

// ---- statements ----

pub(super) fn unknown_setting(
    attribute: &Attribute,
    key: &str,
    (block, chosen): (&'static schema::Block, &Chosen),
    siblings: &[String],
) -> Diagnostic {
    let at = attribute.key.span;
    if let Some(entry) = block.entry(key) {
        let several: Vec<String> = attribute.several.iter().map(written_as).collect();
        let value = match &attribute.value {
            TreeValue::Scalar(scalar) => spelling(scalar),
            TreeValue::Missing(_) => several.join(" "),
            TreeValue::List(_) | TreeValue::Map(_) => String::new(),
        };
        let diagnostic =
            Diagnostic::error(&WRONG_FORM, at, format!("`{key}` is written without `=`"))
                .label("an entry, not an attribute");
        let items = match &attribute.value {
            TreeValue::List(list) => each_of(&list.items),
            TreeValue::Scalar(_) | TreeValue::Map(_) | TreeValue::Missing(_) => Vec::new(),
        };
        return if !items.is_empty() {
            let lines: Vec<String> = items.iter().map(|it| format!("{key} {it}")).collect();
            diagnostic.help(format!(
                "write a line for each: {}; in general `{}`",
                all_of(&lines),
                entry.usage()
            ))
        } else if let Some(map) = only_map(&attribute.value)
            && entry.labels.is_empty()
        {
            as_block(diagnostic, attribute, entry, map)
        } else if value.is_empty() {
            let body = if entry.labels.is_empty() {
                " { … }"
            } else {
                ""
            };
            diagnostic.help(format!("write `{}{body}`", entry.usage()))
        } else {
            as_label(diagnostic, entry, &value)
        };
    }
    if let Some(diagnostic) = neighbours::setting(attribute, key, (block, chosen)) {
        return diagnostic;
    }
    let words: Vec<&str> = words(block, chosen);
    let diagnostic = Diagnostic::error(
        &UNKNOWN_STATEMENT,
        at,
        format!("unknown setting `{key}` {}", place(block)),
    );
    if block.other != schema::Other::Unknown {
        return Diagnostic::error(&WRONG_FORM, at, "a line here has no `=`")
            .label("expected a name, then its addresses")
            .help(format!("write `{key} {}`", addresses(attribute)));
    }
    if words.is_empty() {
        return diagnostic
            .label("not known here")
            .help("remove it: there are no settings here");
    }
    let mut diagnostic = suggest::among(diagnostic, key, &words);
    // With the `=` that stands here only another attribute is a fix.
    let is_attribute = |edit: &Edit| block.setting(&edit.replacement).is_some();
    diagnostic.fix = diagnostic
        .fix
        .filter(|fix| fix.edits.iter().all(is_attribute));
    unless_there(diagnostic, key, siblings)
}

/// `backup = true` for `backup barman`: a word that the statement does not have is one that it has.
fn as_label(diagnostic: Diagnostic, entry: &schema::Entry, value: &str) -> Diagnostic {
    let key = entry.word;
    let (value, rest) = value.split_at(value.find(' ').unwrap_or(value.len()));
    let words = match entry.labels.first().map(|label| label.ty) {
        Some(Type::Word(words)) => words,
        Some(_) | None => &[],
    };
    if let Some(help) = schema::neighbours::values::program(value, words) {
        return diagnostic.help(help);
    }
    let is_off = matches!(value, "false" | "no" | "off" | "none" | "null" | "0");
    let word = match words {
        [] => value,
        words if words.contains(&value) => value,
        [first, ..] => {
            let none = words.iter().find(|word| is_off && **word == "none");
            let meant = none.copied();
            let meant = meant.or_else(|| schema::neighbours::values::find(value, words));
            let meant = meant.or_else(|| suggest::nearest(value, words));
            if meant.is_none() && is_off {
                return diagnostic
                    .help(format!("remove it: `{key}` is off where it is not written"));
            }
            meant.unwrap_or(first)
        }
    };
    diagnostic.help(format!(
        "write `{key} {word}{rest}`; in general `{}`",
        entry.usage()
    ))
}

/// The words of a block that may be used with what is chosen.
fn words(block: &schema::Block, chosen: &Chosen) -> Vec<&'static str> {
    let settings = block.settings.iter();
    let settings = settings.filter(|setting| chosen.takes(setting.only));
    let entries = block.entries.iter();
    let entries = entries.filter(|entry| chosen.takes(entry.only));
    let settings = settings.map(|setting| setting.key);
    settings.chain(entries.map(|entry| entry.word)).collect()
}

/// The values of a list of simple ones; none where there are others.
fn each_of(items: &[Item]) -> Vec<String> {
    let scalar = |item: &Item| match &item.value {
        TreeValue::Scalar(scalar) => Some(written_as(scalar)),
        TreeValue::List(_) | TreeValue::Map(_) | TreeValue::Missing(_) => None,
    };
    let written: Option<Vec<String>> = items.iter().map(scalar).collect();
    written.unwrap_or_default()
}

/// Words as a sentence lists all of them: `` `a`, `b` and `c` ``.
fn all_of(words: &[String]) -> String {
    alternatives(words).replace("` or `", "` and `")
}

/// What a line of `hosts` says after the name, out of an attribute in its place.
fn addresses(attribute: &Attribute) -> String {
    let written = match &attribute.value {
        TreeValue::Scalar(scalar) => vec![spelling(scalar)],
        TreeValue::List(list) => each_of(&list.items),
        TreeValue::Missing(_) => attribute.several.iter().map(spelling).collect(),
        TreeValue::Map(_) => Vec::new(),
    };
    let written: Vec<&str> = written.iter().map(|it| it.trim_matches('"')).collect();
    match written.as_slice() {
        [] => "10.0.0.1".to_owned(),
        written => written.join(" "),
    }
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
    (block, chosen): (&'static schema::Block, &Chosen),
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
    if let Some(diagnostic) = neighbours::entry(entry, word, (block, chosen)) {
        return diagnostic;
    }
    // Statements of the same form are likelier than others.
    let mut words: Vec<&str> = words(block, chosen);
    words.sort_by_key(|word| block.setting(word).is_some());
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

/// `backup merlin` in a location, and `merlin` is a machine that is there.
pub(super) fn backup_of_machine(
    mut diagnostic: Diagnostic,
    named: &Machine,
    machines: &[Machine],
) -> Diagnostic {
    diagnostic.fix = None;
    let diagnostic = diagnostic.label("a machine says in its own block who backs it up");
    let is_barman = |machine: &&Machine| machine.word == "barman";
    let (word, name) = (&named.word, &named.name);
    match machines.iter().find(is_barman) {
        Some(barman) if barman.name != *name => diagnostic.help(format!(
            "remove it, and write `{word} {name} {{ backup = {} }}`",
            barman.name
        )),
        Some(_) | None => diagnostic.help(format!(
            "remove it, and write `replica NAME {{ backup = {name} }}`"
        )),
    }
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
        | Type::TpaVersion
        | Type::Duration
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
    .help(if schema.word == "allow" {
        let rule = entry
            .labels
            .first()
            .map_or_else(|| "RULE".to_owned(), spelling);
        format!("write `allow {rule} \"REASON\"`, with the reason in quotes")
    } else {
        format!("write `{}`{words}", schema.usage())
    })
}

pub(super) fn too_many_labels(entry: &Entry, label: &Scalar, schema: &schema::Entry) -> Diagnostic {
    Diagnostic::error(
        &WRONG_LABELS,
        label.span,
        format!("unexpected `{}` after `{}`", spelling(label), schema.word),
    )
    .label("one word too many")
    .help(match setting_in_words(entry, label, schema) {
        Some(statements) => format!("write {statements}"),
        None => too_many_help(entry, label, schema),
    })
}

fn too_many_help(entry: &Entry, label: &Scalar, schema: &schema::Entry) -> String {
    match braced(entry, label, schema) {
        Some(statement) => format!("settings are written in braces: `{statement}`"),
        None => without(entry, label, schema),
    }
}

/// `failover efm 5.0` and `postgres postgresql 16 on port 5433`: what the words after a statement mean.
fn setting_in_words(entry: &Entry, label: &Scalar, schema: &schema::Entry) -> Option<String> {
    let statement = statement_before(entry, label, schema);
    let after = entry.labels.iter().skip_while(|it| it.span != label.span);
    let after: Vec<String> = after.map(spelling).collect();
    let after: Vec<&str> = after.iter().map(String::as_str).collect();
    let is_number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let first = entry.labels.first().map(spelling).unwrap_or_default();
    match after.as_slice() {
        [version] if is_number(version) => {
            let setting = schema.block?.setting("version")?;
            let is_its = setting.only.contains(&first.as_str());
            is_its.then(|| format!("`{statement} {{ version = {version} }}`"))
        }
        ["on", "port", port] | ["port" | "on", port]
            if schema.word == "postgres" && port.parse::<u16>().is_ok() =>
        {
            Some(format!(
                "`{statement}` and `vars {{ postgres_port = {port} }}`"
            ))
        }
        _ => None,
    }
}

/// The statement up to one of its labels.
fn statement_before(entry: &Entry, label: &Scalar, schema: &schema::Entry) -> String {
    let before = entry.labels.iter();
    let before = before.take_while(|other| other.span != label.span);
    let mut words = vec![schema.word.to_owned()];
    words.extend(before.map(written_as));
    words.join(" ")
}

/// `os 12 Debian`.
pub(super) fn swapped_labels(entry: &Entry, one: &Scalar, other: &Scalar) -> Diagnostic {
    let word = spelling(&entry.word);
    let right = format!("{} {}", written_as(other), written_as(one));
    let at = one.span.to(other.span);
    Diagnostic::error(
        &WRONG_LABELS,
        at,
        format!("the words after `{word}` are in the wrong order"),
    )
    .label(format!("`{}` comes first", written_as(other)))
    .help(format!("write `{word} {right}`"))
    .fix(Applicability::Suggested, at, right)
}

/// `postgres 100 GB`.
pub(super) fn size_in_two(number: &Scalar, unit: &Scalar, size: String) -> Diagnostic {
    let at = number.span.to(unit.span);
    let (number, unit) = (spelling(number), spelling(unit));
    Diagnostic::error(
        &WRONG_LABELS,
        at,
        format!("the unit in `{number} {unit}` is apart from its number"),
    )
    .label("a blank between them")
    .help(format!("write `{size}`"))
    .fix(Applicability::Suggested, at, size)
}

/// The statement up to a word too many, which may be a role of the machine.
fn without(entry: &Entry, label: &Scalar, schema: &schema::Entry) -> String {
    let statement = statement_before(entry, label, schema);
    let word = spelling(label);
    let takes_roles = schema
        .block
        .is_some_and(|block| block.setting("roles").is_some());
    if takes_roles && roles::Role::parse(&word).is_some() {
        format!("write `{statement} {{ roles = [{word}] }}`")
    } else {
        format!("remove it: write `{statement}`")
    }
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
        .help("remove this, or the first")
}

pub(super) fn os_and_image(at: Span, os: Span) -> Diagnostic {
    Diagnostic::error(
        &DUPLICATE_SETTING,
        at,
        "a platform has either `os` or `image`",
    )
    .label("an image by its own name")
    .related(os, "an image out of the tables")
    .help("remove this, or `os`")
}

pub(super) fn duplicate_key(at: Span, key: &Key, first: Span) -> Diagnostic {
    duplicate_setting(at, &key.to_string(), first)
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
            .help("remove this, or the first"),
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
