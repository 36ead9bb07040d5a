//! Files are written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

/// Writes a text beside the file that it is to replace.
pub(super) fn stage(path: &Path, text: &str) -> io::Result<TempPath> {
    stage_for(&target(path), text)
}

fn stage_for(target: &Path, text: &str) -> io::Result<TempPath> {
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    let replaced = fs::metadata(target).ok();
    match &replaced {
        // Renaming would get past what writing into it would not.
        Some(metadata) if metadata.permissions().readonly() => {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Some(_) => {}
        None => fs::create_dir_all(folder)?,
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".m1c-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file has; the user's mask applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.as_file_mut().write_all(text.as_bytes())?;
    if let Some(metadata) = replaced {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    // Closed now, because there may be more files than a program may hold open.
    Ok(file.into_temp_path())
}

/// The file itself where a link is in its place, so that the link stays.
pub(super) fn target(path: &Path) -> PathBuf {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    let target = is_link.then(|| fs::canonicalize(path));
    target
        .and_then(Result::ok)
        .unwrap_or_else(|| path.to_owned())
}

/// Writes files whole, all of them or none.
pub(super) fn write_all(files: &[(&PathBuf, &str)]) -> io::Result<()> {
    let staged: io::Result<Vec<(TempPath, PathBuf)>> = files
        .iter()
        .map(|(path, text)| {
            let target = target(path);
            Ok((stage_for(&target, text)?, target))
        })
        .collect();
    for (staged, target) in staged? {
        staged.persist(target).map_err(|error| error.error)?;
    }
    Ok(())
}

/// Writes a file at once.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let target = target(path);
    let staged = stage_for(&target, text)?;
    staged.persist(target).map_err(|error| error.error)
}
