//! Where `tpaexec configure` puts a cluster.

/// Where the cluster goes.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) cluster: String,
    /// Without slashes at its end.
    pub(super) directory: String,
}
