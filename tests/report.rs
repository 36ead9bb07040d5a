//! Diagnostics become text: `report::render` with diagnostics that no stage has to give.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]
#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use m1c::diagnostic::{Applicability, Code, Diagnostic, Edit, Fix, Level};
use m1c::report::{Format, Style, render};
use m1c::source::{FileId, Sources, Span};

static CODE: Code = Code {
    name: "some-code",
    documentation: "",
};

const SOURCE: &str = "cluster speedy {\n  failover repmgr\n\n  failover efm\n}\n";

fn speedy() -> (Sources, FileId) {
    let mut sources = Sources::default();
    let file = sources.add("speedy.m1", SOURCE);
    (sources, file)
}

/// The place of the nth occurrence of a text.
fn nth(sources: &Sources, file: FileId, text: &str, nth: usize) -> Span {
    let (start, found) = sources.text(file).match_indices(text).nth(nth).unwrap();
    Span {
        file,
        start: u32::try_from(start).unwrap(),
        end: u32::try_from(start + found.len()).unwrap(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `Expect` is written")]
fn check(format: Format, sources: &Sources, diagnostics: &[Diagnostic], expected: Expect) {
    expected.assert_eq(&render(format, Style::Plain, sources, diagnostics));
}

#[test]
fn related_places_are_drawn_in_their_files() {
    let (mut sources, file) = speedy();
    let house = sources.add("house.m1", "profile production {\n  failover repmgr\n}\n");
    let diagnostic = Diagnostic::error(
        &CODE,
        nth(&sources, file, "failover", 1),
        "`failover` is written twice",
    )
    .label("the second")
    .related(nth(&sources, file, "failover", 0), "the first")
    .related(nth(&sources, house, "failover", 0), "and in a profile")
    .help("remove one of them");
    check(
        Format::Human,
        &sources,
        std::slice::from_ref(&diagnostic),
        expect![[r#"
            error[some-code]: `failover` is written twice
              ┌─ speedy.m1:4:3
              │
            2 │   failover repmgr
              │   -------- the first
            3 │ 
            4 │   failover efm
              │   ^^^^^^^^ the second
              │
              ┌─ house.m1:2:3
              │
            2 │   failover repmgr
              │   -------- and in a profile
              │
              = help: remove one of them

        "#]],
    );
    check(
        Format::Short,
        &sources,
        std::slice::from_ref(&diagnostic),
        expect![[r#"
            speedy.m1:4:3: error[some-code]: `failover` is written twice
        "#]],
    );
    check(
        Format::Json,
        &sources,
        &[diagnostic],
        expect![[r#"
        {"code":"some-code","level":"error","message":"`failover` is written twice","file":"speedy.m1","line":4,"column":3,"end_line":4,"end_column":11,"help":"remove one of them","url":null,"related":[{"file":"speedy.m1","line":2,"column":3,"end_line":2,"end_column":11,"message":"the first"},{"file":"house.m1","line":2,"column":3,"end_line":2,"end_column":11,"message":"and in a profile"}],"fix":null}
    "#]],
    );
}

#[test]
fn what_has_no_place_is_said_all_the_same() {
    let sources = Sources::default();
    let nowhere = Diagnostic::error(&CODE, Span::NONE, "there is no cluster").help("write one");
    let diagnostics = [nowhere];
    check(
        Format::Human,
        &sources,
        &diagnostics,
        expect![[r#"
        error[some-code]: there is no cluster
         = help: write one

    "#]],
    );
    check(
        Format::Short,
        &sources,
        &diagnostics,
        expect![[r#"
        error[some-code]: there is no cluster
    "#]],
    );
    check(
        Format::Json,
        &sources,
        &diagnostics,
        expect![[r#"
        {"code":"some-code","level":"error","message":"there is no cluster","file":null,"line":null,"column":null,"end_line":null,"end_column":null,"help":"write one","url":null,"related":[],"fix":null}
    "#]],
    );
}

#[test]
fn levels_have_our_names() {
    let (sources, file) = speedy();
    let at = nth(&sources, file, "speedy", 0);
    let diagnostics = [Level::Error, Level::Warning, Level::Advice].map(|level| Diagnostic {
        level,
        ..Diagnostic::error(&CODE, at, "something about a cluster")
    });
    check(
        Format::Short,
        &sources,
        &diagnostics,
        expect![[r#"
        speedy.m1:1:9: error[some-code]: something about a cluster
        speedy.m1:1:9: warning[some-code]: something about a cluster
        speedy.m1:1:9: advice[some-code]: something about a cluster
    "#]],
    );
}

#[test]
fn fixes_are_told_unless_the_help_tells_them() {
    let (sources, file) = speedy();
    let at = nth(&sources, file, "repmgr", 0);
    let fixed = |replacement: &str| {
        Diagnostic::error(&CODE, at, "wrong").fix(Applicability::Safe, at, replacement)
    };
    let mut twice = fixed("efm");
    twice.fix = twice.fix.map(|fix| Fix {
        edits: vec![
            Edit {
                span: at.after(),
                replacement: " {}".to_owned(),
            },
            Edit {
                span: nth(&sources, file, "efm", 0),
                replacement: "repmgr".to_owned(),
            },
        ],
        ..fix
    });
    let diagnostics = [
        fixed("efm"),
        fixed("efm").help("write `efm`"),
        fixed(""),
        fixed("patroni {\n    packages = edb\n  }"),
        Diagnostic::error(&CODE, at.after(), "no block").fix(
            Applicability::Suggested,
            at.after(),
            " {}",
        ),
        twice,
    ];
    check(
        Format::Human,
        &sources,
        &diagnostics,
        expect![[r#"
            error[some-code]: wrong
              ┌─ speedy.m1:2:12
              │
            2 │   failover repmgr
              │            ^^^^^^
              │
              = fix: replace `repmgr` with `efm`

            error[some-code]: wrong
              ┌─ speedy.m1:2:12
              │
            2 │   failover repmgr
              │            ^^^^^^
              │
              = help: write `efm`

            error[some-code]: wrong
              ┌─ speedy.m1:2:12
              │
            2 │   failover repmgr
              │            ^^^^^^
              │
              = fix: remove `repmgr`

            error[some-code]: wrong
              ┌─ speedy.m1:2:12
              │
            2 │   failover repmgr
              │            ^^^^^^
              │
              = fix: replace `repmgr` with `patroni {…`

            error[some-code]: no block
              ┌─ speedy.m1:2:18
              │
            2 │   failover repmgr
              │                  ^
              │
              = fix: insert `{}`

            error[some-code]: wrong
              ┌─ speedy.m1:2:12
              │
            2 │   failover repmgr
              │            ^^^^^^
              │
              = fix: insert `{}`, replace `efm` with `repmgr`

        "#]],
    );
}

#[test]
fn columns_count_characters() {
    let mut sources = Sources::default();
    let marked = sources.add("marked.m1", "\u{feff}größe = 1\r\nµ\t= 🐘🐘 x");
    let end = u32::try_from(sources.text(marked).len()).unwrap();
    let diagnostics = [
        Diagnostic::error(&CODE, nth(&sources, marked, "1", 0), "on the first line"),
        Diagnostic::error(&CODE, nth(&sources, marked, "x", 0), "behind two elephants"),
        Diagnostic::error(
            &CODE,
            Span {
                file: marked,
                start: end,
                end,
            },
            "at the end",
        ),
    ];
    check(
        Format::Short,
        &sources,
        &diagnostics,
        expect![[r#"
        marked.m1:1:9: error[some-code]: on the first line
        marked.m1:2:8: error[some-code]: behind two elephants
        marked.m1:2:9: error[some-code]: at the end
    "#]],
    );
    check(
        Format::Human,
        &sources,
        &diagnostics,
        expect![[r#"
        error[some-code]: on the first line
          ┌─ marked.m1:1:9
          │
        1 │ ﻿größe = 1
          │         ^

        error[some-code]: behind two elephants
          ┌─ marked.m1:2:8
          │
        2 │ µ   = 🐘🐘 x
          │            ^

        error[some-code]: at the end
          ┌─ marked.m1:2:9
          │
        2 │ µ   = 🐘🐘 x
          │             ^

    "#]],
    );
}

#[test]
fn a_label_over_several_lines_shows_the_first() {
    let (sources, file) = speedy();
    let whole = Span {
        end: u32::try_from(SOURCE.len()).unwrap(),
        ..nth(&sources, file, "speedy", 0)
    };
    let diagnostics = [Diagnostic::error(&CODE, whole, "a long thing").label("from here")];
    check(
        Format::Human,
        &sources,
        &diagnostics,
        expect![[r#"
        error[some-code]: a long thing
          ┌─ speedy.m1:1:9
          │
        1 │ cluster speedy {
          │         ^^^^^^^^ from here

    "#]],
    );
    check(
        Format::Json,
        &sources,
        &diagnostics,
        expect![[r#"
        {"code":"some-code","level":"error","message":"a long thing","file":"speedy.m1","line":1,"column":9,"end_line":6,"end_column":1,"help":null,"url":null,"related":[],"fix":null}
    "#]],
    );
}

#[test]
fn nothing_in_a_source_commands_the_terminal() {
    let mut sources = Sources::default();
    let file = sources.add("evil\u{1b}[2J.m1", "a \u{1b}[31mb \u{202e}c\u{0}");
    let diagnostics = [Diagnostic::error(
        &CODE,
        nth(&sources, file, "c", 0),
        "a \u{7}bell\nand a line",
    )
    .help("one\ntwo")];
    check(
        Format::Human,
        &sources,
        &diagnostics,
        expect![[r#"
        error[some-code]: a \u{7}bell\u{a}and a line
          ┌─ evil\u{1b}[2J.m1:1:11
          │
        1 │ a \u{1b}[31mb \u{202e}c\u{0}
          │                       ^
          │
          = help: one
            two

    "#]],
    );
    check(
        Format::Short,
        &sources,
        &diagnostics,
        expect![[r#"
        evil\u{1b}[2J.m1:1:11: error[some-code]: a \u{7}bell\u{a}and a line
    "#]],
    );
}

#[test]
fn of_long_lines_the_part_around_the_label_is_shown() {
    let mut sources = Sources::default();
    let line = format!("{}here{}there", "ä".repeat(5000), "ö".repeat(5000));
    let file = sources.add("long.m1", line);
    let diagnostics = [
        Diagnostic::error(&CODE, nth(&sources, file, "here", 0), "x".repeat(5000))
            .label("this")
            .related(nth(&sources, file, "there", 0), "far away"),
    ];
    let text = render(Format::Human, Style::Plain, &sources, &diagnostics);
    assert!(text.chars().count() < 3000, "{text}");
    assert!(
        text.contains("here") && text.contains("this") && text.contains("far away"),
        "{text}"
    );
    assert!(text.contains("long.m1:1:5001"), "{text}");
}

#[test]
fn colours_are_drawn_when_asked_for() {
    let (sources, file) = speedy();
    let diagnostics = [Diagnostic::error(
        &CODE,
        nth(&sources, file, "speedy", 0),
        "wrong",
    )];
    for format in [Format::Human, Format::Short] {
        let plain = render(format, Style::Plain, &sources, &diagnostics);
        assert!(!plain.contains('\u{1b}'), "{plain}");
        let coloured = render(format, Style::Coloured, &sources, &diagnostics);
        assert!(coloured.contains("\u{1b}["), "{coloured}");
    }
}

#[test]
fn spans_that_are_no_spans_do_no_harm() {
    let mut sources = Sources::default();
    let file = sources.add("short.m1", "äöü\n");
    for (start, end) in [(1, 2), (3, 1000), (1000, 2000), (7, 7), (0, 6), (5, 2)] {
        let diagnostics = [Diagnostic::error(&CODE, Span { file, start, end }, "odd")];
        for format in Format::ALL {
            let text = render(format, Style::Plain, &sources, &diagnostics);
            assert!(text.contains("short.m1"), "{text}");
        }
    }
    let missing = Span {
        file: FileId::nth(7),
        start: 3,
        end: 4,
    };
    for format in Format::ALL {
        let diagnostics = [Diagnostic::error(&CODE, missing, "odd")];
        assert!(render(format, Style::Plain, &sources, &diagnostics).contains("odd"));
    }
}

#[test]
fn many_diagnostics_in_one_long_line_take_linear_time() {
    let mut sources = Sources::default();
    let file = sources.add("line.m1", "é ".repeat(1_000_000));
    let diagnostics: Vec<Diagnostic> = (0..20_000)
        .map(|at| {
            let start = at * 150;
            Diagnostic::error(
                &CODE,
                Span {
                    file,
                    start,
                    end: start + 2,
                },
                "odd",
            )
        })
        .collect();
    let start = Instant::now();
    for format in Format::ALL {
        let text = render(format, Style::Plain, &sources, &diagnostics);
        assert!(text.contains("line.m1"));
    }
    // Counting from the start of the line each time takes minutes.
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}
