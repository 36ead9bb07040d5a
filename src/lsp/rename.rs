//! A name is changed wherever it stands, or it is said why it cannot be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Document;
use super::names::{self, Kind, Name, Part};
use super::references::{Change, Place};
use super::spelling::{in_quotes, is_bare};
use super::was;
use crate::check::{self, Options};
use crate::library;
use crate::load::{Files, ReadError};
use crate::source::Span;

/// The part of the first document that would be renamed, or why nothing can be.
pub fn prepare(document: &Document, offset: u32) -> Result<Span, String> {
    let Some(name) = names::at(&document.analysis, offset) else {
        return Err("only names that a source defines can be renamed".to_owned());
    };
    let all = names::names(&document.analysis);
    is_ours(&name, &names::same(&name, &all))?;
    Ok(word_of(&name))
}

/// The changes that rename what is at an offset of the first document, in all documents and the files they use.
pub fn rename<'d>(
    documents: &[&'d Document],
    offset: u32,
    new: &str,
) -> Result<Vec<Change<'d>>, String> {
    let name = documents
        .first()
        .and_then(|document| names::at(&document.analysis, offset))
        .ok_or("only names that a source defines can be renamed")?;
    let analyses: Vec<_> = documents
        .iter()
        .map(|document| &document.analysis)
        .collect();
    let all = names::everywhere(&analyses);
    let same = names::same(&name, &all);
    is_ours(&name, &same)?;
    if new == name.word {
        return Ok(Vec::new());
    }
    is_valid(name.kind, new)?;
    is_free(&name, &same, &all, new)?;
    let mut changes: Vec<Change<'d>> = same.iter().map(|name| change(name, new)).collect();
    changes.extend(was::left_behind(&same));
    let before = Texts::of(documents);
    let after = before.with(&changes);
    for document in documents {
        keeps_meaning(document, &before, &after, name.word)?;
    }
    Ok(changes)
}

/// The name itself, without quotes.
fn word_of(name: &Name<'_>) -> Span {
    let text = name.analysis.sources.slice(name.at);
    if text.len() > 1 && text.starts_with('"') && !is_path(name) {
        return Span {
            start: name.at.start + 1,
            end: name.at.end.saturating_sub(1),
            ..name.at
        };
    }
    name.at
}

/// Whether a module is named after its path.
fn is_path(name: &Name<'_>) -> bool {
    name.kind == Kind::Module && name.analysis.sources.slice(name.at).starts_with('"')
}

fn is_ours(name: &Name<'_>, same: &[&Name<'_>]) -> Result<(), String> {
    let (kind, word) = (name.kind.word(), name.word);
    let mut definitions = same.iter().filter(|name| name.part != Part::Use).peekable();
    if definitions.peek().is_none() {
        return Err(match name.kind {
            Kind::Machine => format!(
                "no machine is written with the name `{word}`: give it that name where it is placed, then rename it"
            ),
            Kind::Image | Kind::Region | Kind::Release => {
                format!("the {kind} `{word}` belongs to the library")
            }
            Kind::Binding | Kind::Profile | Kind::Module | Kind::Cluster | Kind::Location => {
                format!("no {kind} `{word}` is defined")
            }
        });
    }
    if definitions.any(|name| name.at.file < library::next_file()) {
        return Err(format!("the {kind} `{word}` belongs to the library"));
    }
    if name.kind == Kind::Release {
        return Err("the version of a release is not a name".to_owned());
    }
    Ok(())
}

fn is_valid(kind: Kind, new: &str) -> Result<(), String> {
    let mut bytes = new.bytes();
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let begins_well = bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    let has_letters = new.bytes().all(is_letter);
    let word = kind.word();
    match kind {
        Kind::Binding | Kind::Module if !(begins_well && has_letters) => Err(format!(
            "`{new}` cannot be the name of a {word}: it begins with a letter or `_` and has letters, digits, `_` and `-`"
        )),
        Kind::Profile | Kind::Cluster if new.is_empty() || !has_letters => Err(format!(
            "`{new}` cannot be the name of a {word}: it has letters, digits, `_` and `-`"
        )),
        Kind::Binding
        | Kind::Module
        | Kind::Profile
        | Kind::Cluster
        | Kind::Location
        | Kind::Machine
        | Kind::Image
        | Kind::Region
        | Kind::Release => {
            let is_odd = |c: char| c.is_whitespace() || c.is_control();
            if new.is_empty() || new.contains(is_odd) {
                return Err(format!(
                    "`{new}` cannot be the name of a {word}: it has no blanks"
                ));
            }
            if kind == Kind::Machine && new == "none" {
                return Err(
                    "`none` cannot be the name of a machine: `backup = none` means no machine"
                        .to_owned(),
                );
            }
            Ok(())
        }
    }
}

/// That the new name is not another thing's.
fn is_free(name: &Name<'_>, same: &[&Name<'_>], all: &[Name<'_>], new: &str) -> Result<(), String> {
    let taken = same.iter().find_map(|old| {
        let renamed = Name { word: new, ..**old };
        let namesakes = names::same(&renamed, all);
        namesakes
            .into_iter()
            .find(|other| other.part != Part::Use)
            .copied()
    });
    let Some(taken) = taken else { return Ok(()) };
    let sources = &taken.analysis.sources;
    let (line, _) = sources.line_and_column(taken.at.file, taken.at.start);
    let file = if taken.at.file == name.at.file {
        String::new()
    } else {
        format!(" of {}", sources.name(taken.at.file))
    };
    let word = name.kind.word();
    Err(format!(
        "there is a {word} `{new}` already, in line {line}{file}"
    ))
}

fn change<'d>(name: &Name<'d>, new: &str) -> Change<'d> {
    let is_unnamed_module =
        name.kind == Kind::Module && name.part == Part::Definition && !names::is_alias(name);
    let text = name.analysis.sources.slice(name.at);
    let replacement = if is_unnamed_module {
        format!("{text} as {new}")
    } else if name.is_part || (is_bare(new) && !(text.starts_with('"') && is_bare(name.word))) {
        new.to_owned()
    } else {
        in_quotes(new)
    };
    Change {
        place: Place::of(name),
        replacement,
    }
}

/// That a document has no more errors with the changes than without: a name may also be reached through a value, or be a
/// part of a derived one.
fn keeps_meaning(
    document: &Document,
    before: &Texts<'_>,
    after: &Texts<'_>,
    old: &str,
) -> Result<(), String> {
    let analysis = &document.analysis;
    let mut paths = (0..analysis.program.modules.len()).map(|module| names::path(analysis, module));
    if !paths.any(|path| before.texts.get(path) != after.texts.get(path)) {
        return Ok(());
    }
    let root = names::path(analysis, 0);
    let renamed = check::check(root, after, Options::default());
    if renamed.diagnostics.is_empty() {
        return Ok(());
    }
    // What is known about a file that is not open may be older than the files that it uses.
    let unchanged = check::check(root, before, Options::default());
    if renamed.diagnostics.len() <= unchanged.diagnostics.len() {
        return Ok(());
    }
    let mut known: Vec<&str> = unchanged
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    known.sort_unstable();
    let new = renamed
        .diagnostics
        .iter()
        .find(|diagnostic| known.binary_search(&diagnostic.message.as_str()).is_err());
    let Some(new) = new else { return Ok(()) };
    let at = new.primary.span;
    let (line, _) = renamed.sources.line_and_column(at.file, at.start);
    let file = renamed.sources.name(at.file);
    Err(format!(
        "`{old}` is also needed where it cannot be followed: line {line} of {file} would say {}",
        new.message
    ))
}

/// Files as they are in memory, by their paths.
#[derive(Clone)]
struct Texts<'t> {
    texts: BTreeMap<&'t str, Cow<'t, str>>,
}

impl<'t> Texts<'t> {
    /// The files of some documents. What an earlier one says of a file holds.
    fn of(documents: &[&'t Document]) -> Texts<'t> {
        let mut texts = BTreeMap::new();
        for document in documents {
            let analysis = &document.analysis;
            for (index, module) in analysis.program.modules.iter().enumerate() {
                let text = analysis.sources.text(module.tree.file);
                let path = names::path(analysis, index);
                texts.entry(path).or_insert(Cow::Borrowed(text));
            }
        }
        Texts { texts }
    }

    /// The same files with some changes.
    fn with(&self, changes: &[Change<'_>]) -> Texts<'t> {
        let mut changed = self.clone();
        let mut sorted: Vec<&Change<'_>> = changes.iter().collect();
        sorted.sort_by_key(|change| std::cmp::Reverse(change.place.span.start));
        for change in sorted {
            if let Some(text) = changed.texts.get_mut(change.place.path())
                && text.get(change.place.span.range()).is_some()
            {
                text.to_mut()
                    .replace_range(change.place.span.range(), &change.replacement);
            }
        }
        changed
    }
}

impl Files for Texts<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let text = self.texts.get(path).ok_or(ReadError::NotFound)?;
        Ok(text.clone().into_owned())
    }
}
