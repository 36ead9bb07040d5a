//! Diagnostics become text.
