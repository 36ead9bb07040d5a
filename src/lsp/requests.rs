//! Requests are answered: parameters become offsets, a feature is asked, and what it returns becomes a response.

use std::collections::HashMap;

use gen_lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionParams, CodeActionRequest, CodeActionResponse,
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticRequest,
    DocumentFormattingParams, DocumentFormattingRequest, DocumentRangeFormattingParams,
    DocumentRangeFormattingRequest, FoldingRange, FoldingRangeParams, FoldingRangeRequest,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport, Request as _, TextEdit, Uri,
    WorkspaceEdit,
};
use lsp_server::{ErrorCode, Request, RequestId};

use super::actions::{self, Action, FIX_ALL};
use super::convert::{self, Places};
use super::state::Open;
use super::{Document, Server, Session, error, folding, formatting, uri};
use crate::diagnostic::Edit;
use crate::source::{Sources, Span};

/// Who answers which request.
macro_rules! table {
    ($server:ident, $id:ident, $method:expr, $params:expr, { $($request:ident => $answer:ident,)+ }) => {
        match $method {
            $(method if method == $request::METHOD.as_str() => {
                $server.reply::<$request>(&$id, $params, Server::$answer);
            })+
            unknown => {
                let message = format!("there is no request `{unknown}`");
                $server.outbox.fail(&$id, error(ErrorCode::MethodNotFound, message));
            }
        }
    };
}

/// An open source and all that is known about it.
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
            DocumentDiagnosticRequest => diagnostics,
            DocumentFormattingRequest => format,
            DocumentRangeFormattingRequest => format_range,
            FoldingRangeRequest => folds,
        });
    }

    fn reply<R: gen_lsp_types::Request>(
        &mut self,
        id: &RequestId,
        params: serde_json::Value,
        answer: fn(&mut Self, R::Params) -> R::Result,
    ) {
        match serde_json::from_value(params) {
            Ok(params) => {
                let result = answer(self, params);
                self.outbox.answer(id, result);
            }
            Err(reason) => {
                let message = format!("the parameters are not understood: {reason}");
                self.outbox
                    .fail(id, error(ErrorCode::InvalidParams, message));
            }
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

    fn diagnostics(&mut self, params: DocumentDiagnosticParams) -> DocumentDiagnosticReport {
        let uri = params.text_document.uri;
        let path = uri::path(&uri);
        self.view(&uri);
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

    fn format(&mut self, params: DocumentFormattingParams) -> Option<Vec<TextEdit>> {
        let view = self.view(&params.text_document.uri)?;
        Some(view.edits(&formatting::document(view.document)?))
    }

    fn format_range(&mut self, params: DocumentRangeFormattingParams) -> Option<Vec<TextEdit>> {
        let view = self.view(&params.text_document.uri)?;
        let range = view.open.offsets(params.range);
        Some(view.edits(&formatting::range(view.document, range)?))
    }

    fn code_actions(&mut self, params: CodeActionParams) -> Option<Vec<CodeActionResponse>> {
        // A config.yml has actions too, and no view.
        let uri = &params.text_document.uri;
        self.view(uri);
        let session = self.session.as_ref()?;
        let open = session.state.get(&uri::path(uri))?;
        let said = open.checked.said()?;
        let tree = open.checked.source().map(Document::tree);
        let wanted = |kind: &str| {
            let only = params.context.only.as_ref();
            only.is_none_or(|only| {
                only.iter().any(|wanted| {
                    let rest = kind.strip_prefix(wanted.as_str());
                    rest.is_some_and(|rest| {
                        rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty()
                    })
                })
            })
        };
        let convert = Actions {
            session,
            sources: said.sources,
            shown: &params.context.diagnostics,
        };
        let mut actions = Vec::new();
        if wanted(CodeActionKind::QuickFix.as_str()) {
            let range = open.offsets(params.range);
            let quick = actions::quick(&said, tree, &range);
            actions.extend(quick.into_iter().map(|action| convert.quick(action)));
        }
        if wanted(FIX_ALL) {
            let edits = actions::fix_all(&said);
            actions.extend((!edits.is_empty()).then(|| convert.fix_all(&edits)));
        }
        Some(actions.into_iter().map(CodeActionResponse::from).collect())
    }

    fn folds(&mut self, params: FoldingRangeParams) -> Option<Vec<FoldingRange>> {
        let view = self.view(&params.text_document.uri)?;
        let folds = folding::folds(view.document);
        let folds = folds
            .iter()
            .filter_map(|fold| convert::fold(fold, view.range(fold.span)));
        Some(folds.collect())
    }
}

impl View<'_> {
    /// The range of a span of the document itself.
    fn range(&self, span: Span) -> gen_lsp_types::Range {
        self.open.lines.range(&self.open.text, span)
    }

    fn edits(&self, edits: &[Edit]) -> Vec<TextEdit> {
        let edits = edits.iter().map(|edit| TextEdit {
            range: self.range(edit.span),
            new_text: edit.replacement.clone(),
        });
        edits.collect()
    }
}

/// What actions need to become those of the protocol.
struct Actions<'a> {
    session: &'a Session,
    sources: &'a Sources,
    /// The diagnostics that the editor asks about.
    shown: &'a [gen_lsp_types::Diagnostic],
}

impl Actions<'_> {
    fn quick(&self, action: Action) -> CodeAction {
        let mut places = self.places();
        let range = places.range(action.at);
        let meant = self.shown.iter().filter(|shown| {
            let code = Code::String(action.code.to_owned());
            Some(shown.range) == range && shown.code.as_ref() == Some(&code)
        });
        CodeAction {
            title: action.title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(meant.cloned().collect()),
            is_preferred: Some(action.is_preferred),
            edit: Some(self.workspace_edit(&action.edits)),
            ..CodeAction::default()
        }
    }

    fn fix_all(&self, edits: &[Edit]) -> CodeAction {
        CodeAction {
            title: "apply all safe fixes".to_owned(),
            kind: Some(CodeActionKind::new(FIX_ALL)),
            edit: Some(self.workspace_edit(edits)),
            ..CodeAction::default()
        }
    }

    fn workspace_edit(&self, edits: &[Edit]) -> WorkspaceEdit {
        let mut places = self.places();
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for edit in edits {
            let Some(range) = places.range(edit.span) else {
                continue;
            };
            let uri = self.session.state.uri(self.sources.name(edit.span.file));
            changes.entry(uri).or_default().push(TextEdit {
                range,
                new_text: edit.replacement.clone(),
            });
        }
        WorkspaceEdit {
            changes: Some(changes),
            ..WorkspaceEdit::default()
        }
    }

    fn places(&self) -> Places<'_> {
        Places::new(self.sources, self.session.state.encoding())
    }
}
