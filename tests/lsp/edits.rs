//! Edits at random. `M1C_EDITS` says how many; the bench makes 100,000.

use super::scribble::scribble;

fn count() -> usize {
    let count = std::env::var("M1C_EDITS").ok();
    count.map_or(2_000, |count| count.parse().expect("a number"))
}

#[test]
fn random_edits_leave_the_server_in_agreement_with_a_fresh_check() {
    scribble("utf-16", count(), 40, 0x5EED);
}

#[test]
fn random_edits_in_bytes_do_too() {
    scribble("utf-8", count(), 40, 0xB17E5);
}
