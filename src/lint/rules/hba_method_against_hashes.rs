use crate::hba::{Line, Method, Name};
use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::hba::File;
use crate::lint::rule::rule;
use crate::origin::Origin;
use crate::tpa::view::{Subject, postgres};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds lines of pg_hba.conf with the method `scram-sha-256` in clusters that store passwords as MD5, by
    /// `password_encryption = md5` for all users or for one in `postgres_users`.
    ///
    /// ## Why is this bad?
    ///
    /// A stored MD5 hash cannot answer SCRAM: every login by such a line fails, with the right password too. The other
    /// way round works: the method `md5` takes passwords that are stored for SCRAM.
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
    ///     password_encryption = md5
    ///     postgres_hba_settings = ["hostssl app app 10.0.0.0/8 scram-sha-256"]
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
    ///     password_encryption = scram-sha-256
    ///     postgres_hba_settings = ["hostssl app app 10.0.0.0/8 scram-sha-256"]
    ///   }
    /// }
    /// ```
    pub(super) static HBA_METHOD_AGAINST_HASHES = {
        name: "hba-method-against-hashes",
        level: Error,
        summary: "a method in pg_hba.conf that the stored passwords cannot answer",
        consequence: "logins by this line fail with the right password too, until every password is set again",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let everybody = declared::either(subject, "password_encryption")
        .into_iter()
        .find(|setting| is_md5(setting.value))
        .map(|setting| setting.value.origin);
    let users = users_with_md5(subject);
    if everybody.is_none() && users.is_empty() {
        return;
    }
    for file in context.hba_files() {
        for line in file.lines() {
            if line.method.value != Method::ScramSha256 {
                continue;
            }
            let of_user = users.iter().find(|(name, _)| is_about(line, name));
            match (everybody, of_user) {
                (_, Some((name, at))) => report(
                    subject,
                    file,
                    line,
                    *at,
                    format!(
                        "the password of `{name}` is stored as MD5, and `scram-sha-256` does not take it"
                    ),
                    findings,
                ),
                (Some(at), None) => report(
                    subject,
                    file,
                    line,
                    at,
                    "passwords are stored as MD5, and `scram-sha-256` does not take them"
                        .to_owned(),
                    findings,
                ),
                (None, None) => {}
            }
        }
    }
}

fn is_md5(value: &Value) -> bool {
    postgres::word(value).as_deref() == Some("md5")
}

/// The users whose own password is stored as MD5.
fn users_with_md5(subject: &Subject) -> Vec<(&str, Origin)> {
    let lists = declared::variable(subject, "postgres_users").into_iter();
    let users = lists.flat_map(|list| list.value.as_list().unwrap_or_default());
    users
        .filter_map(|user| {
            let user = user.as_map()?;
            let encryption = user
                .get("password_encryption")
                .filter(|value| is_md5(value))?;
            Some((user.get("username")?.as_text()?, encryption.origin))
        })
        .collect()
}

fn is_about(line: &Line, user: &str) -> bool {
    line.users
        .iter()
        .any(|name| matches!(&name.value, Name::Exact(name) if name == user))
}

fn report(
    subject: &Subject,
    file: &File<'_>,
    line: &Line,
    at: Origin,
    message: String,
    findings: &mut Of<'_>,
) {
    file.report(subject, findings, &line.method.at, message)
        .label("an MD5 hash cannot answer this")
        .related(at, "passwords are stored as MD5")
        .help("remove `password_encryption`, so that passwords are stored for SCRAM; or write `md5` here, which takes both");
}
