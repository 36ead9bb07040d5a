//! An outcome in a line.

use super::{Clients, Outcome, Primaries, Writes};

/// What happens to writes: `paris-db2 takes over after 50 to 97 s`.
pub fn title(outcome: &Outcome) -> String {
    let text = match &outcome.writes {
        Writes::GoesOn(name) if !outcome.promoted.is_empty() => {
            format!("{name} goes on, {} too", outcome.promoted.join(" or "))
        }
        Writes::GoesOn(name) => format!("{name} goes on"),
        Writes::TakesOver(names) => format!("{} takes over", names.join(" or ")),
        Writes::Uncertain(names) => format!("perhaps {}", names.join(" or ")),
        Writes::Waits(name) => format!("commits on {name} wait"),
        Writes::Nobody => "nobody".to_owned(),
    };
    let text = match outcome.after {
        Some((_, most)) if matches!(outcome.writes, Writes::GoesOn(_)) => {
            format!("{text}, commits wait up to {most} s")
        }
        Some((least, most)) => format!("{text} after {least} to {most} s"),
        None => text,
    };
    match (&outcome.clients, &outcome.writes) {
        (Clients::Lost(_), Writes::GoesOn(_) | Writes::TakesOver(_)) => {
            format!("{text}, without clients")
        }
        (Clients::Lost(_) | Clients::Arrive, _) => text,
    }
}

impl Primaries {
    /// For tables and programs.
    pub fn name(self) -> String {
        match self {
            Primaries::One => "no".to_owned(),
            Primaries::SecondOnReturn => "when it boots".to_owned(),
            Primaries::Two(Some(seconds)) => format!("for {seconds} s"),
            Primaries::Two(None) => "yes".to_owned(),
        }
    }
}
