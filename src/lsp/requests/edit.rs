//! Requests of whoever writes: completion, formatting, actions.

use std::collections::BTreeMap;

use gen_lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, CompletionParams,
    CompletionResponse, DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit, Uri,
    WorkspaceEdit,
};

use super::View;
use crate::diagnostic::Edit;
use crate::lsp::actions::{self, Action, FIX_ALL, IMPORT};
use crate::lsp::convert::{self, Places};
use crate::lsp::{Document, Server, Session, completion, formatting, uri};
use crate::source::Sources;

impl Server<'_> {
    pub(super) fn complete(&mut self, params: &CompletionParams) -> Option<CompletionResponse> {
        let at = &params.text_document_position_params;
        let view = self.view(&at.text_document.uri)?;
        let completions = completion::completions(view.document, view.offset(at.position));
        let snippets = view.session.client.snippets;
        let items: Vec<_> = completions
            .into_iter()
            .enumerate()
            .map(|(place, completion)| {
                let range = view.range(completion.replaced);
                convert::completion(completion, place, range, snippets)
            })
            .collect();
        Some(items.into())
    }

    pub(super) fn format(&mut self, params: &DocumentFormattingParams) -> Option<Vec<TextEdit>> {
        let view = self.view(&params.text_document.uri)?;
        Some(view.edits(&formatting::document(view.document)?))
    }

    pub(super) fn format_range(
        &mut self,
        params: &DocumentRangeFormattingParams,
    ) -> Option<Vec<TextEdit>> {
        let view = self.view(&params.text_document.uri)?;
        let range = view.open.offsets(params.range);
        Some(view.edits(&formatting::range(view.document, range)?))
    }

    pub(super) fn code_actions(
        &mut self,
        params: &CodeActionParams,
    ) -> Option<Vec<CodeActionResponse>> {
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
        if tree.is_none() && wanted(IMPORT) {
            actions.extend(session.importing(uri, &open.text));
        }
        if wanted(FIX_ALL) && actions::can_fix_all(&said) {
            let action = CodeAction {
                title: "apply all safe fixes".to_owned(),
                kind: Some(CodeActionKind::new(FIX_ALL)),
                data: serde_json::to_value(uri).ok(),
                ..CodeAction::default()
            };
            let resolves = session.client.resolves_actions;
            actions.push(if resolves {
                action
            } else {
                self.resolve_action(&action)
            });
        }
        Some(actions.into_iter().map(CodeActionResponse::from).collect())
    }

    /// An action with its edit. Only one that applies all safe fixes comes without, because that takes several checks.
    pub(super) fn resolve_action(&mut self, action: &CodeAction) -> CodeAction {
        let uri = action.data.as_ref().and_then(|data| data.as_str());
        let edit = uri.and_then(|uri| self.fix_all(&uri.into()));
        CodeAction {
            edit: edit.or_else(|| action.edit.clone()),
            ..action.clone()
        }
    }

    fn fix_all(&mut self, uri: &Uri) -> Option<WorkspaceEdit> {
        self.view(uri);
        let session = self.session.as_ref()?;
        let path = uri::path(uri);
        let said = session.state.get(&path)?.checked.said()?;
        let mended = session.state.mend(&path, self.world)?;
        let new = mended.texts.get(&path)?;
        let old = said.sources.text(said.file);
        let edits = formatting::differences(said.file, old, new);
        let actions = Actions {
            session,
            sources: said.sources,
            shown: &[],
        };
        Some(actions.workspace_edit(&edits))
    }
}

impl View<'_> {
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

    fn workspace_edit(&self, edits: &[Edit]) -> WorkspaceEdit {
        let mut places = self.places();
        let mut changes: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
        for edit in edits {
            let Some(range) = places.range(edit.span) else {
                continue;
            };
            let path = self.sources.name(edit.span.file);
            changes.entry(path).or_default().push(TextEdit {
                range,
                new_text: edit.replacement.clone(),
            });
        }
        self.session.workspace_edit(changes)
    }

    fn places(&self) -> Places<'_> {
        Places::new(self.sources, self.session.state.encoding())
    }
}
