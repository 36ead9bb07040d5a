use crate::facts::roles::Role;
use crate::facts::systems::Family;
use crate::facts::tpa::changes::{Difference, differs};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Environment, words};
use crate::origin::Origin;
use crate::topology::Flavour;
use crate::tpa::view::Subject;
use crate::tpa::view::systems;
use crate::tpa::view::{Entity, places, settings};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Looks, where it is asked to, for what TPA needs from the environment for this cluster: the token of EDB's
    /// repositories, the credentials of a shared PEM server, the registration code of SLES, and the keyring of the system
    /// for the passphrase of the vault.
    ///
    /// It speaks only with `--check-env`, because a source does not say where TPA runs: `keyring = system`, the default,
    /// works on a desktop, and stops `tpaexec provision` on most servers and in pipelines. Without a session bus in
    /// `DBUS_SESSION_BUS_ADDRESS`, or where `CI` is set, it takes the host for one without a keyring, unless
    /// `PYTHON_KEYRING_BACKEND` names another.
    ///
    /// ## Why is this bad?
    ///
    /// TPA looks for them when it needs them. Often the machines have been made by then, and paid for.
    ///
    /// ## Example
    ///
    /// This cluster needs `EDB_SUBSCRIPTION_TOKEN`, and a keyring:
    ///
    /// ```m1 fails in an empty environment
    /// cluster speedy {
    ///   postgres epas 17 { redwood = false }
    ///   failover efm
    ///   platform docker
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead `export EDB_SUBSCRIPTION_TOKEN=…`, or a cluster that needs none. With `keyring = legacy` the passphrase
    /// is in the file `vault/vault_pass.txt`, which Git has to ignore before `tpaexec provision` (`vault-password-in-git`):
    ///
    /// ```m1 passes in an empty environment
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker
    ///   keyring = legacy
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static ENVIRONMENT_PREREQUISITE = {
        name: "environment-prerequisite",
        level: Warning,
        summary: "something that TPA needs from the environment and does not find",
        consequence: "`tpaexec deploy` stops at its first checks",
        asks_environment: true,
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let Some(environment) = context.environment else {
        return;
    };
    let subject = context.subject;
    token(subject, environment, findings);
    pem(subject, environment, findings);
    suse(subject, environment, findings);
    keyring(subject, environment, findings);
}

fn report(
    environment: &Environment,
    variable: &'static str,
    (why, at): (&str, Origin),
    findings: &mut Of<'_>,
) {
    if environment.variables.iter().any(|known| known == variable) {
        return;
    }
    findings
        .at(
            Entity::Cluster,
            at,
            format!("{why}, and `{variable}` is not set"),
        )
        .key(format!("environment/{variable}"))
        .label("needs a variable of the environment")
        .help(format!("export `{variable}` before `tpaexec deploy`"));
}

fn token(subject: &Subject, environment: &Environment, findings: &mut Of<'_>) {
    let Some(list) = subject.variable("edb_repositories") else {
        return;
    };
    let is_local = settings::is_true(subject.variable("use_local_repo_only"));
    let is_without = is_local && differs(subject.tpa, Difference::LocalWithoutToken);
    if is_without || list.as_list().is_none_or(<[Value]>::is_empty) {
        return;
    }
    let why = (
        "EDB's repositories ask for a token",
        places::or(list.origin, subject.at),
    );
    report(environment, "EDB_SUBSCRIPTION_TOKEN", why, findings);
}

fn pem(subject: &Subject, environment: &Environment, findings: &mut Of<'_>) {
    let shared = subject
        .with_role(Role::PemServer)
        .find_map(|server| subject.variable_of(server, "pem_shared"));
    let Some(shared) = shared.filter(|shared| settings::is_true(Some(shared))) else {
        return;
    };
    let why = (
        "a shared PEM server asks for credentials",
        places::or(shared.origin, subject.at),
    );
    report(environment, "EDB_PEM_CREDENTIALS_FILE", why, findings);
}

fn suse(subject: &Subject, environment: &Environment, findings: &mut Of<'_>) {
    if subject.flavour() != Some(Flavour::Epas) {
        return;
    }
    let chosen = systems::chosen(subject);
    let suse = chosen
        .iter()
        .find(|chosen| chosen.system.family == Family::Suse);
    if let Some(chosen) = suse {
        let why = (
            "EPAS on SLES needs packages of SUSE's, which asks for a registration code",
            places::or(chosen.at, subject.at),
        );
        report(environment, "SLES_REG_TOKEN", why, findings);
    }
}

/// TPA keeps the passphrase through Python's keyring, which needs the Secret Service of a desktop on Linux. Other systems
/// always have one.
fn keyring(subject: &Subject, environment: &Environment, findings: &mut Of<'_>) {
    let is_set = |name: &str| environment.variables.iter().any(|known| known == name);
    let has_session = is_set("DBUS_SESSION_BUS_ADDRESS") && !is_set("CI");
    if has_session
        || is_set("PYTHON_KEYRING_BACKEND")
        || cfg!(any(target_os = "macos", target_os = "windows"))
    {
        return;
    }
    let written = subject.document.get("keyring_backend");
    let Some(written) = written.filter(|value| value.as_text() == Some("system")) else {
        return;
    };
    findings
        .at(
            Entity::Cluster,
            places::or(written.origin, subject.at),
            "the passphrase of the vault goes into the keyring of the system, and this host seems to have none",
        )
        .key("keyring_backend")
        .label("needs the keyring of a desktop")
        .consequence("`tpaexec provision` stops: it has nowhere to keep the passphrase")
        .help(words::say(
            subject,
            "run TPA where a keyring is, or write `keyring = legacy` and have Git ignore `vault/vault_pass.txt` before `tpaexec provision`",
            "run TPA where a keyring is, or write `keyring_backend: legacy` and have Git ignore `vault/vault_pass.txt` before `tpaexec provision`",
        ));
}
