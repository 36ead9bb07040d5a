//! Text becomes lines, fields and tokens.

use std::ops::Range;

use super::problem::{Problem, Refusal};

/// The first major version in which a backslash at the end of a line continues it.
const CONTINUATION_SINCE: u32 = 14;

/// The first major version without limits for lines.
const LONG_LINES_SINCE: u32 = 14;

/// The longest line of versions with a limit, in bytes.
const LONGEST_LINE: usize = 8190;

/// A word: quotes are removed, and `quoted` remembers one at its begin, which takes special meanings from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub quoted: bool,
    pub at: Range<usize>,
}

impl Token {
    pub fn is_keyword(&self, word: &str) -> bool {
        !self.quoted && self.text == word
    }

    /// Whether it stands for the words in a file of the server.
    pub fn is_file(&self) -> bool {
        !self.quoted && self.text.len() > 1 && self.text.starts_with('@')
    }
}

/// A list of words; it is never empty.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) tokens: Vec<Token>,
}

impl Field {
    pub(super) fn at(&self) -> Range<usize> {
        let start = self.tokens.first().map_or(0, |token| token.at.start);
        start..self.tokens.last().map_or(start, |token| token.at.end)
    }

    pub(super) fn has_file(&self) -> bool {
        self.tokens.iter().any(Token::is_file)
    }
}

/// A line that is neither empty nor a comment.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) fields: Vec<Field>,
    pub(super) at: Range<usize>,
    pub(super) refusal: Option<Refusal>,
}

/// The longest token, in bytes.
fn longest_token(major: u32) -> Option<usize> {
    (major < 16).then_some(LONGEST_TOKEN)
}

/// The longest token of versions with a limit.
const LONGEST_TOKEN: usize = 10239;

pub(super) fn rows(text: &str, major: u32) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut logical: Vec<(usize, char)> = Vec::new();
    let mut from = 0;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let kept = line.trim_end_matches('\r');
        let continues = major >= CONTINUATION_SINCE && kept.ends_with('\\');
        let piece = if continues {
            kept.strip_suffix('\\').unwrap_or(kept)
        } else {
            kept
        };
        logical.extend(piece.char_indices().map(|(at, c)| (from + at, c)));
        let too_long = major < LONG_LINES_SINCE && line.len() > LONGEST_LINE;
        from += line.len() + 1;
        if continues && lines.peek().is_some() {
            continue;
        }
        rows.extend(row(&logical, major, too_long));
        logical.clear();
    }
    rows
}

fn row(characters: &[(usize, char)], major: u32, too_long: bool) -> Option<Row> {
    let mut cursor = Cursor {
        characters,
        next: 0,
        longest: longest_token(major),
    };
    let mut fields = Vec::new();
    let mut refusal = None;
    while refusal.is_none() && cursor.next < characters.len() {
        let mut tokens = Vec::new();
        while let Some(read) = cursor.token() {
            if read.too_long {
                refusal = Some(Refusal {
                    value: Problem::TokenTooLong(LONGEST_TOKEN),
                    at: read.token.at.clone(),
                });
            }
            tokens.push(read.token);
            if !read.comma || refusal.is_some() {
                break;
            }
        }
        if !tokens.is_empty() {
            fields.push(Field { tokens });
        }
    }
    let start = fields.first().map_or(0, |field: &Field| field.at().start);
    let end = fields.last().map_or(start, |field| field.at().end);
    if too_long {
        refusal = Some(Refusal {
            value: Problem::LineTooLong(LONGEST_LINE),
            at: start..end,
        });
    }
    (!fields.is_empty() || refusal.is_some()).then_some(Row {
        fields,
        at: start..end,
        refusal,
    })
}

struct Read {
    token: Token,
    /// Whether a comma stands behind it, so that the list goes on.
    comma: bool,
    too_long: bool,
}

struct Cursor<'c> {
    characters: &'c [(usize, char)],
    next: usize,
    longest: Option<usize>,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<(usize, char)> {
        self.characters.get(self.next).copied()
    }

    /// The next word, as `next_token` of `hba.c` reads it.
    fn token(&mut self) -> Option<Read> {
        while self.peek().is_some_and(|(_, c)| is_blank(c) || c == ',') {
            self.next += 1;
        }
        let start = self.peek()?.0;
        let mut end = start;
        let mut text = String::new();
        let mut quoted = false;
        let (mut in_quote, mut was_quote, mut saw_quote) = (false, false, false);
        let (mut comma, mut too_long) = (false, false);
        while let Some((at, c)) = self.peek() {
            if is_blank(c) && !in_quote {
                break;
            }
            if c == '#' && !in_quote {
                self.next = self.characters.len();
                break;
            }
            if self.longest.is_some_and(|longest| text.len() >= longest) {
                self.next = self.characters.len();
                too_long = true;
                break;
            }
            self.next += 1;
            if c == ',' && !in_quote {
                comma = true;
                break;
            }
            end = at + c.len_utf8();
            if c != '"' || was_quote {
                text.push(c);
            }
            was_quote = in_quote && c == '"' && !was_quote;
            if c == '"' {
                in_quote = !in_quote;
                saw_quote = true;
                quoted |= text.is_empty();
            }
        }
        (saw_quote || !text.is_empty()).then_some(Read {
            token: Token {
                text,
                quoted,
                at: start..end,
            },
            comma,
            too_long,
        })
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r')
}
