//! YAML as TPA reads and writes it: version 1.1, as PyYAML has it.
//!
//! Values come in and go out as `serde_yaml` holds them, documents with the place of everything in them as nodes.
//! Nothing here knows what they mean.

mod comments;
mod error;
pub mod node;
mod read;
mod resolve;
mod scalar;
mod scan;
mod write;

pub use comments::comments;
pub use error::Error;
pub use node::Node;
pub use read::read;
pub use resolve::is_text;
pub use scan::Comment;
pub use write::write;
