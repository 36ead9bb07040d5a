//! What features return becomes what the protocol speaks.

use std::collections::HashMap;

use gen_lsp_types::{
    BaseSymbolInformation, CompletionItem, CompletionItemKind, DocumentSymbol, FoldingRange,
    FoldingRangeKind, Hover, InlayHint, InsertTextFormat, Location, MarkupContent, MarkupKind,
    Position, Range, SemanticToken, SemanticTokens, SemanticTokensLegend, SymbolInformation,
    SymbolKind, TextEdit, Uri,
};

use super::completion::{Completion, CompletionKind};
use super::folding::{Fold, FoldKind};
use super::highlighting::{Color, Colored};
use super::hints::Hint;
use super::hover;
use super::positions::{Encoding, Lines};
use super::symbols::{self, Found, Symbol};
use crate::source::{FileId, Sources, Span};

/// The files of a check, with what has been counted in them.
pub(super) struct Places<'s> {
    sources: &'s Sources,
    encoding: Encoding,
    counted: HashMap<FileId, Lines>,
}

impl<'s> Places<'s> {
    pub(super) fn new(sources: &'s Sources, encoding: Encoding) -> Places<'s> {
        Places {
            sources,
            encoding,
            counted: HashMap::new(),
        }
    }

    /// The range of a span; `None` where no text comes after it.
    pub(super) fn range(&mut self, span: Span) -> Option<Range> {
        let text = self.sources.get(span.file)?.text.as_ref();
        let encoding = self.encoding;
        let lines = self.counted.entry(span.file);
        let lines = lines.or_insert_with(|| Lines::new(text, encoding));
        Some(lines.range(text, span))
    }
}

/// What folds; `None` where it is on one line.
pub(super) fn fold(fold: &Fold, range: Range) -> Option<FoldingRange> {
    let Range { start, end } = range;
    let (kind, end_line) = match fold.kind {
        FoldKind::Comment => (Some(FoldingRangeKind::Comment), end.line),
        // What closes it stays to be seen.
        FoldKind::Block | FoldKind::Text => (None, end.line.saturating_sub(1)),
    };
    (start.line < end_line).then(|| FoldingRange {
        start_line: start.line,
        end_line,
        kind,
        ..FoldingRange::default()
    })
}

pub(super) fn hover(hover: hover::Hover, range: Range) -> Hover {
    Hover {
        contents: markdown(hover.markdown).into(),
        range: Some(range),
    }
}

fn markdown(value: String) -> MarkupContent {
    MarkupContent {
        kind: MarkupKind::Markdown,
        value,
    }
}

/// A completion at its place in the list. An editor without snippets gets the label alone.
pub(super) fn completion(
    completion: Completion,
    place: usize,
    range: Range,
    snippets: bool,
) -> CompletionItem {
    let is_snippet = completion.is_snippet && snippets;
    let new_text = if completion.is_snippet && !snippets {
        completion.label.clone()
    } else {
        completion.insert
    };
    let documentation = completion.documentation;
    CompletionItem {
        label: completion.label,
        kind: Some(completion_kind(completion.kind)),
        detail: (!completion.detail.is_empty()).then_some(completion.detail),
        documentation: (!documentation.is_empty()).then(|| markdown(documentation).into()),
        sort_text: Some(format!("{place:05}")),
        insert_text_format: Some(if is_snippet {
            InsertTextFormat::Snippet
        } else {
            InsertTextFormat::PlainText
        }),
        text_edit: Some(TextEdit { range, new_text }.into()),
        ..CompletionItem::default()
    }
}

fn completion_kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Entry => CompletionItemKind::Keyword,
        CompletionKind::Setting => CompletionItemKind::Property,
        CompletionKind::Word => CompletionItemKind::EnumMember,
        CompletionKind::Variable => CompletionItemKind::Field,
        CompletionKind::Binding => CompletionItemKind::Variable,
        CompletionKind::Module => CompletionItemKind::Module,
        CompletionKind::Profile => CompletionItemKind::Interface,
        CompletionKind::Location => CompletionItemKind::Struct,
        CompletionKind::Machine => CompletionItemKind::Class,
        CompletionKind::Table => CompletionItemKind::Value,
        CompletionKind::Rule => CompletionItemKind::Event,
    }
}

pub(super) fn symbols(symbols: Vec<Symbol>, range: &dyn Fn(Span) -> Range) -> Vec<DocumentSymbol> {
    let symbols = symbols.into_iter().map(|symbol| {
        DocumentSymbol::new(
            symbol.name,
            (!symbol.detail.is_empty()).then_some(symbol.detail),
            symbol_kind(symbol.kind),
            None,
            None,
            range(symbol.span),
            range(symbol.selection),
            Some(self::symbols(symbol.children, range)),
        )
    });
    symbols.collect()
}

/// The symbols one after the other, for editors that show them without what they are in.
pub(super) fn flat_symbols(
    symbols: Vec<Symbol>,
    uri: &Uri,
    range: &dyn Fn(Span) -> Range,
) -> Vec<SymbolInformation> {
    let mut flat = Vec::new();
    let mut rest: Vec<(Symbol, String)> = symbols
        .into_iter()
        .rev()
        .map(|symbol| (symbol, String::new()))
        .collect();
    while let Some((symbol, container)) = rest.pop() {
        let inner = symbol.children.into_iter().rev();
        rest.extend(inner.map(|inner| (inner, symbol.name.clone())));
        let location = Location {
            uri: uri.clone(),
            range: range(symbol.span),
        };
        flat.push(information(symbol.name, symbol.kind, container, location));
    }
    flat
}

pub(super) fn workspace_symbol(found: Found<'_>, location: Location) -> SymbolInformation {
    let Symbol { name, kind, .. } = found.symbol;
    information(name, kind, found.container, location)
}

fn information(
    name: String,
    kind: symbols::SymbolKind,
    container: String,
    location: Location,
) -> SymbolInformation {
    let base = BaseSymbolInformation {
        name,
        kind: symbol_kind(kind),
        container_name: (!container.is_empty()).then_some(container),
        tags: None,
    };
    SymbolInformation::new(None, location, base)
}

fn symbol_kind(kind: symbols::SymbolKind) -> SymbolKind {
    match kind {
        symbols::SymbolKind::Param => SymbolKind::Variable,
        symbols::SymbolKind::Let => SymbolKind::Constant,
        symbols::SymbolKind::Profile => SymbolKind::Interface,
        symbols::SymbolKind::Cluster => SymbolKind::Class,
        symbols::SymbolKind::Location => SymbolKind::Namespace,
        symbols::SymbolKind::Machine => SymbolKind::Object,
        symbols::SymbolKind::Table => SymbolKind::Struct,
        symbols::SymbolKind::Block => SymbolKind::Property,
    }
}

pub(super) fn hint(hint: Hint, position: Position) -> InlayHint {
    let text = hint.text.into();
    InlayHint::new(position, text, None, None, None, Some(true), None, None)
}

/// What the numbers of types and modifiers mean.
pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: Color::ALL.map(|color| color.name().to_owned()).to_vec(),
        token_modifiers: vec!["declaration".to_owned()],
    }
}

/// Colours as the protocol writes them: each from the one before.
pub(super) fn colors(colors: impl Iterator<Item = (Range, Colored)>) -> SemanticTokens {
    let mut before = Position::default();
    let data = colors.map(|(Range { start, end }, colored)| {
        let delta_line = start.line - before.line;
        let delta_start = if delta_line == 0 {
            start.character - before.character
        } else {
            start.character
        };
        before = start;
        let number = Color::ALL.iter().position(|color| *color == colored.color);
        SemanticToken {
            delta_line,
            delta_start,
            length: end.character.saturating_sub(start.character),
            token_type: number.and_then(|at| u32::try_from(at).ok()).unwrap_or(0),
            token_modifiers_bitset: u32::from(colored.is_declaration),
        }
    });
    SemanticTokens {
        result_id: None,
        data: data.collect(),
    }
}
