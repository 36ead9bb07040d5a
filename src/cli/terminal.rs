//! Standard output and standard error: where results and words go, and whether in colour.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{AnsiColor, Style as Ink};

use super::exit::Exit;
use super::read;
use crate::report::{Format, Look, Style, WIDTH, clean};

const ERROR: Ink = AnsiColor::Red.on_default().bold();
const WARNING: Ink = AnsiColor::Yellow.on_default().bold();

/// The two streams.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    output: Style,
    words: Style,
    /// Whether somebody watches standard error.
    watched: bool,
    /// How many columns standard output has.
    width: usize,
}

impl Terminal {
    /// Asks the environment and the `--color` option.
    pub(super) fn detect() -> Terminal {
        Terminal {
            output: style(AutoStream::choice(&io::stdout())),
            words: style(AutoStream::choice(&io::stderr())),
            watched: io::stderr().is_terminal(),
            width: width(),
        }
    }

    /// How a result is drawn.
    pub(super) fn output_look(self, format: Format) -> Look {
        Look {
            format,
            style: self.output,
            width: self.width,
        }
    }

    /// How words are drawn.
    pub(super) fn words_look(self, format: Format) -> Look {
        Look {
            format,
            style: self.words,
            width: self.width,
        }
    }

    /// Whether somebody watches standard error.
    pub(super) fn watched(self) -> bool {
        self.watched
    }

    /// Writes text to standard error, and ignores that nobody may be there.
    pub(super) fn say(self, text: &str) {
        let _ = send(io::stderr(), self.words, text);
    }

    /// Says what went wrong.
    pub(super) fn error(self, message: &str) {
        self.message(ERROR, "error", message);
    }

    /// Says what may be wrong.
    pub(super) fn warning(self, message: &str) {
        self.message(WARNING, "warning", message);
    }

    fn message(self, ink: Ink, word: &str, message: &str) {
        let word = paint(self.words, ink, word);
        // A path may hold anything.
        self.say(&format!("{word}: {}\n", clean(message)));
    }

    /// Says what to do about it.
    pub(super) fn help(self, message: &str) {
        self.say(&format!("  = help: {}\n", clean(message)));
    }

    /// Writes a result to standard output. That its reader has left is not a failure.
    pub(super) fn print(self, text: &str) -> Exit {
        match send(io::stdout(), self.output, text) {
            Ok(()) => Exit::Fine,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Fine,
            Err(error) => {
                self.error(&format!(
                    "standard output cannot be written: {}",
                    read::reason(&error)
                ));
                Exit::Wrong
            }
        }
    }

    /// A text in a colour, for standard output.
    pub(super) fn paint_output(self, color: AnsiColor, text: &str) -> String {
        paint(self.output, color.on_default(), text)
    }

    /// A text in a colour, for standard error.
    pub(super) fn paint_words(self, color: AnsiColor, text: &str) -> String {
        paint(self.words, color.on_default(), text)
    }
}

/// The terminal's columns, within what reads well; a fixed number where there is none.
fn width() -> usize {
    const NARROWEST: usize = 60;
    let size = terminal_size::terminal_size_of(io::stdout());
    size.map_or(WIDTH, |(width, _)| {
        usize::from(width.0).clamp(NARROWEST, WIDTH)
    })
}

fn style(choice: ColorChoice) -> Style {
    match choice {
        ColorChoice::Never => Style::Plain,
        ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => Style::Coloured,
    }
}

fn paint(style: Style, ink: Ink, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Coloured => format!("{ink}{text}{ink:#}"),
    }
}

fn send(
    mut stream: impl anstream::stream::RawStream + anstream::stream::AsLockedWrite,
    style: Style,
    text: &str,
) -> io::Result<()> {
    match style {
        Style::Plain => {
            stream.write_all(text.as_bytes())?;
            stream.flush()
        }
        // An old console of Windows has calls in place of escape sequences.
        Style::Coloured => {
            let mut stream = AutoStream::always(stream);
            stream.write_all(text.as_bytes())?;
            stream.flush()
        }
    }
}
