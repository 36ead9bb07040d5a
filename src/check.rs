//! The pipeline: everything between the text of a source and its topology.

mod locked;
mod mend;
mod older;
mod removal;
mod requirements;

pub use mend::{LeftOut, Mended, mend};
pub use older::{older_config, older_source};
pub use requirements::requirements;

use std::ops::Range;

use locked::Locked;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::library;
use crate::lint::{self, Conditions, Finding, Judgement, Memory};
use crate::load::{self, Files, Program};
use crate::lock::Lock;
use crate::model::Model;
use crate::resolve;
pub use crate::resolve::{Options, Setting};
use crate::source::{FileId, Sources, Span};
use crate::topology::Topology;
use crate::tpa::document;
use crate::yaml;

codes! {
    /// A source has more mistakes than anybody reads; the rest is not shown.
    ///
    /// Fix the first ones and run m1c again. If all lines are wrong it is probably not an .m1 file.
    ///
    /// See also `too-many-errors`.
    TOO_MANY_MISTAKES = "too-many-mistakes";

    /// A config.yml is not YAML that Ansible could read. What it says cannot be judged before that is fixed.
    ///
    /// TPA reads the file with PyYAML, and stops as well. Quotes help where a value begins with `{`, `[`, `*`, `&`, `%`
    /// or `@`, or has `: ` or ` #` in it.
    ///
    /// PyYAML reads YAML 1.1, and refuses more than other programs do: a tab between values or at the end of a line, a
    /// date that does not exist, a tag such as `!vault`, and a value that is `=` or `<<`.
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_tags: { Owner: dba
    /// instances: []
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_tags: { Owner: dba }
    /// instances: []
    /// ```
    ///
    /// See also `missing-section`.
    YAML_SYNTAX = "yaml-syntax";
}

/// What is known about one source file after all stages.
#[derive(Debug)]
pub struct Checked {
    pub sources: Sources,
    /// Sorted by place, each said once.
    pub diagnostics: Vec<Diagnostic>,
    /// Only without errors.
    pub topology: Option<Topology>,
}

/// What every stage made of one source file.
#[derive(Debug)]
pub struct Analysis {
    pub sources: Sources,
    pub program: Program,
    pub model: Model,
    /// What was locked before; `None` where there is to be no lock.
    pub lock: Option<Lock>,
    /// The config.ymls of which the lock has taken what they say.
    pub adopted: Vec<String>,
    /// Sorted by place, each said once.
    pub diagnostics: Vec<Diagnostic>,
    /// The clusters that no error concerns.
    pub topology: Topology,
}

impl Analysis {
    /// The topology of a source without errors.
    pub fn whole(&self) -> Option<&Topology> {
        Some(&self.topology).filter(|topology| topology.is_whole)
    }
}

/// Checks the source file `root`, which is read through `files`, and what it requires.
pub fn check(root: &str, files: &dyn Files, options: Options<'_>) -> Checked {
    let mut analysis = analyse(root, files, options);
    let is_held = requirements(&mut analysis, files, options);
    let Analysis {
        sources,
        diagnostics,
        topology,
        ..
    } = analysis;
    Checked {
        sources,
        diagnostics,
        topology: Some(topology).filter(|topology| topology.is_whole && is_held),
    }
}

/// Checks the source file `root` and keeps what the stages have made of it, for editors.
pub fn analyse(root: &str, files: &dyn Files, options: Options<'_>) -> Analysis {
    let mut sources = library::sources();
    let mut diagnostics = Diagnostics::default();
    let program = load::load(root, files, &mut sources, &mut diagnostics);
    let model = resolve::resolve(&program, options, &mut diagnostics);
    let Locked {
        lock,
        adopted,
        topology,
    } = locked::lower(root, files, &model, &mut sources, &mut diagnostics);
    let full = diagnostics.is_full();
    let mut diagnostics = diagnostics.into_sorted();
    if full && let Some(last) = diagnostics.last() {
        diagnostics.push(too_many_mistakes(last.primary.span, diagnostics.len()));
    }
    Analysis {
        sources,
        program,
        model,
        lock,
        adopted,
        diagnostics,
        topology,
    }
}

/// Loads the source file `root` and knows no more of it than the trees, for editors that look for names in many files.
pub fn load(root: &str, files: &dyn Files) -> Analysis {
    let mut sources = library::sources();
    let mut diagnostics = Diagnostics::default();
    let program = load::load(root, files, &mut sources, &mut diagnostics);
    Analysis {
        sources,
        program,
        model: Model::default(),
        lock: None,
        adopted: Vec::new(),
        diagnostics: diagnostics.into_sorted(),
        topology: Topology::default(),
    }
}

/// What is known about one file after the linter has seen it.
#[derive(Debug)]
pub struct Judged {
    pub sources: Sources,
    /// The file itself.
    pub file: FileId,
    /// What the compiler says.
    pub diagnostics: Vec<Diagnostic>,
    /// What the linter says about the clusters that no error concerns.
    pub findings: Vec<Finding>,
    /// What it would say but for `allow`.
    pub allowed: Vec<Finding>,
    /// The clusters of a source that the linter has judged.
    pub clusters: Vec<String>,
}

impl Judged {
    /// Everything that is said about the file and those that it uses.
    pub fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        let findings = self.findings.iter().map(|finding| &finding.diagnostic);
        self.diagnostics.iter().chain(findings)
    }

    /// Whether a file is the user's, and not of the library.
    pub fn is_users(&self, file: FileId) -> bool {
        file >= self.file && self.sources.get(file).is_some()
    }
}

/// Checks and judges the source file `root`.
pub fn judge_source(
    root: &str,
    files: &dyn Files,
    settings: &[Setting],
    conditions: &Conditions<'_>,
) -> Judged {
    let options = Options {
        settings,
        tpa: conditions.tpa,
    };
    let mut analysis = analyse(root, files, options);
    requirements(&mut analysis, files, options);
    let mut judgement = lint::topology(
        &analysis.sources,
        library::next_file(),
        &analysis.topology,
        conditions,
    );
    removal::complete(
        &analysis.program,
        &analysis.sources,
        &mut judgement.findings,
    );
    let clusters = analysis.topology.clusters.into_iter();
    Judged {
        file: library::next_file(),
        sources: analysis.sources,
        diagnostics: analysis.diagnostics,
        findings: judgement.findings,
        allowed: judgement.allowed,
        clusters: clusters.map(|cluster| cluster.name.value).collect(),
    }
}

/// What the linter says about a source that has been checked, and that may have been before with nearly the same text.
pub fn judge_again(
    analysis: &Analysis,
    conditions: &Conditions<'_>,
    memory: &mut Memory,
) -> Vec<Finding> {
    let root = library::next_file();
    let mut judgement = memory.judge(&analysis.sources, root, &analysis.topology, conditions);
    removal::complete(
        &analysis.program,
        &analysis.sources,
        &mut judgement.findings,
    );
    judgement.findings
}

/// Judges the config.yml `name`, which says `text`.
pub fn judge_config(name: &str, text: &str, conditions: &Conditions<'_>) -> Judged {
    let mut sources = Sources::default();
    let file = sources.add(name.to_owned(), text.to_owned());
    let (diagnostics, judgement) = match document::read(file, text) {
        Ok(document) => {
            let judgement = lint::document(&sources, file, document, conditions);
            (Vec::new(), judgement)
        }
        Err(error) => {
            let error = yaml_syntax(file, text, &error);
            (vec![error], Judgement::default())
        }
    };
    Judged {
        sources,
        file,
        diagnostics,
        findings: judgement.findings,
        allowed: judgement.allowed,
        clusters: Vec::new(),
    }
}

/// What there is to say about a config.yml that is not a text: where it breaks.
pub fn not_utf8_config(name: &str, text: &str, offset: usize) -> Judged {
    let mut sources = Sources::default();
    let file = sources.add(name.to_owned(), text.to_owned());
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    let at = Span {
        file,
        start: offset,
        end: offset,
    };
    let diagnostic = Diagnostic::error(&YAML_SYNTAX, at, "not YAML: the file is not UTF-8")
        .label("from here on")
        .help("save it as UTF-8");
    Judged {
        sources,
        file,
        diagnostics: vec![diagnostic],
        findings: Vec::new(),
        allowed: Vec::new(),
        clusters: Vec::new(),
    }
}

/// What there is to say about a config.yml that is not YAML.
pub fn yaml_syntax(file: FileId, text: &str, error: &yaml::Error) -> Diagnostic {
    let rest = text.get(error.at..).unwrap_or_default();
    let width = rest.chars().next().map_or(0, char::len_utf8);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let at = Span {
        file,
        start: offset(error.at),
        end: offset(error.at + width),
    };
    if let Some((above, key)) = deeper_line(text, error) {
        let span = |range: Range<usize>| Span {
            file,
            start: offset(range.start),
            end: offset(range.end),
        };
        return Diagnostic::error(
            &YAML_SYNTAX,
            span(key),
            "not YAML: this line begins further to the right than the one above it, which has a value",
        )
        .label("PyYAML, and so TPA, does not read this")
        .related(span(above), "begins here")
        .help("begin both lines in the same column: that of their section's other lines");
    }
    Diagnostic::error(&YAML_SYNTAX, at, format!("not YAML: {}", error.message))
        .label("PyYAML, and so TPA, does not read this")
        .help(error.help)
}

/// The keys of a line with `key: value` and of a deeper one below it, at whose `:` the text breaks.
fn deeper_line(text: &str, error: &yaml::Error) -> Option<(Range<usize>, Range<usize>)> {
    let start = text.get(..error.at)?.rfind('\n')? + 1;
    let before = text.get(..start - 1)?;
    let start_above = before.rfind('\n').map_or(0, |end| end + 1);
    let above = text.get(start_above..start - 1)?;
    let (key_above, value) = above.split_once(": ")?;
    let line = text.get(start..error.at)?;
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let is_plain = |key: &str| !key.contains([':', '#', '"', '\'', '{']);
    let is_meant = indent(line) > indent(above)
        && !value.trim().is_empty()
        && is_plain(key_above)
        && is_plain(line)
        && text.get(error.at..)?.starts_with(':');
    let key = start + indent(line)..error.at;
    let key_above = start_above + indent(above)..start_above + key_above.len();
    is_meant.then_some((key_above, key))
}

fn too_many_mistakes(at: Span, shown: usize) -> Diagnostic {
    Diagnostic::error(
        &TOO_MANY_MISTAKES,
        at.after(),
        format!("more than {shown} mistakes, the rest is not shown"),
    )
    .label("the last that is shown is here")
    .help("fix the first ones; is this an .m1 file?")
}
