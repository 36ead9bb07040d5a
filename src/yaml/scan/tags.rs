//! Directives and tags.

use super::{Kind, Mark, Scanner, ends_line, ends_word, is_name};
use crate::yaml::error::Error;

const NO_TAGS: &str =
    "remove it: the only tags that TPA reads are those of YAML itself, such as `!!str`";
const NO_DIRECTIVES: &str = "remove the line, or put the value in quotes";

impl Scanner<'_> {
    pub(super) fn scan_directive(&mut self) -> Result<(), Error> {
        let start = self.mark;
        let bad = || {
            start.error(
                "a line that begins with `%` is not a directive of YAML",
                NO_DIRECTIVES,
            )
        };
        self.forward();
        let name = self.take_while(is_name);
        let next = self.peek();
        if name.is_empty() || !(next == ' ' || ends_line(next)) {
            return Err(bad());
        }
        let kind = match name {
            "YAML" => {
                self.take_while(|c| c == ' ');
                let major = self.take_while(|c| c.is_ascii_digit()).to_owned();
                let has_dot = self.peek() == '.';
                self.forward();
                let minor = self.take_while(|c| c.is_ascii_digit());
                let next = self.peek();
                let is_right = has_dot && !minor.is_empty() && (next == ' ' || ends_line(next));
                if major.is_empty() || !is_right {
                    return Err(bad());
                }
                Kind::YamlDirective { major }
            }
            "TAG" => {
                self.take_while(|c| c == ' ');
                let handle = self.scan_handle(start)?;
                if self.peek() != ' ' {
                    return Err(bad());
                }
                self.take_while(|c| c == ' ');
                let prefix = self.scan_uri(start)?;
                let next = self.peek();
                if !(next == ' ' || ends_line(next)) {
                    return Err(bad());
                }
                Kind::TagDirective { handle, prefix }
            }
            _ => {
                self.take_while(|c| !ends_line(c));
                Kind::OtherDirective
            }
        };
        self.take_while(|c| c == ' ');
        self.take_comment();
        if !ends_line(self.peek()) {
            return Err(bad());
        }
        self.take_break();
        self.push(kind, start);
        Ok(())
    }

    pub(super) fn scan_tag(&mut self) -> Result<(), Error> {
        let start = self.mark;
        let next = self.peek_at(1);
        let (handle, suffix) = if next == '<' {
            self.forward_by(2);
            let suffix = self.scan_uri(start)?;
            if self.peek() != '>' {
                return Err(start.error("a tag that begins with `!<` has no `>`", NO_TAGS));
            }
            self.forward();
            (None, suffix)
        } else if ends_word(next) {
            self.forward();
            (None, "!".to_owned())
        } else {
            let word = self.rest().chars().skip(1);
            let has_handle = word
                .take_while(|c| *c != ' ' && !ends_line(*c))
                .any(|c| c == '!');
            let handle = if has_handle {
                self.scan_handle(start)?
            } else {
                self.forward();
                "!".to_owned()
            };
            (Some(handle), self.scan_uri(start)?)
        };
        let next = self.peek();
        if !(next == ' ' || ends_line(next)) {
            return Err(self
                .mark
                .error("a tag ends with a blank, and here it does not", NO_TAGS));
        }
        self.push(Kind::Tag { handle, suffix }, start);
        Ok(())
    }

    fn scan_handle(&mut self, start: Mark) -> Result<String, Error> {
        let bad = || start.error("a tag without the second `!` of its handle", NO_TAGS);
        if self.peek() != '!' {
            return Err(bad());
        }
        self.forward();
        if self.peek() == ' ' {
            return Ok("!".to_owned());
        }
        let name = self.take_while(is_name);
        if self.peek() != '!' {
            return Err(bad());
        }
        self.forward();
        Ok(format!("!{name}!"))
    }

    fn scan_uri(&mut self, start: Mark) -> Result<String, Error> {
        let bad = || start.error("a tag with a character that tags do not have", NO_TAGS);
        let mut uri = Vec::new();
        loop {
            let plain = self
                .take_while(|c| c.is_ascii_alphanumeric() || "-;/?:@&=+$,_.!~*'()[]".contains(c));
            uri.extend_from_slice(plain.as_bytes());
            if self.peek() != '%' {
                break;
            }
            let mut bytes = Vec::new();
            while self.peek() == '%' {
                let digits = [self.peek_at(1), self.peek_at(2)];
                let [Some(high), Some(low)] = digits.map(|c| c.to_digit(16)) else {
                    return Err(bad());
                };
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                self.forward_by(3);
            }
            if std::str::from_utf8(&bytes).is_err() {
                return Err(bad());
            }
            uri.extend(bytes);
        }
        if uri.is_empty() {
            return Err(bad());
        }
        String::from_utf8(uri).map_err(|_| bad())
    }
}
