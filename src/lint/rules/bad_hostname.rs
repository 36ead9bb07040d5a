use crate::facts::choices::Platform;
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::tpa::view::Entity;

rule! {
    /// ## What it does
    ///
    /// Finds machines whose name is not a host name that TPA's provisioning takes. On aws it is one label of small letters,
    /// digits and hyphens; on docker and bare it may be several labels with dots between. Every label has at least two
    /// characters and begins and ends with a letter or digit. A name of digits alone is read as an address.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` writes such a name, and `tpaexec provision` refuses it.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main {
    ///     primary a { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
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
    ///   location main {
    ///     primary db1 { address = 10.0.0.1 }
    ///     replica db2 { address = 10.0.0.2 }
    ///   }
    /// }
    /// ```
    pub(super) static BAD_HOSTNAME = {
        name: "bad-hostname",
        level: Error,
        summary: "a name that is not a host name",
        consequence: "`tpaexec provision` refuses the cluster",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    for instance in &context.subject.instances {
        let name = &instance.name.value;
        let labels: Vec<&str> = name.split('.').collect();
        let problem = if let [_, _, ..] = labels.as_slice()
            && instance.is_on(Platform::Aws)
        {
            "a name on aws has no dots"
        } else if !labels.iter().all(|label| is_label(label)) {
            "each part has two or more small letters, digits and inner hyphens"
        } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
            "a name of digits is read as an address"
        } else {
            continue;
        };
        findings
            .at(
                Entity::Instance(name.clone()),
                instance.name.origin,
                format!(
                    "`{name}` is not a host name for {}",
                    instance.platform.value
                ),
            )
            .key("Name")
            .label(problem)
            .help("rename the machine, for example `db1`");
    }
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    label.len() >= 2
        && label.bytes().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}
