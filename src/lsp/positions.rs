//! Byte offsets become lines and characters as the protocol counts them, and back.
//!
//! A line ends with LF, CRLF or CR. Characters are counted in bytes of UTF-8 or in units of UTF-16, whichever has been
//! agreed on. A text may be one line of megabytes, so units are not counted from its start each time.

use gen_lsp_types::{Position, Range};

use crate::source::Span;

/// What the characters of a position are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
}

/// How many bytes lie between two places whose number of units is remembered.
const STRIDE: usize = 512;

/// What has been counted in a text. The methods take that text again.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// The offset of the first byte of each line.
    starts: Vec<usize>,
    /// How many units begin before each multiple of [`STRIDE`]; empty where a unit is a byte.
    units: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str, encoding: Encoding) -> Lines {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at + 1);
            }
        }
        let mut units = Vec::new();
        if encoding == Encoding::Utf16 && !text.is_ascii() {
            let mut total = 0;
            units.push(total);
            for chunk in bytes.chunks(STRIDE) {
                total += beginnings(chunk);
                units.push(total);
            }
        }
        Lines { starts, units }
    }

    /// The position of an offset.
    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        let line = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        Position {
            line: number(line),
            character: number(self.units(text, offset) - self.units(text, start)),
        }
    }

    /// The range of a span of this text.
    pub(super) fn range(&self, text: &str, span: Span) -> Range {
        let range = span.range();
        Range {
            start: self.position(text, range.start),
            end: self.position(text, range.end),
        }
    }

    /// The offset of a position; one after the end of a line or of the text is that end.
    pub(super) fn offset(&self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else {
            return text.len();
        };
        let next = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text.get(start..next).unwrap_or("");
        let end = start + content.trim_end_matches(['\n', '\r']).len();
        let character = position.character as usize;
        if self.units.is_empty() {
            return text.floor_char_boundary(start.saturating_add(character).min(end));
        }
        let goal = self.units(text, start).saturating_add(character);
        let stride = self.units.partition_point(|units| *units <= goal);
        let near = text.floor_char_boundary(stride.saturating_sub(1) * STRIDE);
        let mut offset = near.clamp(start, end);
        let mut units = self.units(text, offset);
        for next in text.get(offset..end).unwrap_or("").chars() {
            units += next.len_utf16();
            if units > goal {
                break;
            }
            offset += next.len_utf8();
        }
        offset
    }

    /// How many units begin before an offset.
    fn units(&self, text: &str, offset: usize) -> usize {
        if self.units.is_empty() {
            return offset;
        }
        let nearest = offset / STRIDE;
        let rest = text.as_bytes().get(nearest * STRIDE..offset);
        self.units.get(nearest).copied().unwrap_or(0) + beginnings(rest.unwrap_or_default())
    }
}

/// How many units of UTF-16 begin in these bytes of UTF-8.
fn beginnings(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0xBF => 0,
            0xF0.. => 2,
            _ => 1,
        })
        .sum()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::Position;

    use super::{Encoding, Lines};

    const TEXT: &str = "a = \"é𝄞\"\r\nb\rc\n";

    fn at(encoding: Encoding, line: u32, character: u32) -> usize {
        Lines::new(TEXT, encoding).offset(TEXT, Position { line, character })
    }

    #[test]
    fn every_boundary_goes_there_and_back() {
        let long = format!("{}\n", "ab é𝄞".repeat(500)).repeat(2);
        for text in [TEXT, &long] {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let lines = Lines::new(text, encoding);
                for (offset, _) in text.char_indices() {
                    // Between CR and LF no position lies.
                    if offset == TEXT.find('\n').unwrap() && text == TEXT {
                        continue;
                    }
                    let position = lines.position(text, offset);
                    assert_eq!(lines.offset(text, position), offset, "{encoding:?}");
                }
            }
        }
    }

    #[test]
    fn units_are_those_agreed_on() {
        let quote = TEXT.rfind('"').unwrap();
        assert_eq!(at(Encoding::Utf8, 0, 11), quote);
        assert_eq!(at(Encoding::Utf16, 0, 8), quote);
    }

    #[test]
    fn a_position_in_a_character_is_that_before_it() {
        assert_eq!(at(Encoding::Utf16, 0, 7), TEXT.find('𝄞').unwrap());
        assert_eq!(at(Encoding::Utf8, 0, 8), TEXT.find('𝄞').unwrap());
    }

    #[test]
    fn a_position_behind_a_line_is_its_end() {
        assert_eq!(at(Encoding::Utf16, 0, 99), TEXT.find('\r').unwrap());
        assert_eq!(at(Encoding::Utf8, 1, 99), TEXT.find("\rc").unwrap());
        assert_eq!(at(Encoding::Utf8, 99, 0), TEXT.len());
    }
}
