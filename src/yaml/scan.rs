//! Text becomes tokens, as PyYAML cuts it.
//!
//! PyYAML reads YAML 1.1, and is stricter or laxer than its specification here and there: a tab does not separate
//! values, a simple key is not longer than 1024 characters. What it refuses is refused here.

mod keys;
mod scalars;
mod tags;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use super::error::Error;
use keys::SimpleKey;

/// A comment and where it stands, with its `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What comes after the `#`.
    pub text: String,
    /// In bytes of the text.
    pub at: Range<usize>,
}

/// A location in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// In bytes.
    pub(super) offset: usize,
    /// In characters.
    index: usize,
    /// Counted from 0.
    line: usize,
    /// In characters, counted from 0.
    column: usize,
}

impl Mark {
    pub(super) fn error(self, message: impl Into<String>, help: &'static str) -> Error {
        Error {
            message: message.into(),
            help,
            at: self.offset,
            line: self.line + 1,
            column: self.column + 1,
        }
    }
}

/// What a text consists of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind<'t> {
    StreamEnd,
    YamlDirective {
        major: String,
    },
    TagDirective {
        handle: String,
        prefix: String,
    },
    OtherDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'t str),
    Anchor(&'t str),
    Tag {
        handle: Option<String>,
        suffix: String,
    },
    Scalar {
        text: Cow<'t, str>,
        is_plain: bool,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

const QUOTES: &str = "put the value in quotes";
const TABS: &str = "write blanks: YAML lets tabs stand in comments and quotes only";

pub(super) struct Scanner<'t> {
    text: &'t str,
    mark: Mark,
    tokens: VecDeque<Token<'t>>,
    taken: usize,
    flow_level: usize,
    /// The column of the current collection; -1 outside of all.
    indent: isize,
    indents: Vec<isize>,
    may_begin_key: bool,
    /// What may become a key, for each level of flow collections.
    keys: Vec<Option<SimpleKey>>,
    is_done: bool,
    pub(super) comments: Vec<Comment>,
}

pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The end of the text is a zero.
fn ends_line(c: char) -> bool {
    c == '\0' || is_break(c)
}

fn ends_word(c: char) -> bool {
    matches!(c, ' ' | '\t') || ends_line(c)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Result<Scanner<'t>, Error> {
        let mut scanner = Scanner {
            text,
            mark: Mark::default(),
            tokens: VecDeque::new(),
            taken: 0,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            may_begin_key: true,
            keys: vec![None],
            is_done: false,
            comments: Vec::new(),
        };
        if let Some(at) = text.find(|c: char| !is_printable(c)) {
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            scanner.skip_to(at);
            let code = character.map_or(0, u32::from);
            return Err(scanner.mark.error(
                format!("the character U+{code:04X}, which YAML does not allow"),
                "remove it, or write it as an escape in double quotes",
            ));
        }
        Ok(scanner)
    }

    /// The next token, which stays. At the end there is one of that kind forever.
    pub(super) fn peek_token(&mut self) -> Result<&Token<'t>, Error> {
        while self.needs_more()? {
            self.fetch()?;
        }
        match self.tokens.front() {
            Some(token) => Ok(token),
            None => Err(self.mark.error("the document ends too early", QUOTES)),
        }
    }

    pub(super) fn take_token(&mut self) -> Result<Token<'t>, Error> {
        if self.peek_token()?.kind == Kind::StreamEnd {
            return Ok(self.peek_token()?.clone());
        }
        self.taken += 1;
        let taken = self.tokens.pop_front();
        taken.ok_or_else(|| self.mark.error("the document ends too early", QUOTES))
    }

    fn needs_more(&mut self) -> Result<bool, Error> {
        if self.is_done {
            return Ok(false);
        }
        if self.tokens.is_empty() {
            return Ok(true);
        }
        // The next token may turn out to be a key, which needs another one before it.
        self.drop_stale_keys()?;
        let first = self.keys.iter().flatten().map(|key| key.token).min();
        Ok(first == Some(self.taken))
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.mark.offset..).unwrap_or_default()
    }

    fn peek(&self) -> char {
        self.rest().chars().next().unwrap_or('\0')
    }

    fn peek_at(&self, ahead: usize) -> char {
        self.rest().chars().nth(ahead).unwrap_or('\0')
    }

    fn forward(&mut self) {
        let mut characters = self.rest().chars();
        let Some(c) = characters.next() else { return };
        let before_newline = characters.next() == Some('\n');
        self.mark.offset += c.len_utf8();
        self.mark.index += 1;
        if is_break(c) && !(c == '\r' && before_newline) {
            self.mark.line += 1;
            self.mark.column = 0;
        } else if c != '\u{feff}' {
            self.mark.column += 1;
        }
    }

    fn forward_by(&mut self, count: usize) {
        for _ in 0..count {
            self.forward();
        }
    }

    fn skip_to(&mut self, offset: usize) {
        while self.mark.offset < offset {
            self.forward();
        }
    }

    /// Takes all characters of a kind, none of which breaks a line.
    fn take_while(&mut self, takes: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !takes(c)).unwrap_or(rest.len());
        self.take(end)
    }

    /// Takes so many bytes, none of which breaks a line.
    fn take(&mut self, length: usize) -> &'t str {
        let taken = self.rest().get(..length).unwrap_or_default();
        let characters = if taken.is_ascii() {
            taken.len()
        } else {
            taken.chars().count()
        };
        self.mark.offset += taken.len();
        self.mark.index += characters;
        self.mark.column += characters - taken.matches('\u{feff}').count();
        taken
    }

    /// Takes one line break; nothing where there is none.
    fn take_break(&mut self) -> Option<char> {
        let c = self.peek();
        if !is_break(c) {
            return None;
        }
        if c == '\r' && self.peek_at(1) == '\n' {
            self.forward();
        }
        self.forward();
        Some(match c {
            '\u{2028}' | '\u{2029}' => c,
            _ => '\n',
        })
    }

    fn take_comment(&mut self) {
        if self.peek() != '#' {
            return;
        }
        let start = self.mark.offset;
        let text = self.take_while(|c| !is_break(c));
        self.comments.push(Comment {
            text: text.strip_prefix('#').unwrap_or(text).to_owned(),
            at: start..self.mark.offset,
        });
    }

    /// `---` or `...`, with something behind it that ends a word.
    fn is_at_document(&self, sign: &str) -> bool {
        self.rest().starts_with(sign) && ends_word(self.peek_at(3))
    }

    fn push(&mut self, kind: Kind<'t>, start: Mark) {
        let end = self.mark;
        self.tokens.push_back(Token { kind, start, end });
    }

    fn insert(&mut self, at: usize, kind: Kind<'t>, mark: Mark) {
        let token = Token {
            kind,
            start: mark,
            end: mark,
        };
        self.tokens.insert(at.min(self.tokens.len()), token);
    }

    fn unwind(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.indent = self.indents.pop().unwrap_or(-1);
            self.push(Kind::BlockEnd, self.mark);
        }
    }

    fn add_indent(&mut self, column: usize) -> bool {
        let column = isize::try_from(column).unwrap_or(isize::MAX);
        if self.indent >= column {
            return false;
        }
        self.indents.push(self.indent);
        self.indent = column;
        true
    }

    fn skip_to_next_token(&mut self) {
        if self.mark.index == 0 && self.peek() == '\u{feff}' {
            self.forward();
        }
        loop {
            self.take_while(|c| c == ' ');
            self.take_comment();
            if self.take_break().is_none() {
                return;
            }
            if self.flow_level == 0 {
                self.may_begin_key = true;
            }
        }
    }

    fn fetch(&mut self) -> Result<(), Error> {
        self.skip_to_next_token();
        self.drop_stale_keys()?;
        self.unwind(isize::try_from(self.mark.column).unwrap_or(isize::MAX));
        let in_flow = self.flow_level > 0;
        let at_begin = self.mark.column == 0;
        let next = self.peek_at(1);
        match self.peek() {
            '\0' => self.fetch_end(),
            '%' if at_begin => self.fetch_directive(),
            '-' if at_begin && self.is_at_document("---") => {
                self.fetch_document(Kind::DocumentStart)
            }
            '.' if at_begin && self.is_at_document("...") => self.fetch_document(Kind::DocumentEnd),
            '[' => self.fetch_flow_start(Kind::FlowSequenceStart),
            '{' => self.fetch_flow_start(Kind::FlowMappingStart),
            ']' => self.fetch_flow_end(Kind::FlowSequenceEnd),
            '}' => self.fetch_flow_end(Kind::FlowMappingEnd),
            ',' => self.fetch_flow_entry(),
            '-' if ends_word(next) => self.fetch_block_entry(),
            '?' if in_flow || ends_word(next) => self.fetch_explicit_key(),
            ':' if in_flow || ends_word(next) => self.fetch_value(),
            '*' => self.fetch_anchor(Kind::Alias),
            '&' => self.fetch_anchor(Kind::Anchor),
            '!' => {
                self.save_key()?;
                self.may_begin_key = false;
                self.scan_tag()
            }
            style @ ('|' | '>') if !in_flow => {
                // A key may follow a block scalar.
                self.may_begin_key = true;
                self.drop_key()?;
                self.scan_block_scalar(style == '>')
            }
            quote @ ('\'' | '"') => {
                self.save_key()?;
                self.may_begin_key = false;
                self.scan_quoted(quote)
            }
            c if self.begins_plain(c, next) => {
                self.save_key()?;
                self.may_begin_key = false;
                self.scan_plain();
                Ok(())
            }
            '\t' => Err(self.mark.error("a tab between values", TABS)),
            c => Err(self
                .mark
                .error(format!("a value cannot begin with `{c}`"), QUOTES)),
        }
    }

    fn begins_plain(&self, c: char, next: char) -> bool {
        if !ends_word(c) && !"-?:,[]{}#&*!|>'\"%@`".contains(c) {
            return true;
        }
        !ends_word(next) && (c == '-' || (self.flow_level == 0 && matches!(c, '?' | ':')))
    }

    fn fetch_end(&mut self) -> Result<(), Error> {
        self.unwind(-1);
        self.drop_key()?;
        self.may_begin_key = false;
        self.keys.clear();
        self.push(Kind::StreamEnd, self.mark);
        self.is_done = true;
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Error> {
        self.unwind(-1);
        self.drop_key()?;
        self.may_begin_key = false;
        self.scan_directive()
    }

    fn fetch_document(&mut self, kind: Kind<'t>) -> Result<(), Error> {
        self.unwind(-1);
        self.drop_key()?;
        self.may_begin_key = false;
        let start = self.mark;
        self.forward_by(3);
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: Kind<'t>) -> Result<(), Error> {
        self.save_key()?;
        self.flow_level += 1;
        self.keys.resize(self.flow_level + 1, None);
        self.may_begin_key = true;
        let start = self.mark;
        self.forward();
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: Kind<'t>) -> Result<(), Error> {
        self.drop_key()?;
        let start = self.mark;
        let Some(outer) = self.flow_level.checked_sub(1) else {
            let c = self.peek();
            return Err(start.error(
                format!("`{c}` closes nothing"),
                "remove it, or put the value in quotes",
            ));
        };
        self.flow_level = outer;
        self.keys.truncate(outer + 1);
        self.may_begin_key = false;
        self.forward();
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<(), Error> {
        self.may_begin_key = true;
        self.drop_key()?;
        let start = self.mark;
        self.forward();
        self.push(Kind::FlowEntry, start);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Error> {
        let start = self.mark;
        if self.flow_level == 0 {
            if !self.may_begin_key {
                return Err(start.error(
                    "an item of a list cannot begin here",
                    "begin it on a line of its own",
                ));
            }
            if self.add_indent(start.column) {
                self.push(Kind::BlockSequenceStart, start);
            }
        }
        self.may_begin_key = true;
        self.drop_key()?;
        self.forward();
        self.push(Kind::BlockEntry, start);
        Ok(())
    }

    fn fetch_explicit_key(&mut self) -> Result<(), Error> {
        let start = self.mark;
        if self.flow_level == 0 {
            if !self.may_begin_key {
                return Err(start.error("a key cannot begin here", "begin it on a line of its own"));
            }
            if self.add_indent(start.column) {
                self.push(Kind::BlockMappingStart, start);
            }
        }
        self.may_begin_key = self.flow_level == 0;
        self.drop_key()?;
        self.forward();
        self.push(Kind::Key, start);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Error> {
        let start = self.mark;
        if let Some(key) = self.take_key() {
            let at = key.token - self.taken;
            self.insert(at, Kind::Key, key.mark);
            if self.flow_level == 0 && self.add_indent(key.mark.column) {
                self.insert(at, Kind::BlockMappingStart, key.mark);
            }
            self.may_begin_key = false;
        } else {
            if self.flow_level == 0 {
                if !self.may_begin_key {
                    return Err(start.error(
                        "a second `:` on the line, or one without a key",
                        "put the value in quotes if the `:` belongs to it",
                    ));
                }
                if self.add_indent(start.column) {
                    self.push(Kind::BlockMappingStart, start);
                }
            }
            self.may_begin_key = self.flow_level == 0;
            self.drop_key()?;
        }
        self.forward();
        self.push(Kind::Value, start);
        Ok(())
    }

    fn fetch_anchor(&mut self, kind: fn(&'t str) -> Kind<'t>) -> Result<(), Error> {
        self.save_key()?;
        self.may_begin_key = false;
        let start = self.mark;
        let sign = self.peek();
        self.forward();
        let name = self.take_while(is_name);
        let next = self.peek();
        if name.is_empty() || !(ends_word(next) || "?:,]}%@`".contains(next)) {
            return Err(start.error(
                format!(
                    "`{sign}` begins a name of letters, digits, `-` and `_`, and there is none"
                ),
                QUOTES,
            ));
        }
        self.push(kind(name), start);
        Ok(())
    }
}
