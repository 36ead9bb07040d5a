//! `m1c simulate`: what happens when something of a cluster fails.

use std::path::PathBuf;

use super::diff::formats;
use super::diff::inputs::Comparison;
use super::exit::Exit;
use super::terminal::Terminal;
use super::{progress, tpa};
use crate::check::Setting;
use crate::facts::tpa::TpaVersion;
use crate::report;
use crate::report::diff::{Format, Look};
use crate::report::simulate::Run;
use crate::simulate::{Asked, MOST, simulate};

pub(super) const EXAMPLES: &str = "\
Examples:
  m1c simulate speedy.m1                              every single failure, in a table
  m1c simulate speedy.m1 --failure location/paris     one, with all reasons and what to do by hand
  m1c simulate config.yml --depth 2                   two at once as well
  m1c simulate speedy.m1 --failure machine/a+cut/b    two that happen at once

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
    let comparison = match Comparison::alone(&arguments.paths, &arguments.set, arguments.tpa) {
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
    let mut run = Run {
        is_detailed: failure.is_some(),
        ..Run::default()
    };
    for read in read {
        for problem in &read.problems {
            terminal.error(&problem.message);
            terminal.say(&problem.picture);
            run.failures.push(problem.message.clone());
            exit = exit.max(problem.exit);
        }
        for version in &read.new {
            for subject in &version.subjects {
                match simulate(subject, &version.sources, asked) {
                    Ok(simulation) => {
                        if simulation.unplayed.is_some() {
                            exit = exit.max(Exit::Findings);
                        }
                        run.simulations.push(simulation);
                    }
                    Err(count) => {
                        let name = subject.name.as_ref().map_or("", |name| &name.value);
                        let message = format!(
                            "`{name}` has {count} failures, and at most {MOST} are played: name one with `--failure`, or leave `--depth 2` out"
                        );
                        terminal.error(&message);
                        run.failures.push(message);
                        exit = exit.max(Exit::Findings);
                    }
                }
            }
        }
    }
    if let Some(asked) = failure {
        // Of several clusters only some may have it.
        run.simulations
            .retain(|one| !one.outcomes.is_empty() || one.unplayed.is_some());
        if run.simulations.is_empty() && exit == Exit::Fine {
            terminal.error(&format!(
                "no cluster here has the failure `{asked}`: `m1c simulate` without `--failure` lists them"
            ));
            return Exit::Wrong;
        }
    }
    let look = terminal.output_look(report::Format::Human);
    let look = Look {
        format: arguments.format,
        style: look.style,
        width: look.width,
    };
    exit.max(terminal.print(&report::simulate::render(look, &run)))
}
