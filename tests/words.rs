//! The words of the language, as editors list them.

use m1c::schema::words;

#[test]
fn words_are_listed_by_what_they_are() {
    assert!(
        ["cluster", "include", "location", "primary", "use"]
            .iter()
            .all(|word| words::entries().contains(word))
    );
    assert!(
        ["address", "like", "zones"]
            .iter()
            .all(|word| words::settings().contains(word))
    );
    assert!(
        ["aws", "barman", "efm", "pgbouncer", "postgresql"]
            .iter()
            .all(|word| words::choices().contains(word))
    );
    assert!(words::variables().contains(&"postgres_conf_settings"));
    assert!(words::SYNTAX.is_sorted() && words::CONSTANTS.is_sorted());
}
