//! The command line: arguments come in, an exit code goes out.
//!
//! This is the only part of m1c that prints, ends the program, and reads and writes files. What the commands mean is
//! decided elsewhere; here stands what they are called.

mod atomic;
mod bug;
mod build;
mod clock;
pub mod codes;
mod diff;
mod exit;
mod explain;
mod find;
mod fmt;
mod import;
mod init;
mod lint;
mod lock;
mod locks;
mod lsp;
mod options;
mod packaging;
mod progress;
mod read;
mod rules;
mod simulate;
mod terminal;
mod tpa;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use exit::Exit;
use terminal::Terminal;

const EXIT_CODES: &str = "\
Exit codes:
  0  all well
  1  there are errors (or warnings, with `--deny warnings`), or `--check` or `--diff` found a
     difference, or an edited file was not overwritten
  2  wrong use (unknown option, no such file), or a file that cannot be read or written";

/// Compiles descriptions of highly available PostgreSQL clusters of TPA's M1 architecture.
#[derive(Debug, Parser)]
#[command(
    name = "m1c",
    version,
    arg_required_else_help = true,
    after_help = EXIT_CODES,
    disable_help_subcommand = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(flatten)]
    color: colorchoice_clap::Color,

    #[command(subcommand)]
    command: Command,
}

// Of all commands only the one that runs needs its options, whose types have no documentation: it would be taken for that of
// the command.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    /// Writes the source of a new cluster from the options of `tpaexec configure`
    #[command(disable_help_flag = true)]
    Init {
        /// `m1c init --help` lists them
        #[arg(
            value_name = "DIR and options",
            trailing_var_arg = true,
            allow_hyphen_values = true
        )]
        arguments: Vec<OsString>,
    },
    /// Makes sources of config.ymls that exist
    #[command(after_help = import::EXAMPLES)]
    Import(import::Arguments),
    /// Compiles sources to what TPA consumes
    #[command(after_help = EXIT_CODES)]
    Build(build::Arguments),
    /// Says what a change does to machines that run: reload, restart, replace, or left to do by hand
    #[command(after_help = diff::EXAMPLES)]
    Diff(Box<diff::Arguments>),
    /// Says what happens when machines, locations or the links between them fail
    #[command(after_help = simulate::EXAMPLES)]
    Simulate(simulate::Arguments),
    /// Shows and updates locks: the numbers, names and subnets that machines keep
    #[command(after_help = EXIT_CODES)]
    Lock(lock::Arguments),
    /// Finds what will go wrong with clusters, in sources and in existing config.ymls
    #[command(after_help = EXIT_CODES)]
    Lint(Box<lint::Arguments>),
    /// Formats sources; there are no options of style
    #[command(after_help = EXIT_CODES)]
    Fmt(fmt::Arguments),
    /// Serves editors: the language server, on standard input and output
    Lsp(lsp::Arguments),
    /// Lists the rules of the linter
    Rules(rules::Arguments),
    /// Explains a rule or an error code, such as `missing-value`
    Explain {
        /// What is in brackets after `error`, `warning` or `advice`
        code: String,
    },
    /// Prints the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Prints the manual page
    Man {
        /// A command, for the page of that command
        command: Option<String>,
    },
}

/// Runs the program with its arguments, the program's name first.
pub fn run(arguments: &[OsString]) -> ExitCode {
    bug::install_hook();
    bug::guard(|| dispatch(arguments)).unwrap_or_else(|| Exit::Wrong.into())
}

fn dispatch(arguments: &[OsString]) -> ExitCode {
    let Arguments { color, command } = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let mut program = Arguments::command();
            program.build();
            let error = options::explained(error, arguments, &program);
            // A help page that nobody reads to its end is not a failure.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Wrong.into()
            } else {
                Exit::Fine.into()
            };
        }
    };
    color.write_global();
    let terminal = Terminal::detect();
    let exit = match command {
        Command::Init { arguments } => return init::run(&arguments),
        Command::Import(arguments) => import::run(terminal, &arguments),
        Command::Build(arguments) => build::run(terminal, &arguments),
        Command::Diff(arguments) => diff::run(terminal, &arguments),
        Command::Simulate(arguments) => simulate::run(terminal, &arguments),
        Command::Lock(arguments) => lock::run(terminal, &arguments),
        Command::Lint(arguments) => lint::run(terminal, &arguments),
        Command::Fmt(arguments) => fmt::run(terminal, &arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Rules(arguments) => rules::run(terminal, &arguments),
        Command::Explain { code } => explain::run(terminal, &code),
        Command::Completions { shell } => {
            packaging::completions(terminal, Arguments::command(), shell)
        }
        Command::Man { command } => {
            packaging::manual(terminal, Arguments::command(), command.as_deref())
        }
    };
    exit.into()
}
