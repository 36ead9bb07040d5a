//! Features of the editor over sources with a cursor `‸`: text in, text out.

mod complete;
mod navigate;
mod see;

use std::collections::BTreeMap;

use m1c::check::{self, Options};
use m1c::lsp::Document;

use crate::memory::Memory;

/// The document of the first of some files after `//- name.m1` lines, and the offset of the cursor, in whichever file
/// it is.
pub(crate) struct Scene {
    pub(crate) document: Document,
    pub(crate) offset: u32,
    files: BTreeMap<String, String>,
}

pub(crate) fn scene(annotated: &str) -> Scene {
    let sources = crate::carets::sources(annotated);
    let mut root = sources[0].name.clone();
    let mut offset = 0;
    let mut files = BTreeMap::new();
    for source in sources {
        if let Some(at) = source.text.find('‸') {
            offset = u32::try_from(at).unwrap();
            root.clone_from(&source.name);
        }
        files.insert(source.name, source.text.replace('‸', ""));
    }
    Scene {
        document: document(&root, &files),
        offset,
        files,
    }
}

fn document(root: &str, files: &BTreeMap<String, String>) -> Document {
    let files = Memory {
        files: files.clone(),
    };
    Document {
        analysis: check::analyse(root, &files, Options::default()),
        findings: Vec::new(),
        last: None,
    }
}

impl Scene {
    /// The document of another of the files.
    pub(crate) fn other(&self, name: &str) -> Document {
        document(name, &self.files)
    }
}
