//! What somebody types who follows a help about a config.yml: a value over the marked one, a key beside it or in the
//! section that the help names, or nothing any more.
//!
//! - `remove it` and `remove this` remove the marked entry with all that is below it, `remove` and a name that entry of
//!   the same map.
//! - The literal is the first text in backticks after `write`, `add` or `take`. One without `: ` replaces the marked text,
//!   unless it is to be added.
//! - `KEY: VALUE` goes into the section that the help names after `in`, or to the `top level`, else into the marked map.
//!   A key that is there already gets the new value.
//! - Maps and lists on one line are left to a human.

use std::ops::Range;

/// The text after somebody has followed a help; none where a human has to find the words.
pub(crate) fn followed(text: &str, at: Range<usize>, help: &str) -> Option<String> {
    let lines = Lines::of(text);
    let marked = lines.at(at.start)?;
    if help.starts_with("remove it") || help.starts_with("remove this") {
        return lines.without(marked);
    }
    if let Some(rest) = help.strip_prefix("remove `") {
        let key = rest.split('`').next()?;
        return lines.without(lines.key_beside(marked, key)?);
    }
    let (literals, after) = literals(help)?;
    if let [literal] = literals.as_slice()
        && !literal.contains(": ")
    {
        let is_value = !literal.contains([' ', '=']) && !literal.ends_with(':');
        let is_added = help.contains(&format!("add `{literal}`"));
        let is_typed = is_value && !is_added && !after.starts_with(" into ");
        return is_typed.then(|| format!("{}{literal}{}", &text[..at.start], &text[at.end..]));
    }
    if ELSEWHERE.iter().any(|place| after.starts_with(place)) {
        return None;
    }
    let mut new = text.to_owned();
    for literal in literals {
        let (key, value) = literal
            .split_once(": ")
            .filter(|(key, _)| !key.starts_with('{'))?;
        new = with_entry(&new, at.start, after, (key, value))?;
    }
    Some(new)
}

/// Where a human has to look for the entry that is meant.
const ELSEWHERE: [&str; 6] = [
    " to each of",
    " in each",
    " to the machine",
    " to the volume",
    " to the instance",
    " in the instance",
];

/// The text with an entry of a map, which lengthens it after `at` alone.
fn with_entry(text: &str, at: usize, after: &str, (key, value): (&str, &str)) -> Option<String> {
    let lines = Lines::of(text);
    let marked = lines.at(at)?;
    if let Some(section) = section(after) {
        return lines.with_in_section(section, key, value);
    }
    if after.starts_with(" at the top level") {
        return Some(match lines.top_level(key) {
            Some(line) => lines.with_value(line, key, value)?,
            None => format!("{text}{key}: {value}\n"),
        });
    }
    if lines.key(marked) == Some(key) {
        return lines.with_value(marked, key, value);
    }
    match lines.key_beside(marked, key) {
        Some(line) => lines.with_value(line, key, value),
        None => lines.with_line_after(marked, key, value),
    }
}

/// The first literals that can be typed as they are, and what follows them.
fn literals(help: &str) -> Option<(Vec<&str>, &str)> {
    let verbs = ["write `", "add `", "take `"];
    let starts = verbs
        .iter()
        .filter_map(|verb| Some(help.find(verb)? + verb.len()));
    let mut rest = &help[starts.min()?..];
    let is_placeholder = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let mut literals = Vec::new();
    loop {
        let (literal, after) = rest.split_once('`')?;
        if literal.contains('…') || literal.split(' ').any(is_placeholder) {
            return None;
        }
        literals.push(literal);
        let mut joints = [", `", " and `"].iter();
        match joints.find_map(|joint| after.strip_prefix(joint)) {
            Some(next) if literal.contains(": ") => rest = next,
            Some(_) | None => return Some((literals, after)),
        }
    }
}

/// `cluster_vars` in `` in `cluster_vars` ``. Sections below others are left to a human.
fn section(after: &str) -> Option<&str> {
    let mut words = [" in `", " to `", " under `"].iter();
    let rest = words.find_map(|word| after.strip_prefix(word))?;
    rest.split('`').next()
}

/// The lines of a config.yml.
struct Lines<'t> {
    text: &'t str,
    lines: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Lines<'t> {
        Lines {
            text,
            lines: text.split_inclusive('\n').collect(),
        }
    }

    /// The line that an offset is in.
    fn at(&self, offset: usize) -> Option<usize> {
        let mut start = 0;
        self.lines.iter().position(|line| {
            start += line.len();
            offset < start
        })
    }

    /// Where the key of a line begins, after the `- ` of a list.
    fn indent(&self, line: usize) -> usize {
        let line = self.lines[line];
        line.len() - line.trim_start_matches([' ', '-']).len()
    }

    fn is_empty(&self, line: usize) -> bool {
        let line = self.lines[line].trim();
        line.is_empty() || line.starts_with('#')
    }

    fn key(&self, line: usize) -> Option<&'t str> {
        let rest = self.lines[line].trim_start_matches([' ', '-']);
        let (key, after) = rest.split_once(':')?;
        let is_key = after.starts_with([' ', '\n']) && !key.contains([' ', '{', '[', '"']);
        is_key.then_some(key)
    }

    /// Whether a line begins an entry of a list.
    fn is_item(&self, line: usize) -> bool {
        self.lines[line].trim_start().starts_with("- ")
    }

    /// The line after the entry that begins at this one.
    fn end(&self, line: usize) -> usize {
        let indent = self.indent(line);
        let is_below = |other: &usize| {
            let is_list = self.lines[*other].trim_start().starts_with('-');
            self.is_empty(*other)
                || self.indent(*other) > indent && !(self.is_item(line) && is_list)
        };
        let next = (line + 1..self.lines.len()).find(|other| !is_below(other));
        next.unwrap_or(self.lines.len())
    }

    /// The lines of the map that a line is in.
    fn map(&self, line: usize) -> impl Iterator<Item = usize> {
        let indent = self.indent(line);
        let is_outside =
            move |other: &usize| !self.is_empty(*other) && self.indent(*other) < indent;
        let first = if self.is_item(line) {
            line
        } else {
            let mut above = (0..line).rev();
            above
                .find(|other| {
                    is_outside(other) || (self.is_item(*other) && self.indent(*other) == indent)
                })
                .map_or(
                    0,
                    |other| if is_outside(&other) { other + 1 } else { other },
                )
        };
        let is_next = move |other: &usize| {
            is_outside(other) || (self.is_item(*other) && self.indent(*other) == indent)
        };
        let last = (line + 1..self.lines.len()).find(is_next);
        let last = last.unwrap_or(self.lines.len());
        (first..last).filter(move |other| !self.is_empty(*other) && self.indent(*other) == indent)
    }

    fn key_beside(&self, line: usize, key: &str) -> Option<usize> {
        self.map(line).find(|other| self.key(*other) == Some(key))
    }

    fn top_level(&self, key: &str) -> Option<usize> {
        (0..self.lines.len()).find(|line| self.indent(*line) == 0 && self.key(*line) == Some(key))
    }

    fn joined(&self, before: usize, middle: &str, after: usize) -> String {
        let before = self.lines[..before].concat();
        format!("{before}{middle}{}", self.lines[after..].concat())
    }

    /// An entry that is on one line with others, or begins an item of a list, is left to a human.
    fn without(&self, line: usize) -> Option<String> {
        self.key(line)?;
        if self.is_item(line) {
            return None;
        }
        Some(self.joined(line, "", self.end(line)))
    }

    fn with_value(&self, line: usize, key: &str, value: &str) -> Option<String> {
        let old = self.lines[line];
        let at = old.find(&format!("{key}:"))?;
        let new = format!("{}{key}: {value}\n", &old[..at]);
        Some(self.joined(line, &new, self.end(line)))
    }

    fn with_line_after(&self, line: usize, key: &str, value: &str) -> Option<String> {
        self.key(line)?;
        let end = self.end(line);
        let new = format!("{}{key}: {value}\n", " ".repeat(self.indent(line)));
        let text = self.joined(end, &new, end);
        self.text.ends_with('\n').then_some(text)
    }

    fn with_in_section(&self, section: &str, key: &str, value: &str) -> Option<String> {
        let line = self.top_level(section)?;
        let is_map = self.lines[line].trim_end().ends_with(':');
        if !is_map {
            return None;
        }
        let below = line + 1;
        if self.end(line) == below {
            return None;
        }
        let map: Vec<usize> = self.map(below).collect();
        if let Some(line) = map.into_iter().find(|other| self.key(*other) == Some(key)) {
            return self.with_value(line, key, value);
        }
        let new = format!("{}{key}: {value}\n", " ".repeat(self.indent(below)));
        Some(self.joined(below, &new, below))
    }
}
