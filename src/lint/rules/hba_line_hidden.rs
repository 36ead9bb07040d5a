use crate::diagnostic::Level;
use crate::hba::{Line, Method, Relation, relation};
use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::hba::File;
use crate::lint::rule::rule;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds lines of pg_hba.conf that no connection ever reaches: an earlier one is about the same or more types of
    /// connections, databases, users and addresses. Postgres takes the first line that matches, and no other one.
    ///
    /// ## Why is this bad?
    ///
    /// After `host all all 0.0.0.0/0 reject` nobody is let in by any line, and after a line with `trust` or a wide
    /// network nobody is rejected. Where both lines say the same, the second is only idle, which is advice.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars {
    ///     postgres_hba_settings = [
    ///       "host all all 10.0.0.0/8 reject",
    ///       "hostssl app app 10.1.0.0/16 scram-sha-256",
    ///     ]
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
    ///   location main { data 2 }
    ///   vars {
    ///     postgres_hba_settings = [
    ///       "hostssl app app 10.1.0.0/16 scram-sha-256",
    ///       "host all all 10.0.0.0/8 reject",
    ///     ]
    ///   }
    /// }
    /// ```
    pub(super) static HBA_LINE_HIDDEN = {
        name: "hba-line-hidden",
        level: Warning,
        summary: "a line of pg_hba.conf that no connection reaches",
        consequence: "an earlier line takes its connections and treats them in its own way; nothing reports it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for file in context.hba_files() {
        let lines: Vec<&Line> = file.lines().collect();
        for (at, later) in lines.iter().enumerate() {
            let hiding = lines.iter().take(at).find_map(|earlier| {
                let relation = relation(earlier, later);
                (relation != Relation::Apart).then_some((earlier, relation))
            });
            if let Some((earlier, relation)) = hiding {
                report(subject, file, earlier, later, relation, findings);
            }
        }
    }
}

fn report(
    subject: &Subject,
    file: &File<'_>,
    earlier: &Line,
    later: &Line,
    relation: Relation,
    findings: &mut Of<'_>,
) {
    let method = earlier.method.value.name();
    let hiding = file.origin(subject, &earlier.at);
    let finding = file.report(
        subject,
        findings,
        &later.at,
        "no connection reaches this line: an earlier one takes them all",
    );
    finding.label("never reached").related(
        hiding,
        format!("takes its connections first, with `{method}`"),
    );
    if relation == Relation::Repeats {
        finding
            .level(Level::Advice)
            .help("remove it")
            .consequence("nothing: the earlier line does the same");
        return;
    }
    finding.help("move it before that line, or remove it");
    if earlier.method.value == Method::Reject {
        finding.consequence("everybody whom it should let in is rejected");
    } else if later.method.value == Method::Reject {
        finding.consequence("whom it should reject may log in");
    } else {
        finding.consequence(format!("these clients log in with `{method}`"));
    }
}
