//! Where the pages of codes and rules are, once the package says where its repository is.

/// The page of an error code.
pub fn of_error(code: &str) -> Option<String> {
    Some(format!("{}/docs/errors.md#{code}", tree()?))
}

/// The page of a rule.
pub fn of_rule(code: &str) -> Option<String> {
    Some(format!("{}/docs/lints/{code}.md", tree()?))
}

/// The home of the project.
pub fn home() -> Option<&'static str> {
    option_env!("CARGO_PKG_REPOSITORY").filter(|at| !at.is_empty())
}

/// The files of this version.
fn tree() -> Option<String> {
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("{}/blob/v{version}", home()?))
}
