//! The language server, driven over its standard input and output.

mod actions;
mod client;
mod edits;
mod features;
mod files;
mod formatting;
mod memory;
mod protocol;
mod scribble;
mod workspace;

use serde_json::{Value, json};

pub(crate) use client::Client;

/// A source without findings of error level, and with one warning.
pub(crate) const SOURCE: &str = "cluster speedy {
  postgres postgresql 13
  failover repmgr
  platform bare

  location main {
    primary one { address = 10.0.0.1 }
    replica two { address = 10.0.0.2 }
    barman three { address = 10.0.0.3 }
  }
}
";

/// An editor that can do everything that the server makes use of, but does not ask for diagnostics.
pub(crate) fn able() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-8", "utf-16"] },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "completion": { "completionItem": { "snippetSupport": true } }
        },
        "workspace": {
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "diagnostics": { "refreshSupport": true }
        }
    })
}

/// The codes of diagnostics, sorted.
pub(crate) fn codes(diagnostics: &[Value]) -> Vec<String> {
    let codes = diagnostics.iter().map(|diagnostic| &diagnostic["code"]);
    let mut codes: Vec<String> = codes
        .map(|code| code.as_str().unwrap_or_default().to_owned())
        .collect();
    codes.sort();
    codes
}

/// The URI of a file in a folder.
pub(crate) fn uri(folder: &std::path::Path, name: &str) -> String {
    format!("file://{}", folder.join(name).display())
}
