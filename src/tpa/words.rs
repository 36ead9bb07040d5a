//! Words of the language that stand for one variable of TPA or for several: `build` writes the variables, and `init` the
//! words where a new cluster has the variables.

use crate::facts::tpa::changes::Literal;
use crate::origin::Origin;
use crate::value::Value;

/// `version` of `failover efm`.
pub const EFM_VERSION: &str = "efm_version";

/// `superuser` of `failover efm`.
pub const EFM_SUPERUSER: &str = "efm_user_is_superuser";

/// `password_encryption` of `failover efm`.
pub const EFM_PASSWORD_ENCRYPTION: &str = "efm_user_password_encryption";

/// A variable that says with others whether Patroni and etcd use TLS.
pub struct OfTls {
    pub name: &'static str,
    on: Literal,
    off: Literal,
}

/// What `tls` of `failover patroni` stands for.
pub static TLS: &[OfTls] = &[
    OfTls {
        name: "etcd_ssl_enabled",
        on: Literal::Boolean(true),
        off: Literal::Boolean(false),
    },
    OfTls {
        name: "etcd_authentication_mode",
        on: Literal::Text("mtls"),
        off: Literal::Text("none"),
    },
    OfTls {
        name: "patroni_ssl_enabled",
        on: Literal::Boolean(true),
        off: Literal::Boolean(false),
    },
    OfTls {
        name: "patroni_authentication_mode",
        on: Literal::Text("mtls"),
        off: Literal::Text("basic"),
    },
];

impl OfTls {
    pub fn value(&self, tls: bool, origin: Origin) -> Value {
        let literal = if tls { self.on } else { self.off };
        match literal {
            Literal::Boolean(boolean) => Value::boolean(boolean, origin),
            Literal::Text(text) => Value::text(text, origin),
            Literal::Texts(texts) => Value::texts(texts, origin),
        }
    }

    pub fn is_on(&self, literal: Literal) -> bool {
        self.on == literal
    }
}

/// The word of `failover` that stands for a variable alone.
pub fn of_variable(variable: &str) -> Option<&'static str> {
    match variable {
        EFM_VERSION => Some("version"),
        EFM_SUPERUSER => Some("superuser"),
        EFM_PASSWORD_ENCRYPTION => Some("password_encryption"),
        _ => None,
    }
}
