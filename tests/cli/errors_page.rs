//! `docs/errors.md` is generated from the error codes.

use m1c::cli::codes;

use crate::pages;

#[test]
fn the_page_of_errors_is_current() {
    pages::assert_current("docs/errors.md", &codes::page());
}

#[test]
fn names_of_codes_are_unique_and_in_kebab_case() {
    let names: Vec<&str> = codes::all().iter().map(|code| code.name).collect();
    for pair in names.windows(2) {
        assert_ne!(pair[0], pair[1], "two codes have one name");
    }
    for name in names {
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{name}"
        );
    }
}

#[test]
fn every_code_is_explained() {
    for code in codes::all() {
        let explanation = codes::explanation(code);
        assert!(explanation.ends_with(['.', '`', ':', ')']), "{}", code.name);
    }
}
