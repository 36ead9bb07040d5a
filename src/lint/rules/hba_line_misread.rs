use crate::lint::Context;
use crate::lint::finding::Of;
use crate::lint::hba::File;
use crate::lint::hba::meanings::{self, Meaning};
use crate::lint::rule::rule;
use crate::tpa::view::Subject;

rule! {
    /// ## What it does
    ///
    /// Finds words in lines of pg_hba.conf that Postgres takes and reads in another way than people do: `10/8` is
    /// 0.0.0.0/8 and `010.0.0.1` is 8.0.0.1, `*` is the name of a database or of a user, `*.example.org` and `ALL` are
    /// names of machines, `"all"` in quotes is a name, `10.0.0.0/0` is every address, and `ldaptls=yes` means off.
    ///
    /// ## Why is this bad?
    ///
    /// Nothing reports it. Who should get in is refused, or strangers are let in.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_hba_settings = ["hostssl * app 10/8 scram-sha-256"] }
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
    ///   vars { postgres_hba_settings = ["hostssl all app 10.0.0.0/8 scram-sha-256"] }
    /// }
    /// ```
    pub(super) static HBA_LINE_MISREAD = {
        name: "hba-line-misread",
        level: Warning,
        summary: "a word in pg_hba.conf that means something else than it seems to",
        consequence: "who should get in is refused, or strangers are let in; nothing reports it",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for file in context.hba_files() {
        for line in file.lines() {
            for meaning in meanings::of(file, line) {
                report(subject, file, meaning, findings);
            }
        }
    }
    for file in context.ident_files() {
        for mapping in file.mappings() {
            if let Some(meaning) = meanings::of_mapping(mapping) {
                report(subject, file, meaning, findings);
            }
        }
    }
}

fn report(subject: &Subject, file: &File<'_>, meaning: Meaning, findings: &mut Of<'_>) {
    let finding = file.report(subject, findings, &meaning.at, meaning.message);
    finding
        .label(meaning.label)
        .help(meaning.help)
        .consequence(meaning.consequence);
    if let Some(replacement) = meaning.replacement {
        file.fix(subject, finding, &meaning.at, &replacement);
    }
}
