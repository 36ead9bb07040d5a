//! The help page of `m1c init`, made from the tables of options.

use std::fmt::Write as _;

use super::arguments;
use super::options::{CommandOption, SECTIONS};

const WIDTH: usize = 80;
const INDENTATION: usize = 6;

const INTRODUCTION: &str = "\
Writes the source of a new cluster.

Usage: m1c init DIR
       m1c init DIR --architecture M1 [options]

DIR is the folder to make; the cluster is called like it, and its source is
DIR/NAME.m1. Without options that is a small cluster to begin with. The options
are those of `tpaexec configure`: the same command line describes the same
cluster. Names may be shortened as long as they are unique. What the options
name is read once; the source does not depend on it.
";

const EXIT_CODES: &str = "
Exit codes:
  0  the source has been written
  1  TPA would refuse what the options say together, or the folder exists already
  2  wrong use: an unknown option, a missing value, or a file that cannot be written
";

pub(super) fn help() -> String {
    let mut page = INTRODUCTION.to_owned();
    for section in SECTIONS {
        let _ = write!(page, "\n{}:\n", section.title);
        for option in section.options {
            entry(option, &mut page);
        }
    }
    page.push_str(EXIT_CODES);
    page
}

fn entry(option: &CommandOption, page: &mut String) {
    let placeholder = arguments::placeholder(option.takes);
    let space = if placeholder.is_empty() { "" } else { " " };
    let _ = writeln!(page, "  {}{space}{placeholder}", option.names.join(", "));
    let mut line = String::new();
    for word in option.documentation.split(' ') {
        if INDENTATION + line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(page, "{:INDENTATION$}{line}", "");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(page, "{:INDENTATION$}{line}", "");
}
