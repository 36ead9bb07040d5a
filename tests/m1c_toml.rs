//! `docs/m1c.schema.json`, the schema of `m1c.toml`, is generated from the rules, and agrees with what m1c reads.

use m1c::lint;
use serde_json::{Value, json};

use crate::pages;

fn schema() -> Value {
    let names: Vec<&str> = lint::rules().iter().map(|rule| rule.code.name).collect();
    let rules = |description: &str| {
        json!({
            "type": "array",
            "description": description,
            "items": { "$ref": "#/definitions/rule" },
        })
    };
    let severity = json!({
        "type": "object",
        "description": "Other levels than the rules' own.",
        "propertyNames": { "$ref": "#/definitions/rule" },
        "additionalProperties": { "enum": ["error", "warning", "advice"] },
    });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "m1c.toml",
        "description": "What m1c does with the files of a folder.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "advice": {
                "type": "boolean",
                "description": "Whether advice is shown to people, and not only counted.",
            },
            "tpa": {
                "type": ["string", "number"],
                "description": "The TPA of clusters that name none themselves: \"23.45\".",
            },
            "lock": {
                "type": "boolean",
                "description": "Whether sources have locks, which keep the numbers and subnets of their machines.",
            },
            "select": rules("The only rules that run."),
            "ignore": rules("Rules that do not run."),
            "severity": severity,
            "exclude": {
                "type": "array",
                "description": "Files that are left out, as in .gitignore.",
                "items": { "type": "string" },
            },
            "paths": {
                "type": "object",
                "description": "What holds besides for the files that a pattern as in .gitignore names.",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "ignore": rules("Rules that do not run."),
                        "severity": severity,
                    },
                },
            },
        },
        "definitions": { "rule": { "enum": names } },
    })
}

#[test]
fn the_schema_of_settings_is_current() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    pages::assert_current("docs/m1c.schema.json", &text);
}

/// The m1c.toml that `docs/lint.md` shows.
fn documented() -> String {
    let page = include_str!("../docs/lint.md");
    let (_, behind) = page.split_once("```toml\n").unwrap();
    behind.split_once("```").unwrap().0.to_owned()
}

/// Whether the schema takes a text, and whether `m1c lint` does.
fn verdicts(text: &str) -> (bool, bool) {
    let value: Value = toml::from_str(text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m1c.toml"), text).unwrap();
    let program = assert_cmd::Command::cargo_bin("m1c")
        .unwrap()
        .current_dir(folder.path())
        .args(["lint", "-", "--exit-zero"])
        .write_stdin("")
        .ok();
    (
        jsonschema::is_valid(&schema(), &value),
        program.is_ok_and(|output| output.status.success()),
    )
}

#[test]
fn the_schema_takes_what_m1c_takes() {
    assert_eq!(verdicts(&documented()), (true, true));
    assert_eq!(verdicts("tpa = \"23.44.1\"\n"), (true, true));
    for wrong in [
        "ignored = []\n",
        "ignore = [\"no-such-rule\"]\n",
        "severity = { no-backup = \"fatal\" }\n",
        "paths = []\n",
        "tpa = true\n",
        "paths.\"a/\" = { select = [] }\n",
        "paths.\"a/\" = { ignore = [\"no-such-rule\"] }\n",
    ] {
        assert_eq!(verdicts(wrong), (false, false), "{wrong}");
    }
}
