//! The parts that a regular expression consists of.

use super::{NEGATED_IN_BRACKETS_SINCE, Parser, Part, Problem, Where};

impl Parser {
    pub(super) fn at(&self, ahead: usize) -> Option<char> {
        self.text.get(self.next + ahead).copied()
    }

    pub(super) fn take(&mut self, expected: char) -> bool {
        let is_next = self.at(0) == Some(expected);
        self.next += usize::from(is_next);
        is_next
    }

    /// In the expanded form blanks and comments mean nothing.
    fn skip(&mut self) {
        while let Some(c) = self.at(0) {
            if c == '#' {
                while self.at(0).is_some_and(|c| c != '\n') {
                    self.next += 1;
                }
            } else if c.is_whitespace() {
                self.next += 1;
            } else if c == '(' && self.at(1) == Some('?') && self.at(2) == Some('#') {
                while self.at(0).is_some_and(|c| c != ')') {
                    self.next += 1;
                }
                self.next += usize::from(self.at(0).is_some());
            } else {
                return;
            }
        }
    }

    pub(super) fn advance(&mut self) -> Result<(), Problem> {
        self.before = self.part;
        self.part = self.lex()?;
        Ok(())
    }

    fn lex(&mut self) -> Result<Part, Problem> {
        loop {
            if self.expanded && matches!(self.place, Where::Outside | Where::Bound) {
                self.skip();
            }
            let Some(c) = self.at(0) else {
                return match self.place {
                    Where::Outside | Where::Literal => Ok(Part::End),
                    Where::Bound => Err(Problem::Braces),
                    Where::Bracket | Where::Named(_) => Err(Problem::Brackets),
                };
            };
            self.next += 1;
            return match self.place {
                Where::Literal => Ok(Part::Plain(c)),
                Where::Bound => self.in_bound(c),
                Where::Bracket => self.in_bracket(c),
                Where::Named(kind) => Ok(self.in_name(kind, c)),
                Where::Outside => match self.outside(c)? {
                    Some(part) => Ok(part),
                    None => continue,
                },
            };
        }
    }

    fn in_bound(&mut self, c: char) -> Result<Part, Problem> {
        match c {
            '0'..='9' => Ok(Part::Digit(c.to_digit(10).unwrap_or_default())),
            ',' => Ok(Part::Comma),
            '}' => {
                self.place = Where::Outside;
                self.take('?');
                Ok(Part::BoundClose)
            }
            _ => Err(Problem::Repetition),
        }
    }

    fn in_bracket(&mut self, c: char) -> Result<Part, Problem> {
        match c {
            '\\' => {
                let part = self.escape()?;
                let is_taken = matches!(part, Part::Plain(_) | Part::Class)
                    || (part == Part::NegatedClass && self.major >= NEGATED_IN_BRACKETS_SINCE);
                if is_taken {
                    Ok(part)
                } else {
                    Err(Problem::Escape)
                }
            }
            '-' if self.before_is_open() || self.at(0) == Some(']') => Ok(Part::Plain('-')),
            '-' => Ok(Part::Dash),
            '[' => match self.at(0) {
                None => Err(Problem::Brackets),
                Some(kind @ ('.' | '=' | ':')) => {
                    self.next += 1;
                    self.place = Where::Named(kind);
                    Ok(Part::NamedOpen(kind))
                }
                Some(_) => Ok(Part::Plain('[')),
            },
            ']' if self.before_is_open() => Ok(Part::Plain(']')),
            ']' => {
                self.place = Where::Outside;
                Ok(Part::BracketClose)
            }
            _ => Ok(Part::Plain(c)),
        }
    }

    fn in_name(&mut self, kind: char, c: char) -> Part {
        if c == kind && self.take(']') {
            self.place = Where::Bracket;
            return Part::NamedClose;
        }
        Part::Plain(c)
    }

    /// Whether the last part was the `[` itself.
    fn before_is_open(&self) -> bool {
        self.before == Part::BracketOpen
    }

    /// `None` for a comment.
    fn outside(&mut self, c: char) -> Result<Option<Part>, Problem> {
        Ok(Some(match c {
            '|' => Part::Bar,
            '*' | '+' | '?' => {
                self.take('?');
                Part::Quantifier
            }
            '{' => {
                if self.expanded {
                    self.skip();
                }
                if self.at(0).is_some_and(|c| c.is_ascii_digit()) {
                    self.place = Where::Bound;
                    Part::BoundOpen
                } else {
                    Part::Plain('{')
                }
            }
            '(' if self.take('?') => return self.special_group(),
            '(' => Part::Open { captures: true },
            ')' => Part::Close,
            '[' => self.open_bracket(),
            '.' => Part::Dot,
            '^' | '$' => Part::Constraint,
            '\\' => return self.escape().map(Some),
            _ => Part::Plain(c),
        }))
    }

    fn special_group(&mut self) -> Result<Option<Part>, Problem> {
        let Some(c) = self.at(0) else {
            return Err(Problem::NothingToRepeat);
        };
        self.next += 1;
        match c {
            ':' => Ok(Some(Part::Open { captures: false })),
            '#' => {
                while self.at(0).is_some_and(|c| c != ')') {
                    self.next += 1;
                }
                self.take(')');
                Ok(None)
            }
            '=' | '!' => Ok(Some(Part::Look)),
            '<' if self.take('=') || self.take('!') => Ok(Some(Part::Look)),
            _ => Err(Problem::NothingToRepeat),
        }
    }

    fn open_bracket(&mut self) -> Part {
        for word in ["[:<:]]", "[:>:]]"] {
            let is_there = (0_usize..)
                .zip(word.chars())
                .all(|(at, c)| self.at(at) == Some(c));
            if is_there {
                self.next += word.len();
                return Part::Constraint;
            }
        }
        self.place = Where::Bracket;
        self.take('^');
        Part::BracketOpen
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<Part, Problem> {
        let Some(c) = self.at(0) else {
            return Err(Problem::Escape);
        };
        self.next += 1;
        match c {
            'a' => Ok(Part::Plain('\u{7}')),
            'b' => Ok(Part::Plain('\u{8}')),
            'B' => Ok(Part::Plain('\\')),
            'c' => {
                let Some(letter) = self.at(0) else {
                    return Err(Problem::Escape);
                };
                self.next += 1;
                let control = char::from_u32(u32::from(letter) & 0x1f);
                Ok(Part::Plain(control.unwrap_or_default()))
            }
            'e' => Ok(Part::Plain('\u{1b}')),
            'f' => Ok(Part::Plain('\u{c}')),
            'n' => Ok(Part::Plain('\n')),
            'r' => Ok(Part::Plain('\r')),
            't' => Ok(Part::Plain('\t')),
            'v' => Ok(Part::Plain('\u{b}')),
            'd' | 's' | 'w' => Ok(Part::Class),
            'D' | 'S' | 'W' => Ok(Part::NegatedClass),
            'A' | 'm' | 'M' | 'y' | 'Y' | 'Z' => Ok(Part::Constraint),
            'u' => self.code(16, 4, 4),
            'U' => self.code(16, 8, 8),
            'x' => self.code(16, 1, 255),
            '1'..='9' => self.back_reference(),
            '0' => {
                self.next -= 1;
                self.octal()
            }
            _ if c.is_ascii_alphanumeric() => Err(Problem::Escape),
            _ => Ok(Part::Plain(c)),
        }
    }

    /// A number with so many digits, wrapped as the server's own 32 bits.
    fn digits(&mut self, radix: u32, least: usize, most: usize) -> Result<u32, Problem> {
        let mut number: u32 = 0;
        let mut count = 0;
        while let Some(digit) = self.at(0).and_then(|c| c.to_digit(radix)) {
            if count == most {
                break;
            }
            number = number.wrapping_mul(radix).wrapping_add(digit);
            count += 1;
            self.next += 1;
        }
        if count < least {
            return Err(Problem::Escape);
        }
        Ok(number)
    }

    fn code(&mut self, radix: u32, least: usize, most: usize) -> Result<Part, Problem> {
        let code = self.digits(radix, least, most)?;
        if code > 0x7fff_fffe {
            return Err(Problem::Escape);
        }
        Ok(Part::Plain(char::from_u32(code).unwrap_or(char::MAX)))
    }

    /// Octal, of three digits at most, and no more than a byte.
    fn octal(&mut self) -> Result<Part, Problem> {
        let mut code = self.digits(8, 1, 3)?;
        if code > 0xff {
            self.next -= 1;
            code >>= 3;
        }
        Ok(Part::Plain(char::from_u32(code).unwrap_or_default()))
    }

    /// More than one digit that are no group are an octal code.
    fn back_reference(&mut self) -> Result<Part, Problem> {
        let save = self.next;
        self.next -= 1;
        let number = self.digits(10, 1, 255)?;
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        if self.next == save || (1..=self.groups.len()).contains(&number) {
            return Ok(Part::Back(number));
        }
        self.next = save - 1;
        self.octal()
    }
}
