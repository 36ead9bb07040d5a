//! Lines of `pg_ident.conf`: which user of a system may be which user of the database.

use std::ops::Range;

use super::line::{Fields, REGEX_SINCE, is_known};
use super::problem::{Missing, Problem, Refusal};
use super::regex;
use super::tokens::{self, Token};

/// A line that Postgres takes.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub at: Range<usize>,
    pub map: Token,
    pub system_user: Token,
    pub database_user: Token,
}

/// The lines of a file, comments and empty lines left out. Lines whose meaning stands in another file are left out too.
pub fn mappings(text: &str, major: u32) -> Vec<Result<Mapping, Refusal>> {
    let rows = tokens::rows(text, major);
    let mut mappings = Vec::new();
    for row in rows {
        if let Some(refusal) = row.refusal {
            mappings.push(Err(refusal));
        } else if let Some(mapping) = mapping(row, major).transpose() {
            mappings.push(mapping);
        }
    }
    mappings.retain(is_known);
    mappings
}

fn mapping(row: tokens::Row, major: u32) -> Result<Option<Mapping>, Refusal> {
    let is_include = |field: &tokens::Field| {
        let first = field.tokens.first();
        first.is_some_and(|token| {
            matches!(
                token.text.as_str(),
                "include" | "include_if_exists" | "include_dir"
            )
        })
    };
    if let [first, _] = row.fields.as_slice()
        && is_include(first)
        && major >= super::line::INCLUDE_SINCE
    {
        return Ok(None);
    }
    let at = row.at.clone();
    let mut fields = Fields::new(row);
    let map = fields.one(Missing::Map)?;
    let system_user = fields.one(Missing::SystemUser)?;
    let database_user = fields.one(Missing::DatabaseUser)?;
    let system = system_user.text.strip_prefix('/');
    let database = database_user.text.strip_prefix('/');
    let database = database.filter(|_| major >= REGEX_SINCE);
    for (expression, token) in [(system, &system_user), (database, &database_user)] {
        if let Some(Err(problem)) = expression.map(|text| regex::check(text, major)) {
            return Err(Refusal {
                value: Problem::Regex(problem),
                at: token.at.clone(),
            });
        }
    }
    Ok(Some(Mapping {
        at,
        map,
        system_user,
        database_user,
    }))
}
