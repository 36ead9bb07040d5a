use crate::diagnostic::Applicability;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, scopes};
use crate::origin::Origin;

rule! {
    /// ## What it does
    ///
    /// Finds numbers of a config.yml that YAML 1.1 reads as others: `0200` is octal, and so 128, and `22:30` is in base 60,
    /// and so 1350. Modes of files, as `0640` under a key that ends with `mode`, pass.
    ///
    /// ## Why is this bad?
    ///
    /// TPA gets the number that YAML has made, and so does Postgres. The file says something else, and most other readers
    /// of YAML, which go by version 1.2, read it as it is written.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars:
    ///   postgres_conf_settings:
    ///     max_connections: 0200
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars:
    ///   postgres_conf_settings:
    ///     max_connections: 200
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    pub(super) static MISREAD_BY_YAML = {
        name: "misread-by-yaml",
        level: Warning,
        summary: "a number that YAML reads as another one",
        consequence: "TPA gets another number than the one that is written, and nothing says so",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for misread in &subject.misread {
        let (written, read) = (&misread.written, &misread.read);
        let at = Origin::Written(misread.at);
        let finding = findings
            .at(
                scopes::owner(subject, misread.at),
                at,
                format!("YAML reads `{written}` as {read}"),
            )
            .key("misread")
            .label(if misread.is_sexagesimal {
                "in base 60"
            } else {
                "octal, because of the zero"
            });
        if misread.is_sexagesimal {
            let quoted = format!("'{written}'");
            finding.help(format!("write `{quoted}`, in quotes")).fix(
                Applicability::Suggested,
                at,
                quoted,
            );
        } else {
            let plain = without_zeros(written);
            finding
                .help(format!(
                    "write `{plain}`; `'{written}'` for a text with the zero"
                ))
                .fix(Applicability::Suggested, at, plain);
        }
    }
}

fn without_zeros(written: &str) -> String {
    let digits = written.trim_start_matches(['-', '+']);
    let sign = if written.starts_with('-') { "-" } else { "" };
    format!("{sign}{}", digits.replace('_', "").trim_start_matches('0'))
}
