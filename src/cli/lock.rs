//! `m1c lock`: what machines have been given is shown, taken over, and freed.

use std::fmt::Write;
use std::path;
use std::path::PathBuf;

use super::build::compile::unreadable;
use super::build::{formats, setting, sources};
use super::exit::Exit;
use super::find::Found;
use super::lint;
use super::locks::{self, Changed};
use super::read::{self, BuiltIn, Disk};
use super::terminal::Terminal;
use super::tpa;
use crate::check::{self, Analysis, Options, Setting};
use crate::diagnostic::Diagnostics;
use crate::facts::tpa::{Target, TpaVersion};
use crate::load::LockFile;
use crate::lock::{self, Lock, Path};
use crate::report::{self, Format, Run, clean};
use crate::schema::alternatives;
use crate::source::Sources;
use crate::topology::Topology;

// The options of `m1c lock`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Sources, or folders of sources [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Take over what an existing config.yml says
    #[arg(long, value_name = "FILE", conflicts_with = "forget")]
    from: Option<PathBuf>,

    /// Free a machine, a location or a cluster that is gone for good
    #[arg(long, value_name = "NAME")]
    forget: Vec<String>,

    /// Gives a `param` its value; that of a used file is `MODULE.NAME`
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<Setting>,

    /// The folder that `m1c build` writes to: what is there is taken over where there is no lock
    #[arg(long, value_name = "DIR", default_value = "build")]
    out: PathBuf,

    /// Show locks, and fail where one would change: for pipelines
    #[arg(long, conflicts_with_all = ["from", "forget"])]
    locked: bool,

    /// The TPA that the clusters are for [default: what they say, `tpa` in `m1c.toml`, or the newest that m1c knows]
    #[arg(long, value_name = "VERSION", value_parser = tpa::version)]
    tpa: Option<TpaVersion>,

    /// How diagnostics are shown
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = Format::Human.name(),
        value_parser = formats()
    )]
    format: Format,
}

/// A source that has been read.
struct Locked {
    source: Found,
    analysis: Analysis,
    /// What was beside it.
    before: LockFile,
}

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    let Some((sources, mut exit)) = sources(terminal, &arguments.paths, None) else {
        return Exit::Wrong;
    };
    let settings = match lint::of_sources(&sources) {
        Ok(settings) => settings,
        Err(message) => {
            terminal.error(&message);
            return Exit::Wrong;
        }
    };
    let targets = settings.iter().map(|it| tpa::target(arguments.tpa, it.tpa));
    tpa::warn(terminal, targets);
    let mut all = Vec::new();
    for (source, settings) in sources.into_iter().zip(settings) {
        if !settings.lock || source.path.is_none() {
            let name = clean(&source.name);
            terminal.say(&format!("note: `{name}` has no lock\n"));
            continue;
        }
        let tpa = tpa::target(arguments.tpa, settings.tpa);
        match read(source, arguments, tpa) {
            Ok(locked) => all.push(locked),
            Err(message) => {
                terminal.error(&message);
                exit = exit.max(Exit::Wrong);
            }
        }
    }
    let ended = if arguments.forget.is_empty() {
        update(terminal, all, arguments)
    } else {
        forget(terminal, all, &arguments.forget)
    };
    exit.max(ended)
}

fn read(source: Found, arguments: &Arguments, tpa: Target) -> Result<Locked, String> {
    let root = source
        .path
        .as_deref()
        .map_or_else(read::standard_input, read::file);
    if let Some(reason) = unreadable(root.as_ref().err()) {
        return Err(format!("`{}` cannot be read: {reason}", source.name));
    }
    let lock = locks::read(&source);
    let disk = Disk {
        name: &source.name,
        root,
        built: match (&arguments.from, &lock) {
            (Some(from), _) => BuiltIn::File(from),
            (None, LockFile::Missing) => BuiltIn::Folder(&arguments.out),
            (None, LockFile::Unwanted | LockFile::Read(_)) => BuiltIn::Nowhere,
        },
        lock,
    };
    let options = Options {
        settings: &arguments.settings,
        tpa,
    };
    let analysis = check::analyse(&source.name, &disk, options);
    let before = disk.lock;
    Ok(Locked {
        source,
        analysis,
        before,
    })
}

/// Brings the locks up to date and shows them.
fn update(terminal: Terminal, all: Vec<Locked>, arguments: &Arguments) -> Exit {
    let mut exit = Exit::Fine;
    if let Some(from) = &arguments.from
        && let Err(message) = is_taken_over(from, &all)
    {
        terminal.error(&message);
        return Exit::Wrong;
    }
    let look = terminal.words_look(arguments.format);
    let mut pieces = Vec::new();
    let mut changed = Vec::new();
    let mut shown = String::new();
    for locked in all {
        let mut analysis = locked.analysis;
        let mut is_fine = analysis.topology.is_whole;
        if arguments.locked && is_fine {
            let before = analysis
                .lock
                .as_ref()
                .filter(|_| analysis.adopted.is_empty());
            let outdated = locks::outdated(&locked.source.name, before, &analysis.topology);
            is_fine = outdated.is_empty();
            analysis.diagnostics.extend(outdated);
        }
        pieces.push(report::piece(
            look,
            &analysis.sources,
            &analysis.diagnostics,
            &[],
        ));
        if !is_fine {
            exit = exit.max(Exit::Findings);
            continue;
        }
        let topology = analysis.topology;
        if let Some(lock) = topology.lock.as_ref().or(analysis.lock.as_ref()) {
            show(&locked.source, lock, &topology, &mut shown);
        }
        let after = topology.lock.as_ref();
        let new = after.and_then(|after| Changed::new(&locked.source, locked.before, after));
        changed.extend(new.map(|changed| changed.adopting(analysis.adopted)));
    }
    terminal.say(&report::join(look, pieces, &Run::default()));
    if let Err(message) = locks::write(&changed) {
        terminal.error(&message);
        return Exit::Wrong;
    }
    for changed in &changed {
        changed.tell(terminal);
    }
    exit = exit.max(terminal.print(&shown));
    for changed in &changed {
        terminal.say(&format!("`{}` written\n", changed.shown()));
    }
    exit
}

/// Whether some source has taken over a config.yml or says what is wrong with it, or why none has.
fn is_taken_over(from: &path::Path, all: &[Locked]) -> Result<(), String> {
    let shown = from.display();
    let text = read::file(from).map_err(|error| {
        let reason = unreadable(Some(&error))
            .unwrap_or("it is not UTF-8")
            .to_owned();
        format!("`{shown}` cannot be read: {reason}")
    })?;
    if all.iter().any(|locked| !locked.analysis.adopted.is_empty()) {
        return Ok(());
    }
    let mut sources = Sources::default();
    let file = sources.add(String::new(), text);
    let Some((name, _)) = crate::tpa::adopt::adopt(file, sources.text(file)) else {
        return Err(format!("`{shown}` is not a config.yml with machines"));
    };
    let has = |locked: &&Locked| {
        let lock = locked.analysis.lock.as_ref();
        lock.is_some_and(|lock| lock.clusters.contains_key(&name))
    };
    Err(match all.iter().find(has) {
        Some(locked) => {
            let source = &locked.source.name;
            let forget = lock::command(source, &Path::of_cluster(&name));
            format!(
                "the lock of `{source}` has the cluster `{name}` already; if nothing of it runs, free it first: `{forget}`"
            )
        }
        None => format!("`{shown}` is of the cluster `{name}`, which no source here has"),
    })
}

/// Takes machines, locations and clusters out of the locks.
fn forget(terminal: Terminal, all: Vec<Locked>, names: &[String]) -> Exit {
    let mut locks: Vec<(Locked, Lock, bool)> = all
        .into_iter()
        .filter_map(|locked| {
            let lock = understood(&locked)?;
            Some((locked, lock, false))
        })
        .collect();
    let mut freed = String::new();
    for name in names {
        let found: Vec<(usize, Path)> = (locks.iter().enumerate())
            .flat_map(|(index, (_, lock, _))| {
                let paths = lock.find(name);
                paths.into_iter().map(move |path| (index, path))
            })
            .collect();
        let [(index, path)] = found.as_slice() else {
            terminal.error(&match found.as_slice() {
                [] => format!(
                    "no lock has a machine, a location or a cluster `{}`",
                    clean(name)
                ),
                several => {
                    let paths = several
                        .iter()
                        .map(|(_, path)| clean(&path.to_string()).into_owned());
                    let paths: Vec<String> = paths.collect();
                    format!("`{}` may be {}", clean(name), alternatives(&paths))
                }
            });
            terminal.help("`m1c lock` shows what there is; name the source where several have it");
            return Exit::Wrong;
        };
        if let Some((_, lock, is_changed)) = locks.get_mut(*index) {
            lock.forget(path);
            *is_changed = true;
        }
        let _ = writeln!(freed, "`{}` is free", clean(&path.to_string()));
    }
    let changed = locks.into_iter().filter(|(_, _, is_changed)| *is_changed);
    let changed: Vec<Changed> = changed
        .filter_map(|(locked, lock, _)| Changed::new(&locked.source, locked.before, &lock))
        .collect();
    if let Err(message) = locks::write(&changed) {
        terminal.error(&message);
        return Exit::Wrong;
    }
    terminal.say(&freed);
    Exit::Fine
}

/// A lock as far as it can be read: in one that a merge has damaged, two machines may have one number.
fn understood(locked: &Locked) -> Option<Lock> {
    let LockFile::Read(Ok(text)) = &locked.before else {
        return locked.analysis.lock.clone();
    };
    let mut sources = Sources::default();
    let file = sources.add(String::new(), text.clone());
    let name = lock::name_of(&locked.source.name);
    lock::parse(file, &name, text, &mut Diagnostics::default())
}

/// Shows the lock of a source.
fn show(source: &Found, lock: &Lock, topology: &Topology, text: &mut String) {
    let _ = writeln!(text, "{}", clean(&lock::name_of(&source.name)));
    for (name, cluster) in &lock.clusters {
        let built = topology.clusters.iter().find(|it| it.name.value == *name);
        let gone = |is_there: bool| if is_there { "" } else { "  (gone)" };
        let _ = writeln!(text, "cluster {}{}", clean(name), gone(built.is_some()));
        if let Some(subnet) = &cluster.subnet {
            let _ = writeln!(text, "  {}", subnet.value);
        }
        for (name, location) in &cluster.locations {
            let is_there = built.is_some_and(|built| {
                built
                    .locations
                    .iter()
                    .any(|known| known.name.value == *name)
            });
            let mut values = String::new();
            for value in [&location.zone, &location.subnet].into_iter().flatten() {
                let _ = write!(values, "  {}", clean(&value.value));
            }
            let _ = writeln!(text, "  location {}{values}{}", clean(name), gone(is_there));
            let mut machines: Vec<_> = location.machines.iter().collect();
            machines.sort_by_key(|(_, machine)| machine.number);
            for (name, machine) in machines {
                let is_there = built.is_some_and(|built| {
                    built
                        .instances
                        .iter()
                        .any(|known| known.name.value == *name)
                });
                let address = machine.address.as_ref();
                let address = address
                    .map(|it| format!("  {}", clean(&it.value)))
                    .unwrap_or_default();
                let _ = writeln!(
                    text,
                    "  {:>5}  {}{address}{}",
                    machine.number,
                    clean(name),
                    gone(is_there)
                );
            }
        }
    }
}
