//! `m1c simulate`: what happens when something of a cluster fails.

use std::path::PathBuf;

use super::diff::formats;
use super::diff::inputs::Comparison;
use super::diff::versions::Version;
use super::exit::Exit;
use super::terminal::Terminal;
use super::{progress, tpa};
use crate::check::Setting;
use crate::facts::tpa::TpaVersion;
use crate::report;
use crate::report::diff::{Format, Look};
use crate::report::simulate::{Run, Shown};
use crate::simulate::{Asked, Comparison as Compared, MOST, Simulation, compare, simulate};

pub(super) const EXAMPLES: &str = "\
Examples:
  m1c simulate speedy.m1                              every single failure, in a table
  m1c simulate speedy.m1 --failure location/paris     one, with all reasons and what to do by hand
  m1c simulate config.yml --depth 2                   two at once as well
  m1c simulate speedy.m1 --failure machine/a+cut/b    two that happen at once
  m1c simulate speedy.m1 --since main                 what a change makes better or worse

Exit codes:
  0  all well
  1  something does not compile, or cannot be played
  2  wrong use (unknown option, no such file or failure), or a file that cannot be read";

/// The options of `m1c simulate`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Sources, config.ymls, or folders of them [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Only this failure, with its reasons and with what to do by hand
    #[arg(long, value_name = "NAME")]
    failure: Option<String>,

    /// How many things fail at once: 1, or also 2
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    depth: u8,

    /// Only what is better or worse than in a revision of git
    #[arg(long, value_name = "REV")]
    since: Option<String>,

    /// Gives a `param` its value
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = super::build::setting)]
    set: Vec<Setting>,

    /// The TPA that the clusters are for, as for `m1c build`
    #[arg(long, value_name = "VERSION", value_parser = tpa::version)]
    tpa: Option<TpaVersion>,

    /// How the outcomes are shown
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = Format::Human.name(),
        value_parser = formats()
    )]
    format: Format,
}

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    let comparison = match Comparison::of(
        &arguments.paths,
        arguments.since.as_deref(),
        &arguments.set,
        arguments.tpa,
    ) {
        Ok(comparison) => comparison,
        Err(messages) => {
            for message in &messages {
                terminal.error(message);
            }
            return Exit::Wrong;
        }
    };
    let read = progress::map(terminal, &comparison.tasks, |task| {
        comparison.read(terminal, task)
    });
    let failure = arguments.failure.as_deref();
    let asked = match failure {
        Some(name) => Asked::Named(name),
        None if arguments.depth == 1 => Asked::Single,
        None => Asked::Pairs,
    };
    let mut exit = Exit::Fine;
    let mut failures = Vec::new();
    let (mut before, mut now) = (Vec::new(), Vec::new());
    for read in read {
        for problem in &read.problems {
            terminal.error(&problem.message);
            terminal.say(&problem.picture);
            failures.push(problem.message.clone());
            exit = exit.max(problem.exit);
        }
        for (versions, simulations) in [(&read.old, &mut before), (&read.new, &mut now)] {
            for simulation in played(versions, asked) {
                match simulation {
                    Ok(simulation) => simulations.push(simulation),
                    Err(message) => {
                        terminal.error(&message);
                        failures.push(message);
                        exit = exit.max(Exit::Findings);
                    }
                }
            }
        }
    }
    if now.iter().any(|simulation| simulation.unplayed.is_some()) {
        exit = exit.max(Exit::Findings);
    }
    if let Some(asked) = failure {
        // Of several clusters only some may have it.
        now.retain(|one| !one.outcomes.is_empty() || one.unplayed.is_some());
        if now.is_empty() && exit == Exit::Fine {
            terminal.error(&format!(
                "no cluster here has the failure `{asked}`: `m1c simulate` without `--failure` lists them"
            ));
            return Exit::Wrong;
        }
    }
    let shown = match &arguments.since {
        Some(revision) => Shown::Since(revision.clone(), compared(&before, &now)),
        None if failure.is_some() => Shown::Details(now),
        None => Shown::Table(now),
    };
    let look = terminal.output_look(report::Format::Human);
    let look = Look {
        format: arguments.format,
        style: look.style,
        width: look.width,
    };
    let run = Run { shown, failures };
    exit.max(terminal.print(&report::simulate::render(look, &run)))
}

/// What is played of all clusters; for one that has too many failures, that.
fn played(versions: &[Version], asked: Asked<'_>) -> Vec<Result<Simulation, String>> {
    let subjects = versions.iter().flat_map(|version| {
        let subjects = version.subjects.iter();
        subjects.map(|subject| (subject, &version.sources))
    });
    let simulations = subjects.map(|(subject, sources)| {
        simulate(subject, sources, asked).map_err(|count| {
            let name = subject.name.as_ref().map_or("", |name| &name.value);
            format!(
                "`{name}` has {count} failures, and at most {MOST} are played: name one with `--failure`, or leave `--depth 2` out"
            )
        })
    });
    simulations.collect()
}

/// The clusters of now with what they were.
fn compared(before: &[Simulation], now: &[Simulation]) -> Vec<Compared> {
    let compared = now.iter().map(|now| {
        let mut before = before.iter();
        let before = before.find(|before| before.cluster == now.cluster);
        before.map_or_else(|| Compared::of_new(now), |before| compare(before, now))
    });
    compared.collect()
}
