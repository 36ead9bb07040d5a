//! Values of barman.conf, as Barman 3 reads them.

/// What `compression` takes, whatever the case.
pub const COMPRESSIONS: &[&str] = &[
    "gzip", "bzip2", "pigz", "xz", "zstd", "lz4", "snappy", "pygzip", "pybzip2", "custom",
];

/// What the list `backup_options` takes, whatever the case.
pub const BACKUP_OPTIONS: &[&str] = &[CONCURRENT, EXCLUSIVE, "external_configuration"];

pub const CONCURRENT: &str = "concurrent_backup";
pub const EXCLUSIVE: &str = "exclusive_backup";

/// Where the backups are, unless a variable says otherwise.
pub const HOME: &str = "/var/lib/barman";

/// The slot through which a Barman receives the WAL of a machine: it follows from the name of Barman's own.
pub fn slot(server: &str) -> String {
    let short = server.split('.').next().unwrap_or_default();
    format!("backup_{}", short.replace('-', "_"))
}

/// How long Barman keeps backups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Forever: there is no policy.
    All,
    Redundancy(u64),
    /// In days.
    Window(u64),
}

/// A retention policy; nothing for what Barman does not read, which means that it keeps all.
pub fn retention(text: &str) -> Option<Retention> {
    let upper = unquoted(text).to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    match words.as_slice() {
        [] | ["NONE"] => Some(Retention::All),
        ["REDUNDANCY", number] => Some(Retention::Redundancy(count(number)?)),
        ["RECOVERY", "WINDOW", "OF", number, unit] => {
            let days = match unit.strip_suffix('S').unwrap_or(unit) {
                "DAY" => 1,
                "WEEK" => 7,
                "MONTH" => 31,
                _ => return None,
            };
            Some(Retention::Window(count(number)?.saturating_mul(days)))
        }
        _ => None,
    }
}

/// An age in hours; nothing for what Barman does not read, which means that no age is too old.
pub fn age(text: &str) -> Option<u64> {
    let upper = unquoted(text).to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    let [number, unit] = words.as_slice() else {
        return None;
    };
    let hours = match unit.strip_suffix('S').unwrap_or(unit) {
        "HOUR" => 1,
        "DAY" => 24,
        "WEEK" => 7 * 24,
        "MONTH" => 31 * 24,
        _ => return None,
    };
    Some(count(number)?.saturating_mul(hours))
}

fn count(word: &str) -> Option<u64> {
    let all = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| word.parse().unwrap_or(u64::MAX))
}

/// A value without the quotes around it, which Barman takes off.
pub fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}

/// The items of a list with commas.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    let text = unquoted(text);
    let is_empty = text.is_empty();
    text.split(',').map(str::trim).filter(move |_| !is_empty)
}
