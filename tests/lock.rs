//! Clusters that live: their sources change at random, and no machine loses its number, its name or its subnet.

mod edits;
mod history;
mod merge;
mod source;

use std::env;

use history::History;
use m1c::check::Setting;
use source::Source;

use crate::robust::Random;

/// How many edits a source goes through.
const EDITS: usize = 24;

/// How many sources there are.
fn sources() -> usize {
    env::var("M1C_LOCK_SOURCES").map_or(90, |sources| sources.parse().unwrap())
}

/// The text of a random source, and what it is built with.
pub(crate) fn any_source(number: usize) -> (String, Vec<Setting>) {
    let mut random = random(number + 2 * OTHER_SEEDS);
    let mut source = edits::start(&mut random, number);
    let history = History::default();
    for _ in 0..random.below(EDITS) {
        edits::any_edit(&mut source, &mut random, &history);
    }
    (source.text(), source.settings())
}

#[test]
fn edits_change_no_machine_that_is_there() {
    for number in 0..sources() {
        let mut random = random(number);
        let mut source = edits::start(&mut random, number);
        let mut history = History::default();
        let mut made = Vec::new();
        let mut before = String::new();
        for _ in 0..=EDITS {
            if let Err(what) = history.build(&source) {
                let (after, lock) = (source.text(), history.lock.unwrap_or_default());
                panic!(
                    "source {number}, after {made:?}: {what}\n--- before\n{before}\n--- the lock before\n{lock}\n--- after\n{after}"
                );
            }
            before = source.text();
            made.push(edits::any_edit(&mut source, &mut random, &history));
        }
    }
}

/// Where the seeds of merges begin.
const OTHER_SEEDS: usize = 1_000_000;

/// What came of merges.
#[derive(Debug, Default)]
struct Outcomes {
    valid: usize,
    conflicts: usize,
    doubles: usize,
    built: usize,
}

#[test]
fn merges_of_branches_are_right_or_refused() {
    if !merge::has_git() {
        eprintln!("skipped: there is no git");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut outcomes = Outcomes::default();
    for number in 0..sources() {
        let mut random = random(number + OTHER_SEEDS);
        let mut base = edits::start(&mut random, number);
        let mut history = History::default();
        history.build(&base).unwrap();
        for _ in 0..random.below(5) {
            edits::any_edit(&mut base, &mut random, &history);
            history.build(&base).unwrap();
        }
        let branches = [(); 2].map(|()| branch(&base, &history, &mut random));
        let [(ours, our_past), (theirs, their_past)] = &branches;
        let locks = [our_past, &history, their_past].map(|it| it.lock.as_deref().unwrap());
        let merged = merge::merge(folder.path(), locks[0], locks[1], locks[2]);
        let past = [our_past, their_past];
        let result = outcome(&merged, past, &mut outcomes).and_then(|lock| {
            let texts = [ours, &base, theirs].map(Source::text);
            let source = merge::merge(folder.path(), &texts[0], &texts[1], &texts[2]);
            if let (Some(lock), true) = (lock, source.is_clean) {
                let is_built = History::agrees(&past, &source.text, &ours.settings(), &lock)?;
                outcomes.built += usize::from(is_built);
            }
            Ok(())
        });
        if let Err(what) = result {
            panic!(
                "source {number}: {what}\n--- base\n{}\n--- ours\n{}\n--- theirs\n{}\n--- merged\n{}",
                locks[1], locks[0], locks[2], merged.text
            );
        }
    }
    // That there are all kinds of outcomes: else this test says nothing.
    let Outcomes {
        valid,
        conflicts,
        doubles,
        built,
    } = outcomes;
    assert!(
        valid > 0 && conflicts > 0 && doubles > 0 && built > 0,
        "{outcomes:?}"
    );
}

/// A branch of a source: it adds machines, and is built.
fn branch(base: &Source, history: &History, random: &mut Random) -> (Source, History) {
    let (mut source, mut history) = (base.clone(), history.clone());
    for _ in 0..=random.below(3) {
        edits::edit(&mut source, edits::Edit::ADDING, random, &history);
    }
    history.build(&source).unwrap();
    (source, history)
}

/// Judges a merged lock; gives its text where m1c takes it.
fn outcome(
    merged: &merge::Merged,
    past: [&History; 2],
    outcomes: &mut Outcomes,
) -> Result<Option<String>, String> {
    let lock = merge::sound(&merged.text, &past)?;
    if !merged.is_clean {
        outcomes.conflicts += 1;
        if lock.is_some() {
            return Err("conflict markers are read as a lock".to_owned());
        }
        let text = merged.with_both_sides();
        let lock = merge::sound(&text, &past).map_err(|what| format!("by hand: {what}"))?;
        return Ok(lock.map(|_| text));
    }
    match lock {
        Some(_) => outcomes.valid += 1,
        None => outcomes.doubles += 1,
    }
    Ok(lock.map(|_| merged.text.clone()))
}

fn random(number: usize) -> Random {
    let number = u64::try_from(number).unwrap();
    let mut random = Random((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    random.below(1);
    random
}
