//! `m1c diff`: what a change does to machines that run.

mod elsewhere;
pub(super) mod inputs;
mod pairs;
pub(super) mod versions;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::exit::Exit;
use super::terminal::Terminal;
use super::{progress, tpa};
use crate::check::Setting;
use crate::facts::consequences::Effect;
use crate::facts::tpa::TpaVersion;
use crate::report;
use crate::report::diff::{Format, Look, Run};
use inputs::Comparison;

pub(super) const EXAMPLES: &str = "\
Examples:
  m1c diff speedy.m1                        with what was last built from it
  m1c diff --since main                     everything in the current folder with a revision of git
  m1c diff old.m1 new.m1                    two sources, config.ymls or built folders
  m1c diff --since HEAD --fail-on restart   a gate in CI

Exit codes:
  0  all well
  1  `--fail-on` found its effect or a worse one, or something does not compile
  2  wrong use (unknown option, no such file or revision), or a file that cannot be read";

/// The options of `m1c diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// OLD and NEW, each a source, a config.yml, or a folder of them; or one PATH, which is compared with what was
    /// built from it; with `--since` any number [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Compare with a revision of git
    #[arg(long, value_name = "REV")]
    since: Option<String>,

    /// Where `m1c build` has written to
    #[arg(
        long,
        value_name = "DIR",
        default_value = "build",
        conflicts_with = "since"
    )]
    out: PathBuf,

    /// Gives a `param` its value, on both sides
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = super::build::setting)]
    both: Vec<Setting>,

    /// Gives a `param` its value on the old side
    #[arg(long = "set-old", value_name = "NAME=VALUE", value_parser = super::build::setting)]
    old: Vec<Setting>,

    /// Gives a `param` its value on the new side
    #[arg(long = "set-new", value_name = "NAME=VALUE", value_parser = super::build::setting)]
    new: Vec<Setting>,

    /// The TPA that the clusters are for, as for `m1c build`
    #[arg(long, value_name = "VERSION", value_parser = tpa::version)]
    tpa: Option<TpaVersion>,

    /// How the diff is shown
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = Format::Human.name(),
        value_parser = formats()
    )]
    format: Format,

    /// Exit with 1 if something has this effect or a worse one
    #[arg(long, value_name = "EFFECT", value_parser = effects())]
    fail_on: Option<Effect>,
}

impl Arguments {
    /// What `param`s are on one side: what is said of that side wins.
    fn settings(&self, own: &[Setting]) -> Vec<Setting> {
        let is_own = |setting: &&Setting| {
            let is_same =
                |other: &Setting| other.module == setting.module && other.name == setting.name;
            own.iter().any(is_same)
        };
        let both = self.both.iter().filter(|setting| !is_own(setting));
        both.chain(own).cloned().collect()
    }
}

pub(super) fn run(terminal: Terminal, arguments: &Arguments) -> Exit {
    let comparison = match Comparison::new(arguments) {
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
    let mut exit = Exit::Fine;
    let mut run = Run::default();
    let (mut old, mut new) = (Vec::new(), Vec::new());
    let mut same = Vec::new();
    for (task, read) in comparison.tasks.iter().zip(read) {
        if read.is_same {
            same.push(&task.input);
        }
        for problem in &read.problems {
            terminal.error(&problem.message);
            terminal.say(&problem.picture);
            run.failures.push(problem.message.clone());
            exit = exit.max(problem.exit);
        }
        run.same_sources += usize::from(read.is_same);
        old.extend(read.old);
        new.extend(read.new);
    }
    // Of a side that is not known whole nobody knows what is new or gone.
    if comparison.is_pair && !run.failures.is_empty() {
        for version in old.iter_mut().chain(&mut new) {
            version.is_partly = true;
        }
    }
    if comparison.is_of_built() && old.is_empty() && run.failures.is_empty() {
        let out = arguments.out.display();
        terminal.error(&format!(
            "nothing has been built in `{out}`: `--out` says where `m1c build` has written to"
        ));
        return Exit::Wrong;
    }
    let sides = (&mut old, &mut new);
    if let Err(messages) = elsewhere::look(&comparison, terminal, arguments.tpa, &same, sides) {
        for message in &messages {
            terminal.error(message);
        }
        return Exit::Wrong;
    }
    match pairs::diffs(&old, &new, comparison.is_pair) {
        Ok(compared) => {
            for failure in compared.failures {
                terminal.error(&failure);
                run.failures.push(failure);
                exit = exit.max(Exit::Findings);
            }
            run.diffs = compared.diffs;
        }
        Err(message) => {
            terminal.error(&message);
            return Exit::Wrong;
        }
    }
    let look = terminal.output_look(report::Format::Human);
    let look = Look {
        format: arguments.format,
        style: look.style,
        width: look.width,
    };
    exit = exit.max(terminal.print(&report::diff::render(look, &run)));
    let worst = run.diffs.iter().map(crate::diff::Diff::effect).max();
    if let (Some(limit), Some(worst)) = (arguments.fail_on, worst)
        && worst >= limit
        && run.diffs.iter().any(|diff| !diff.is_empty())
    {
        exit = exit.max(Exit::Findings);
    }
    exit
}

pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| {
        let mut all = Format::ALL.into_iter();
        all.find(|format| format.name() == name).ok_or("unknown")
    })
}

fn effects() -> impl TypedValueParser<Value = Effect> {
    PossibleValuesParser::new(Effect::WORDS).try_map(|name| Effect::parse(&name).ok_or("unknown"))
}
