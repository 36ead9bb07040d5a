//! Extended regular expressions as grep has them become expressions of the `regex` crate, for whole lines.

use regex::Regex;

/// The expression for lines that match as a whole, or why there is none.
pub(super) fn whole_line(pattern: &str) -> Result<Regex, String> {
    let translated = translate(pattern)?;
    Regex::new(&format!("^(?:{translated})$")).map_err(|error| {
        let text = error.to_string();
        let last = text.lines().last().unwrap_or_default();
        last.trim_start_matches("error: ").to_owned()
    })
}

/// What has been translated so far.
#[derive(Default)]
struct Translation {
    out: String,
    /// Where the last atom begins, if a repetition may follow.
    atom: Option<usize>,
    /// Whether the last atom is repeated already.
    repeated: bool,
    /// Where the open groups begin.
    groups: Vec<usize>,
}

impl Translation {
    fn atom(&mut self, text: &str) {
        self.atom = Some(self.out.len());
        self.repeated = false;
        self.out.push_str(text);
    }

    /// A repetition; where nothing is before it, grep passes over it.
    fn repeat(&mut self, text: &str) {
        let Some(start) = self.atom else { return };
        if self.repeated {
            self.out.insert_str(start, "(?:");
            self.out.push(')');
        }
        self.out.push_str(text);
        self.repeated = true;
    }
}

fn translate(pattern: &str) -> Result<String, String> {
    let mut translation = Translation::default();
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        match character {
            '[' => {
                let set = bracket(&mut rest).ok_or("`[` is not closed")?;
                translation.atom(&set);
            }
            '\\' => match rest.next() {
                None => return Err("`\\` is at its end".to_owned()),
                Some(digit @ '1'..='9') => {
                    return Err(format!(
                        "`\\{digit}` refers back to a group, which m1c cannot do"
                    ));
                }
                Some(class @ ('w' | 'W' | 's' | 'S' | 'b' | 'B' | '<' | '>')) => {
                    translation.atom(&format!("\\{class}"));
                }
                Some('`') => translation.atom("\\A"),
                Some('\'') => translation.atom("\\z"),
                Some(other) => translation.atom(&regex::escape(&other.to_string())),
            },
            '(' => {
                translation.groups.push(translation.out.len());
                translation.out.push('(');
                translation.atom = None;
            }
            ')' => {
                let Some(start) = translation.groups.pop() else {
                    translation.atom("\\)");
                    continue;
                };
                translation.out.push(')');
                translation.atom = Some(start);
                translation.repeated = false;
            }
            '|' => {
                translation.out.push('|');
                translation.atom = None;
            }
            '*' | '+' | '?' => translation.repeat(&character.to_string()),
            '{' => match interval(rest.as_str()) {
                Some((interval, length)) => {
                    translation.repeat(&interval);
                    rest = rest.as_str().get(length..).unwrap_or_default().chars();
                }
                None => translation.atom("\\{"),
            },
            '^' | '$' | '.' => translation.atom(&character.to_string()),
            other => translation.atom(&regex::escape(&other.to_string())),
        }
    }
    if translation.groups.is_empty() {
        Ok(translation.out)
    } else {
        Err("`(` is not closed".to_owned())
    }
}

/// `{2}`, `{2,}`, `{,3}`, `{2,3}`, and how long it is without its `{`.
fn interval(text: &str) -> Option<(String, usize)> {
    let (inside, _) = text.split_once('}')?;
    let digits = |text: &str| text.chars().all(|character| character.is_ascii_digit());
    let interval = match inside.split_once(',') {
        Some((low, high)) if digits(low) && digits(high) => {
            format!("{{{},{high}}}", if low.is_empty() { "0" } else { low })
        }
        None if !inside.is_empty() && digits(inside) => format!("{{{inside}}}"),
        Some(_) | None => return None,
    };
    Some((interval, inside.len() + 1))
}

/// A set of characters, after its `[`. A backslash means itself there.
fn bracket(rest: &mut std::str::Chars<'_>) -> Option<String> {
    let mut out = "[".to_owned();
    if let Some(behind) = rest.as_str().strip_prefix('^') {
        out.push('^');
        *rest = behind.chars();
    }
    let mut first = true;
    loop {
        let character = rest.next()?;
        match character {
            ']' if !first => break,
            '[' if rest.as_str().starts_with([':', '.', '=']) => {
                let kind = rest.next()?;
                let close = format!("{kind}]");
                let (inside, behind) = rest.as_str().split_once(&close)?;
                if kind == ':' {
                    out.extend(["[:", inside, ":]"]);
                } else {
                    out.push_str(&regex::escape(inside));
                }
                *rest = behind.chars();
            }
            '-' if !first && !rest.as_str().starts_with(']') => out.push('-'),
            other if other.is_ascii_punctuation() => {
                out.push('\\');
                out.push(other);
            }
            other => out.push(other),
        }
        first = false;
    }
    out.push(']');
    Some(out)
}
