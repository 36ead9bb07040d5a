//! URIs of files and their paths.

use std::path::{Component, Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

const SCHEME: &str = "file://";

/// What may not be in a path as it is.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The path of a file. A document that is not a file is known by its URI.
pub(super) fn path(uri: &Uri) -> String {
    let file = uri.0.strip_prefix(SCHEME).and_then(|rest| {
        // A host may be before the path; `localhost` and none are this one.
        let rest = rest.strip_prefix("localhost").unwrap_or(rest);
        let decoded = percent_decode_str(rest).decode_utf8().ok()?;
        let path = match decoded.strip_prefix('/') {
            Some(drive) if has_drive(drive) => drive,
            Some(_) | None => &decoded,
        };
        Some(plain(Path::new(path)))
    });
    file.unwrap_or_else(|| uri.0.clone())
}

/// The URI of a path.
pub(super) fn of(path: &str) -> Uri {
    if path.contains("://") {
        return Uri(path.to_owned());
    }
    let path = if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    Uri(format!(
        "{SCHEME}{slash}{}",
        utf8_percent_encode(&path, RESERVED)
    ))
}

/// Whether a path begins with a drive of Windows: `c:/`.
fn has_drive(path: &str) -> bool {
    let mut characters = path.chars();
    cfg!(windows)
        && characters
            .next()
            .is_some_and(|drive| drive.is_ascii_alphabetic())
        && characters.next() == Some(':')
}

/// A path as the compiler joins it: without `.` and doubled slashes.
fn plain(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().to_string_lossy().into_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::{of, path};

    #[test]
    fn a_path_goes_there_and_back() {
        for known in ["/srv/m1/speedy.m1", "/srv/mit Leerzeichen/ä#1%.m1"] {
            assert_eq!(path(&of(known)), known);
        }
    }

    #[test]
    fn editors_encode_more_than_is_needed() {
        assert_eq!(path(&"file:///srv/%61%2Bb.m1".into()), "/srv/a+b.m1");
        assert_eq!(path(&"file://localhost/srv//a.m1".into()), "/srv/a.m1");
    }

    #[test]
    fn what_is_no_file_is_known_by_its_uri() {
        assert_eq!(path(&"untitled:Untitled-1".into()), "untitled:Untitled-1");
    }
}
