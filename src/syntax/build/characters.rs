//! Characters that nobody can see, wherever they stand: control characters, marks that turn the direction of text.

use super::{Builder, errors, offset};
use crate::source::Span;

impl Builder<'_> {
    pub(super) fn characters(&mut self, part: &str) {
        let bytes = part.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            let suspect = match byte {
                b'\t' | b'\n' => false,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                // The first bytes of the characters below.
                0xC2 | 0xE2 | 0xEF => true,
                _ => byte < b' ' || byte == 0x7F,
            };
            if !suspect {
                continue;
            }
            let Some(character) = part.get(at..).and_then(|rest| rest.chars().next()) else {
                continue;
            };
            let mark_of_the_file = character == '\u{FEFF}' && at == 0;
            if is_invisible(character) && !mark_of_the_file {
                let start = offset(self.base + at);
                let at = Span {
                    file: self.file,
                    start,
                    end: start + offset(character.len_utf8()),
                };
                if !self.is_echo(at) {
                    self.error(errors::control_character(at, character));
                }
                self.invisible.push(start);
            }
        }
    }
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}
