//! The words of other languages: each is answered with a statement, and the statement compiles where the word was.

use m1c::schema::neighbours::{NEIGHBOURS, Neighbour};

use crate::memory;

/// A cluster with `statement` in one of its blocks. Statements that say the same as it does give way.
fn source(block: &str, statement: &str, form: &str) -> String {
    let first = statement.split(' ').next().unwrap();
    let meant = form.split(' ').next().unwrap();
    let manager = match first {
        "balance" => "patroni",
        _ if statement.starts_with("roles = [etcd") => "patroni",
        _ if statement.starts_with("etcd") || statement.starts_with("haproxy") => "patroni",
        _ => "repmgr",
    };
    let platform = match block {
        "platform" if meant == "mounts" => "docker",
        "cluster" if form.starts_with("platform ") && !form.ends_with('…') => {
            form.split(' ').nth(1).unwrap()
        }
        "platform" | "volumes" | "volume" | "network" => "aws",
        _ if matches!(meant, "region" | "zone" | "subnet" | "instance" | "volumes") => "aws",
        _ => "docker",
    };
    let into = |wanted: &str, otherwise: &str| {
        if block == wanted {
            statement.to_owned()
        } else {
            otherwise.to_owned()
        }
    };
    let os = if first == "os" || first == "image" {
        ""
    } else {
        "os Debian 12"
    };
    let volume = into("volume", "");
    let volumes = into("volumes", &format!("postgres 100GB {{ {volume} }}"));
    let volumes = match (platform, first) {
        ("aws", "volumes") => String::new(),
        ("aws", _) => format!("volumes {{ {volumes} }}"),
        _ => String::new(),
    };
    let machine = into("machine", "");
    let mut lines = vec![
        "postgres postgresql 16".to_owned(),
        format!("failover {manager}"),
        format!(
            "platform {platform} {{ {os}; {}; {volumes} }}",
            into("platform", "")
        ),
        match first {
            "balance" | "haproxy" => "balance haproxy".to_owned(),
            "pem" => "monitor pem".to_owned(),
            _ => String::new(),
        },
        format!(
            "location first {{ {}; replica falcon {{ {machine} }}; node kite {{ {} }}; barman heron; {} }}",
            if first == "primary" {
                ""
            } else {
                "primary kestrel"
            },
            into("node", "roles = [replica]"),
            into("location", "")
        ),
    ];
    if block == "backup" {
        lines.push(format!("backup barman {{ {statement} }}"));
    }
    if block == "failover" {
        lines.retain(|line| !line.starts_with("failover"));
        lines.push(format!("failover {manager} {{ {statement} }}"));
    }
    if block == "network" {
        lines.push(format!("network {{ {statement} }}"));
    }
    lines.retain(|line| {
        let gives_way = line.split(' ').next() == Some(first) && block == "cluster";
        !gives_way || statement.starts_with("location third")
    });
    lines.push(into("cluster", ""));
    let file = into("file", "");
    let image = match block {
        "image version" => format!(
            "image Golden {{ aws 1 {{ owner = me; family = Debian; arch = x86_64; default = true; {} {statement} }} }}",
            if first == "ami" { "" } else { "ami = a;" }
        ),
        _ => String::new(),
    };
    format!(
        "use profiles\n{file}\n{image}\ncluster lab {{\n  {}\n}}\n",
        lines.join("\n  ")
    )
    .replace("{ ;", "{")
    .replace("; ;", ";")
    .replace("use profiles\nuse profiles\n", "use profiles\n")
}

/// What the help of the only message says to write.
fn answer(block: &str, statement: &str, form: &str) -> Result<String, String> {
    let source = source(block, statement, form);
    let checked = memory::check_text(&source);
    let [only] = checked.diagnostics.as_slice() else {
        return Err(format!("{source}{}", memory::messages(&checked)));
    };
    let help = only.help.clone().unwrap_or_default();
    Ok(help)
}

fn check(neighbour: &Neighbour, word: &str, block: &str, foreign: &str, failures: &mut String) {
    let help = match answer(block, foreign, neighbour.form) {
        Ok(help) => help,
        Err(said) => {
            failures.push_str(&format!("`{foreign}` in `{block}`:\n{said}"));
            return;
        }
    };
    if neighbour.form.is_empty() {
        let value = foreign.rsplit(' ').next();
        if help != format!("remove it: {}", neighbour.reason(value)) {
            failures.push_str(&format!("`{foreign}` in `{block}`: {help}\n"));
        }
        return;
    }
    let Some(statement) = help
        .strip_prefix("write `")
        .and_then(|rest| rest.strip_suffix('`'))
    else {
        failures.push_str(&format!("`{foreign}` in `{block}`: {help}\n"));
        return;
    };
    let expected = neighbour.statement(word, None).unwrap();
    if statement != expected {
        failures.push_str(&format!(
            "`{foreign}` in `{block}`: {statement}, not {expected}\n"
        ));
    }
    let followed = source(block, statement, neighbour.form);
    let checked = memory::check_text(&followed);
    if !checked.diagnostics.is_empty() {
        failures.push_str(&format!(
            "`{foreign}` in `{block}`: follow `{statement}`:\n{followed}{}",
            memory::messages(&checked)
        ));
    }
}

#[test]
fn words_of_other_languages_are_answered_with_what_compiles() {
    let mut failures = String::new();
    let mut number = 0;
    for neighbour in NEIGHBOURS {
        for block in neighbour.blocks {
            for word in neighbour.words {
                // Only in quotes, as a key of other words.
                if word.contains(['.', '/']) {
                    continue;
                }
                number += 1;
                let value = if neighbour.form.contains('…') {
                    neighbour.value
                } else {
                    "1"
                };
                if *block != "file" {
                    let foreign = format!("{word} = {value}");
                    check(neighbour, word, block, &foreign, &mut failures);
                }
                let foreign = format!("{word} {value}");
                check(neighbour, word, block, &foreign, &mut failures);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(number >= 150, "{number}");
}
