//! Parameters of Postgres: the table in itself, and its reading of values against what real servers said.

use std::collections::BTreeSet;
use std::fs;

use m1c::facts::parameters::{self, Context, Meaning, NEWEST, OLDEST};
use m1c::tpa::view::guc;

/// What m1c makes of a value alone, with everything else as the server has it by itself.
fn verdict(major: u32, name: &str, value: &str) -> String {
    let Some(parameter) = parameters::find(name, major) else {
        let is_of_an_extension = guc::is_name(name) && name.contains('.');
        return (if is_of_an_extension {
            "taken"
        } else {
            "refused: unknown"
        })
        .to_owned();
    };
    let meaning = match parameter.read(value, major) {
        Ok(meaning) => meaning,
        Err(problem) => return format!("refused: {problem:?}"),
    };
    let in_force = |other: &str| {
        if other.eq_ignore_ascii_case(parameter.name) {
            Some(meaning)
        } else {
            parameters::find(other, major)?.default_meaning(major)
        }
    };
    match parameters::conflicts(major, &in_force).first() {
        Some(conflict) => format!("refused: {}", conflict.rule),
        None => match meaning {
            Meaning::Whole(number) => format!("taken: {number}"),
            Meaning::Switch(is_on) => format!("taken: {}", if is_on { "on" } else { "off" }),
            Meaning::Decimal(_) | Meaning::Word(_) | Meaning::Text => "taken".to_owned(),
        },
    }
}

/// A line of verdicts: the major, the name, the value with its escapes, and what the server said.
fn fields(line: &str) -> (u32, &str, String, &str) {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or_default();
    let (major, name, value, said) = (next(), next(), next(), next());
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            other => other,
        });
    }
    (major.parse().unwrap(), name, text, said)
}

/// Judges the values in a file, for `tests/postgres/parameters.py`, which asks the servers about the same ones.
#[test]
fn judges_a_list_of_values() {
    let Ok(path) = std::env::var("M1C_PARAMETERS") else {
        return;
    };
    let mut judged = String::new();
    for line in fs::read_to_string(&path).unwrap().lines() {
        let (major, name, value, _) = fields(line);
        judged.push_str(&verdict(major, name, &value));
        judged.push('\n');
    }
    fs::write(format!("{path}.judged"), judged).unwrap();
}

#[test]
fn values_are_read_as_the_servers_read_them() {
    let mut different = Vec::new();
    let mut count = 0;
    for line in include_str!("postgres/verdicts.tsv").lines() {
        let (major, name, value, said) = fields(line);
        let ours = verdict(major, name, &value);
        let is_same = match said {
            "taken" | "refused" => ours.starts_with(said),
            exact => ours == exact,
        };
        if !is_same {
            different.push(format!("{line}: m1c says {ours}"));
        }
        count += 1;
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(count > 5, "{count} verdicts");
}

#[test]
fn the_table_is_in_order_and_without_gaps() {
    let mut last: Option<(String, u32)> = None;
    let mut names = BTreeSet::new();
    for major in OLDEST..=NEWEST {
        for parameter in parameters::all(major) {
            let found = parameters::find(&parameter.name.to_uppercase(), major).unwrap();
            assert_eq!(found, parameter);
            names.insert(parameter.name.to_lowercase());
            if major == parameter.first {
                let default = parameter.default_meaning(major);
                let is_empty = parameter.default.is_empty();
                assert!(default.is_some() || is_empty, "{parameter:?}");
            }
        }
    }
    for name in &names {
        for row in parameters::rows(name) {
            if let Some((before, until)) = &last
                && before == name
            {
                assert_eq!(row.first, until + 1, "{name}");
            }
            last = Some((name.clone(), row.last));
        }
    }
    assert!(names.len() > 380, "{}", names.len());
}

#[test]
fn every_parameter_that_went_says_what_to_do_instead() {
    let mut mute = Vec::new();
    for major in OLDEST..NEWEST {
        for parameter in parameters::all(major).filter(|known| known.last == major) {
            let is_there = parameters::find(parameter.name, major + 1)
                .is_some_and(|known| known.context != Context::Internal);
            let gone = parameters::gone(parameter.name);
            let since = (major + 1).to_string();
            if !is_there && gone.is_none_or(|gone| gone.since != since) {
                mute.push(format!("{} went with {since}", parameter.name));
            }
        }
    }
    assert!(mute.is_empty(), "{}", mute.join("\n"));
}
