//! What TPA sets for security standards.

use super::config::omit;
use crate::facts::tpa::changes::{Availability, Stop, stops};
use crate::origin::Origin;
use crate::topology::{Cluster, Compliance, Flavour};
use crate::value::{Data, Map, Value};

const EXTENSIONS: &str = "extra_postgres_extensions";

/// Merges the cluster's own variables over the derived ones. The standard's extensions are added to the cluster's.
pub(super) fn finish(cluster: &Cluster, mut vars: Map) -> Map {
    let Some(compliance) = cluster.compliance else {
        omit::of_block(&mut vars, &cluster.omit, omit::VARS);
        vars.merge(cluster.vars.clone());
        return vars;
    };
    let origin = Origin::Derived {
        from: compliance.origin.place(),
        rule: "the security standard sets this",
    };
    let extensions = match compliance.value {
        Compliance::Stig => &["sql_protect"][..],
        Compliance::Cis if leaves_pgaudit_out(cluster) => &["passwordcheck"][..],
        Compliance::Cis => &["passwordcheck", "pgaudit"][..],
    };
    vars.merge(standard(compliance.value, origin));
    omit::of_block(&mut vars, &cluster.omit, omit::VARS);
    vars.merge(cluster.vars.clone());
    if omit::is_omitted_in(&cluster.omit, omit::VARS, EXTENSIONS) {
        return vars;
    }
    let own = vars
        .get(EXTENSIONS)
        .and_then(Value::as_list)
        .unwrap_or_default();
    let mut all = own.to_vec();
    all.extend(extensions.iter().map(|name| Value::text(*name, origin)));
    vars.set(EXTENSIONS, Value::list(all, origin));
    vars
}

/// EPAS has an audit log of its own, and does not start with pgaudit. Older releases of TPA write it all the same.
fn leaves_pgaudit_out(cluster: &Cluster) -> bool {
    cluster.postgres.flavour.value == Flavour::Epas
        && stops(cluster.tpa, Stop::PgauditWithEpas) == Availability::Here
}

/// The variables that a standard sets, its extensions apart.
pub(super) fn standard(compliance: Compliance, origin: Origin) -> Map {
    match compliance {
        Compliance::Stig => stig(origin),
        Compliance::Cis => cis(origin),
    }
}

fn map(entries: &[(&str, Data)], origin: Origin) -> Map {
    let mut map = Map::default();
    for (key, data) in entries {
        map.set(*key, Value::new(data.clone(), origin));
    }
    map
}

fn text(text: &str) -> Data {
    Data::Text(text.to_owned())
}

fn stig(origin: Origin) -> Map {
    let settings = map(
        &[
            ("edb_audit", text("xml")),
            ("edb_audit_statement", text("all")),
            ("edb_audit_connect", text("all")),
            ("edb_audit_disconnect", text("all")),
            ("statement_timeout", Data::Integer(1000)),
            ("client_min_messages", text("ERROR")),
        ],
        origin,
    );
    map(
        &[
            ("postgres_conf_settings", Data::Map(settings)),
            ("tcp_keepalives_idle", Data::Integer(10)),
            ("tcp_keepalives_interval", Data::Integer(10)),
            ("tcp_keepalives_count", Data::Integer(10)),
            ("log_destination", text("stderr")),
            ("postgres_log_file_mode", text("0600")),
            ("hba_force_hostssl", Data::Boolean(true)),
            ("hba_force_certificate_auth", Data::Boolean(true)),
            ("hba_cert_authentication_map", text("sslmap")),
        ],
        origin,
    )
}

fn cis(origin: Origin) -> Map {
    let settings = map(
        &[
            ("log_error_verbosity", text("verbose")),
            (
                "log_line_prefix",
                text("'%m [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h '"),
            ),
            ("log_replication_commands", text("on")),
            ("temp_file_limit", text("1GB")),
        ],
        origin,
    );
    map(
        &[
            ("postgres_conf_settings", Data::Map(settings)),
            ("log_connections", text("on")),
            ("log_disconnections", text("on")),
            // TPA's own spelling; its roles read `extra_bashrc_lines`.
            (
                "extra_bash_rc_lines",
                Data::List(vec![Value::text("umask 0077", origin)]),
            ),
        ],
        origin,
    )
}
