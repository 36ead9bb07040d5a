//! `pg_hba.conf` and `pg_ident.conf` as Postgres reads them, by its major version.
//!
//! Nothing here knows a cluster: text comes in, and lines with the location of everything in them, or the first
//! thing that Postgres refuses in a line, come out. `tests/postgres/hba.py` compares it with real servers.

mod address;
mod cover;
mod ident;
mod keywords;
mod ldap;
mod line;
mod options;
mod problem;
mod regex;
mod tokens;

pub use address::{Address, Numeric, numeric};
pub use cover::{Relation, relation};
pub use ident::{Mapping, mappings};
pub use keywords::{Kind, Method};
pub use line::{Line, Name, REGEX_SINCE, lines};
pub use options::{Choice, names as options};
pub use problem::{At, Missing, Problem, Refusal};
pub use regex::{Problem as RegexProblem, groups};
pub use tokens::Token;
