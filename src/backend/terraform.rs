//! Terraform: the machines of a cluster, as `tpaexec provision` makes them, but better defended.
//!
//! Each platform reads the same data as config.yml is written from, and what it cannot honour it says. So `limits` and
//! `files` are one reading: nothing is dropped that was not refused before.
//!
//! The texts that are the same for every cluster stand as files in the folder of their platform.

mod aws;
mod bare;
mod docker;
pub(super) mod errors;
mod keys;
mod machine;
mod moved;
mod tags;

use super::OutputFile;
use super::hcl::Body;
use crate::diagnostic::Diagnostics;
use crate::topology::platform::Kind;
use crate::topology::{Cluster, Topology};
use crate::tpa::config::{Config, config};
use crate::value::Map;

/// What Terraform leaves in its folder and no repository is to have.
const GITIGNORE: &str = include_str!("terraform/gitignore");

/// Adds what Terraform cannot honour.
pub(super) fn limits(topology: &Topology, diagnostics: &mut Diagnostics) {
    for cluster in &topology.clusters {
        read(cluster, diagnostics);
    }
}

/// The files of a cluster.
pub(super) fn files(cluster: &Cluster) -> Vec<OutputFile> {
    let mut files = read(cluster, &mut Diagnostics::default());
    files.push((".gitignore", GITIGNORE.to_owned()));
    files
        .into_iter()
        .map(|(path, contents)| OutputFile {
            path: format!("{}/terraform/{path}", cluster.name.value),
            contents,
        })
        .collect()
}

/// The files of a cluster by their paths in its folder, and what they cannot say.
fn read(cluster: &Cluster, diagnostics: &mut Diagnostics) -> Vec<(&'static str, String)> {
    let config = config(cluster);
    let source = Source {
        settings: config.settings(),
        config,
        cluster,
    };
    match &cluster.platform.kind {
        Kind::Aws(_) => aws::files(&source, diagnostics),
        Kind::Docker(_) => docker::files(&source, diagnostics),
        Kind::Bare(_) => bare::files(&source, diagnostics),
    }
}

/// The files that are the same for every cluster of a platform, and the cluster as data.
fn with_data(constant: &[(&'static str, &str)], locals: Body) -> Vec<(&'static str, String)> {
    let mut body = Body::default();
    body.comment("What the cluster consists of. Everything else in this folder follows from it.");
    body.block("locals", locals);
    let mut files: Vec<(&'static str, String)> = constant
        .iter()
        .map(|(path, text)| (*path, (*text).to_owned()))
        .collect();
    files.push(("cluster.tf", body.text()));
    files
}

/// What a cluster's config.yml says, and the cluster itself.
struct Source<'c> {
    cluster: &'c Cluster,
    config: Config,
    /// Its top-level keys.
    settings: Map,
}
