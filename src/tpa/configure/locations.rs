//! Which location TPA puts machines in. It writes names of locations into YAML without quotes, and a name that reads
//! as a number is taken for a place in the list of locations.

use super::documents::{Reading, reading};
use super::layout::Layout;
use super::refusal::{Refusal, refused};
use crate::topology::FailoverManager;

/// For each location, the one that its machines are in. Almost always that is itself.
pub(super) fn destinations(layout: &Layout) -> Result<Vec<usize>, Refusal> {
    let count = layout.locations.len();
    let mut destinations = Vec::new();
    for (place, name) in layout.locations.iter().enumerate() {
        match reading(name) {
            Reading::Text => destinations.push(place),
            Reading::Number(number) => match usize::try_from(number) {
                Ok(index) if index < count => destinations.push(index),
                Ok(_) | Err(_) => return Err(unreadable(name)),
            },
            Reading::Other => return Err(unreadable(name)),
        }
    }
    if destinations
        .iter()
        .enumerate()
        .all(|(place, destination)| place == *destination)
    {
        return Ok(destinations);
    }
    let unique = (0..count).all(|place| destinations.contains(&place));
    let moved: Vec<usize> = layout
        .active
        .iter()
        .filter_map(|place| destinations.get(*place).copied())
        .collect();
    // The source gives machines their order by that of the locations.
    let ordered = moved.iter().skip(1).is_sorted();
    let named_elsewhere = layout.pem || layout.manager == FailoverManager::Patroni;
    if unique && ordered && !named_elsewhere {
        Ok(destinations)
    } else {
        let names: Vec<&str> = layout.locations.iter().map(String::as_str).collect();
        Err(refused(
            format!(
                "TPA mixes up locations that are called {}",
                names.join(", ")
            ),
            "give them names that are not numbers and not `yes`, `no`, `on`, `off`, `true` or `false`",
        ))
    }
}

fn unreadable(name: &str) -> Refusal {
    refused(
        format!("`{name}` cannot be the name of a location: TPA would read something else"),
        "use a name that begins with a letter and has letters, digits, `-`, `_` and `.` alone",
    )
}
