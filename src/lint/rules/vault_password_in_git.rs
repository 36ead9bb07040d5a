use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::words;
use crate::tpa::view::Entity;

rule! {
    /// ## What it does
    ///
    /// Finds clusters whose vault is opened by a password in a file: `keyring = legacy`, or a config.yml without
    /// `keyring_backend`.
    ///
    /// ## Why is this bad?
    ///
    /// The file is plain text in the folder `vault`, next to the secrets that it protects, and `tpaexec provision` adds
    /// that folder to the Git repository of the cluster. A server without a desktop has no keyring for `keyring = system`:
    /// there `vault/vault_pass.txt` belongs in `.gitignore` before `tpaexec provision`, and then this rule is allowed.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring = legacy
    ///   location main { data 2 }
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
    ///   keyring = system
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static VAULT_PASSWORD_IN_GIT = {
        name: "vault-password-in-git",
        level: Warning,
        summary: "a vault whose password lies next to it",
        consequence: "`tpaexec provision` commits the password to Git, together with the secrets that it opens",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let written = subject.document.get("keyring_backend");
    let (at, label) = match written {
        Some(value) if value.as_text() == Some("legacy") => {
            (value.origin, "a file in the folder of the cluster")
        }
        Some(_) => return,
        None => (declared::at_cluster(subject), "has no `keyring_backend`"),
    };
    findings
        .at(
            Entity::Cluster,
            declared::place_of(subject, at),
            "the password of the cluster's vault is kept as plain text, in a file that is added to Git",
        )
        .key("keyring_backend")
        .label(label)
        .help(words::say(
            subject,
            "write `keyring = system` before the cluster is provisioned; on a server without a keyring have Git ignore `vault/vault_pass.txt` and allow this",
            "write `keyring_backend: system` and a `vault_name` before the cluster is provisioned; on a server without a keyring have Git ignore `vault/vault_pass.txt` and allow this",
        ));
}
