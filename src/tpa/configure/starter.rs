//! The source that is written when no option says what the cluster is: a small one to begin with, which runs anywhere
//! that docker does, and says beside its statements what one would change first.

use super::nodes;
use super::request::offered;
use crate::facts::choices::Flavour;
use crate::facts::tpa::TpaVersion;

const TEXT: &str = r"# The cluster CLUSTER. `m1c build` compiles this file to TPA's config.yml, and
# `m1c lint` says what to look at. In an editor, every word explains itself.
cluster CLUSTER {
  tpa = RELEASE

  postgres postgresql VERSION    # or `edbpge VERSION`, `epas VERSION { redwood = false }`
  failover repmgr           # or `efm`, `patroni`

  # Containers, so that it runs anywhere. Machines that exist already are
  # `platform bare`, those of Amazon's cloud `platform aws`.
  platform docker { os Rocky 9 }

  # A primary and a replica. A Barman node for backups comes on its own; it is
  # also the witness that breaks a tie between the two. Another data centre is
  # another line: `location second { data 2 }`. Machines may have names and
  # addresses, a line each: `replica kestrel { address = 10.0.0.1 }`.
  location main { data 2 }

  # Settings of Postgres, and every other variable that TPA knows.
  vars {
    max_connections = 200
  }
}
";

pub(super) fn starter(cluster: &str, tpa: TpaVersion) -> String {
    let newest = offered(Flavour::Postgresql.name(), tpa)
        .pop()
        .unwrap_or_default();
    TEXT.replace(
        "cluster CLUSTER {",
        &format!("cluster {} {{", nodes::bare_or_quoted(cluster)),
    )
    .replace("CLUSTER", cluster)
    .replace("VERSION", newest)
    .replace("RELEASE", &tpa.spelled())
}
