//! What git makes of two branches that each have built other machines.

use std::fs;
use std::path::Path;
use std::process::Command;

use m1c::lock::Lock;

use super::history::{History, read};

/// Whether git is here.
pub(super) fn has_git() -> bool {
    Command::new("git").arg("--version").output().is_ok()
}

/// What git says of one file.
pub(super) struct Merged {
    pub(super) text: String,
    pub(super) is_clean: bool,
}

/// Git's own merge of a file that two branches have changed.
pub(super) fn merge(folder: &Path, ours: &str, base: &str, theirs: &str) -> Merged {
    let files = [("ours", ours), ("base", base), ("theirs", theirs)];
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    let output = Command::new("git")
        .args(["merge-file", "--stdout", "ours", "base", "theirs"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    Merged {
        text,
        is_clean: output.status.success(),
    }
}

impl Merged {
    /// With the lines of both sides where there is a conflict, as the message about it says.
    pub(super) fn with_both_sides(&self) -> String {
        let is_marker = |line: &&str| {
            let markers = ["<<<<<<<", "=======", ">>>>>>>"];
            !markers.iter().any(|marker| line.starts_with(marker))
        };
        let lines: Vec<&str> = self.text.lines().filter(is_marker).collect();
        lines.join("\n")
    }
}

/// Checks a text that came of two locks: either it is a lock that has lost and changed nothing, or it is said what is
/// wrong. Gives the lock.
pub(super) fn sound(merged: &str, branches: &[&History]) -> Result<Option<Lock>, String> {
    let lock = match read(merged) {
        Ok(lock) => lock,
        Err(codes) if codes.is_empty() => return Err("nothing is said".to_owned()),
        Err(_) => return Ok(None),
    };
    for branch in branches {
        branch.is_in(&lock)?;
    }
    Ok(Some(lock))
}
