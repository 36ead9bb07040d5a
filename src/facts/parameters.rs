//! The parameters of Postgres: what each takes in each major, and how the server reads a value.
//!
//! The table comes from running servers, and so do the recorded verdicts that a test holds the reading to.

mod history;
mod modules;
mod number;
pub mod standby_names;
mod table;
mod text;
mod time_zone;
mod together;

pub use history::{Gone, called_before, gone, is_of_edb};
pub use number::Problem as NumberProblem;
pub use together::{COMPARED, Conflict, conflicts};

/// A parameter, as one or more majors have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// As the server writes it: `DateStyle`.
    pub name: &'static str,
    /// The majors that this row holds for. The first that is known may have older ones before it.
    pub first: u32,
    pub last: u32,
    pub kind: Kind,
    pub context: Context,
    /// As the server has it without a configuration, in the parameter's own unit.
    pub default: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Boolean,
    /// A whole number from the least to the greatest.
    Integer(Quantity, i32, i32),
    Real(Quantity, f64, f64),
    Text,
    /// The words that the server lists, and those that it takes beside them.
    Enumeration(&'static [&'static str], &'static [&'static str]),
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Number,
    Bytes,
    Kilobytes,
    /// Pages of 8 kB.
    Blocks,
    Megabytes,
    Milliseconds,
    Seconds,
    Minutes,
}

/// When a change takes effect, and who may make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The server has made it: nobody sets it.
    Internal,
    /// Only when the server starts.
    Restart,
    Reload,
    /// For new connections.
    Connection,
    /// At any time, by superusers.
    Superuser,
    /// At any time, by everybody.
    Any,
}

/// A unit, and how many of a parameter's own it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    pub name: &'static str,
    factor: f64,
}

/// What a value means to the server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    Switch(bool),
    Whole(i32),
    Decimal(f64),
    Word(&'static str),
    /// The text itself.
    Text,
}

/// Why the server refuses a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// Nobody can set the parameter.
    Internal,
    NoSwitch,
    Number(NumberProblem),
    /// Below the least or above the greatest.
    OutOfRange,
    NoWord,
    /// What the parameter takes instead.
    Text(String),
}

/// A number that means something else than it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surprise {
    /// A leading `0` makes it octal.
    Octal,
    /// It is less than half of the unit that the server counts in.
    Nothing,
    /// A fraction where whole ones count.
    Rounded,
}

/// The newest major that the table knows.
pub const NEWEST: u32 = table::MAJORS.1;

/// The oldest.
pub const OLDEST: u32 = table::MAJORS.0;

/// A parameter by its name, in whichever case, in a major. Newer majors than the table has are taken for its newest.
pub fn find(name: &str, major: u32) -> Option<&'static Parameter> {
    let major = major.min(NEWEST);
    let name = current(name, major);
    rows(name).find(|row| (row.first..=row.last).contains(&major))
}

/// All rows of a parameter, of the server or of a module, the oldest first.
pub fn rows(name: &str) -> impl Iterator<Item = &'static Parameter> {
    let table = if name.contains('.') {
        modules::PARAMETERS
    } else {
        table::PARAMETERS
    };
    let start = table.partition_point(|row| folded(row.name).lt(folded(name)));
    let behind = table.get(start..).unwrap_or_default();
    behind
        .iter()
        .take_while(move |row| row.name.eq_ignore_ascii_case(name))
}

/// The module that a parameter belongs to, if it is one of a module: what is before the dot.
pub fn module(name: &str) -> Option<&str> {
    name.split_once('.').map(|(module, _)| module)
}

/// All parameters of modules that a major may have.
pub fn of_modules(major: u32) -> impl Iterator<Item = &'static Parameter> {
    let major = major.min(NEWEST);
    let rows = modules::PARAMETERS.iter();
    rows.filter(move |row| (row.first..=row.last).contains(&major))
}

/// Whether all parameters of a module are known, because it comes with Postgres.
pub fn is_whole(module: &str) -> bool {
    modules::OF_POSTGRES.contains(&module)
}

/// What the parameters of known modules begin with.
pub fn modules() -> impl Iterator<Item = &'static str> {
    modules::OF_POSTGRES
        .iter()
        .chain(modules::OF_OTHERS)
        .copied()
}

/// All parameters of a major that a file can set, without those of modules.
pub fn all(major: u32) -> impl Iterator<Item = &'static Parameter> {
    let major = major.min(NEWEST);
    table::PARAMETERS.iter().filter(move |row| {
        (row.first..=row.last).contains(&major) && row.context != Context::Internal
    })
}

/// The name that a name of old stands for.
pub fn current(name: &str, major: u32) -> &str {
    let alias = table::ALIASES.iter().find(|(old, first, last, _)| {
        old.eq_ignore_ascii_case(name) && (*first..=*last).contains(&major)
    });
    alias.map_or(name, |(_, _, _, new)| new)
}

/// A whole amount of something as the newest servers read it, in the unit given.
pub fn amount(text: &str, quantity: Quantity) -> Option<i64> {
    number::integer(text, quantity, NEWEST).ok().map(i64::from)
}

/// Names in the order of the table: Postgres compares them in small letters.
fn folded(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

impl Quantity {
    /// Its units from the largest to the smallest, as the server compares them: `kB` is one, `KB` is none.
    pub fn units(self, major: u32) -> &'static [Unit] {
        let units = match self {
            Quantity::Number => NONE,
            Quantity::Bytes => BYTES,
            Quantity::Kilobytes => KILOBYTES,
            Quantity::Blocks => BLOCKS,
            Quantity::Megabytes => MEGABYTES,
            Quantity::Milliseconds => MILLISECONDS,
            Quantity::Seconds => SECONDS,
            Quantity::Minutes => MINUTES,
        };
        match units {
            // Postgres 11 has no microseconds.
            [rest @ .., last] if major < 12 && last.name == "us" => rest,
            all => all,
        }
    }

    pub fn is_memory(self) -> bool {
        match self {
            Quantity::Bytes | Quantity::Kilobytes | Quantity::Blocks | Quantity::Megabytes => true,
            Quantity::Number | Quantity::Milliseconds | Quantity::Seconds | Quantity::Minutes => {
                false
            }
        }
    }

    /// One of them, in words: `8 kB`.
    pub fn name(self) -> &'static str {
        match self {
            Quantity::Number => "",
            Quantity::Bytes => "B",
            Quantity::Kilobytes => "kB",
            Quantity::Blocks => "8kB",
            Quantity::Megabytes => "MB",
            Quantity::Milliseconds => "ms",
            Quantity::Seconds => "s",
            Quantity::Minutes => "min",
        }
    }

    /// A number of them as it is best read: `64kB`, `2h`, `100`.
    pub fn show(self, number: i64) -> String {
        let exact = self.units(12).iter().find_map(|unit| {
            let count = whole_units(number, unit.factor)?;
            Some(format!("{count}{}", unit.name))
        });
        match exact {
            Some(exact) if number > 0 => exact,
            Some(_) | None => number.to_string(),
        }
    }

    /// How many bytes one of them is.
    pub fn bytes(self) -> Option<u64> {
        match self {
            Quantity::Bytes => Some(1),
            Quantity::Kilobytes => Some(1 << 10),
            Quantity::Blocks => Some(8 << 10),
            Quantity::Megabytes => Some(1 << 20),
            Quantity::Number | Quantity::Milliseconds | Quantity::Seconds | Quantity::Minutes => {
                None
            }
        }
    }
}

/// How many of a unit a number of the parameter's own is, where that is a whole number.
fn whole_units(number: i64, factor: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "units of one and more are whole numbers"
    )]
    let size = factor as i64;
    let fits = factor >= 1.0 || size > 0;
    if fits {
        return (number % size == 0).then_some(number / size);
    }
    // Pages of 8 kB in kB.
    #[expect(clippy::cast_possible_truncation, reason = "it divides exactly")]
    let parts = (1.0 / factor).round() as i64;
    (parts == 8 || parts == 8192).then(|| number.saturating_mul(parts))
}

const fn unit(name: &'static str, factor: f64) -> Unit {
    Unit { name, factor }
}

const KIB: f64 = 1024.0;
const MIB: f64 = KIB * KIB;
const GIB: f64 = KIB * MIB;
const TIB: f64 = KIB * GIB;
const BLOCK: f64 = 8.0 * KIB;

const NONE: &[Unit] = &[];
const BYTES: &[Unit] = &[
    unit("TB", TIB),
    unit("GB", GIB),
    unit("MB", MIB),
    unit("kB", KIB),
    unit("B", 1.0),
];
const KILOBYTES: &[Unit] = &[
    unit("TB", GIB),
    unit("GB", MIB),
    unit("MB", KIB),
    unit("kB", 1.0),
    unit("B", 1.0 / KIB),
];
const BLOCKS: &[Unit] = &[
    unit("TB", TIB / BLOCK),
    unit("GB", GIB / BLOCK),
    unit("MB", MIB / BLOCK),
    unit("kB", KIB / BLOCK),
    unit("B", 1.0 / BLOCK),
];
const MEGABYTES: &[Unit] = &[
    unit("TB", MIB),
    unit("GB", KIB),
    unit("MB", 1.0),
    unit("kB", 1.0 / KIB),
    unit("B", 1.0 / MIB),
];
const MILLISECONDS: &[Unit] = &[
    unit("d", 86_400_000.0),
    unit("h", 3_600_000.0),
    unit("min", 60_000.0),
    unit("s", 1000.0),
    unit("ms", 1.0),
    unit("us", 1.0 / 1000.0),
];
const SECONDS: &[Unit] = &[
    unit("d", 86_400.0),
    unit("h", 3600.0),
    unit("min", 60.0),
    unit("s", 1.0),
    unit("ms", 1.0 / 1000.0),
    unit("us", 1.0 / 1_000_000.0),
];
const MINUTES: &[Unit] = &[
    unit("d", 1440.0),
    unit("h", 60.0),
    unit("min", 1.0),
    unit("s", 1.0 / 60.0),
    unit("ms", 1.0 / 60_000.0),
    unit("us", 1.0 / 60_000_000.0),
];

impl Parameter {
    /// What a value means, which has no quotes any more.
    pub fn read(&self, value: &str, major: u32) -> Result<Meaning, Problem> {
        if self.context == Context::Internal {
            return Err(Problem::Internal);
        }
        let meaning = match self.kind {
            Kind::Boolean => Meaning::Switch(boolean(value).ok_or(Problem::NoSwitch)?),
            Kind::Integer(quantity, least, greatest) => {
                let read = number::integer(value, quantity, major).map_err(Problem::Number)?;
                if !(least..=greatest).contains(&read) {
                    return Err(Problem::OutOfRange);
                }
                Meaning::Whole(read)
            }
            Kind::Real(quantity, least, greatest) => {
                let read = number::real(value, quantity, major).map_err(Problem::Number)?;
                if !(least..=greatest).contains(&read) {
                    return Err(Problem::OutOfRange);
                }
                Meaning::Decimal(read)
            }
            Kind::Text => Meaning::Text,
            Kind::Enumeration(words, hidden) => {
                let mut all = words.iter().chain(hidden);
                let word = all.find(|word| word.eq_ignore_ascii_case(value));
                Meaning::Word(word.copied().ok_or(Problem::NoWord)?)
            }
        };
        text::check(self.name, value, meaning, major)?;
        Ok(meaning)
    }

    /// What its numbers count.
    pub fn quantity(&self) -> Quantity {
        match self.kind {
            Kind::Integer(quantity, ..) | Kind::Real(quantity, ..) => quantity,
            Kind::Boolean | Kind::Text | Kind::Enumeration(..) => Quantity::Number,
        }
    }

    /// The meaning of its default.
    pub fn default_meaning(&self, major: u32) -> Option<Meaning> {
        self.read(self.default, major).ok()
    }

    /// Whether its greatest is a limit that nobody meets: all that the server can count, or half of it.
    pub fn is_open_above(&self) -> bool {
        match self.kind {
            Kind::Integer(_, _, greatest) => greatest >= i32::MAX / 2,
            Kind::Real(_, _, greatest) => greatest >= f64::MAX,
            Kind::Boolean | Kind::Text | Kind::Enumeration(..) => false,
        }
    }

    /// Whether a number is below the least that is taken.
    pub fn is_below(&self, value: &str) -> bool {
        let number = number::split(value).map_or(0.0, |split| split.value);
        match self.kind {
            Kind::Integer(quantity, least, _) => {
                number::integer(value, quantity, NEWEST).map_or(number < 0.0, |read| read < least)
            }
            Kind::Real(quantity, least, _) => {
                number::real(value, quantity, NEWEST).map_or(number < 0.0, |read| read < least)
            }
            Kind::Boolean | Kind::Text | Kind::Enumeration(..) => false,
        }
    }

    /// Where a value that the server takes says something else than it means.
    pub fn surprise(&self, value: &str, major: u32) -> Option<Surprise> {
        let Kind::Integer(quantity, ..) = self.kind else {
            return None;
        };
        let read = number::integer(value, quantity, major).ok()?;
        // Modes of files are written in octal everywhere.
        let is_mode = matches!(self.name, "log_file_mode" | "unix_socket_permissions");
        if number::has_leading_zero(value) && !is_mode {
            return Some(Surprise::Octal);
        }
        let written = number::split(value).ok()?;
        if read == 0 && written.value != 0.0 {
            return Some(Surprise::Nothing);
        }
        let is_plain = written.unit.is_empty();
        (is_plain && written.value.fract() != 0.0).then_some(Surprise::Rounded)
    }

    /// The unit that somebody meant by one that the server does not read: `M`, `Gb`, `sec`.
    pub fn unit_meant(&self, written: &str) -> Option<&'static str> {
        let (Kind::Integer(quantity, ..) | Kind::Real(quantity, ..)) = self.kind else {
            return None;
        };
        let small = written.to_lowercase();
        let meant = if quantity.is_memory() {
            match small.as_str() {
                "b" | "byte" | "bytes" => "B",
                "k" | "kb" | "kib" | "ki" | "kbyte" | "kbytes" | "kilobyte" | "kilobytes" => "kB",
                "m" | "mb" | "mib" | "mi" | "meg" | "megs" | "mbyte" | "mbytes" | "megabyte"
                | "megabytes" => "MB",
                "g" | "gb" | "gib" | "gi" | "gig" | "gigs" | "gbyte" | "gbytes" | "gigabyte"
                | "gigabytes" => "GB",
                "t" | "tb" | "tib" | "ti" | "tbyte" | "tbytes" | "terabyte" | "terabytes" => "TB",
                _ => return None,
            }
        } else {
            match small.as_str() {
                "us" | "usec" | "usecs" | "µs" | "microsecond" | "microseconds" => "us",
                "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => "ms",
                "s" | "sec" | "secs" | "second" | "seconds" => "s",
                "m" | "mn" | "min" | "mins" | "minute" | "minutes" => "min",
                "h" | "hr" | "hrs" | "hour" | "hours" => "h",
                "d" | "day" | "days" => "d",
                _ => return None,
            }
        };
        quantity
            .units(NEWEST)
            .iter()
            .map(|unit| unit.name)
            .find(|name| *name == meant)
    }
}

/// What Postgres takes for true and false: words and their beginnings, in any case.
pub fn boolean(text: &str) -> Option<bool> {
    let begins = |word: &str, least: usize| {
        text.len() >= least
            && word
                .get(..text.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    if begins("true", 1) || begins("yes", 1) || begins("on", 2) || text == "1" {
        Some(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || text == "0" {
        Some(false)
    } else {
        None
    }
}
