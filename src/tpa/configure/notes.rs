//! What is accepted and comes to nothing, so that its author knows.

use super::options::CommandOption;
use super::request::Request;
use crate::facts::tables::Platform;
use crate::topology::FailoverManager;

pub(super) fn notes(request: &Request, given: &[&'static CommandOption]) -> Vec<String> {
    let platform = request.platform;
    let values = &request.values;
    let mut notes = Vec::new();
    for option in given {
        let name = option.name();
        let needs = match option.sets {
            "num_cascaded_replicas" => Some("TPA does not use it"),
            "patroni_package_flavour" if request.layout.manager != FailoverManager::Patroni => {
                Some("it belongs to Patroni")
            }
            "efm_version" if request.layout.manager != FailoverManager::Efm => {
                Some("it belongs to EFM")
            }
            "hostnames_pattern" if values.text("hostnames_from").is_none() => {
                Some("it belongs to `--hostnames-from`")
            }
            "shared_ccache" if request.builds.is_empty() => {
                Some("it belongs to `--install-from-source`")
            }
            "enable_local_repo" if platform != Platform::Docker => {
                Some("it is about files of TPA, not about the cluster")
            }
            _ => None,
        };
        if let Some(needs) = needs {
            notes.push(format!("`{name}` has no effect: {needs}"));
        } else if !option.affects.contains(&platform) {
            notes.push(format!("`{name}` has no effect on {platform}"));
        }
    }
    if request.regions.len() > 1 {
        notes.push(
            "the VPCs of all regions get the same network, as TPA does it; to connect them by peering, remove `cidr` from `network`: each region then has one of its own"
                .to_owned(),
        );
    }
    notes
}
