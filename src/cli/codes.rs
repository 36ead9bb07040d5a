//! Every code of the compiler, from all stages, with its page.

use std::fmt::Write as _;

use crate::diagnostic::Code;
use crate::{backend, check, import, load, lock, lower, require, resolve, syntax};

/// One line a stage.
static STAGES: [&[&Code]; 10] = [
    check::CODES,
    syntax::errors::CODES,
    load::CODES,
    resolve::CODES,
    lock::CODES,
    lower::CODES,
    require::CODES,
    backend::INVENTORY_CODES,
    backend::TERRAFORM_CODES,
    import::CODES,
];

/// All codes, sorted by name.
pub fn all() -> Vec<&'static Code> {
    let mut codes: Vec<&Code> = STAGES.iter().copied().flatten().copied().collect();
    codes.sort_by_key(|code| code.name);
    codes
}

/// What a code means, as Markdown.
pub fn explanation(code: &Code) -> String {
    // The blank that comes after `///` is part of the documentation that the compiler sees.
    let lines: Vec<&str> = code
        .documentation
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The page of all codes.
pub fn page() -> String {
    let mut page = String::from(
        "# Errors\n\nWhat each error code means. `m1c explain CODE` says the same. This page is generated.\n",
    );
    for code in all() {
        let _ = write!(page, "\n## {}\n\n{}\n", code.name, explanation(code));
    }
    page
}
