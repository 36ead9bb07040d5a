//! A model becomes a topology, with the lock beside its source.

use crate::diagnostic::Diagnostics;
use crate::load::{Files, LockFile};
use crate::lock::{self, Lock};
use crate::lower;
use crate::model::Model;
use crate::source::{Sources, Span};
use crate::topology::Topology;
use crate::tpa::adopt;

/// A topology, with what was locked and taken over before.
pub(super) struct Locked {
    pub(super) lock: Option<Lock>,
    pub(super) adopted: Vec<String>,
    pub(super) topology: Topology,
}

pub(super) fn lower(
    root: &str,
    files: &dyn Files,
    model: &Model,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Locked {
    let errors = diagnostics.count_errors();
    let on_disk = files.lock(root);
    if errors == 0
        && let Some(locked) = lower_alone(root, model, &on_disk)
    {
        return locked;
    }
    let mut lock = read_lock(root, on_disk, model, sources, diagnostics);
    let adopted = lock
        .as_mut()
        .map(|lock| adopt(lock, files, model, sources, diagnostics))
        .unwrap_or_default();
    let is_lock_wrong = diagnostics.count_errors() > errors;
    let mut locked = lower_with(root, lock, adopted, model, diagnostics);
    if is_lock_wrong {
        // Without it machines have other numbers, and nobody knows whose.
        locked.topology.clusters.clear();
    }
    locked
}

/// Lowers what draws no diagnostics and has a lock with just what its source gives. Most locks are so, and comparing two
/// texts takes a fraction of the time of reading one.
fn lower_alone(root: &str, model: &Model, on_disk: &LockFile) -> Option<Locked> {
    let LockFile::Read(Ok(text)) = on_disk else {
        return None;
    };
    let mut diagnostics = Diagnostics::default();
    let mut topology = lower::lower(model, root, Some(&Lock::default()), &mut diagnostics);
    let lock = topology.lock.take()?;
    let says_the_same = diagnostics.is_empty() && lock::write(&lock) == *text;
    says_the_same.then(|| Locked {
        lock: Some(lock),
        adopted: Vec::new(),
        topology,
    })
}

/// Lowers with what is locked, and what clusters have that were built before there was a lock.
fn lower_with(
    root: &str,
    lock: Option<Lock>,
    adopted: Vec<String>,
    model: &Model,
    diagnostics: &mut Diagnostics,
) -> Locked {
    let mut topology = lower::lower(model, root, lock.as_ref(), diagnostics);
    if !adopted.is_empty() && topology.lock.is_none() {
        topology.lock.clone_from(&lock);
    }
    Locked {
        lock,
        adopted,
        topology,
    }
}

/// Takes what clusters have that were built before there was a lock. Gives the names of their files, and reports what in
/// them cannot be taken.
fn adopt(
    lock: &mut Lock,
    files: &dyn Files,
    model: &Model,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let mut adopted = Vec::new();
    for cluster in &model.clusters {
        if lock.clusters.contains_key(&cluster.name) {
            continue;
        }
        let Some(built) = files.built(&cluster.name) else {
            continue;
        };
        let file = sources.add(built.name.clone(), built.text);
        if let Some((name, locked)) = adopt::adopt(file, sources.text(file))
            && name == cluster.name
        {
            let wrong = match &locked {
                Ok(locked) => lock::twice_in_config(locked),
                Err(wrong) => {
                    let wrong = wrong.iter();
                    wrong
                        .map(|it| lock::unfit_config(it.origin.place(), &it.value))
                        .collect()
                }
            };
            if let (Ok(locked), true) = (locked, wrong.is_empty()) {
                lock.clusters.insert(name, locked);
            }
            for diagnostic in wrong {
                diagnostics.push(diagnostic);
            }
            adopted.push(built.name);
        }
    }
    adopted
}

/// The lock beside a source. `None` where there is to be none, and where it cannot be used, which has been reported.
fn read_lock(
    root: &str,
    on_disk: LockFile,
    model: &Model,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Lock> {
    let text = match on_disk {
        LockFile::Unwanted => return None,
        LockFile::Missing => return Some(Lock::default()),
        LockFile::Read(text) => text,
    };
    let name = lock::name_of(root);
    let (text, error) = match text {
        Ok(text) => (text, None),
        Err(error) => (String::new(), Some(error)),
    };
    let file = sources.add(name.clone(), text);
    if let Some(error) = error {
        diagnostics.push(lock::unreadable(file, &name, &error));
        return None;
    }
    let lock = lock::read(file, &name, sources.text(file), diagnostics)?;
    let clusters = model.clusters.iter();
    let clusters: Vec<(&str, Span)> = clusters.map(|it| (it.name.as_str(), it.at)).collect();
    if !diagnostics.has_errors()
        && let Some(foreign) = lock.foreign(&name, &clusters)
    {
        diagnostics.push(foreign);
        return None;
    }
    Some(lock)
}
