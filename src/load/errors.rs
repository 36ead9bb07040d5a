//! The wording of errors about files and modules.

use super::ReadError;
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::library;
use crate::source::Span;
use crate::suggest;
use crate::syntax::tree::{Scalar, ScalarKind};

codes! {
    /// A file cannot be read: it does not exist, is not a regular file, may not be read, or is too large.
    ///
    /// The path of `use "path.m1"` is relative to the file that it is in.
    ///
    /// A source means something only with all the files that it uses. Write the path as seen from the file that has the
    /// `use`, not from the folder where m1c runs.
    ///
    /// ```m1 fails
    /// use "./house.m1"
    ///
    /// cluster speedy {
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
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-module` and `not-utf8`.
    UNREADABLE_FILE = "unreadable-file";

    /// A source is not UTF-8.
    ///
    /// Most editors can save a file in another encoding (`:set fileencoding=utf-8` in Vim); `iconv -f latin1 -t utf-8
    /// old.m1 > new.m1` converts one.
    ///
    /// See also `control-character` and `unreadable-file`.
    NOT_UTF8 = "not-utf8";

    /// `use NAME` names no module of the standard library.
    ///
    /// A file of your own is used by its path, in quotes: `use "./house.m1"`.
    ///
    /// A bare name is a module of the library, which is inside m1c. A path in quotes is a file of yours.
    ///
    /// ```m1 fails
    /// use profile
    ///
    /// cluster speedy {
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
    /// use profiles
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unreadable-file`, `invalid-use` and `unknown-profile`.
    UNKNOWN_MODULE = "unknown-module";

    /// Files use each other in a cycle.
    ///
    /// What both need goes into a third file that both use.
    ///
    /// The first line makes this file, `main.m1`, use itself. Through several files it is the same: each would need the
    /// other to be read first.
    ///
    /// ```m1 fails
    /// use "main.m1" as again
    ///
    /// cluster speedy {
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
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `cyclic-include` and `too-many-files`.
    CYCLIC_USE = "cyclic-use";

    /// Files use files more than 64 deep, or more than 1000 of them.
    ///
    /// So many files are usually generated. Merge them, or build parts of them in runs of their own.
    ///
    /// See also `cyclic-use`.
    TOO_MANY_FILES = "too-many-files";

    /// A `use` statement is not well formed.
    ///
    /// `use NAME`, `use "path.m1"` or `use "path.m1" as NAME`, where the name has no dots.
    ///
    /// A `use` gives one file one name, under which its definitions are reached: `house.small`. Each file has a `use`
    /// of its own.
    ///
    /// ```m1 fails
    /// use profiles house
    ///
    /// cluster speedy {
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
    /// use profiles
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-module` and `unreadable-file`.
    INVALID_USE = "invalid-use";
}

pub(super) fn unreadable(at: Span, path: &str, error: &ReadError) -> Diagnostic {
    let reason = match error {
        ReadError::NotFound => "it does not exist".to_owned(),
        ReadError::Unreadable(reason) => reason.clone(),
        ReadError::NotUtf8 { .. } => "it is not UTF-8".to_owned(),
    };
    Diagnostic::error(
        &UNREADABLE_FILE,
        at,
        format!("`{path}` cannot be read: {reason}"),
    )
    .help("check the path; that of `use` is relative to the file it is in")
}

pub(super) fn not_utf8(at: Span) -> Diagnostic {
    Diagnostic::error(&NOT_UTF8, at, "this file is not UTF-8")
        .label("the first bytes that are not")
        .help("save it as UTF-8")
}

pub(super) fn unknown_module(at: Span, name: &str) -> Diagnostic {
    if name.strip_suffix(".m1").is_some() {
        return Diagnostic::error(
            &UNKNOWN_MODULE,
            at,
            format!("`{name}` is a file, and its path is quoted"),
        )
        .label("not a module of the standard library")
        .help(format!("write `use \"{name}\"`"))
        .fix(Applicability::Safe, at, format!("\"{name}\""));
    }
    let modules: Vec<&str> = library::FILES.iter().map(|file| file.module).collect();
    let diagnostic = Diagnostic::error(
        &UNKNOWN_MODULE,
        at,
        format!("the standard library has no module `{name}`"),
    );
    suggest::among(diagnostic, name, &modules)
}

pub(super) fn cyclic_use(at: Span, path: &str, cycle: &[(&str, Span)]) -> Diagnostic {
    let mut files: Vec<&str> = cycle.iter().map(|(path, _)| *path).collect();
    files.push(path);
    let mut diagnostic = Diagnostic::error(
        &CYCLIC_USE,
        at,
        format!("files use each other in a cycle: {}", files.join(" → ")),
    )
    .label(format!("uses `{path}` again"))
    .help("move what both need into a third file that both use");
    for (path, used) in cycle.iter().skip(1) {
        diagnostic = diagnostic.related(*used, format!("`{path}` is used here"));
    }
    diagnostic
}

pub(super) fn too_many_files(at: Span) -> Diagnostic {
    Diagnostic::error(
        &TOO_MANY_FILES,
        at,
        format!(
            "files use files more than {} deep, or there are more than {}",
            super::MAXIMUM_DEPTH,
            super::MAXIMUM_FILES
        ),
    )
    .label("one file too many")
    .help("merge some of them")
}

pub(super) fn duplicate_module(at: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(&INVALID_USE, at, format!("two modules are called `{name}`"))
        .label("the second")
        .related(first, "the first")
        .help(format!(
            "rename one: `use \"path.m1\" as {name}2`, or remove it if it is the same"
        ))
}

pub(super) fn use_without_module(at: Span) -> Diagnostic {
    Diagnostic::error(&INVALID_USE, at, "`use` names no module")
        .label("expected a name or a path")
        .help("write `use profiles` for the standard library, `use \"./house.m1\"` for a file")
}

pub(super) fn use_of_no_module(at: Span) -> Diagnostic {
    Diagnostic::error(&INVALID_USE, at, "this is not a module")
        .label("expected a name or a path in quotes")
        .help("write `use profiles` for the standard library, `use \"./house.m1\"` for a file")
}

pub(super) fn bad_module_name(name: &Scalar) -> Diagnostic {
    let possible = match &name.kind {
        ScalarKind::Name(name) => name.replace('.', "-"),
        ScalarKind::Text(_)
        | ScalarKind::Number(_)
        | ScalarKind::Literal(_)
        | ScalarKind::Reference(_)
        | ScalarKind::Missing => "house".to_owned(),
    };
    Diagnostic::error(
        &INVALID_USE,
        name.span,
        "the name of a module is a bare name without dots",
    )
    .label("not such a name")
    .help(format!("write `{possible}`"))
    .fix(Applicability::Suggested, name.span, possible)
}

pub(super) fn unexpected_label(at: Span) -> Diagnostic {
    Diagnostic::error(&INVALID_USE, at, "unexpected word after the module")
        .label("only `as NAME` may follow")
        .help("write `use \"path.m1\" as NAME`; a second module has a `use` of its own")
}

pub(super) fn stem_is_no_name(at: Span, path: &str) -> Diagnostic {
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.strip_suffix(".m1").unwrap_or(stem);
    let letters = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = "m".chars().chain(stem.chars().map(letters)).collect();
    Diagnostic::error(
        &INVALID_USE,
        at,
        "the file's name cannot be the module's name",
    )
    .label("not letters, digits, `_` and `-` that begin with a letter")
    .help(format!("write `use \"{path}\" as {name}`, or another name"))
}
