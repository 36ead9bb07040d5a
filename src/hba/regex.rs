//! Regular expressions as Postgres compiles them: Henry Spencer's, in their advanced form.
//!
//! Only whether one compiles is asked here. What needs the machine that it becomes, such as one that is too large, is
//! not judged; neither are the basic and extended forms, which `(?b)` and `(?e)` choose.

mod lex;

/// Why an expression does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// `(` without `)`, or the other way round.
    Parentheses,
    /// `[` without `]`.
    Brackets,
    /// `{` without `}`.
    Braces,
    /// `{2,1}`, or more than 255 times.
    Repetition,
    /// `*`, `+`, `?` or `{` behind nothing that can be repeated.
    NothingToRepeat,
    /// A backslash before a letter that means nothing, or at the end.
    Escape,
    /// `\2` without a second group before it.
    Group,
    /// `[b-a]`.
    Range,
    /// `[[:nonsense:]]`.
    Class,
    /// `[[.nonsense.]]`
    Element,
    /// `(?z)`.
    Option,
}

/// How many times something can be repeated at most.
const MOST: u32 = 255;

/// The names of characters, for `[[.space.]]`.
#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "alert", "BS", "backspace", "HT", "tab", "LF", "newline",
    "VT", "vertical-tab", "FF", "form-feed", "CR", "carriage-return", "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4",
    "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "IS4", "FS", "IS3", "GS", "IS2", "RS", "IS1", "US", "space",
    "exclamation-mark", "quotation-mark", "number-sign", "dollar-sign", "percent-sign", "ampersand", "apostrophe",
    "left-parenthesis", "right-parenthesis", "asterisk", "plus-sign", "comma", "hyphen", "hyphen-minus", "period",
    "full-stop", "slash", "solidus", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "colon", "semicolon", "less-than-sign", "equals-sign", "greater-than-sign", "question-mark", "commercial-at",
    "left-square-bracket", "backslash", "reverse-solidus", "right-square-bracket", "circumflex", "circumflex-accent",
    "underscore", "low-line", "grave-accent", "left-brace", "left-curly-bracket", "vertical-line", "right-brace",
    "right-curly-bracket", "tilde", "DEL",
];

/// The first major version that takes `\D` and its like in brackets.
const NEGATED_IN_BRACKETS_SINCE: u32 = 14;

/// Whether an expression compiles.
pub(super) fn check(expression: &str, major: u32) -> Result<(), Problem> {
    let Some(mut parser) = Parser::new(expression, major)? else {
        return Ok(());
    };
    parser.advance()?;
    parser.alternatives(None, false, 0)
}

/// How many groups there are to refer to.
pub fn groups(expression: &str) -> usize {
    let Ok(Some(mut parser)) = Parser::new(expression, u32::MAX) else {
        return 0;
    };
    let read = parser
        .advance()
        .and_then(|()| parser.alternatives(None, false, 0));
    read.map_or(0, |()| parser.groups.len())
}

/// How deep groups may nest; deeper ones are not judged.
const DEEPEST: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    End,
    Plain(char),
    /// `\d` and its like.
    Class,
    NegatedClass,
    Bar,
    /// `*`, `+`, `?`.
    Quantifier,
    BoundOpen,
    Digit(u32),
    Comma,
    BoundClose,
    Open {
        captures: bool,
    },
    /// `(?=` and its like.
    Look,
    Close,
    BracketOpen,
    BracketClose,
    Dash,
    /// `[.`, `[=`, `[:`.
    NamedOpen(char),
    NamedClose,
    Dot,
    /// `^`, `$`, `\m`, `\y`…
    Constraint,
    Back(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Outside,
    Bound,
    Bracket,
    Named(char),
    Literal,
}

struct Parser {
    text: Vec<char>,
    next: usize,
    major: u32,
    place: Where,
    expanded: bool,
    part: Part,
    before: Part,
    /// Whether each group is complete.
    groups: Vec<bool>,
}

impl Parser {
    /// `None` for what is not judged.
    fn new(expression: &str, major: u32) -> Result<Option<Parser>, Problem> {
        let mut parser = Parser {
            text: expression.chars().collect(),
            next: 0,
            major,
            place: Where::Outside,
            expanded: false,
            part: Part::End,
            before: Part::End,
            groups: Vec::new(),
        };
        if let Some(behind) = expression.strip_prefix("***")
            && !behind.is_empty()
        {
            match behind.chars().next() {
                Some('=') => {
                    parser.place = Where::Literal;
                    return Ok(Some(parser));
                }
                Some(':') => parser.next = 4,
                Some(_) | None => return Err(Problem::NothingToRepeat),
            }
        }
        let is_judged = parser.options()?;
        Ok(is_judged.then_some(parser))
    }

    /// Embedded options, such as `(?i)`. False where they choose another form.
    fn options(&mut self) -> Result<bool, Problem> {
        if !(self.at(0) == Some('(') && self.at(1) == Some('?')) {
            return Ok(true);
        }
        if !self.at(2).is_some_and(|c| c.is_ascii_alphabetic()) {
            return Ok(true);
        }
        self.next += 2;
        let mut is_judged = true;
        while let Some(c) = self.at(0).filter(char::is_ascii_alphabetic) {
            match c {
                'b' | 'e' => is_judged = false,
                'c' | 'i' | 'm' | 'n' | 'p' | 's' | 'w' => {}
                't' => self.expanded = false,
                'x' => self.expanded = true,
                'q' => self.place = Where::Literal,
                _ => return Err(Problem::Option),
            }
            self.next += 1;
        }
        if self.at(0) != Some(')') {
            return Err(Problem::Option);
        }
        self.next += 1;
        if self.place == Where::Literal {
            self.expanded = false;
        }
        Ok(is_judged)
    }

    /// Branches with `|` between, up to the closing parenthesis or the end.
    fn alternatives(
        &mut self,
        closing: Option<()>,
        in_look: bool,
        depth: usize,
    ) -> Result<(), Problem> {
        loop {
            while !(matches!(self.part, Part::End | Part::Bar)
                || (self.part == Part::Close && closing.is_some()))
            {
                self.atom(in_look, depth)?;
            }
            if self.part != Part::Bar {
                break;
            }
            self.advance()?;
        }
        if closing.is_some() && self.part != Part::Close {
            return Err(Problem::Parentheses);
        }
        Ok(())
    }

    fn atom(&mut self, in_look: bool, depth: usize) -> Result<(), Problem> {
        if depth > DEEPEST {
            // Nothing more is judged.
            self.next = self.text.len();
            self.part = Part::End;
            return Ok(());
        }
        match self.part {
            Part::Constraint => return self.advance(),
            Part::Look => {
                self.advance()?;
                self.alternatives(Some(()), true, depth + 1)?;
                return self.advance();
            }
            Part::Quantifier | Part::BoundOpen => return Err(Problem::NothingToRepeat),
            Part::Close => return Err(Problem::Parentheses),
            Part::BracketOpen => {
                self.bracket()?;
                self.advance()?;
            }
            Part::Open { captures } => {
                let number = (captures && !in_look).then(|| {
                    self.groups.push(false);
                    self.groups.len() - 1
                });
                self.advance()?;
                self.alternatives(Some(()), in_look, depth + 1)?;
                if let Some(done) = number.and_then(|number| self.groups.get_mut(number)) {
                    *done = true;
                }
                self.advance()?;
            }
            Part::Back(number) => {
                let is_done = number.checked_sub(1).and_then(|at| self.groups.get(at));
                if in_look || is_done != Some(&true) {
                    return Err(Problem::Group);
                }
                self.advance()?;
            }
            Part::Plain(_)
            | Part::Class
            | Part::NegatedClass
            | Part::Dot
            | Part::End
            | Part::Bar
            | Part::Digit(_)
            | Part::Comma
            | Part::BoundClose
            | Part::BracketClose
            | Part::Dash
            | Part::NamedOpen(_)
            | Part::NamedClose => self.advance()?,
        }
        self.quantifier()
    }

    fn quantifier(&mut self) -> Result<(), Problem> {
        if self.part == Part::Quantifier {
            return self.advance();
        }
        if self.part != Part::BoundOpen {
            return Ok(());
        }
        self.advance()?;
        let least = self.number()?;
        if self.part == Part::Comma {
            self.advance()?;
            if matches!(self.part, Part::Digit(_)) && self.number()? < least {
                return Err(Problem::Repetition);
            }
        }
        if self.part != Part::BoundClose {
            return Err(Problem::Repetition);
        }
        self.advance()
    }

    fn number(&mut self) -> Result<u32, Problem> {
        let mut number = 0;
        while let Part::Digit(digit) = self.part {
            number = number * 10 + digit;
            if number > MOST {
                return Err(Problem::Repetition);
            }
            self.advance()?;
        }
        Ok(number)
    }

    fn bracket(&mut self) -> Result<(), Problem> {
        self.advance()?;
        while self.part != Part::BracketClose {
            self.bracket_part()?;
        }
        Ok(())
    }

    fn bracket_part(&mut self) -> Result<(), Problem> {
        if matches!(self.part, Part::Class | Part::NegatedClass) {
            return self.advance();
        }
        if self.part == Part::NamedOpen(':') {
            return self.class();
        }
        if self.part == Part::NamedOpen('=') {
            return self.element().map(drop);
        }
        let start = self.end_of_range()?;
        if self.part != Part::Dash {
            return Ok(());
        }
        self.advance()?;
        let end = if self.part == Part::Dash {
            self.advance()?;
            Some('-')
        } else {
            self.end_of_range()?
        };
        match (start, end) {
            (Some(start), Some(end)) if start > end => Err(Problem::Range),
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    /// A character; nothing for one that is named.
    fn end_of_range(&mut self) -> Result<Option<char>, Problem> {
        if let Part::Plain(c) = self.part {
            self.advance()?;
            return Ok(Some(c));
        }
        if self.part == Part::NamedOpen('.') {
            return self.element();
        }
        Err(Problem::Range)
    }

    fn name(&mut self) -> Result<String, Problem> {
        let mut name = String::new();
        self.advance()?;
        while let Part::Plain(c) = self.part {
            name.push(c);
            self.advance()?;
        }
        self.advance()?;
        Ok(name)
    }

    /// What is called by a single character is that; of other names only whether there is one is asked.
    fn element(&mut self) -> Result<Option<char>, Problem> {
        let name = self.name()?;
        let mut characters = name.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => Ok(Some(only)),
            (Some(_), Some(_)) if ELEMENTS.contains(&name.as_str()) => Ok(None),
            (Some(_) | None, _) => Err(Problem::Element),
        }
    }

    fn class(&mut self) -> Result<(), Problem> {
        const CLASSES: [&str; 13] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print",
            "punct", "space", "upper", "xdigit",
        ];
        let name = self.name()?;
        let is_known = CLASSES.contains(&name.as_str())
            || (name == "word" && self.major >= NEGATED_IN_BRACKETS_SINCE);
        if is_known {
            Ok(())
        } else {
            Err(Problem::Class)
        }
    }
}
