//! Diagnostics for a terminal, drawn by codespan-reporting. No other file knows that library.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic::{self as drawn, LabelStyle, Severity};
use codespan_reporting::files::{Error, Files, Location};
use codespan_reporting::term::termcolor::{Buffer, WriteColor};
use codespan_reporting::term::{Config, DisplayStyle, Styles, WriteStyle, emit_to_write_style};

use super::excerpt::{Excerpt, Shown, excerpt};
use super::places::Places;
use super::{Style, clean};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Level};
use crate::source::{FileId, Sources, Span};

/// How many diagnostics of a source get a picture: nobody reads more, and a broken file may have a million.
const MOST_PICTURES: usize = 100;

/// How many labels a picture has.
const MOST_LABELS: usize = 12;

/// How many edits of a fix are told.
const MOST_EDITS: usize = 4;

/// How many characters of a fix are quoted.
const LONGEST_FIX: usize = 60;

pub(super) fn human(style: Style, sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let drawn = diagnostics.get(..MOST_PICTURES).unwrap_or(diagnostics);
    let mut out = draw(style, DisplayStyle::Rich, sources, drawn.iter());
    let more = diagnostics.len() - drawn.len();
    if more > 0 {
        let _ = writeln!(
            out,
            "… and {more} more, which `--format short` and `--format json` show\n"
        );
    }
    out
}

pub(super) fn short<'d>(
    style: Style,
    sources: &Sources,
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
) -> String {
    draw(style, DisplayStyle::Short, sources, diagnostics)
}

fn draw<'d>(
    style: Style,
    display_style: DisplayStyle,
    sources: &Sources,
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
) -> String {
    let config = Config {
        display_style,
        ..Config::default()
    };
    let mut places = Places::new(sources);
    let mut canvas = Canvas::new(style);
    for diagnostic in diagnostics {
        let (picture, pieces) = picture(&mut places, sources, diagnostic);
        if emit_to_write_style(&mut canvas, &config, &pieces, &picture).is_err() {
            unreachable!("every label lies in its excerpt, and a buffer takes every text");
        }
    }
    canvas.into_text()
}

/// What codespan-reporting needs to know of a diagnostic.
fn picture(
    places: &mut Places<'_>,
    sources: &Sources,
    diagnostic: &Diagnostic,
) -> (drawn::Diagnostic<usize>, Pieces) {
    let has_text = |label: &&Label| sources.get(label.span.file).is_some();
    let primary = Some(&diagnostic.primary).filter(has_text);
    let related = diagnostic.related.iter().filter(has_text);
    let labels: Vec<(LabelStyle, &Label)> = primary
        .map(|label| (LabelStyle::Primary, label))
        .into_iter()
        .chain(related.map(|label| (LabelStyle::Secondary, label)))
        .collect();
    let shown = labels.get(..MOST_LABELS).unwrap_or(&labels);

    let mut files: Vec<FileId> = Vec::new();
    for (_, label) in shown {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    let mut pieces = Vec::new();
    let mut drawn_labels = Vec::new();
    for (piece, file) in files.into_iter().enumerate() {
        let labels = shown.iter().filter(|(_, label)| label.span.file == file);
        let spans: Vec<Span> = labels.clone().map(|(_, label)| label.span).collect();
        let excerpt = excerpt(places, file, &spans);
        for ((style, label), range) in labels.zip(&excerpt.labels) {
            let text = clean::message(&label.text);
            drawn_labels.push(drawn::Label::new(*style, piece, range.clone()).with_message(text));
        }
        pieces.push(excerpt);
    }

    let mut notes = Vec::new();
    let unseen = labels.len() - shown.len();
    if unseen > 0 {
        notes.push(format!("and {unseen} more locations"));
    }
    if let Some(consequence) = &diagnostic.consequence {
        notes.push(clean::paragraph(consequence));
    }
    if let Some(help) = &diagnostic.help {
        notes.push(format!("help: {}", clean::paragraph(help)));
    }
    if let Some(fix) = &diagnostic.fix {
        notes.extend(fix_note(sources, fix, diagnostic.help.as_deref()));
    }
    let severity = match diagnostic.level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Advice => Severity::Help,
    };
    let picture = drawn::Diagnostic::new(severity)
        .with_code(diagnostic.code.name)
        .with_message(clean::message(&diagnostic.message))
        .with_labels(drawn_labels)
        .with_notes(notes);
    (picture, Pieces(pieces))
}

/// What a fix does, unless the help has said it.
pub(super) fn fix_note(sources: &Sources, fix: &Fix, help: Option<&str>) -> Option<String> {
    if let [edit] = fix.edits.as_slice() {
        let replacement = edit.replacement.trim();
        let quoted = format!("`{replacement}`");
        if !replacement.is_empty() && help.is_some_and(|help| help.contains(&quoted)) {
            return None;
        }
    }
    let mut edits: Vec<String> = fix
        .edits
        .iter()
        .take(MOST_EDITS)
        .map(|edit| describe(sources, edit))
        .collect();
    let more = fix.edits.len() - edits.len();
    if more > 0 {
        edits.push(format!("and {more} more"));
    }
    (!edits.is_empty()).then(|| format!("fix: {}", edits.join(", ")))
}

fn describe(sources: &Sources, edit: &Edit) -> String {
    let removed = sources.slice(edit.span);
    let quote = |text: &str| {
        let mut line = text.trim().lines();
        let first = line.next().unwrap_or("");
        let cut = first.char_indices().nth(LONGEST_FIX).map(|(end, _)| end);
        let whole = cut.is_none() && line.next().is_none();
        let shown = clean::clean(first.get(..cut.unwrap_or(first.len())).unwrap_or(first));
        if first.is_empty() {
            "white space".to_owned()
        } else {
            format!("`{shown}{}`", if whole { "" } else { "…" })
        }
    };
    match (removed.is_empty(), edit.replacement.is_empty()) {
        (true, _) => format!("insert {}", quote(&edit.replacement)),
        (false, true) => format!("remove {}", quote(removed)),
        (false, false) => format!(
            "replace {} with {}",
            quote(removed),
            quote(&edit.replacement)
        ),
    }
}

/// The excerpts of one picture, by their numbers.
struct Pieces(Vec<Excerpt>);

impl Pieces {
    fn piece(&self, id: usize) -> Result<&Excerpt, Error> {
        self.0.get(id).ok_or(Error::FileMissing)
    }

    fn shown(&self, id: usize, found: impl Fn(&&Shown) -> bool) -> Result<&Shown, Error> {
        let lines = &self.piece(id)?.lines;
        lines.iter().find(found).ok_or(Error::LineTooLarge {
            given: 0,
            max: lines.len(),
        })
    }
}

impl<'p> Files<'p> for Pieces {
    type FileId = usize;
    type Name = &'p str;
    type Source = &'p str;

    fn name(&'p self, id: usize) -> Result<&'p str, Error> {
        Ok(&self.piece(id)?.name)
    }

    fn source(&'p self, id: usize) -> Result<&'p str, Error> {
        Ok(&self.piece(id)?.text)
    }

    fn line_index(&'p self, id: usize, offset: usize) -> Result<usize, Error> {
        Ok(self.shown(id, |line| line.range.contains(&offset))?.index)
    }

    fn line_range(&'p self, id: usize, index: usize) -> Result<Range<usize>, Error> {
        Ok(self.shown(id, |line| line.index == index)?.range.clone())
    }

    fn location(&'p self, id: usize, offset: usize) -> Result<Location, Error> {
        let piece = self.piece(id)?;
        let label = piece.labels.iter().position(|label| label.start == offset);
        let place = label.and_then(|label| piece.places.get(label));
        let place = place.ok_or(Error::ColumnTooLarge {
            given: offset,
            max: piece.text.len(),
        })?;
        Ok(Location {
            line_number: place.line,
            column_number: place.column,
        })
    }
}

/// Takes the drawing, and says `advice` where codespan-reporting, which has no such level, says `help`.
struct Canvas {
    buffer: Buffer,
    styles: Styles,
    /// The next word is the level.
    heading: bool,
}

impl Canvas {
    fn new(style: Style) -> Canvas {
        Canvas {
            buffer: match style {
                Style::Plain => Buffer::no_color(),
                Style::Coloured => Buffer::ansi(),
            },
            styles: Styles::default(),
            heading: false,
        }
    }

    fn into_text(self) -> String {
        String::from_utf8_lossy(self.buffer.as_slice()).into_owned()
    }
}

impl Write for Canvas {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let heading = std::mem::take(&mut self.heading);
        if heading && bytes == b"help" {
            self.buffer.write_all(b"advice")?;
        } else {
            self.buffer.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Canvas {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        self.heading = true;
        self.buffer.set_color(self.styles.header(severity))
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.buffer.set_color(self.styles.header_message())
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.buffer.set_color(self.styles.line_number())
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.buffer.set_color(self.styles.note_bullet())
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.buffer.set_color(self.styles.source_border())
    }

    fn set_label(&mut self, severity: Severity, style: LabelStyle) -> io::Result<()> {
        self.buffer.set_color(self.styles.label(severity, style))
    }

    fn reset(&mut self) -> io::Result<()> {
        WriteColor::reset(&mut self.buffer)
    }
}
