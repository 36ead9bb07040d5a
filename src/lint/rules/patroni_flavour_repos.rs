use crate::facts::roles::Role;
use crate::facts::systems::Family;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::topology::FailoverManager;
use crate::tpa::view::Subject;
use crate::tpa::view::systems;
use crate::tpa::view::{Entity, places};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds Patroni of the community's packages in clusters that switch PGDG off. Where EDB repositories are enabled by
    /// default, TPA leaves PGDG out of the repository lists.
    ///
    /// ## Why is this bad?
    ///
    /// The community's packages of Patroni come from PGDG. `tpaexec configure` writes such a file, for example with the
    /// Beacon agent, and `tpaexec deploy` refuses it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni
    ///   monitor beacon { project = "prj_1" }
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover patroni { packages = edb }
    ///   monitor beacon { project = "prj_1" }
    ///   platform bare
    ///   location main { data 3 }
    /// }
    /// ```
    pub(super) static PATRONI_FLAVOUR_REPOS = {
        name: "patroni-flavour-repos",
        level: Error,
        summary: "packages of Patroni whose repository is switched off",
        consequence: "`tpaexec deploy` refuses the combination",
    }
}

/// Lists of repositories, and the systems that they are for.
const LISTS: [(&str, Family); 3] = [
    ("apt_repository_list", Family::Debian),
    ("suse_repository_list", Family::Suse),
    ("yum_repository_list", Family::RedHat),
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    if subject.failover_manager() != Some(FailoverManager::Patroni) {
        return;
    }
    let off = switched_off(subject);
    if let Some(list) = off.first() {
        patroni(subject, list, findings);
    }
    if off.contains(&"suse_repository_list") {
        etcd(subject, findings);
    }
}

/// The lists without PGDG that the cluster's systems read. Where nobody knows the system, all of them are.
fn switched_off(subject: &Subject) -> Vec<&'static str> {
    let chosen = systems::chosen(subject);
    let without_pgdg = |list: &str| {
        let list = subject.variable(list).and_then(Value::as_list);
        list.is_some_and(|list| !list.iter().any(|name| name.as_text() == Some("PGDG")))
    };
    if chosen.is_empty() {
        // Who writes a list has systems that read it.
        let mut written = LISTS
            .iter()
            .filter(|(list, _)| subject.variable(list).is_some())
            .peekable();
        let off = written.peek().is_some() && written.all(|(list, _)| without_pgdg(list));
        return LISTS
            .iter()
            .filter(|_| off)
            .map(|(list, _)| *list)
            .filter(|list| subject.variable(list).is_some())
            .filter(|list| *list != "suse_repository_list")
            .collect();
    }
    LISTS
        .iter()
        .filter(|(_, family)| chosen.iter().any(|known| known.system.family == *family))
        .map(|(list, _)| *list)
        .filter(|list| without_pgdg(list))
        .collect()
}

fn patroni(subject: &Subject, list: &str, findings: &mut Of<'_>) {
    let Some(flavour) = subject.text("patroni_package_flavour") else {
        return;
    };
    let built = subject.text("patroni_installation_method");
    if flavour.value != "community" || built.is_some_and(|method| method.value == "src") {
        return;
    }
    let finding = findings
        .at(
            Entity::Cluster,
            places::or(flavour.origin, subject.at),
            "the community's packages of Patroni come from PGDG, which is switched off",
        )
        .key("cluster_vars/patroni_package_flavour")
        .label("from PGDG")
        .help(words::say(
            subject,
            "write `failover patroni { packages = edb }`, or `repositories { edb = […] }` with the names, which keeps PGDG on",
            "set `patroni_package_flavour` to `edb`, or add `PGDG` to the repository lists",
        ));
    if let Some(list) = places::of_key(&subject.vars, list) {
        finding.related(list, "no `PGDG` here");
    }
}

/// On SLES etcd comes from PGDG alone.
fn etcd(subject: &Subject, findings: &mut Of<'_>) {
    let key = "suse_repository_list";
    let (Some(list), Some(etcd)) = (subject.variable(key), subject.with_role(Role::Etcd).next())
    else {
        return;
    };
    if etcd.vars.get(key).is_some() {
        return;
    }
    findings
        .at(
            Entity::Cluster,
            places::or(list.origin, subject.at),
            format!(
                "the etcd node `{}` on SLES has no repository with etcd",
                etcd.name.value
            ),
        )
        .key(format!("cluster_vars/{key}"))
        .label("no `PGDG` here")
        .consequence("`tpaexec deploy` finds no package of etcd")
        .help(words::say(
            subject,
            "write `repositories { suse = [PGDG] }`",
            "add `PGDG` to `suse_repository_list`",
        ));
}
