//! What the server asks of the world around it.

use crate::lint::Choice;
use crate::load::Files;

/// The disk, the clock and the processes of the machine.
pub trait World: Files {
    /// By which rules a file is judged, given its path; or what is wrong with the settings that say so.
    fn choice(&self, path: &str) -> Result<Choice, String>;

    /// Whether a source has a lock, given its path.
    fn has_lock(&self, path: &str) -> bool;

    /// The day, as `2026-11-24`.
    fn today(&self) -> String;

    /// Whether a process runs.
    fn is_alive(&self, process: u32) -> bool;

    /// The sources in a folder, sorted, as far as it can be searched quickly.
    fn sources(&self, folder: &str) -> Vec<String>;
}
