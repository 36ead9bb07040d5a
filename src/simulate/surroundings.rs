//! What is around the database: proxies, clients, backups and the archive.

use super::stage::Scene;
use super::{Backups, Claim, Clients};
use crate::facts::roles::Role;
use crate::schema::list;
use crate::topology::FailoverManager;
use crate::tpa::view::{Instance, settings};

/// What clients see.
pub(super) fn clients(scene: &Scene<'_, '_>, writer: Option<&str>) -> (Clients, Vec<Claim>) {
    let stage = scene.stage;
    let subject = stage.subject;
    let mut claims = Vec::new();
    let mut clients = Clients::Arrive;
    let moved = writer.filter(|writer| *writer != stage.primary.name.value);
    let redirect = subject.variable_of(stage.primary, "repmgr_redirect_pgbouncer");
    for (role, title) in [(Role::Haproxy, "HAProxy"), (Role::Pgbouncer, "PgBouncer")] {
        let all: Vec<_> = subject.with_role(role).collect();
        if all.is_empty() {
            continue;
        }
        let (up, down): (Vec<_>, Vec<_>) = all.into_iter().partition(|proxy| {
            scene.is_up(proxy) && !scene.is_service_down(role, &proxy.name.value)
        });
        let names = |proxies: &[&Instance]| {
            let names: Vec<&str> = proxies.iter().map(|one| one.name.value.as_str()).collect();
            list(&names)
        };
        if up.is_empty() {
            let says = format!("no {title} is left: who goes through it reaches nothing");
            clients = Clients::Lost(says.clone());
            claims.push(stage.claim("clients", says, None));
            continue;
        }
        if !down.is_empty() {
            let says = format!(
                "{title} is gone on {}: clients that know only that address reach nothing",
                names(&down)
            );
            claims.push(stage.claim("clients", says, None));
        }
        let Some(moved) = moved else { continue };
        let follows = match (role, stage.quorum.manager) {
            (Role::Haproxy, FailoverManager::Patroni) => true,
            (Role::Pgbouncer, FailoverManager::Repmgr) => settings::is_true(redirect),
            _ => false,
        };
        let says = match (role, follows) {
            (Role::Haproxy, true) => format!(
                "HAProxy on {} asks Patroni, and leads clients to `{moved}`",
                names(&up)
            ),
            (_, true) => format!("repmgr leads PgBouncer on {} to `{moved}`", names(&up)),
            (_, false) => format!(
                "{title} on {} is not told: it leads clients to `{}` as before",
                names(&up),
                stage.primary.name.value
            ),
        };
        if !follows {
            clients = Clients::Lost(says.clone());
        }
        claims.push(stage.claim("clients", says, redirect.map(|value| value.origin)));
    }
    let address = settings::efm(subject, stage.primary, "virtual.ip");
    if let (Some(moved), Some(address)) = (moved, address) {
        let says = format!("the virtual address moves to `{moved}`");
        claims.push(stage.claim("clients", says, Some(address.origin)));
    } else if let Some(moved) = moved {
        let says = format!(
            "a connection string with all hosts and `target_session_attrs=read-write` finds `{moved}`; one with the address of `{}` alone does not",
            stage.primary.name.value
        );
        claims.push(stage.claim("clients", says, None));
    }
    let readable = scene.readable();
    let says = if readable.is_empty() {
        "nothing can be read".to_owned()
    } else {
        format!("{} can be read", list(&readable))
    };
    claims.push(stage.claim("reads", says, None));
    (clients, claims)
}

/// What becomes of backups and of the archive.
pub(super) fn backups(scene: &Scene<'_, '_>, writer: Option<&str>) -> (Backups, Option<Claim>) {
    let stage = scene.stage;
    let mut nodes = stage.subject.data_nodes();
    if nodes.all(|node| node.backup.is_empty()) {
        return (Backups::None, None);
    }
    let Some(writer) = writer else {
        let says = "nothing new is there to back up".to_owned();
        return (Backups::Stop, Some(stage.claim("backups", says, None)));
    };
    let state = scene.backups_of(writer);
    let says = match state {
        Backups::GoOn | Backups::None => return (state, None),
        Backups::Stop => {
            let instance = stage.subject.instance(writer);
            if instance.is_some_and(|one| one.backup.is_empty()) {
                format!(
                    "`{writer}` has no `backup`: no base backup is taken of it, and its WAL is archived nowhere"
                )
            } else {
                "Barman is gone: no base backup is taken, and WAL piles up on the primary until it is back".to_owned()
            }
        }
    };
    (state, Some(stage.claim("backups", says, None)))
}
