//! Documents are opened, changed, closed and checked, and the editor is told what is found.

use std::thread;

use gen_lsp_types::{
    DidChangeTextDocumentParams, FileChangeType, MessageType, TextDocumentItem, Uri,
    WorkspaceFoldersChangeEvent,
};
use serde::Serialize;

use super::{Server, attempt, diagnostics, uri};

/// The parameters of `textDocument/publishDiagnostics`, without copying what is said.
#[derive(Serialize)]
struct Published<'p> {
    uri: Uri,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    diagnostics: Vec<&'p gen_lsp_types::Diagnostic>,
}

impl Server<'_> {
    pub(super) fn open(&mut self, document: TextDocumentItem) {
        let path = uri::path(&document.uri);
        let Some(session) = &mut self.session else {
            return;
        };
        session.published.forget(&path);
        let language = String::from(document.language_id);
        let TextDocumentItem {
            uri, version, text, ..
        } = document;
        session.state.open(&path, uri, language, version, text);
    }

    pub(super) fn change(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let path = uri::path(&document.text_document_identifier.uri);
        let Some(session) = &mut self.session else {
            return;
        };
        session.published.forget(&path);
        session
            .state
            .change(&path, document.version, params.content_changes);
    }

    pub(super) fn close(&mut self, path: &str) {
        let Some(session) = &mut self.session else {
            return;
        };
        let closed = session.state.uri(path);
        session.state.close(path);
        let changed = session.published.remove(path);
        // The file on disk may differ from the text that was open.
        session.published.forget(path);
        let published = Published {
            uri: closed,
            version: None,
            diagnostics: session.published.about(path),
        };
        self.outbox
            .notify("textDocument/publishDiagnostics", published);
        for file in changed {
            self.publish(&file);
        }
    }

    /// A file that is not open has changed, appeared or gone.
    pub(super) fn changed_on_disk(&mut self, path: &str, change: FileChangeType) {
        let Some(session) = &mut self.session else {
            return;
        };
        if path.ends_with("m1c.toml") {
            session.state.touch_all();
            session.has_news = true;
            return;
        }
        if change != FileChangeType::Changed {
            session.state.workspace.list_again();
        }
        if session.state.get(path).is_none() {
            session.published.forget(path);
            session.state.replaced(path);
            session.has_news = true;
        }
    }

    /// The editor shows other folders.
    pub(super) fn change_folders(&mut self, event: &WorkspaceFoldersChangeEvent) {
        let Some(session) = &mut self.session else {
            return;
        };
        let workspace = &mut session.state.workspace;
        for folder in &event.removed {
            workspace.remove_folder(&uri::path(&folder.uri));
        }
        for folder in &event.added {
            workspace.add_folder(uri::path(&folder.uri));
        }
    }

    pub(super) fn next_due(&self) -> Option<String> {
        self.session.as_ref()?.state.next_due()
    }

    /// Checks all that is due, and reads all of the workspace, because a name may be anywhere, and a place counts only
    /// in the text that a file has now.
    pub(super) fn settle_all(&mut self) {
        while let Some(path) = self.next_due() {
            self.settle(&path);
        }
        while self.read_ahead() {}
    }

    /// Reads one more source of the workspace, if there is one to read.
    pub(super) fn read_ahead(&mut self) -> bool {
        let world = self.world;
        let Some(session) = &mut self.session else {
            return false;
        };
        match attempt(|| session.state.read_ahead(world)) {
            Ok(has_read) => has_read,
            Err(reason) => {
                let message = format!("a source could not be read: {reason}");
                self.log(MessageType::Error, &message);
                true
            }
        }
    }

    /// Checks a document and tells what is found.
    pub(super) fn settle(&mut self, path: &str) {
        if let Err(reason) = attempt(|| self.check(path)) {
            let message = format!("`{path}` could not be checked: {reason}");
            self.log(MessageType::Error, &message);
        }
    }

    fn check(&mut self, path: &str) {
        let world = self.world;
        let Some(session) = &mut self.session else {
            return;
        };
        let (old, wrong) = session.state.check(path, world);
        let relates = session.client.relates;
        if let Some(open) = session.state.get(path) {
            let said = diagnostics::of(&session.state, path, &open.checked, relates);
            let changed = session.published.replace(path, said);
            self.publish(path);
            for file in changed {
                self.publish(&file);
            }
        }
        self.tell_settings(wrong);
        // Forgetting it takes long, and nobody has to wait for it. Where no thread can be had it is forgotten here.
        let _ = thread::Builder::new().spawn(move || drop(old));
    }

    /// Says once what is wrong with the settings.
    fn tell_settings(&mut self, wrong: Option<String>) {
        let Some(session) = &mut self.session else {
            return;
        };
        if session.told == wrong {
            return;
        }
        session.told.clone_from(&wrong);
        if let Some(message) = wrong {
            self.show(MessageType::Warning, &message);
        }
    }

    /// Tells all that is said about a file.
    fn publish(&mut self, path: &str) {
        let Some(session) = &mut self.session else {
            return;
        };
        let open = session.state.get(path);
        if session.client.pulls && open.is_some() {
            return;
        }
        let published = Published {
            uri: session.state.uri(path),
            version: open.map(|open| open.version),
            diagnostics: session.published.about(path),
        };
        self.outbox
            .notify("textDocument/publishDiagnostics", published);
    }

    /// Has an editor that asks for diagnostics ask again, after a change that it does not know of.
    pub(super) fn spread_news(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        if std::mem::take(&mut session.has_news) && session.client.refreshes {
            self.outbox.request("workspace/diagnostic/refresh", ());
        }
    }
}
