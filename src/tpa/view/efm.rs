//! EFM as TPA installs it on a machine.

use super::{Instance, Subject, settings};
use crate::facts::efm::{INSTALLED, Version};

/// The version of EFM on a machine, where it is certain.
pub fn version(subject: &Subject, instance: &Instance) -> Option<Version> {
    if let Some(written) = subject.variable_of(instance, "efm_version") {
        let spelling = written.spelling()?;
        let (major, minor) = spelling.split_once('.').unwrap_or((&spelling, "0"));
        let minor = minor.split('.').next().unwrap_or(minor);
        return Some((major.parse().ok()?, minor.parse().ok()?));
    }
    // On bare machines nobody says which system runs, and an own image may be any.
    let image = settings::image(subject, instance)?;
    let [usual, of_noble] = INSTALLED;
    let is_noble = settings::image_names(&image, &["24.04", "noble"]);
    Some(if is_noble { of_noble } else { usual })
}
