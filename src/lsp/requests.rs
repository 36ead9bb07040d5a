//! Requests are answered: parameters become offsets, a feature is asked, and what it returns becomes a response.

mod edit;
mod import;
mod look;
mod navigate;

use std::collections::BTreeMap;

use gen_lsp_types::{
    CodeActionRequest, CodeActionResolveRequest, CodeLensRequest, CompletionRequest,
    DefinitionRequest, DocumentDiagnosticParams, DocumentDiagnosticReport,
    DocumentDiagnosticRequest, DocumentFormattingRequest, DocumentLinkRequest,
    DocumentRangeFormattingRequest, DocumentSymbolRequest, Edit, FoldingRangeRequest,
    FullDocumentDiagnosticReport, HoverRequest, InlayHintRequest,
    OptionalVersionedTextDocumentIdentifier, Position, PrepareRenameRequest, Range,
    ReferencesRequest, RelatedFullDocumentDiagnosticReport, RenameRequest, Request as _,
    SemanticTokensRangeRequest, SemanticTokensRequest, TextDocumentEdit, TextDocumentIdentifier,
    TextEdit, Uri, WorkspaceEdit, WorkspaceSymbolRequest,
};
use lsp_server::{ErrorCode, Request, RequestId};

use super::state::Open;
use super::{Document, Server, Session, error, uri};
use crate::source::Span;

/// Who answers which request. The second list is of those that may be refused with a reason.
macro_rules! table {
    (
        $server:ident, $id:ident, $method:expr, $params:expr,
        { $($request:ident => $answer:ident,)+ } or refused { $($refusable:ident => $attempt:ident,)+ }
    ) => {
        match $method {
            $(method if method == $request::METHOD.as_str() => {
                let answer = |server: &mut Self, params: &_| Ok(server.$answer(params));
                $server.reply::<$request>(&$id, $params, answer);
            })+
            $(method if method == $refusable::METHOD.as_str() => {
                $server.reply::<$refusable>(&$id, $params, Self::$attempt);
            })+
            unknown => {
                let message = format!("there is no request `{unknown}`");
                $server.outbox.fail(&$id, error(ErrorCode::MethodNotFound, message));
            }
        }
    };
}

/// An open source and all that is known about it.
#[derive(Clone, Copy)]
struct View<'s> {
    session: &'s Session,
    open: &'s Open,
    document: &'s Document,
}

impl Server<'_> {
    pub(super) fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        table!(self, id, method.as_str(), params, {
            CodeActionRequest => code_actions,
            CodeActionResolveRequest => resolve_action,
            CodeLensRequest => lenses,
            CompletionRequest => complete,
            DefinitionRequest => definition,
            DocumentDiagnosticRequest => diagnostics,
            DocumentFormattingRequest => format,
            DocumentLinkRequest => links,
            DocumentRangeFormattingRequest => format_range,
            DocumentSymbolRequest => symbols,
            FoldingRangeRequest => folds,
            HoverRequest => hover,
            InlayHintRequest => hints,
            ReferencesRequest => references,
            SemanticTokensRangeRequest => colors_in_range,
            SemanticTokensRequest => colors,
            WorkspaceSymbolRequest => workspace_symbols,
        } or refused {
            PrepareRenameRequest => prepare_rename,
            RenameRequest => rename,
        });
    }

    fn reply<R: gen_lsp_types::Request>(
        &mut self,
        id: &RequestId,
        params: serde_json::Value,
        answer: impl FnOnce(&mut Self, &R::Params) -> Result<R::Result, String>,
    ) {
        let params = match serde_json::from_value(params) {
            Ok(params) => params,
            Err(reason) => {
                let message = format!("the parameters are not understood: {reason}");
                self.outbox
                    .fail(id, error(ErrorCode::InvalidParams, message));
                return;
            }
        };
        match answer(self, &params) {
            Ok(result) => self.outbox.answer(id, result),
            Err(reason) => self
                .outbox
                .fail(id, error(ErrorCode::RequestFailed, reason)),
        }
    }

    /// What is known about an open document, which is checked first if it is due.
    fn view(&mut self, uri: &Uri) -> Option<View<'_>> {
        let path = uri::path(uri);
        if self.session.as_ref()?.state.is_due(&path) {
            self.settle(&path);
        }
        let session = self.session.as_ref()?;
        let open = session.state.get(&path)?;
        Some(View {
            session,
            open,
            document: open.checked.source()?,
        })
    }

    fn diagnostics(&mut self, params: &DocumentDiagnosticParams) -> DocumentDiagnosticReport {
        let uri = &params.text_document.uri;
        let path = uri::path(uri);
        self.view(uri);
        let published = self.session.as_ref().map(|session| &session.published);
        let about = published.map(|published| published.about(&path));
        let items = about.unwrap_or_default().into_iter().cloned().collect();
        RelatedFullDocumentDiagnosticReport {
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                items,
                ..FullDocumentDiagnosticReport::default()
            },
            ..RelatedFullDocumentDiagnosticReport::default()
        }
        .into()
    }
}

impl Session {
    /// An edit of several files, given by their paths. For one that is not open the text on disk is meant.
    fn workspace_edit(&self, edits: BTreeMap<&str, Vec<TextEdit>>) -> WorkspaceEdit {
        let edits = edits.into_iter();
        if !self.client.takes_versions {
            let changes = edits.map(|(path, edits)| (self.state.uri(path), edits));
            return WorkspaceEdit {
                changes: Some(changes.collect()),
                ..WorkspaceEdit::default()
            };
        }
        let changes = edits.map(|(path, edits)| {
            let document = OptionalVersionedTextDocumentIdentifier {
                version: self.state.get(path).map(|open| open.version),
                text_document_identifier: TextDocumentIdentifier {
                    uri: self.state.uri(path),
                },
            };
            let edits = edits.into_iter().map(Edit::from).collect();
            TextDocumentEdit::new(document, edits).into()
        });
        WorkspaceEdit {
            document_changes: Some(changes.collect()),
            ..WorkspaceEdit::default()
        }
    }
}

impl<'s> View<'s> {
    /// The range of a span of the document itself.
    fn range(&self, span: Span) -> Range {
        self.open.lines.range(&self.open.text, span)
    }

    fn offset(&self, position: Position) -> u32 {
        let offset = self.open.lines.offset(&self.open.text, position);
        u32::try_from(offset).unwrap_or(u32::MAX)
    }

    /// The document, then all others that are open, and then those of the workspace that are not.
    fn documents(&self) -> Vec<&'s Document> {
        let others = self.session.state.sources().map(|(_, document)| document);
        let others = others.filter(|other| !std::ptr::eq(*other, self.document));
        let all = std::iter::once(self.document).chain(others);
        all.chain(self.session.state.unopened()).collect()
    }
}
