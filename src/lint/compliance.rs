//! What security standards ask for, as far as a cluster says it.

use super::declared;
use crate::facts::choices::{Compliance, Platform};
use crate::facts::roles::Role;
use crate::origin::Origin;
use crate::tpa::view::postgres;
use crate::tpa::view::{Instance, Subject};
use crate::value::Value;

/// Where the cluster asks for this standard.
pub(super) fn standard(subject: &Subject, standard: Compliance) -> Option<Origin> {
    let written = subject.document.get("compliance")?;
    (written.as_text() == Some(standard.name())).then_some(written.origin)
}

/// The variables that make passwords MD5.
pub(super) fn md5(subject: &Subject) -> Vec<(&'static str, &Value)> {
    let names = ["password_encryption", "efm_user_password_encryption"];
    names
        .into_iter()
        .flat_map(|name| {
            let declared = declared::either(subject, name).into_iter();
            declared.map(move |declared| (name, declared.value))
        })
        .filter(|(_, value)| postgres::word(value).as_deref() == Some("md5"))
        .collect()
}

/// A machine whose PgBouncer uses passwords.
pub(super) fn pool_without_certificates(subject: &Subject) -> Option<&Instance> {
    let uses = |instance: &Instance| {
        let variable = subject.variable_of(instance, "pgbouncer_use_cert_authentication");
        variable.is_some_and(postgres::is_on)
    };
    subject
        .with_role(Role::Pgbouncer)
        .find(|instance| !uses(instance))
}

/// What gives a machine its PgBouncer.
pub(super) fn at_pool(pool: &Instance) -> Origin {
    let role = pool.role(Role::Pgbouncer);
    role.map_or_else(|| pool.at_key("role"), |role| role.origin)
}

/// The image of a system that TPA's test for FIPS does not know, and where it is chosen; only on aws, where the names
/// of images tell.
pub(super) fn foreign_system(subject: &Subject) -> Option<(String, Origin)> {
    const FOREIGN: &[&str] = &["debian", "ubuntu", "sles", "suse", "rhel-7", "centos-7"];
    if !subject.is_on(Platform::Aws) {
        return None;
    }
    let image = subject.document.get("ec2_ami")?.as_map()?.get("Name")?;
    let name = image.as_text()?;
    let lower = name.to_lowercase();
    let is_foreign = FOREIGN.iter().any(|word| lower.contains(word));
    is_foreign.then(|| (name.to_owned(), image.origin))
}
