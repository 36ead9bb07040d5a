//! The wording of what Terraform cannot do with a source.

use crate::diagnostic::{Diagnostic, Level, codes};
use crate::source::Span;

codes! {
    /// A source says something about machines that the Terraform of this platform does not do.
    ///
    /// Nothing that is said about machines is dropped in silence. Remove the setting, say it in another way, or build the
    /// other targets alone. What only concerns the deployment, such as `vars`, does not concern Terraform and passes.
    TERRAFORM_SETTING = "terraform-setting";

    /// A value is none that Terraform, or the platform that it speaks to, takes.
    TERRAFORM_VALUE = "terraform-value";

    /// A secret would be in Terraform's files and in its state, where everybody reads it who may read the machines.
    ///
    /// Generate passwords with `generate_password`, or keep them in Ansible's vault.
    TERRAFORM_SECRET = "terraform-secret";

    /// Machines whose addresses are not written may be given the one that is written for another machine.
    ///
    /// They are made at the same time, and aws gives them any free address of the subnet. Where the wanted one is taken,
    /// `terraform apply` fails. Write an address for every machine of the location, or for none.
    TERRAFORM_ADDRESS = "terraform-address";
}

pub(super) fn setting(at: Span, key: &str, help: &str) -> Diagnostic {
    Diagnostic::error(
        &TERRAFORM_SETTING,
        at,
        format!("Terraform cannot honour `{key}`"),
    )
    .label("not for `--target terraform`")
    .help(help)
}

pub(super) fn value(at: Span, key: &str, expected: &str) -> Diagnostic {
    Diagnostic::error(
        &TERRAFORM_VALUE,
        at,
        format!("`{key}` is not what Terraform takes"),
    )
    .label(format!("expected {expected}"))
}

pub(super) fn secret(at: Span, key: &str) -> Diagnostic {
    Diagnostic::error(
        &TERRAFORM_SECRET,
        at,
        format!("`{key}` would be in Terraform's state in plain text"),
    )
    .label("a secret")
    .help("keep it in Ansible's vault, and remove it here")
}

pub(super) fn same_host(at: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(
        &TERRAFORM_VALUE,
        at,
        format!("two machines are called `{name}`"),
    )
    .label("the second")
    .related(first, "the first")
    .help("names are compared in lower case, with `-` for `_`")
}

pub(super) fn may_lose_address(at: Span, location: &str) -> Diagnostic {
    Diagnostic {
        level: Level::Warning,
        ..Diagnostic::error(
            &TERRAFORM_ADDRESS,
            at,
            format!("another machine of `{location}` may be given this address"),
        )
    }
    .label("not all of them have one")
    .help("write `private` for every machine of the location, or for none")
}
