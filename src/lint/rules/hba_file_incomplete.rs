use crate::hba::Line;
use crate::lint::finding::Of;
use crate::lint::hba::{self, File};
use crate::lint::rule::rule;
use crate::lint::{Context, declared, words};
use crate::tpa::view::{Subject, Written};

rule! {
    /// ## What it does
    ///
    /// Finds a pg_hba.conf that lacks what its lines need: an empty `postgres_hba_template`, with which TPA leaves the file
    /// alone and `postgres_hba_settings` reach nothing, and `map=NAME` in a line where nothing writes such a map to
    /// pg_ident.conf. A `postgres_ident_template` of your own may have it, and passes.
    ///
    /// ## Why is this bad?
    ///
    /// The file that `initdb` makes lets nobody in from other machines: no standby, no Barman, no client. A line with a map
    /// that is not there refuses everybody whom it matches, and only the log of Postgres says why.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_hba_settings = ["hostssl all app 10.0.0.0/8 cert map=staff"] }
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
    ///     postgres_hba_settings   = ["hostssl all app 10.0.0.0/8 cert map=staff"]
    ///     postgres_ident_template = "pg_ident.conf.j2"
    ///   }
    /// }
    /// ```
    pub(super) static HBA_FILE_INCOMPLETE = {
        name: "hba-file-incomplete",
        level: Warning,
        summary: "a pg_hba.conf that lacks what its lines need",
        consequence: "Postgres refuses everybody whom such a line matches, and only its log says why",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    left_alone(subject, findings);
    maps(context, findings);
}

fn left_alone(subject: &Subject, findings: &mut Of<'_>) {
    for template in declared::variable(subject, hba::TEMPLATE) {
        if template.value.as_text() != Some("") {
            continue;
        }
        let lines = declared::variable(subject, hba::LINES);
        let finding = findings
            .at(
                template.entity,
                declared::place_of(subject, template.value.origin),
                format!("with an empty `{}` TPA writes no pg_hba.conf", hba::TEMPLATE),
            )
            .key(template.key)
            .label("the file stays as it is")
            .consequence("the file that `initdb` makes lets in no standby, no Barman and no client from another machine")
            .help(format!(
                "remove it; for a file with nothing but your own lines write {}",
                words::setting(subject.written, hba::TEMPLATE, "\"pg_hba.lines.j2\"")
            ));
        if let Some(lines) = lines.first() {
            let at = declared::place_of(subject, lines.value.origin);
            finding.related(at, "these lines reach no file");
        }
    }
}

fn maps(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut lines = context.hba_files().iter().flat_map(File::lines);
    let names_map = |line: &Line| line.options.iter().any(|option| option.name == "map");
    if !lines.any(names_map) {
        return;
    }
    let is_own = |template: &declared::Declared<'_>| template.value.as_text() != Some("");
    let mut templates = declared::variable(subject, "postgres_ident_template").into_iter();
    if templates.any(|template| is_own(&template)) {
        return;
    }
    let mut known: Vec<String> = declared::variable(subject, "hba_cert_authentication_map")
        .into_iter()
        .filter_map(|map| map.value.as_text().map(str::to_owned))
        .collect();
    for file in context.ident_files() {
        known.extend(file.mappings().map(|mapping| mapping.map.text.clone()));
    }
    for file in context.hba_files() {
        for line in file.lines() {
            for option in &line.options {
                let map = &option.value;
                if option.name != "map" || known.contains(map) {
                    continue;
                }
                let (text, key) = match subject.written {
                    Written::Source => ("postgres_ident_template = \"pg_ident.conf.j2\"", "vars"),
                    Written::Config => {
                        ("postgres_ident_template: pg_ident.conf.j2", "cluster_vars")
                    }
                };
                file.report(
                    subject,
                    findings,
                    &option.at,
                    format!("nothing writes the map `{map}` to pg_ident.conf"),
                )
                .label("no such map")
                .help(format!(
                    "write `{text}` in `{key}`, and a line `{map} SYSTEM-USER DATABASE-USER` in that file of the folder `templates`; or remove `map={map}`"
                ));
            }
        }
    }
}
