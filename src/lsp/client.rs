//! What the editor can do.

use gen_lsp_types::{
    InitializeParams, PositionEncodingKind, ResourceOperationKind, WorkspaceFolders,
};

use super::positions::Encoding;
use super::uri;

/// The abilities of an editor that change what it is sent.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "an ability is there or not, and any may go with any other"
)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics, so that nothing is sent to it unasked for documents that it has open.
    pub(super) pulls: bool,
    /// It can be told to ask for diagnostics again.
    pub(super) refreshes: bool,
    /// It can be told which files to watch.
    pub(super) watches: bool,
    /// It shows other places that have to do with a diagnostic.
    pub(super) relates: bool,
    /// It shows nested symbols.
    pub(super) nests_symbols: bool,
    /// It fills in snippets.
    pub(super) snippets: bool,
    /// It can be asked for its settings.
    pub(super) configures: bool,
    /// It can be told to ask for hints again.
    pub(super) refreshes_hints: bool,
    /// It can be told to ask for what is above clusters again.
    pub(super) refreshes_lenses: bool,
    /// It asks for the edit of an action when the action is chosen.
    pub(super) resolves_actions: bool,
    /// It takes edits that say which version of a document they are for.
    pub(super) takes_versions: bool,
    /// It takes edits that make new files.
    pub(super) creates_files: bool,
    /// The process that the server must not outlive.
    pub(super) process: Option<u32>,
}

impl Client {
    pub(super) fn new(params: &InitializeParams) -> Client {
        let capabilities = &params.capabilities;
        let general = capabilities.general.as_ref();
        let encodings = general.and_then(|general| general.position_encodings.as_ref());
        let takes_utf8 =
            encodings.is_some_and(|encodings| encodings.contains(&PositionEncodingKind::UTF8));
        let document = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let is = |ability: Option<bool>| ability.unwrap_or(false);
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let completion = document
            .and_then(|document| document.completion.as_ref())
            .and_then(|completion| completion.completion_item.as_ref());
        Client {
            encoding: if takes_utf8 {
                Encoding::Utf8
            } else {
                Encoding::Utf16
            },
            pulls: document.is_some_and(|document| document.diagnostic.is_some()),
            refreshes: is(workspace
                .and_then(|workspace| workspace.diagnostics.as_ref())
                .and_then(|diagnostics| diagnostics.refresh_support)),
            watches: is(workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref())
                .and_then(|watching| watching.dynamic_registration)),
            relates: is(document
                .and_then(|document| document.publish_diagnostics.as_ref())
                .and_then(|publishing| publishing.diagnostics_capabilities.related_information)),
            nests_symbols: is(document
                .and_then(|document| document.document_symbol.as_ref())
                .and_then(|symbols| symbols.hierarchical_document_symbol_support)),
            snippets: is(completion.and_then(|item| item.snippet_support)),
            configures: is(workspace.and_then(|workspace| workspace.configuration)),
            refreshes_hints: is(workspace
                .and_then(|workspace| workspace.inlay_hint.as_ref())
                .and_then(|hints| hints.refresh_support)),
            refreshes_lenses: is(workspace
                .and_then(|workspace| workspace.code_lens.as_ref())
                .and_then(|lenses| lenses.refresh_support)),
            resolves_actions: document
                .and_then(|document| document.code_action.as_ref())
                .and_then(|action| action.resolve_support.as_ref())
                .is_some_and(|support| support.properties.iter().any(|it| it == "edit")),
            takes_versions: is(edits.and_then(|edits| edits.document_changes)),
            creates_files: edits
                .and_then(|edits| edits.resource_operations.as_ref())
                .is_some_and(|kinds| kinds.contains(&ResourceOperationKind::Create)),
            process: params
                .process_id
                .and_then(|process| u32::try_from(process).ok()),
        }
    }
}

/// The folders that the editor shows.
pub(super) fn folders(params: &InitializeParams) -> Vec<String> {
    match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            let folders = folders.iter().map(|folder| uri::path(&folder.uri));
            folders.collect()
        }
        Some(WorkspaceFolders::Null) => Vec::new(),
        #[allow(deprecated, reason = "older editors know a single folder")]
        None => params.root_uri.iter().map(uri::path).collect(),
    }
}
