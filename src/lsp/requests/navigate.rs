//! Requests that lead from one place to others: in open documents, the files that they use, and the whole workspace.

use std::collections::{BTreeMap, HashMap};

use gen_lsp_types::{
    DefinitionParams, DefinitionResponse, DocumentLink, DocumentLinkParams, Location,
    PrepareRenameParams, PrepareRenameResult, ReferenceParams, RenameParams, TextEdit,
    WorkspaceEdit, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::library;
use crate::lsp::convert::{self, Places};
use crate::lsp::references::{self, Definitions, Place};
use crate::lsp::{Server, Session, definition, links, rename, symbols};
use crate::source::Sources;

impl Server<'_> {
    pub(super) fn definition(&mut self, params: &DefinitionParams) -> Option<DefinitionResponse> {
        let at = &params.text_document_position_params;
        self.settle_all();
        let view = self.view(&at.text_document.uri)?;
        let places = definition::definition(&view.documents(), view.offset(at.position));
        let locations = locations(view.session, &places);
        let is_known = !locations.is_empty();
        is_known.then(|| DefinitionResponse::Definition(locations.into()))
    }

    pub(super) fn references(&mut self, params: &ReferenceParams) -> Option<Vec<Location>> {
        let at = &params.text_document_position_params;
        self.settle_all();
        let view = self.view(&at.text_document.uri)?;
        let definitions = if params.context.include_declaration {
            Definitions::Included
        } else {
            Definitions::LeftOut
        };
        let offset = view.offset(at.position);
        let places = references::references(&view.documents(), offset, definitions);
        Some(locations(view.session, &places))
    }

    pub(super) fn prepare_rename(
        &mut self,
        params: &PrepareRenameParams,
    ) -> Result<Option<PrepareRenameResult>, String> {
        let at = &params.text_document_position_params;
        let Some(view) = self.view(&at.text_document.uri) else {
            return Ok(None);
        };
        let span = rename::prepare(view.document, view.offset(at.position))?;
        Ok(Some(view.range(span).into()))
    }

    pub(super) fn rename(
        &mut self,
        params: &RenameParams,
    ) -> Result<Option<WorkspaceEdit>, String> {
        let at = &params.text_document_position_params;
        self.settle_all();
        let Some(view) = self.view(&at.text_document.uri) else {
            return Ok(None);
        };
        let offset = view.offset(at.position);
        let renamed = rename::rename(&view.documents(), offset, &params.new_name)?;
        let mut ranges = Ranges::new(view.session);
        let mut changes: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
        for change in renamed {
            let Some(Location { range, .. }) = ranges.location(&change.place) else {
                continue;
            };
            let edit = TextEdit {
                range,
                new_text: change.replacement,
            };
            // Several documents may use the file.
            let edits = changes.entry(change.place.path()).or_default();
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
        Ok(Some(view.session.workspace_edit(changes)))
    }

    pub(super) fn links(&mut self, params: &DocumentLinkParams) -> Option<Vec<DocumentLink>> {
        let view = self.view(&params.text_document.uri)?;
        let links = links::links(view.document).into_iter();
        let links = links.filter(|link| !is_library(&link.target));
        let links = links.map(|link| DocumentLink {
            range: view.range(link.span),
            target: Some(view.session.state.uri(&link.target)),
            ..DocumentLink::default()
        });
        Some(links.collect())
    }

    pub(super) fn workspace_symbols(
        &mut self,
        params: &WorkspaceSymbolParams,
    ) -> Option<WorkspaceSymbolResponse> {
        self.settle_all();
        let session = self.session.as_ref()?;
        let open = session.state.sources().map(|(_, document)| document);
        let documents: Vec<_> = open.chain(session.state.unopened()).collect();
        let mut ranges = Ranges::new(session);
        let mut found = Vec::new();
        for symbol in symbols::workspace(&documents, &params.query) {
            let place = Place {
                sources: symbol.sources.0,
                span: symbol.symbol.selection,
            };
            if let Some(location) = ranges.location(&place) {
                found.push(convert::workspace_symbol(symbol, location));
            }
        }
        Some(found.into())
    }
}

/// Each place once, those in the library left out.
fn locations(session: &Session, places: &[Place<'_>]) -> Vec<Location> {
    let mut ranges = Ranges::new(session);
    let mut locations = Vec::new();
    for place in places {
        if let Some(location) = ranges.location(place)
            && !locations.contains(&location)
        {
            locations.push(location);
        }
    }
    locations
}

/// Files of the library are in no folder that an editor could open.
fn is_library(path: &str) -> bool {
    library::FILES.iter().any(|file| file.path == path)
}

/// Finds the ranges of places in the files of several checks.
struct Ranges<'s> {
    session: &'s Session,
    places: HashMap<*const Sources, Places<'s>>,
}

impl<'s> Ranges<'s> {
    fn new(session: &'s Session) -> Ranges<'s> {
        Ranges {
            session,
            places: HashMap::new(),
        }
    }

    fn location(&mut self, place: &Place<'s>) -> Option<Location> {
        let path = place.path();
        if is_library(path) {
            return None;
        }
        let encoding = self.session.state.encoding();
        let places = self.places.entry(std::ptr::from_ref(place.sources));
        let places = places.or_insert_with(|| Places::new(place.sources, encoding));
        Some(Location {
            range: places.range(place.span)?,
            uri: self.session.state.uri(path),
        })
    }
}
