//! The wording of a requirement that does not hold.

use super::Broken;
use super::breach::Breach;
use crate::diagnostic::{Diagnostic, codes};
use crate::simulate::Outcome;
use crate::source::Span;
use crate::topology::Requirement;

codes! {
    /// A cluster does not hold what a `require` says: some failure breaks it.
    ///
    /// m1c plays the failures as `m1c simulate` does, and names the first that breaks the requirement. What is not certain
    /// does not hold. Where one change of the source would make it hold, the help has it: it has been tried.
    ///
    /// A requirement is written so that a later edit does not take away what the cluster was built for. Whoever
    /// gives it up removes it, and that is seen in review.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   require survives-location { automatically = true }
    ///
    ///   location paris { data 2 }
    ///   location london { data 1 }
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
    ///   require survives-location { automatically = true }
    ///
    ///   location paris { data 2 }
    ///   location london { data 1 }
    ///   location zurich { witness }
    /// }
    /// ```
    ///
    /// See also `wrong-requirement`.
    BROKEN_REQUIREMENT = "broken-requirement";
}

/// That a requirement does not hold of a cluster. `remedy` is a change that would make it hold.
pub fn broken(
    at: Span,
    cluster: &str,
    file: &str,
    requirement: &Requirement,
    broken: &Broken,
    remedy: Option<&str>,
) -> Diagnostic {
    let what = requirement.what;
    let because = because(requirement, broken);
    let mut diagnostic = Diagnostic::error(
        &BROKEN_REQUIREMENT,
        at,
        format!("`{cluster}` does not hold `{what}`: {because}"),
    )
    .label("required here");
    if let Some(consequence) = consequence(broken) {
        diagnostic.consequence = Some(consequence.into());
    }
    let look = broken
        .outcome
        .as_ref()
        .map(|outcome| format!("`m1c simulate {file} --failure {}` says more", outcome.name));
    let help: Vec<&str> = remedy.into_iter().chain(look.as_deref()).collect();
    if help.is_empty() {
        diagnostic
    } else {
        diagnostic.help(help.join("; "))
    }
}

fn because(requirement: &Requirement, broken: &Broken) -> String {
    let when = broken
        .outcome
        .as_ref()
        .map(|outcome| format!("when {}, ", outcome.title))
        .unwrap_or_default();
    let what = match &broken.breach {
        Breach::ByHand => "nobody takes writes until a person promotes a standby".to_owned(),
        Breach::Uncertain => "it is not certain that somebody takes writes".to_owned(),
        Breach::Waits => "commits wait for a synchronous standby that is not there".to_owned(),
        Breach::NothingLeft => "no data node is left".to_owned(),
        Breach::Clients(_) => "clients do not come to the primary".to_owned(),
        Breach::Commits => "commits may be lost".to_owned(),
        Breach::Late(most) => {
            let limit = requirement.within.as_ref().map_or(0, |within| within.value);
            format!("writes may be away for {most} s, and {limit} s are the most")
        }
        Breach::TwoPrimaries(None) => "two machines take writes".to_owned(),
        Breach::TwoPrimaries(Some(seconds)) => {
            format!("two machines take writes for about {seconds} s")
        }
        Breach::Returns => "it takes writes beside the new primary as soon as it boots".to_owned(),
        Breach::NoBackup(primary) => format!("`{primary}` has no backup"),
        Breach::BackupBeside { barman, location } => {
            format!("`{barman}` is in `{location}`, where the primary is")
        }
        Breach::Unplayed(why) => format!("{why}, so that nothing is known of it"),
        Breach::TooMany { count, most } => {
            format!("{count} failures would have to be played, and {most} are the most")
        }
    };
    format!("{when}{what}")
}

/// What happens then, in the words of the simulation.
fn consequence(broken: &Broken) -> Option<String> {
    let outcome = broken.outcome.as_ref()?;
    let about: &[&str] = match broken.breach {
        Breach::ByHand => &["primary", "votes"],
        Breach::Uncertain => &["not certain"],
        Breach::Waits | Breach::Commits => &["commits"],
        Breach::Late(_) => &["time", "pause"],
        Breach::TwoPrimaries(_) | Breach::Returns => &["two primaries"],
        Breach::Clients(_)
        | Breach::NothingLeft
        | Breach::NoBackup(_)
        | Breach::BackupBeside { .. }
        | Breach::Unplayed(_)
        | Breach::TooMany { .. } => &[],
    };
    let mut says: Vec<String> = about
        .iter()
        .flat_map(|about| said(outcome, about))
        .collect();
    if let Breach::Clients(how) = &broken.breach {
        says.push(how.clone());
    }
    match broken.others {
        0 => {}
        1 => says.push("one other failure breaks it too".to_owned()),
        others => says.push(format!("{others} other failures break it too")),
    }
    (!says.is_empty()).then(|| says.join("; "))
}

fn said(outcome: &Outcome, about: &str) -> Vec<String> {
    let claims = outcome.claims.iter();
    let claims = claims.filter(|claim| claim.about == about);
    claims.map(|claim| claim.says.clone()).collect()
}
