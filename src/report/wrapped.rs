//! Text in lines of a width.

/// Breaks a text between words; the first line begins with one text, all others with another.
pub(super) fn wrapped(width: usize, first: &str, rest: &str, text: &str) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut is_begun = false;
    for word in text.split(' ') {
        let length = line.chars().count() + 1 + word.chars().count();
        if is_begun && length > width {
            lines.push_str(&line);
            lines.push('\n');
            rest.clone_into(&mut line);
            is_begun = false;
        }
        if is_begun {
            line.push(' ');
        }
        line.push_str(word);
        is_begun = true;
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}
