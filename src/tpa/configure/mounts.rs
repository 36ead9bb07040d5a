//! What TPA mounts into every container: local sources, the local repository, a cache for compilers.

use super::refusal::{Refusal, refused};
use super::sources::{self, Build};
use super::surroundings::{Surroundings, absolute};
use super::target::Target;
use super::values::Values;
use crate::facts::tables::Platform;

const CACHE_IN_CONTAINER: &str = "/root/.ccache:rw";

/// Volumes as `docker run -v` takes them.
pub(super) type Mounts = Vec<String>;

pub(super) fn mounts(
    target: &Target,
    platform: Platform,
    values: &Values,
    builds: &[Build],
    surroundings: &dyn Surroundings,
) -> Result<Mounts, Refusal> {
    if platform != Platform::Docker {
        return Ok(Vec::new());
    }
    let mut mounts = Vec::new();
    for directory in values.list("local_source_directories").unwrap_or_default() {
        mounts.push(local_sources(directory, builds, surroundings)?);
    }
    if values.is_on("enable_local_repo") || values.is_on("use_local_repo_only") {
        let cluster = absolute(&target.directory, surroundings);
        mounts.push(format!("{cluster}/local-repo:/var/opt/tpa/local-repo:ro"));
    }
    if !builds.is_empty() {
        mounts.push(if let Some(directory) = values.text("shared_ccache") {
            shared_cache(directory, surroundings)?
        } else {
            let (cluster, time) = (&target.cluster, surroundings.time());
            format!("ccache-{cluster}-{time}:{CACHE_IN_CONTAINER}")
        });
    }
    Ok(mounts)
}

/// `NAME:/path` or `NAME:/path:/path/in/container`.
fn local_sources(
    value: &str,
    builds: &[Build],
    surroundings: &dyn Surroundings,
) -> Result<String, Refusal> {
    const OPTION: &str = "--local-source-directories";
    let mut parts = value.split(':');
    let (Some(name), Some(directory)) = (parts.next(), parts.next()) else {
        return Err(refused(
            format!("`{OPTION} {value}` names no folder"),
            "write what is built and where its sources are, for example `postgres:/home/me/postgresql`",
        ));
    };
    let lower = name.to_lowercase();
    if !sources::known().contains(&lower.as_str()) {
        return Err(sources::unknown(OPTION, name));
    }
    if name != lower {
        return Err(refused(
            format!("`{name}` in `{OPTION}` is not in lower case"),
            format!("write `{lower}`"),
        ));
    }
    let referenced = builds
        .iter()
        .find(|build| build.name == name && build.reference.is_some());
    if let Some(reference) = referenced.and_then(|build| build.reference.as_ref()) {
        return Err(refused(
            format!(
                "`{name}` is built from a local folder, which `{name}:{reference}` contradicts"
            ),
            format!(
                "write `{name}` alone in `--install-from-source`, and check `{reference}` out in the folder"
            ),
        ));
    }
    let host = absolute(directory, surroundings);
    if !surroundings.is_directory(&host) {
        return Err(refused(
            format!("`{directory}` is not a folder"),
            format!("`{OPTION}` takes folders that exist: clone the sources of `{name}` first"),
        ));
    }
    let container = match parts.next_back() {
        // TPA takes the last part, though it says that flags may follow.
        Some(container) => container.to_owned(),
        None => format!("/opt/postgres/src/{}", folder_in_container(name)),
    };
    Ok(format!("{host}:{container}:ro"))
}

fn folder_in_container(name: &str) -> &str {
    match name {
        "pglogical3" => "pglogical",
        "bdr3" | "bdr4" | "bdr5" => "bdr",
        name => name,
    }
}

fn shared_cache(directory: &str, surroundings: &dyn Surroundings) -> Result<String, Refusal> {
    let host = absolute(directory, surroundings);
    let parent = match host.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((parent, _)) => parent,
    };
    let possible = surroundings.is_directory(&host)
        || (!surroundings.exists(&host) && surroundings.is_directory(parent));
    if !possible {
        return Err(refused(
            format!("`--shared-ccache {directory}` is not a folder and cannot become one"),
            "name a folder that exists, or one in such a folder",
        ));
    }
    Ok(format!("{host}:{CACHE_IN_CONTAINER}"))
}
