//! The words of the language, as editors list them; and the words of English that messages and pages use.

use std::fs;
use std::path::{Path, PathBuf};

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

/// The words in backticks in the second column of the table of words.
fn avoided(contributing: &str) -> Vec<&str> {
    let (_, table) = contributing.split_once("### Words").unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|row| row.split('|').nth(2));
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect()
}

/// Whether a text has a word that it should not have.
fn has(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let is_apart = !before.ends_with(|c: char| c.is_alphanumeric() || "_-`".contains(c))
            && !after.starts_with(|c: char| c.is_alphanumeric() || "_-`(:".contains(c))
            && !after.starts_with(".rs");
        let is_right = word.ends_with(" no")
            && (before.to_lowercase().ends_with("there ")
                || after.starts_with(" longer")
                || after.starts_with(" more"));
        is_apart && !is_right
    })
}

/// What is between quotes in the lines of a program that are not comments.
fn strings(code: &str) -> Vec<(usize, String)> {
    let mut strings = Vec::new();
    let mut inside = false;
    let mut text = String::new();
    for (number, line) in code.lines().enumerate() {
        if !inside && line.trim_start().starts_with("//") {
            continue;
        }
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\\' if inside => {
                    characters.next();
                    text.push(' ');
                }
                '\'' if !inside && characters.peek() == Some(&'"') => {
                    characters.next();
                }
                '"' => {
                    inside = !inside;
                    if !inside {
                        strings.push((number + 1, std::mem::take(&mut text)));
                    }
                }
                other if inside => text.push(other),
                _ => {}
            }
        }
        text.push(' ');
    }
    strings
}

fn files_below(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, extension, files);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
}

#[test]
fn messages_and_pages_use_the_words_of_the_table() {
    let contributing = fs::read_to_string("CONTRIBUTING.md").unwrap();
    let avoided = avoided(&contributing);
    assert!(avoided.len() > 15);
    let mut found = String::new();
    let mut look = |path: &Path, number: usize, text: &str| {
        for word in &avoided {
            if has(text, word) {
                found.push_str(&format!("{}:{number}: `{word}`: {text}\n", path.display()));
            }
        }
    };
    let mut sources = Vec::new();
    files_below(Path::new("src"), "rs", &mut sources);
    for path in &sources {
        for (number, text) in strings(&fs::read_to_string(path).unwrap()) {
            look(path, number, &text);
        }
    }
    let mut pages = vec![PathBuf::from("README.md"), PathBuf::from("ARCHITECTURE.md")];
    files_below(Path::new("docs"), "md", &mut pages);
    for path in &pages {
        let page = fs::read_to_string(path).unwrap();
        for (number, line) in page.lines().enumerate() {
            look(path, number + 1, line);
        }
    }
    let (before, _) = contributing.split_once("### Words").unwrap();
    for (number, line) in before.lines().enumerate() {
        look(Path::new("CONTRIBUTING.md"), number + 1, line);
    }
    assert!(
        found.is_empty(),
        "CONTRIBUTING.md says what to write instead:\n{found}"
    );
}
