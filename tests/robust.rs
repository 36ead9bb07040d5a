//! Any text parses and formats: without panic, with places inside the text, and with little stack.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use m1c::backend::limits::limits;
use m1c::backend::{Backend, emit};
use m1c::check::{judge_config, judge_source};
use m1c::diagnostic::{Diagnostic, Diagnostics, Fix, Level};
use m1c::format::format;
use m1c::lint::{self, fix};
use m1c::report::{Format, Look, Run, Style, join, piece};
use m1c::source::{FileId, Span};
use m1c::syntax::{self, MAXIMUM_DEPTH, MAXIMUM_ERRORS, Tree};
use m1c::topology::Topology;

use crate::{carets, corpus, dump, memory};

/// Half of what the threads of a pool have.
const STACK: usize = 1024 * 1024;

/// Something that nests: what is before it, how a level opens, what is inside the last level, how a level
/// closes, what comes after it, and how far behind the start of its opening a level too many is reported.
struct Nest {
    before: &'static str,
    open: &'static str,
    inside: &'static str,
    close: &'static str,
    behind: &'static str,
    at: usize,
}

const fn nest(
    before: &'static str,
    open: &'static str,
    inside: &'static str,
    close: &'static str,
    behind: &'static str,
    at: usize,
) -> Nest {
    Nest {
        before,
        open,
        inside,
        close,
        behind,
        at,
    }
}

static NESTS: [Nest; 8] = [
    nest("", "a { ", "b", " }", "", 2),
    nest("", "a {\n", "b\n", "}\n", "", 2),
    nest("", "if a { ", "b", " }", "", 5),
    nest("", "if a {} else { ", "b", " }", "", 5),
    nest("x = ", "{ a = ", "1", " }", "", 0),
    nest("x = ", "[", "1", "]", "", 0),
    nest("if ", "(", "b", ")", " {}", 0),
    nest("if ", "not ", "b", "", " {}", 0),
];

#[test]
fn nesting_ends_at_the_limit() {
    for nest in &NESTS {
        let text = |depth: usize| {
            let (open, close) = (nest.open.repeat(depth), nest.close.repeat(depth));
            [nest.before, &open, nest.inside, &close, nest.behind].concat()
        };
        let (tree, diagnostics) = parse_in_a_pool(text(MAXIMUM_DEPTH));
        assert_eq!(diagnostics, [], "{}", nest.open);
        check(&text(MAXIMUM_DEPTH), &tree, &diagnostics);
        for depth in [MAXIMUM_DEPTH + 1, 10_000] {
            let (_, diagnostics) = parse_in_a_pool(text(depth));
            assert_eq!(
                places(&diagnostics),
                [(
                    "nesting-too-deep",
                    nest.before.len() + MAXIMUM_DEPTH * nest.open.len() + nest.at
                )],
                "{}",
                nest.open
            );
        }
    }
}

#[test]
fn chains_of_else_if_end_at_the_limit() {
    let chain = |length: usize| format!("if a {{}}{}", " else if a {}".repeat(length));
    // The block of the last part takes a level, too.
    let longest = chain(MAXIMUM_DEPTH - 1);
    let (tree, diagnostics) = parse_in_a_pool(longest.clone());
    assert_eq!(diagnostics, []);
    check(&longest, &tree, &diagnostics);
    for length in [MAXIMUM_DEPTH, 10_000] {
        let (_, diagnostics) = parse_in_a_pool(chain(length));
        let at = longest.len() + " else if a ".len();
        assert_eq!(places(&diagnostics), [("nesting-too-deep", at)]);
    }
}

#[test]
fn errors_end_at_their_limit() {
    for line in ["@\n", "}\n", "a: 1\n", "x = [a b]\n"] {
        let (_, diagnostics) = parse(&line.repeat(1000));
        assert_eq!(diagnostics.len(), MAXIMUM_ERRORS + 1, "{line}");
        let last = diagnostics.last().map(|diagnostic| diagnostic.code.name);
        assert_eq!(last, Some("too-many-errors"), "{line}");
    }
}

#[test]
fn much_of_anything_needs_little_stack() {
    for text in [
        "[", "{", "(", "x = [", "x {\n", "if ((", "not ", "else if ", "if a {} ", "\"", "${",
    ] {
        let text = text.repeat(20_000);
        let (tree, diagnostics) = parse_in_a_pool(text.clone());
        check(&text, &tree, &diagnostics);
    }
}

#[test]
fn line_ends_may_be_of_windows() {
    for path in corpus::files_in("tests/parse/ok") {
        let text = corpus::read(&path);
        let (tree, _) = parse(&text);
        let (windows, diagnostics) = parse(&text.replace('\n', "\r\n"));
        assert_eq!(diagnostics, []);
        assert_eq!(dump::meaning(&windows), dump::meaning(&tree));
        assert_eq!(dump::comments(&windows), dump::comments(&tree));
        assert_eq!(format(&windows), format(&tree));
    }
}

#[test]
fn byte_order_mark_may_begin_a_file() {
    let (tree, diagnostics) = parse("\u{FEFF}a = 1\n");
    assert_eq!(diagnostics, []);
    assert_eq!(format(&tree), "a = 1\n");
    let (_, diagnostics) = parse("a = 1\n\u{FEFF}b = 2\n");
    assert_eq!(places(&diagnostics), [("control-character", 6)]);
}

#[test]
fn carriage_return_alone_ends_no_line() {
    let (_, diagnostics) = parse("a = 1\rb = 2\r");
    assert_eq!(places(&diagnostics), [("control-character", 5)]);
    let (_, diagnostics) = parse("# a\rb = 2");
    assert_eq!(places(&diagnostics), [("control-character", 3)]);
}

#[test]
fn separators_of_unicode_end_no_line() {
    for separator in ["\u{2028}", "\u{2029}", "\u{85}", "\u{b}", "\u{c}"] {
        let (_, diagnostics) = parse(&format!("a = 1{separator}b = 2"));
        assert_eq!(diagnostics.len(), 1, "{separator:?}");
        assert_eq!(diagnostics[0].primary.span.start, 5, "{separator:?}");
    }
}

/// Short sources of the repository.
pub(crate) fn texts() -> Vec<String> {
    corpus::files_in(".")
        .iter()
        .flat_map(|path| carets::sources(&corpus::read(path)))
        .map(|source| source.text)
        .filter(|text| text.len() < 4000)
        .collect()
}

#[test]
fn mutated_texts_parse_and_format() {
    let mut random = Random(0x006d_3163);
    let texts = texts();
    for _ in 0..2000 {
        let mut text = texts[random.below(texts.len())].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut text, &texts, &mut random);
        }
        parse_and_check(&text);
    }
}

#[test]
fn mutated_texts_go_through_every_stage() {
    let mut random = Random(0x0062_7569_6c64);
    let texts = texts();
    let mut built = 0;
    for _ in 0..2000 {
        let mut text = texts[random.below(texts.len())].clone();
        for _ in 0..random.below(3) {
            mutate(&mut text, &texts, &mut random);
        }
        let checked = memory::check_text(&text);
        let errors = checked
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.level == Level::Error);
        assert_eq!(checked.topology.is_none(), errors, "{text}");
        for diagnostic in &checked.diagnostics {
            let span = diagnostic.primary.span;
            let file = checked.sources.text(span.file);
            assert!(file.get(span.range()).is_some(), "{diagnostic:?}\n{text}");
        }
        if let Some(topology) = &checked.topology {
            built += 1;
            for backend in Backend::ALL {
                emits(backend, topology, &text);
            }
        }
    }
    assert!(built > 100, "{built}");
}

/// What a backend accepts it can write, and every YAML of it can be read.
fn emits(backend: Backend, topology: &Topology, text: &str) {
    let mut diagnostics = Diagnostics::default();
    limits(backend, topology, &mut diagnostics);
    if diagnostics.has_errors() {
        return;
    }
    for file in emit(backend, topology) {
        let path = Path::new(&file.path);
        let mut parts = path.components();
        assert!(
            parts.all(|part| matches!(part, Component::Normal(_))),
            "{}\n{text}",
            file.path
        );
        if path.extension() == Some("yml".as_ref()) {
            let contents = &file.contents;
            assert!(m1c::yaml::read(contents).is_ok(), "{contents}\n{text}");
        }
    }
}

#[test]
fn mutated_texts_are_judged_and_drawn() {
    const CONFIG: &str = "\
# m1c: allow(no-backup) by other means until 2027-01-01
cluster_name: speedy
cluster_vars: &vars
  failover_manager: repmgr
  postgres_version: '13' # m1c: allow(eol-postgres, unknown-value)
locations:
- Name: main
instances:
- { Name: db1, node: 1, role: [primary], vars: *vars }
- Name: db2
  node: 2
  role: replica
  upstream: db3
";
    let mut random = Random(0x6c69_6e74);
    let texts = texts();
    let rules = lint::rules();
    let conditions = memory::conditions(&rules);
    let mut found = 0;
    for round in 0..1500 {
        let is_config = round % 2 == 0;
        let mut text = if is_config {
            CONFIG.to_owned()
        } else {
            texts[random.below(texts.len())].clone()
        };
        for _ in 0..random.below(3) {
            mutate(&mut text, &texts, &mut random);
        }
        let judged = if is_config {
            judge_config("config.yml", &text, &conditions)
        } else {
            let files = BTreeMap::from([("main.m1".to_owned(), text.clone())]);
            judge_source("main.m1", &memory::Memory { files }, &[], &conditions)
        };
        found += judged.findings.len();
        for format in Format::ALL {
            let look = Look {
                format,
                style: Style::Plain,
                width: 40,
            };
            let piece = piece(look, &judged.sources, &judged.diagnostics, &judged.findings);
            join(look, vec![piece], &Run::default());
        }
        let findings = judged.findings.iter().map(|finding| &finding.diagnostic);
        let fixes: Vec<&Fix> = judged
            .diagnostics
            .iter()
            .chain(findings)
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .collect();
        fix::apply(&judged.sources, &fixes);
    }
    assert!(found > 1000, "{found}");
}

#[test]
fn tokens_in_any_order_parse_and_format() {
    let mut random = Random(0x0066_6d74);
    for _ in 0..4000 {
        parse_and_check(&any_tokens(30, &mut random));
    }
}

/// Tokens in any order, fewer than `bound`.
pub(crate) fn any_tokens(bound: usize, random: &mut Random) -> String {
    const TOKENS: [&str; 52] = [
        "a",
        "b.c",
        "cluster",
        "location",
        "param",
        "let",
        "if",
        "else",
        "elif",
        "not",
        "and",
        "or",
        "in",
        "true",
        "1",
        "-2",
        "10.0.0.1",
        "\"t\"",
        "\"",
        "\"\"\"",
        "\"\"\"\n t\n \"\"\"",
        "\"${a}\"",
        "\"\\",
        "$a",
        "${a}",
        "$",
        "=",
        "==",
        "!=",
        ":",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        ";",
        "\n",
        "\n",
        "\n",
        " ",
        " ",
        " ",
        "# c\n",
        "#",
        "//",
        "/*",
        "-",
        "é",
        "\r",
        "\t",
    ];
    let length = random.below(bound);
    (0..length)
        .map(|_| TOKENS[random.below(TOKENS.len())])
        .collect()
}

#[test]
fn comments_and_line_breaks_may_stand_anywhere() {
    const PIECES: [&str; 9] = [
        "# c\n",
        " # c\n\n\n# d\r\n",
        "            # c\n",
        "\n",
        "\n\n\n",
        "\t",
        "   ",
        ";",
        ",",
    ];
    let mut random = Random(0x0063_6f6d);
    let texts = texts();
    let mut formatted = 0;
    for _ in 0..4000 {
        let mut text = texts[random.below(texts.len())].clone();
        for _ in 0..=random.below(3) {
            let at = boundary(&text, &mut random);
            text.insert_str(at, PIECES[random.below(PIECES.len())]);
        }
        let (tree, diagnostics) = parse(&text);
        formatted += usize::from(diagnostics.is_empty());
        check(&text, &tree, &diagnostics);
    }
    assert!(formatted > 1000, "{formatted}");
}

/// Changes something at a random place.
pub(crate) fn mutate(text: &mut String, texts: &[String], random: &mut Random) {
    const PIECES: [&str; 16] = [
        "{", "}", "[", "]", "(", ")", "\"", "\"\"\"", "=", "\n", "#", "$", "${", ",", "\u{0}", "ü",
    ];
    let start = boundary(text, random);
    let end = boundary(text, random).clamp(start, start + 20);
    let end = (end..=text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(start);
    match random.below(4) {
        0 => text.replace_range(start..end, ""),
        1 => text.insert_str(start, PIECES[random.below(PIECES.len())]),
        2 => {
            let copy = text[start..end].to_owned();
            let at = boundary(text, random);
            text.insert_str(at, &copy);
        }
        _ => {
            let other = &texts[random.below(texts.len())];
            let from = boundary(other, random);
            text.truncate(start);
            text.push_str(&other[from..]);
        }
    }
}

fn boundary(text: &str, random: &mut Random) -> usize {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn parse_and_check(text: &str) {
    let (tree, diagnostics) = parse(text);
    check(text, &tree, &diagnostics);
}

/// What holds for every text.
fn check(text: &str, tree: &Tree, diagnostics: &[Diagnostic]) {
    let inside = |span: Span| span.file == FileId::nth(0) && text.get(span.range()).is_some();
    for span in dump::spans(tree) {
        assert!(inside(span), "{span:?} of the tree of {text:?}");
    }
    for diagnostic in diagnostics {
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
        let spans = std::iter::once(diagnostic.primary.span)
            .chain(diagnostic.related.iter().map(|label| label.span))
            .chain(edits.map(|edit| edit.span));
        for span in spans {
            assert!(inside(span), "{span:?} of {diagnostic:?} in {text:?}");
        }
    }
    let formatted = format(tree);
    let meaning = dump::meaning(tree);
    if !diagnostics.is_empty() {
        return;
    }
    assert!(
        !meaning.contains("missing") && !meaning.contains("junk"),
        "{text:?}\n{meaning}"
    );
    check_format(text, tree, &formatted);
}

/// What the formatter promises for every text without syntax errors.
pub(crate) fn check_format(text: &str, tree: &Tree, formatted: &str) {
    let (again, diagnostics) = parse(formatted);
    assert_eq!(diagnostics, [], "{text:?}\n{formatted}");
    assert_eq!(
        dump::meaning_and_comments(&again),
        dump::meaning_and_comments(tree),
        "{text:?}\n{formatted}"
    );
    assert_eq!(
        dump::comments(&again),
        dump::comments(tree),
        "{text:?}\n{formatted}"
    );
    assert_eq!(format(&again), formatted, "{text:?}");
    // The lines of a long string are the author's.
    if !formatted.contains("\"\"\"") {
        let blank_lines = formatted.contains("\n\n\n")
            || formatted.starts_with('\n')
            || formatted.ends_with("\n\n");
        assert!(!blank_lines, "{text:?}\n{formatted}");
        let blanks = formatted.lines().any(|line| line.ends_with([' ', '\t']));
        assert!(!blanks, "{text:?}\n{formatted}");
    }
}

fn places(diagnostics: &[Diagnostic]) -> Vec<(&str, usize)> {
    diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code.name, diagnostic.primary.span.start as usize))
        .collect()
}

fn parse(text: &str) -> (Tree, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(FileId::nth(0), text, &mut diagnostics);
    (tree, diagnostics.into_sorted())
}

fn parse_in_a_pool(text: String) -> (Tree, Vec<Diagnostic>) {
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || parse(&text))
        .unwrap()
        .join()
        .unwrap()
}

/// Numbers that look random and are the same in every run (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % bound.max(1)
    }
}
