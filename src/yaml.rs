//! YAML as TPA writes it.

pub fn write(value: &serde_yaml::Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default()
}
