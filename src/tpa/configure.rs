//! The options of `tpaexec configure --architecture M1` become a source.
//!
//! A command line comes in; out goes the text of a source that a person would be glad to maintain, or the reason why
//! there is none. Files are read through a trait; what the build makes of the source is not known here.

mod arguments;
mod documents;
mod free;
mod help;
mod host_names;
mod images;
mod integer;
mod layout;
mod locations;
mod mounts;

mod notes;
mod options;
mod overrides;
mod pattern;
mod refusal;
mod request;
mod source;
mod sources;
mod starter;
mod subnets;
mod surroundings;
mod target;
mod values;
mod volumes;

use crate::facts::tpa::TpaVersion;
use crate::format;
use crate::syntax::nodes;
use arguments::Parsed;
use options::Dialect;
pub use refusal::{Refusal, Stage};
use request::{FLAVOUR_VERSION, Request};
use source::Parts;
pub use surroundings::{Surroundings, Unread};
use target::Target;
use values::{Given, Values};

/// What a command line comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The help page.
    Help(String),
    Source(Source),
}

/// A source and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The folder to make.
    pub directory: String,
    /// The file's name in it.
    pub file: String,
    pub text: String,
    /// The TPA that it is for.
    pub tpa: TpaVersion,
    /// What its author may want to know: what TPA passes over, what has no effect.
    pub notes: Vec<String>,
}

/// The environment variable that chooses a keyring where no option does.
const KEYRING_VARIABLE: &str = "TPA_KEYRING_BACKEND";

/// Turns the words after `m1c init` into a source.
pub fn configure(arguments: &[String], surroundings: &dyn Surroundings) -> Result<Answer, Refusal> {
    let platform = arguments::platform(arguments)?;
    let tpa = match arguments::tpa(arguments)? {
        Some(asked) => asked,
        None => settled(surroundings)?,
    };
    let dialect = Dialect { platform, tpa };
    match arguments::parse(arguments, dialect)? {
        Parsed::Help => Ok(Answer::Help(help::help())),
        Parsed::Starter { directory } => {
            let target = new_target(&directory, surroundings)?;
            let text = starter::starter(&target.cluster, tpa);
            Ok(Answer::Source(source_of(target, text, tpa, Vec::new())))
        }
        Parsed::Options {
            directory,
            mut values,
            given,
        } => {
            let target = new_target(&directory, surroundings)?;
            let keyring = surroundings.variable(KEYRING_VARIABLE);
            if let (None, Some(keyring)) = (values.get("keyring_backend"), keyring)
                && !keyring.is_empty()
            {
                values.set("keyring_backend", Given::Text(keyring));
            }
            let check =
                |values: &Values| request::request(&target, dialect, values, &given, surroundings);
            let mut request = check(&values)?;
            let mut notes = notes::notes(&request, &given);
            values.remove(FLAVOUR_VERSION);
            values.set("postgres_version", Given::Text(request.version.clone()));
            let overrides = overrides::overrides(&request, &mut values, surroundings, &mut notes)?;
            if overrides.changes_options {
                request = check(&values)?;
            }
            let effects = overrides::effects(&overrides.sections, &request, &mut notes)?;
            let text = written(request, effects, surroundings, &mut notes)?;
            Ok(Answer::Source(source_of(target, text, tpa, notes)))
        }
    }
}

/// The release of TPA where the command line names none: that of the settings, or the newest.
fn settled(surroundings: &dyn Surroundings) -> Result<TpaVersion, Refusal> {
    let settings = surroundings.tpa().map_err(|message| {
        refusal::wrong_use(
            message,
            "correct the settings, or say which TPA it is for with `--tpa VERSION`",
        )
    })?;
    Ok(settings.unwrap_or(TpaVersion::NEWEST))
}

/// The text of the source.
fn written(
    request: Request,
    effects: overrides::Effects,
    surroundings: &dyn Surroundings,
    notes: &mut Vec<String>,
) -> Result<String, Refusal> {
    let hosts = host_names::hosts(&request, surroundings, notes)?;
    let image = images::image(&request)?;
    let destinations = locations::destinations(&request.layout)?;
    let network = subnets::network(&request, surroundings)?;
    host_names::in_network(hosts.as_deref(), &request, &network)?;
    let volumes = match request.platform {
        crate::facts::tables::Platform::Aws => volumes::volumes(&request.values)?,
        crate::facts::tables::Platform::Docker | crate::facts::tables::Platform::Bare => Vec::new(),
    };
    let tree = source::source(&Parts {
        request,
        hosts,
        image,
        network,
        volumes,
        effects,
        destinations,
    })?;
    Ok(format::format(&tree))
}

/// The cluster and its folder, which must not exist yet.
fn new_target(directory: &str, surroundings: &dyn Surroundings) -> Result<Target, Refusal> {
    let target = request::target(directory)?;
    if surroundings.exists(&target.directory) {
        return Err(refusal::refused(
            format!("`{}` exists already", target.directory),
            "name a folder that does not exist yet: m1c makes it, and overwrites nothing",
        ));
    }
    Ok(target)
}

fn source_of(target: Target, text: String, tpa: TpaVersion, notes: Vec<String>) -> Source {
    Source {
        file: format!("{}.m1", target.cluster),
        directory: target.directory,
        text,
        tpa,
        notes,
    }
}
