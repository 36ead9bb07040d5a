//! Lists of tasks by their selectors: `excluded_tasks`, `opt_in_tasks`.

use crate::tpa::view::{Instance, Subject};
use crate::value::Data;

/// Whether a machine's variable names a selector, in a list or in a text with commas. Nobody knows what a template will be.
pub(super) fn names(
    subject: &Subject,
    instance: &Instance,
    variable: &str,
    selector: &str,
) -> bool {
    let Some(tasks) = subject.variable_of(instance, variable) else {
        return false;
    };
    match &tasks.data {
        Data::List(items) => items.iter().any(|item| item.as_text() == Some(selector)),
        Data::Text(text) => {
            text.contains("{{") || text.split(',').any(|name| name.trim() == selector)
        }
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Map(_) => false,
    }
}
