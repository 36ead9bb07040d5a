//! A config.yml that is open becomes a source beside it.

use gen_lsp_types::{
    CodeAction, CodeActionKind, CreateFile, Edit, OptionalVersionedTextDocumentIdentifier,
    Position, Range, TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};

use crate::import::{self, Imported, Keeping};
use crate::lsp::actions::IMPORT;
use crate::lsp::{Session, uri};

impl Session {
    /// The action that makes a source of a config.yml, where one can say all of it and the editor can make files. What a
    /// lock would have is in the source, because an editor makes no locks.
    pub(super) fn importing(&self, config: &Uri, text: &str) -> Option<CodeAction> {
        if !self.client.creates_files {
            return None;
        }
        let path = uri::path(config);
        let Imported {
            cluster,
            source,
            diagnostics,
            ..
        } = import::import(&path, text, Keeping::Source);
        let source = source.filter(|_| diagnostics.is_empty())?;
        let (folder, _) = path.rsplit_once(['/', '\\'])?;
        let name = format!("{cluster}.m1");
        let new = uri::of(&format!("{folder}/{name}"));
        let start = Position {
            line: 0,
            character: 0,
        };
        let whole = TextEdit {
            range: Range { start, end: start },
            new_text: source,
        };
        let document = OptionalVersionedTextDocumentIdentifier {
            version: None,
            text_document_identifier: TextDocumentIdentifier { uri: new.clone() },
        };
        // Without options a file that is there is left alone.
        let created = CreateFile::new(new, None, None);
        let filled = TextDocumentEdit::new(document, vec![Edit::from(whole)]);
        Some(CodeAction {
            title: format!("make a source of it: `{name}`"),
            kind: Some(CodeActionKind::new(IMPORT)),
            edit: Some(WorkspaceEdit {
                document_changes: Some(vec![created.into(), filled.into()]),
                ..WorkspaceEdit::default()
            }),
            ..CodeAction::default()
        })
    }
}
