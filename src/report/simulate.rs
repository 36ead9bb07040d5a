//! What happens when something fails, as text: for people, for tools, for programs, for a comment on a pull request.

mod human;
mod json;
mod markdown;
mod short;

use super::diff::{Format, Look};
use crate::simulate::Simulation;

/// What there is to say about a run.
#[derive(Debug, Default)]
pub struct Run {
    pub simulations: Vec<Simulation>,
    /// Whether a person asks for one failure, with all that is known of it.
    pub is_detailed: bool,
    /// Why something could not be played.
    pub failures: Vec<String>,
}

/// Draws a run.
pub fn render(look: Look, run: &Run) -> String {
    match look.format {
        Format::Human => human::run(look, run),
        Format::Short => short::run(run),
        Format::Json => json::run(run),
        Format::Markdown => markdown::run(run),
    }
}
