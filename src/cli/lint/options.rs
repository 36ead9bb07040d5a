//! The options of `m1c lint`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::settings;
use crate::check::Setting;
use crate::cli::build;
use crate::cli::clock;
use crate::cli::tpa;
use crate::facts::tpa::TpaVersion;
use crate::report::Format;

// The options of `m1c lint`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(in crate::cli) struct Arguments {
    /// Sources, folders of sources, config.ymls, or `-` for standard input [default: the current folder]
    ///
    /// A folder means every `.m1` in it, but what `.gitignore` ignores. A config.yml is judged where it is named.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Apply the fixes that are safe
    #[arg(long)]
    pub(super) fix: bool,

    /// With `--fix` or `--diff`: apply the fixes too that are a good guess
    #[arg(long)]
    pub(super) unsafe_fixes: bool,

    /// Show what `--fix` would change, write nothing, and exit with 1 if anything would change
    #[arg(long)]
    pub(super) diff: bool,

    /// How findings are shown [default: human; github in a workflow of GitHub's]
    #[arg(long, value_name = "FORMAT", value_parser = build::formats())]
    pub(super) format: Option<Format>,

    /// Run these rules only, separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = settings::rule)]
    pub(super) select: Vec<String>,

    /// Do not run these rules, separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = settings::rule)]
    pub(super) ignore: Vec<String>,

    /// Show pieces of advice too, which are otherwise only counted
    ///
    /// Formats for programs always have them, and so have rules that `--select` names.
    #[arg(long)]
    pub(super) advice: bool,

    /// Exit with 1 where there are warnings
    #[arg(long, value_name = "WHAT")]
    pub(super) deny: Option<Denied>,

    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(super) exit_zero: bool,

    /// The day that rules about dates judge by [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = clock::day)]
    pub(super) today: Option<String>,

    /// The TPA to judge for, whatever sources and `m1c.toml` name [default: theirs, or the newest that m1c knows]
    ///
    /// A newer one says what an upgrade of TPA would change, refuse or ignore.
    #[arg(long, value_name = "VERSION", value_parser = tpa::version)]
    pub(super) tpa: Option<TpaVersion>,

    /// Compare with this revision of git too, such as `HEAD`, and say what the change does to machines that run
    ///
    /// What is found is of the rule `unsafe-restart-change`.
    #[arg(long, value_name = "REVISION")]
    pub(super) since: Option<String>,

    /// Judge the environment variables too that TPA will need
    #[arg(long)]
    pub(super) check_env: bool,

    /// Show what `allow` statements suppress
    #[arg(long)]
    pub(super) ignore_allows: bool,

    /// With `--format sarif`: tell too what `allow` statements suppress, marked as suppressed
    #[arg(long, conflicts_with = "ignore_allows")]
    pub(super) show_suppressed: bool,

    /// Do not show what this file knows
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Write everything that is found to the file of `--baseline`
    #[arg(long, requires = "baseline")]
    pub(super) write_baseline: bool,

    /// Exit with 1 where the baseline knows what is not found any more
    #[arg(long, requires = "baseline")]
    pub(super) strict_baseline: bool,

    /// The settings for all files, in place of the nearest `m1c.toml`
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub(super) config: Option<PathBuf>,

    /// Use no `m1c.toml`
    #[arg(long)]
    pub(super) isolated: bool,

    /// Leave out what `exclude` in `m1c.toml` names, even where the command line names it
    #[arg(long)]
    pub(super) force_exclude: bool,

    /// Gives a `param` its value; that of a used file is `MODULE.NAME`
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = build::setting)]
    pub(super) settings: Vec<Setting>,

    /// What messages call standard input; `.yml` makes it a config.yml
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Explain a rule or an error code, and do nothing else
    #[arg(long, value_name = "CODE", exclusive = true)]
    pub(super) explain: Option<String>,
}

/// What makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Denied {
    Warnings,
}
