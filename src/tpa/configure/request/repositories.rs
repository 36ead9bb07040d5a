//! The retired repositories of 2ndQuadrant, which TPA still checks.

use super::errors;
use crate::tpa::configure::refusal::Refusal;
use crate::tpa::configure::values::Values;

const SOURCES: &[&str] = &["ci-spool", "products", "dl"];
const MATURITIES: &[&str] = &["snapshot", "testing", "release"];
const PRODUCTS: &[&str] = &[
    "default",
    "2ndqpostgres",
    "bdr2",
    "bdr3",
    "pglogical3",
    "server-ssl-passphrase-callback",
    "postgresql",
    "bdr_enterprise_3_6",
    "livecompare",
    "bdr3_7",
    "pglogical3_7",
    "bdr_enterprise_3_7",
    "harp",
    "bdr3_7-epas",
    "bdr_enterprise_3_7-epas",
    "bdr4",
    "bdr_enterprise_4",
    "bdr_enterprise_4-epas",
    "lasso",
];

pub(super) fn retired(values: &Values) -> Result<(), Refusal> {
    for repository in values.list("tpa_2q_repositories").unwrap_or_default() {
        let parts: Vec<&str> = repository.split('/').collect();
        let [source, product, maturity] = parts.as_slice() else {
            return Err(errors::repository_parts(repository));
        };
        for (part, word, known) in [
            ("source", source, SOURCES),
            ("product", product, PRODUCTS),
            ("maturity", maturity, MATURITIES),
        ] {
            if !known.contains(word) {
                return Err(errors::repository_part(repository, part, word, known));
            }
        }
    }
    Ok(())
}
