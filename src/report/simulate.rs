//! What happens when something fails, as text: for people, for tools, for programs, for a comment on a pull request.

mod human;
mod json;
mod markdown;
mod short;

use super::diff::{Format, Look};
use crate::simulate::{Changed, Comparison, Outcome, Simulation, title};

/// What there is to say about a run.
#[derive(Debug)]
pub struct Run {
    pub shown: Shown,
    /// Why something could not be played.
    pub failures: Vec<String>,
}

/// How much a person asks for.
#[derive(Debug)]
pub enum Shown {
    /// Every failure in a line.
    Table(Vec<Simulation>),
    /// One failure, with all that is known of it.
    Details(Vec<Simulation>),
    /// What is different since this revision.
    Since(String, Vec<Comparison>),
}

/// What is different about an outcome, before and now: what happens to writes, and what else differs.
fn sides(changed: &Changed) -> [String; 2] {
    let (before, now) = (&changed.before, &changed.now);
    let parts = |own: &Outcome, other: &Outcome| {
        let mut parts = vec![title(own)];
        for (name, own, other) in [
            (
                "two primaries",
                own.primaries.name(),
                other.primaries.name(),
            ),
            (
                "commits",
                own.data.name().to_owned(),
                other.data.name().to_owned(),
            ),
            (
                "backups",
                own.backups.name().to_owned(),
                other.backups.name().to_owned(),
            ),
        ] {
            if own != other {
                parts.push(format!("{name}: {own}"));
            }
        }
        parts.join("; ")
    };
    [parts(before, now), parts(now, before)]
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
