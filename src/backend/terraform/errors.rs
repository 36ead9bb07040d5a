//! The wording of what Terraform cannot do with a source.

use crate::diagnostic::{Diagnostic, Level, codes};
use crate::source::Span;

codes! {
    /// A source says something about machines that the Terraform of this platform does not do.
    ///
    /// Nothing that is said about machines is dropped in silence. Remove the setting, say it in another way, or build the
    /// other targets alone. What only concerns the deployment, such as `vars`, does not concern Terraform and passes.
    ///
    /// TPA makes a bucket with a name that it draws, and Terraform must have one that is the same in every run.
    ///
    /// ```m1 fails for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { bucket = auto }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws { bucket = "speedy-backups" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `terraform-value` and `terraform-secret`.
    TERRAFORM_SETTING = "terraform-setting";

    /// A value is none that Terraform, or the platform that it speaks to, takes.
    ///
    /// Terraform or the cloud refuses it, often in the middle of `terraform apply`, when a part of the machines is
    /// there.
    ///
    /// ```m1 fails for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { "aws:owner" = dba; Owner = dba }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Team = dba; Owner = dba }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `terraform-setting` and `terraform-address`.
    TERRAFORM_VALUE = "terraform-value";

    /// A secret would be in Terraform's files and in its state, where everybody reads it who may read the machines.
    ///
    /// Generate passwords with `generate_password`, or keep them in Ansible's vault.
    ///
    /// Terraform keeps every value in its state, in plain text, and the state is shared by all who work with it.
    ///
    /// ```m1 fails for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = dba }
    ///
    ///   location main {
    ///     primary kestrel { vars { db_password = hunter2 } }
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = dba }
    ///
    ///   location main {
    ///     primary kestrel
    ///     replica merlin
    ///   }
    /// }
    /// ```
    ///
    /// See also `secret-in-plain-text` and `terraform-setting`.
    TERRAFORM_SECRET = "terraform-secret";

    /// Machines whose addresses are not written may be given the one that is written for another machine.
    ///
    /// They are made at the same time, and aws gives them any free address of the subnet. Where the wanted one is taken,
    /// `terraform apply` fails. Write an address for every machine of the location, or for none.
    ///
    /// It fails only now and then, and then with half of the machines made.
    ///
    /// ```m1 fails for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = dba }
    ///
    ///   location main {
    ///     primary kestrel { private = 10.33.0.5 }
    ///     replica merlin
    ///     barman  heron
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes for terraform
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws
    ///   tags { Owner = dba }
    ///
    ///   location main {
    ///     primary kestrel { private = 10.33.0.5 }
    ///     replica merlin  { private = 10.33.0.6 }
    ///     barman  heron   { private = 10.33.0.9 }
    ///   }
    /// }
    /// ```
    ///
    /// See also `terraform-value` and `missing-address`.
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
