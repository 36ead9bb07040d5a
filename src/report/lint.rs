//! Findings of the linter for a terminal, drawn by miette. No other file knows that library.
//!
//! miette draws one source: the lines of several files are put into one text, each with its file's name.

use std::error::Error;
use std::fmt::{self, Display, Write as _};

use miette::{
    Diagnostic as Drawn, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};

use textwrap::{WordSeparator, WordSplitter};

use super::clean;
use super::excerpt::{Excerpt, excerpt};
use super::places::Places;
use super::terminal::fix_note;
use super::{Look, Style};
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::lint::Finding;
use crate::pages;
use crate::source::{FileId, Sources, Span};

/// How many findings of a file get a picture.
const MOST_PICTURES: usize = 100;

/// How many places a picture shows.
const MOST_LABELS: usize = 12;

pub(super) fn human(look: Look, sources: &Sources, findings: &[Finding]) -> String {
    let theme = match look.style {
        Style::Plain => GraphicalTheme::unicode_nocolor(),
        Style::Coloured => GraphicalTheme::unicode(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(look.width)
        .with_break_words(false)
        // Names with hyphens stay whole.
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation);
    let mut places = Places::new(sources);
    let mut out = String::new();
    for finding in findings.iter().take(MOST_PICTURES) {
        let picture = Picture::new(&mut places, sources, &finding.diagnostic);
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, &picture).is_err() {
            unreachable!("every label lies in its excerpt, and a text takes every text");
        }
        for line in drawn.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    let more = findings.len().saturating_sub(MOST_PICTURES);
    if more > 0 {
        let _ = writeln!(
            out,
            "… and {more} more, which `--format short` and `--format json` show\n"
        );
    }
    out
}

/// What miette draws.
#[derive(Debug)]
struct Picture {
    code: &'static str,
    level: Level,
    message: String,
    consequence: Option<Consequence>,
    help: Option<String>,
    url: Option<String>,
    page: Page,
}

/// Where nobody fixes it, this happens.
#[derive(Debug)]
struct Consequence(String);

/// The lines of all files, with labels.
#[derive(Debug)]
struct Page {
    /// Each with the offset that its text begins at.
    pieces: Vec<(usize, Excerpt)>,
    labels: Vec<LabeledSpan>,
}

impl Picture {
    fn new(places: &mut Places<'_>, sources: &Sources, diagnostic: &Diagnostic) -> Picture {
        let has_text = |label: &&Label| sources.get(label.span.file).is_some();
        let mut labels: Vec<&Label> = Vec::new();
        let all = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        for label in all.filter(has_text) {
            // Several machines of one `data` line are one place.
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let shown = labels.get(..MOST_LABELS).unwrap_or(&labels);
        let page = Page::new(places, shown);
        let mut help: Vec<String> = Vec::new();
        let unseen = labels.len() - shown.len();
        if unseen > 0 {
            help.push(format!("({unseen} more locations)"));
        }
        help.extend(diagnostic.help.as_deref().map(clean::paragraph));
        let fix = diagnostic.fix.as_ref();
        help.extend(fix.and_then(|fix| fix_note(sources, fix, diagnostic.help.as_deref())));
        Picture {
            code: diagnostic.code.name,
            level: diagnostic.level,
            message: clean::message(&diagnostic.message).into_owned(),
            consequence: diagnostic
                .consequence
                .as_ref()
                .map(|text| Consequence(clean::paragraph(text))),
            help: (!help.is_empty()).then(|| help.join("\n")),
            url: pages::of_rule(diagnostic.code.name),
            page,
        }
    }
}

impl Page {
    /// Takes the lines of labels; the first one is what it is about.
    fn new(places: &mut Places<'_>, labels: &[&Label]) -> Page {
        let mut files: Vec<FileId> = Vec::new();
        for label in labels {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        let mut page = Page {
            pieces: Vec::new(),
            labels: Vec::new(),
        };
        let mut offset = 0;
        for file in files {
            let of_file = labels.iter().filter(|label| label.span.file == file);
            let spans: Vec<Span> = of_file.clone().map(|label| label.span).collect();
            let excerpt = excerpt(places, file, &spans);
            for (label, range) in of_file.zip(&excerpt.labels) {
                let text = clean::message(&label.text);
                let text = (!text.is_empty()).then(|| text.into_owned());
                let span = SourceSpan::from(offset + range.start..offset + range.end);
                page.labels.push(if page.labels.is_empty() {
                    LabeledSpan::new_primary_with_span(text, span)
                } else {
                    LabeledSpan::new_with_span(text, span)
                });
            }
            let length = excerpt.text.len();
            page.pieces.push((offset, excerpt));
            offset += length;
        }
        page
    }
}

impl SourceCode for Page {
    /// The lines that a span is on, if they are one piece. Without context only the place is asked for.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let piece = self
            .pieces
            .partition_point(|(offset, _)| *offset <= span.offset());
        let piece = piece.checked_sub(1).and_then(|at| self.pieces.get(at));
        let (offset, excerpt) = piece.ok_or(MietteError::OutOfBounds)?;
        let (start, end) = (span.offset() - offset, span.offset() - offset + span.len());
        if end > excerpt.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let lines = &excerpt.lines;
        let on = |at: usize| {
            let found = lines.iter().position(|line| line.range.contains(&at));
            found.or(lines.len().checked_sub(1))
        };
        let shown = on(start)
            .zip(on(end))
            .and_then(|(first, last)| lines.get(first..=last));
        let shown = shown.unwrap_or_default();
        let (Some(first), Some(last)) = (shown.first(), shown.last()) else {
            return Err(MietteError::OutOfBounds);
        };
        // A line between them that is not shown makes them two pieces.
        if last.index - first.index + 1 != shown.len() {
            return Err(MietteError::OutOfBounds);
        }
        let label = excerpt.labels.iter().position(|label| label.start == start);
        let place = label.and_then(|label| excerpt.places.get(label));
        let column = match place {
            Some(place) if before == 0 => place.column.saturating_sub(1),
            Some(_) | None => 0,
        };
        let range = first.range.start..last.range.end;
        let text = excerpt.text.get(range.clone()).unwrap_or("");
        Ok(Box::new(MietteSpanContents::new_named(
            excerpt.name.clone(),
            text.as_bytes(),
            SourceSpan::from(offset + range.start..offset + range.end),
            first.index,
            column,
            shown.len(),
        )))
    }
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Advice => Severity::Advice,
    }
}

impl Display for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for Picture {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let consequence = self.consequence.as_ref()?;
        Some(consequence)
    }
}

impl Drawn for Picture {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.level.name(), self.code)))
    }

    fn severity(&self) -> Option<Severity> {
        Some(severity(self.level))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let help = self.help.as_deref()?;
        Some(Box::new(help))
    }

    fn url<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let url = self.url.as_deref()?;
        Some(Box::new(url))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.page)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.page.labels.iter().cloned()))
    }
}

impl Display for Consequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Consequence {}
