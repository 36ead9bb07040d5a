//! `m1c import --profile`: what all clusters share becomes a profile.

use super::Output;
use crate::cli::terminal::Terminal;
use crate::import::share::{self, Kept};

/// The name of a profile, and of the file that it is in.
pub(super) fn name(text: &str) -> Result<String, String> {
    let is_name = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|other| other.is_ascii_alphanumeric() || "_-".contains(other));
    if is_name {
        Ok(text.to_owned())
    } else {
        Err("a name has letters, digits, `_` and `-`, and begins with a letter".to_owned())
    }
}

/// Moves what the sources share into a profile, and gives the text of its file. A source that would build something else
/// with it stays as it is, and so does one that does not say all of its config.yml.
pub(super) fn share(terminal: Terminal, name: &str, outputs: &mut [Output]) -> Option<String> {
    let (whole, _): (Vec<&mut Output>, Vec<&mut Output>) = outputs
        .iter_mut()
        .partition(|output| output.config.is_some());
    let kept: Vec<Kept<'_>> = whole
        .iter()
        .filter_map(|output| {
            Some(Kept {
                cluster: &output.cluster,
                source: &output.source,
                lock: output.lock.as_deref(),
                config: output.config.as_deref()?,
            })
        })
        .collect();
    let Some(shared) = share::share(name, &kept) else {
        terminal.say("note: the clusters share nothing that could be a profile\n");
        return None;
    };
    for (output, source) in whole.into_iter().zip(shared.sources) {
        match source {
            Some(source) => output.source = source,
            None => terminal.say(&format!(
                "note: `{}` would be another cluster with the profile `{name}`, and does without it\n",
                output.cluster
            )),
        }
    }
    Some(shared.profile)
}
