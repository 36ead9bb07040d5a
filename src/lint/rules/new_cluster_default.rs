use crate::facts::choices::Platform;
use crate::facts::tpa::V23_41;
use crate::facts::tpa::changes::{self, Literal, Running, When, With, Written, written_for};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, declared, words};
use crate::origin::Origin;
use crate::tpa::view::{Entity, Subject, Written as Language, settings};
use crate::tpa::words::{TLS, of_variable};

rule! {
    /// ## What it does
    ///
    /// Names the variables that `tpaexec configure` of this TPA writes for new clusters and that the cluster does not
    /// have: TLS between Patroni and etcd, a user of EFM that is not a superuser, and others. It says which of them are
    /// for new clusters only: `etcd_ssl_enabled` cannot be switched on in a cluster that runs.
    ///
    /// ## Why is this bad?
    ///
    /// TPA leaves a cluster without them as older releases made it. That is right for one that runs, and a pity for one
    /// that is new: some of them can never be made up for.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres epas 17 { redwood = false }
    ///   failover efm
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres epas 17 { redwood = false }
    ///   failover efm {
    ///     superuser           = false
    ///     password_encryption = scram-sha-256
    ///     version             = 5.1
    ///   }
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// A cluster that runs says that it is to stay as it is:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover patroni { tls = false }
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static NEW_CLUSTER_DEFAULT = {
        name: "new-cluster-default",
        level: Advice,
        summary: "a cluster without what new ones have",
        consequence: "it stays as older releases made it",
        since: V23_41,
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let platform = Platform::ALL
        .into_iter()
        .find(|platform| subject.is_on(*platform));
    let (Some(manager), Some(platform)) = (subject.failover_manager(), platform) else {
        return;
    };
    let mut missing = written_for(subject.tpa, manager, platform);
    missing.retain(|written| {
        declared::variable(subject, written.variable).is_empty()
            && !is_needed(subject, written.variable)
    });
    let (of_manager, of_platform): (Vec<Written>, Vec<Written>) = missing
        .into_iter()
        .partition(|written| matches!(written.with, With::Manager(_)));
    let at_manager = declared::place_of(subject, settings::at_manager(subject));
    report(subject, at_manager, &of_manager, findings);
    report(
        subject,
        declared::at_cluster(subject),
        &of_platform,
        findings,
    );
}

/// Whether another variable stops a deployment without this one, which `refused-by-tpa` says.
fn is_needed(subject: &Subject, variable: &str) -> bool {
    changes::refused_variables().any(|(_, refused)| match refused.when {
        When::Without { value, needs } if needs == variable => {
            let written = declared::variable(subject, refused.variable);
            written
                .iter()
                .any(|other| other.value.as_text() == Some(value))
        }
        When::Without { .. } | When::NotOneOf(_) | When::InClusterVars => false,
    })
}

fn report(subject: &Subject, at: Origin, missing: &[Written], findings: &mut Of<'_>) {
    let [first, ..] = missing else { return };
    let names: Vec<&str> = missing.iter().map(|written| written.variable).collect();
    let mut consequences: Vec<&str> = missing.iter().map(|written| written.without).collect();
    consequences.dedup();
    findings
        .at(
            Entity::Cluster,
            at,
            format!(
                "new clusters of TPA {} have {}, and this one does not",
                subject.tpa,
                words::list(&names)
            ),
        )
        .key(format!("vars/{}", first.variable))
        .label("as older releases made it")
        .consequence(consequences.join("; "))
        .help(help(subject, missing));
}

fn help(subject: &Subject, missing: &[Written]) -> String {
    let mut sentences = vec![format!(
        "in a new cluster write {}{}",
        wanted(subject, missing).join(", "),
        words::say(subject, "", " in `cluster_vars`")
    )];
    for (running, then) in [
        (Running::AnyTime, "can be set in a cluster that runs too"),
        (
            Running::AsInstalled,
            "in a cluster that runs is what is installed there: `tpaexec upgrade` changes it",
        ),
        (
            Running::NotStated,
            "in a cluster that runs is to be tried on a copy first",
        ),
        (
            Running::Never,
            "must not be switched on in a cluster that runs",
        ),
    ] {
        let names: Vec<&str> = missing
            .iter()
            .filter(|written| written.running == running)
            .map(|written| written.variable)
            .collect();
        if !names.is_empty() {
            sentences.push(format!("{} {then}", words::list(&names)));
        }
    }
    sentences.join("; ")
}

/// The statements of a source, or the variables of a config.yml.
fn wanted(subject: &Subject, missing: &[Written]) -> Vec<String> {
    let is_of_tls = |written: &Written| TLS.iter().any(|of| of.name == written.variable);
    let has_all_of_tls = missing.iter().filter(|written| is_of_tls(written)).count() == TLS.len();
    let mut all = Vec::new();
    if subject.written == Language::Config {
        for written in missing {
            let value = literal(written.value);
            all.push(words::setting(Language::Config, written.variable, &value));
        }
        return all;
    }
    let mut in_failover = Vec::new();
    if has_all_of_tls {
        in_failover.push("tls = true".to_owned());
    }
    for written in missing {
        let value = literal(written.value);
        match of_variable(written.variable) {
            Some(word) => in_failover.push(format!("{word} = {value}")),
            None if has_all_of_tls && is_of_tls(written) => {}
            None => all.push(words::variable(subject, written.variable, &value)),
        }
    }
    if !in_failover.is_empty() {
        let settings = in_failover.join("; ");
        let manager = subject.failover_manager();
        let manager = manager.map_or_else(String::new, |manager| format!("{} ", manager.name()));
        all.insert(0, format!("`failover {manager}{{ {settings} }}`"));
    }
    all
}

fn literal(value: Literal) -> String {
    match value {
        Literal::Boolean(boolean) => boolean.to_string(),
        Literal::Text(text) => text.to_owned(),
        Literal::Texts(texts) => format!("[{}]", texts.join(", ")),
    }
}
