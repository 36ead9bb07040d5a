//! Findings that are kept from one check to the next are those of a fresh check.

use m1c::check::{self, Options};
use m1c::lint::{self, Finding, Memory};
use m1c::load::{Files, ReadError};

use super::scribble::Random;
use crate::memory::conditions;

struct Text(String);

impl Files for Text {
    fn read(&self, _: &str) -> Result<String, ReadError> {
        Ok(self.0.clone())
    }
}

/// Clusters with findings of many kinds, with fixes, related places and what is allowed.
fn source() -> String {
    let mut text = String::from(
        "use profiles

allow client-routing \"the application knows\"

profile small {
  vars { work_mem = \"16 MB\"; fsync = off }
}
",
    );
    for number in 0..20 {
        text.push_str(&format!(
            "
# number {number}
cluster c{number} {{
  include small
  postgres postgresql 13
  failover repmgr
  platform docker
  location main {{
    primary p{number}
    replica r{number} {{
      allow wal-retention \"it is watched\"
      vars {{ max_wal_senders = 0 }}
    }}
  }}
  location dr {{
    replica s{number} {{ upstream = p{number} }}
    barman b{number}
  }}
}}
"
        ));
    }
    text
}

/// Changes the text so that it is likely to stay without errors.
fn edit(random: &mut Random, text: &mut String) {
    let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line = lines[random.below(lines.len())];
    match random.below(8) {
        0 => text.insert_str(line, " # é"),
        1 => text.insert(line, '\n'),
        2 => text.insert(line, ' '),
        3 => {
            let number = random.below(20);
            *text = text.replace(&format!("c{number} {{"), &format!("c{number}{number} {{"));
        }
        4 => {
            let number = random.below(20);
            *text = text.replacen(&format!("r{number} "), &format!("r{number}x "), 1);
        }
        5 => *text = text.replacen("max_wal_senders = 0", "max_wal_senders = 9", 1),
        6 => *text = text.replacen("postgresql 13", "postgresql 16", 1),
        _ => *text = text.replacen("  platform docker\n", "  platform bare\n", 1),
    }
}

#[test]
fn kept_findings_are_those_of_a_fresh_check() {
    let mut random = Random(0xCAFE);
    let mut memory = Memory::default();
    let rules = lint::rules();
    let conditions = conditions(&rules);
    let mut text = source();
    let mut judged = 0;
    for round in 0..150 {
        if round % 25 == 24 {
            text = source();
        }
        let files = Text(text.clone());
        let analysis = check::analyse("main.m1", &files, Options::default());
        let kept = check::judge_again(&analysis, &conditions, &mut memory);
        let fresh = check::judge_source("main.m1", &files, &[], &conditions).findings;
        assert_eq!(shown(&kept), shown(&fresh), "in round {round} for:\n{text}");
        judged += usize::from(!fresh.is_empty());
        edit(&mut random, &mut text);
    }
    assert!(judged > 100, "{judged}");
}

fn shown(findings: &[Finding]) -> Vec<String> {
    let shown = |finding: &Finding| {
        format!(
            "{} {} {:?}",
            finding.path(),
            finding.rule.code.name,
            finding.diagnostic
        )
    };
    findings.iter().map(shown).collect()
}
