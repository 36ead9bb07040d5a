//! YAML as TPA writes it.
