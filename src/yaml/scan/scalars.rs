//! Values: plain ones, those in quotes, and blocks.

use std::borrow::Cow;

use super::{Kind, Mark, QUOTES, Scanner, ends_line, ends_word, is_break};
use crate::yaml::error::Error;

impl<'t> Scanner<'t> {
    pub(super) fn scan_plain(&mut self) {
        let start = self.mark;
        let mut end = start;
        let mut text: Cow<'t, str> = Cow::Borrowed("");
        let mut between: Cow<'t, str> = Cow::Borrowed("");
        let indent = self.indent + 1;
        while self.peek() != '#' {
            let piece = self.plain_piece();
            if piece.is_empty() {
                break;
            }
            self.may_begin_key = false;
            if text.is_empty() {
                text = Cow::Borrowed(piece);
            } else {
                text.to_mut().push_str(&between);
                text.to_mut().push_str(piece);
            }
            end = self.mark;
            between = self.plain_spaces();
            let column = isize::try_from(self.mark.column).unwrap_or(isize::MAX);
            if between.is_empty() || self.peek() == '#' || (self.flow_level == 0 && column < indent)
            {
                break;
            }
        }
        let kind = Kind::Scalar {
            text,
            is_plain: true,
        };
        self.tokens.push_back(super::Token { kind, start, end });
    }

    /// What belongs to a plain value, up to a blank.
    fn plain_piece(&mut self) -> &'t str {
        let in_flow = self.flow_level > 0;
        let rest = self.rest();
        let mut characters = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map_or('\0', |(_, next)| *next);
            let ends_here = ends_word(c)
                || (c == ':' && (ends_word(next) || (in_flow && ",[]{}".contains(next))))
                || (in_flow && ",?[]{}".contains(c));
            if ends_here {
                end = at;
                break;
            }
        }
        self.take(end)
    }

    /// What is between two pieces of a plain value; nothing where it ends.
    fn plain_spaces(&mut self) -> Cow<'t, str> {
        let blanks = self.take_while(|c| c == ' ');
        if !is_break(self.peek()) {
            return Cow::Borrowed(blanks);
        }
        let first = self.take_break();
        self.may_begin_key = true;
        if self.is_at_document("---") || self.is_at_document("...") {
            return Cow::Borrowed("");
        }
        let mut breaks = String::new();
        loop {
            self.take_while(|c| c == ' ');
            let Some(line_break) = self.take_break() else {
                break;
            };
            breaks.push(line_break);
            if self.is_at_document("---") || self.is_at_document("...") {
                return Cow::Borrowed("");
            }
        }
        Cow::Owned(folded(first, breaks))
    }

    pub(super) fn scan_quoted(&mut self, quote: char) -> Result<(), Error> {
        let start = self.mark;
        let is_double = quote == '"';
        let mut text = String::new();
        self.forward();
        loop {
            self.quoted_piece(is_double, start, &mut text)?;
            if self.peek() == quote {
                break;
            }
            self.quoted_spaces(start, &mut text)?;
        }
        self.forward();
        let kind = Kind::Scalar {
            text: Cow::Owned(text),
            is_plain: false,
        };
        self.push(kind, start);
        Ok(())
    }

    fn quoted_piece(
        &mut self,
        is_double: bool,
        start: Mark,
        text: &mut String,
    ) -> Result<(), Error> {
        loop {
            text.push_str(self.take_while(|c| !matches!(c, '\'' | '"' | '\\') && !ends_word(c)));
            match self.peek() {
                '\'' if !is_double && self.peek_at(1) == '\'' => {
                    text.push('\'');
                    self.forward_by(2);
                }
                c @ '\'' if is_double => {
                    text.push(c);
                    self.forward();
                }
                c @ ('"' | '\\') if !is_double => {
                    text.push(c);
                    self.forward();
                }
                '\\' if is_double => self.escape(start, text)?,
                _ => return Ok(()),
            }
        }
    }

    fn escape(&mut self, start: Mark, text: &mut String) -> Result<(), Error> {
        let at = self.mark;
        self.forward();
        let c = self.peek();
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ if is_break(c) => {
                self.take_break();
                text.push_str(&self.quoted_breaks(start)?);
                return Ok(());
            }
            _ => {
                let Some(replacement) = replacement(c) else {
                    return Err(at.error(
                        format!("`\\{c}` is not an escape"),
                        "write `\\\\` for a backslash, or put the value in single quotes",
                    ));
                };
                text.push(replacement);
                self.forward();
                return Ok(());
            }
        };
        self.forward();
        let mut code: u32 = 0;
        for _ in 0..digits {
            let digit = self.peek().to_digit(16).filter(|_| code < 1 << 28);
            let Some(digit) = digit else {
                return Err(at.error(
                    format!(
                        "`\\{c}` is followed by {digits} hexadecimal digits, and here it is not"
                    ),
                    "write `\\\\` for a backslash, or put the value in single quotes",
                ));
            };
            code = code * 16 + digit;
            self.forward();
        }
        if code > 0x10_ffff {
            return Err(at.error("an escape for a character that does not exist", QUOTES));
        }
        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn quoted_spaces(&mut self, start: Mark, text: &mut String) -> Result<(), Error> {
        let blanks = self.take_while(|c| matches!(c, ' ' | '\t'));
        if self.peek() == '\0' {
            return Err(unclosed(start));
        }
        match self.take_break() {
            Some(line_break) => {
                let breaks = self.quoted_breaks(start)?;
                text.push_str(&folded(Some(line_break), breaks));
            }
            None => text.push_str(blanks),
        }
        Ok(())
    }

    fn quoted_breaks(&mut self, start: Mark) -> Result<String, Error> {
        let mut breaks = String::new();
        loop {
            if self.is_at_document("---") || self.is_at_document("...") {
                return Err(unclosed(start));
            }
            self.take_while(|c| matches!(c, ' ' | '\t'));
            match self.take_break() {
                Some(line_break) => breaks.push(line_break),
                None => return Ok(breaks),
            }
        }
    }

    pub(super) fn scan_block_scalar(&mut self, folds: bool) -> Result<(), Error> {
        let mut start = self.mark;
        self.forward();
        let (keeps, increment) = self.block_indicators()?;
        self.take_while(|c| c == ' ');
        self.take_comment();
        if !ends_line(self.peek()) {
            return Err(self.mark.error(
                "text behind the `|` or `>` of a block",
                "begin the text on the next line, or put it in quotes",
            ));
        }
        self.take_break();
        let least = usize::try_from(self.indent + 1).unwrap_or(0).max(1);
        let mut end = self.mark;
        let (indent, mut breaks) = match increment {
            Some(increment) => {
                let indent = least + increment - 1;
                (indent, self.block_breaks(indent, &mut end))
            }
            None => {
                let (widest, breaks) = self.block_indentation(&mut end);
                (least.max(widest), breaks)
            }
        };
        let mut text = String::new();
        let mut line_break = None;
        // What is said about the value is said about its text.
        if self.mark.column == indent && self.peek() != '\0' {
            start = self.mark;
        }
        while self.mark.column == indent && self.peek() != '\0' {
            text.push_str(&breaks);
            let begins_with_blank = matches!(self.peek(), ' ' | '\t');
            text.push_str(self.take_while(|c| !ends_line(c)));
            end = self.mark;
            line_break = self.take_break();
            breaks = self.block_breaks(indent, &mut end);
            if !(self.mark.column == indent && self.peek() != '\0') {
                break;
            }
            let folds_here = folds
                && line_break == Some('\n')
                && !begins_with_blank
                && !matches!(self.peek(), ' ' | '\t');
            if !folds_here {
                text.extend(line_break);
            } else if breaks.is_empty() {
                text.push(' ');
            }
        }
        if keeps != Some(false) {
            text.extend(line_break);
        }
        if keeps == Some(true) {
            text.push_str(&breaks);
        }
        let kind = Kind::Scalar {
            text: Cow::Owned(text),
            is_plain: false,
        };
        self.tokens.push_back(super::Token { kind, start, end });
        Ok(())
    }

    /// Whether the breaks at the end are kept, and how deep the block is indented.
    fn block_indicators(&mut self) -> Result<(Option<bool>, Option<usize>), Error> {
        let mut keeps = None;
        let mut increment = None;
        for _ in 0..2 {
            match self.peek() {
                c @ ('+' | '-') if keeps.is_none() => {
                    keeps = Some(c == '+');
                    self.forward();
                }
                c @ '1'..='9' if increment.is_none() => {
                    increment = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                    self.forward();
                }
                _ => break,
            }
        }
        let next = self.peek();
        if !(next == ' ' || ends_line(next)) {
            return Err(self.mark.error(
                "text behind the `|` or `>` of a block",
                "begin the text on the next line, or put it in quotes",
            ));
        }
        Ok((keeps, increment))
    }

    fn block_indentation(&mut self, end: &mut Mark) -> (usize, String) {
        let mut widest = 0;
        let mut breaks = String::new();
        loop {
            self.take_while(|c| c == ' ');
            widest = widest.max(self.mark.column);
            match self.take_break() {
                Some(line_break) => {
                    breaks.push(line_break);
                    *end = self.mark;
                }
                None => return (widest, breaks),
            }
        }
    }

    fn block_breaks(&mut self, indent: usize, end: &mut Mark) -> String {
        let mut breaks = String::new();
        loop {
            while self.mark.column < indent && self.peek() == ' ' {
                self.forward();
            }
            match self.take_break() {
                Some(line_break) => {
                    breaks.push(line_break);
                    *end = self.mark;
                }
                None => return breaks,
            }
        }
    }
}

/// One line break is a blank, several are one less.
fn folded(first: Option<char>, breaks: String) -> String {
    match first {
        Some('\n') if breaks.is_empty() => " ".to_owned(),
        Some('\n') | None => breaks,
        Some(other) => format!("{other}{breaks}"),
    }
}

fn unclosed(start: Mark) -> Error {
    start.error("unclosed quote", "close the quote")
}

fn replacement(c: char) -> Option<char> {
    Some(match c {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '\\' | '/' => c,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}
