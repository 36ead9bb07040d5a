use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, Entity, places, words};
use crate::topology::FailoverManager;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds Patroni of the community's packages in clusters that switch PGDG off. Where EDB repositories are enabled by
    /// default, TPA leaves PGDG out of the repository lists.
    ///
    /// ## Why is this bad?
    ///
    /// The community's packages of Patroni come from PGDG. `tpaexec configure` writes such a file, for instance with the
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

const LISTS: [&str; 3] = [
    "apt_repository_list",
    "suse_repository_list",
    "yum_repository_list",
];

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let Some(flavour) = subject.text("patroni_package_flavour") else {
        return;
    };
    if subject.failover_manager() != Some(FailoverManager::Patroni)
        || flavour.value != "community"
        || subject.variable("patroni_installation_method").is_some()
    {
        return;
    }
    let without_pgdg = |list: &&str| {
        let list = subject.variable(list).and_then(Value::as_list);
        list.is_some_and(|list| !list.iter().any(|name| name.as_text() == Some("PGDG")))
    };
    // Which list counts depends on the operating system; where all are written, any of them does.
    let off: Vec<&str> = LISTS.into_iter().filter(without_pgdg).collect();
    let [first, ..] = off.as_slice() else { return };
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
    if let Some(list) = places::of_key(&subject.vars, first) {
        finding.related(list, "no `PGDG` here");
    }
}
