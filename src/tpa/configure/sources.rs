//! What is built from source.

use super::refusal::{Refusal, refused};
use super::values::Values;
use crate::suggest;
use crate::tpa::builds;

/// Something that is built from source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Build {
    pub(super) name: String,
    /// A branch, tag or commit.
    pub(super) reference: Option<String>,
}

/// The names of everything that TPA can build.
pub(super) fn known() -> Vec<&'static str> {
    builds::names().collect()
}

pub(super) fn unknown(option: &str, name: &str) -> Refusal {
    let known = known();
    let nearest = suggest::nearest(name, &known);
    let nearest = nearest
        .map(|nearest| format!("did you mean `{nearest}`? "))
        .unwrap_or_default();
    refused(
        format!("`{option}` cannot build `{name}`: TPA does not know its source"),
        format!("{nearest}what TPA can build: {}", known.join(", ")),
    )
}

pub(super) fn builds(values: &Values) -> Result<Vec<Build>, Refusal> {
    const OPTION: &str = "--install-from-source";
    let known = known();
    let mut builds: Vec<Build> = Vec::new();
    for word in values.list("install_from_source").unwrap_or_default() {
        let (name, reference) = match word.split_once(':') {
            Some((name, reference)) => (name, Some(reference)),
            None => (word.as_str(), None),
        };
        let name = name.to_lowercase();
        if !known.contains(&name.as_str()) {
            return Err(unknown(OPTION, &name));
        }
        builds.push(Build {
            name,
            reference: reference
                .filter(|reference| !reference.is_empty())
                .map(str::to_owned),
        });
    }
    let position = |name: &str| builds.iter().position(|build| build.name == name);
    if position("postgres").is_some() && position("2ndqpostgres").is_some() {
        return Err(refused(
            "`postgres` and `2ndqpostgres` cannot both be built: a machine has one Postgres",
            format!("leave one of them out of `{OPTION}`"),
        ));
    }
    if let Some(bdr) = position("bdr3")
        && position("pglogical3").is_none_or(|pglogical| pglogical > bdr)
    {
        return Err(refused(
            "`bdr3` is built on `pglogical3`, which must come before it",
            format!("write `{OPTION} pglogical3 bdr3`"),
        ));
    }
    Ok(builds)
}
