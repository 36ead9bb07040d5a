//! Requests of whoever reads: what something is, what it looks like, and what follows from it.

use gen_lsp_types::{
    CodeLens, CodeLensParams, Command, DocumentSymbolParams, DocumentSymbolResponse, FoldingRange,
    FoldingRangeParams, Hover, HoverParams, InlayHint, InlayHintParams, SemanticTokens,
    SemanticTokensParams, SemanticTokensRangeParams,
};

use super::View;
use crate::lsp::{Server, convert, folding, highlighting, hints, hover, lens, symbols};

impl Server<'_> {
    pub(super) fn hover(&mut self, params: &HoverParams) -> Option<Hover> {
        let at = &params.text_document_position_params;
        let view = self.view(&at.text_document.uri)?;
        let hover = hover::hover(view.document, view.offset(at.position))?;
        let range = view.range(hover.span);
        Some(convert::hover(hover, range))
    }

    pub(super) fn symbols(
        &mut self,
        params: &DocumentSymbolParams,
    ) -> Option<DocumentSymbolResponse> {
        let view = self.view(&params.text_document.uri)?;
        let range = |span| view.range(span);
        let symbols = symbols::document(view.document);
        Some(if view.session.client.nests_symbols {
            convert::symbols(symbols, &range).into()
        } else {
            convert::flat_symbols(symbols, &view.open.uri, &range).into()
        })
    }

    pub(super) fn colors(&mut self, params: &SemanticTokensParams) -> Option<SemanticTokens> {
        let view = self.view(&params.text_document.uri)?;
        Some(view.colors(0..u32::MAX))
    }

    pub(super) fn colors_in_range(
        &mut self,
        params: &SemanticTokensRangeParams,
    ) -> Option<SemanticTokens> {
        let view = self.view(&params.text_document.uri)?;
        Some(view.colors(view.open.offsets(params.range)))
    }

    pub(super) fn folds(&mut self, params: &FoldingRangeParams) -> Option<Vec<FoldingRange>> {
        let view = self.view(&params.text_document.uri)?;
        let folds = folding::folds(view.document);
        let folds = folds
            .iter()
            .filter_map(|fold| convert::fold(fold, view.range(fold.span)));
        Some(folds.collect())
    }

    pub(super) fn hints(&mut self, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
        let view = self.view(&params.text_document.uri)?;
        if !view.session.settings.inlay_hints {
            return None;
        }
        let hints = hints::hints(view.document, view.open.offsets(params.range));
        let hints = hints.into_iter().map(|hint| {
            let position = view.range(hint.behind).end;
            convert::hint(hint, position)
        });
        Some(hints.collect())
    }

    pub(super) fn lenses(&mut self, params: &CodeLensParams) -> Option<Vec<CodeLens>> {
        let view = self.view(&params.text_document.uri)?;
        if !view.session.settings.code_lens {
            return None;
        }
        let lenses = lens::lenses(view.document).into_iter();
        let lenses = lenses.map(|lens| CodeLens {
            range: view.range(lens.span),
            // It is for reading: a command without a name does nothing.
            command: Some(Command {
                title: lens.text,
                ..Command::default()
            }),
            data: None,
        });
        Some(lenses.collect())
    }
}

impl View<'_> {
    fn colors(&self, range: std::ops::Range<u32>) -> SemanticTokens {
        let colors = highlighting::colors(self.document, range);
        let colors = colors
            .into_iter()
            .map(|colored| (self.range(colored.span), colored));
        convert::colors(colors)
    }
}
