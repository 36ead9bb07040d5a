//! The wording of what the option parser refuses.

use crate::facts::tables::Platform;
use crate::facts::tpa::changes::Availability;
use crate::schema::alternatives;
use crate::suggest;
use crate::tpa::configure::options::{self, CommandOption, Dialect, Takes};
use crate::tpa::configure::refusal::{Refusal, refused, wrong_use};

pub(super) fn unknown_platform(name: &str) -> Refusal {
    let names = Platform::ALL.map(Platform::name);
    refused(
        format!("there is no platform `{name}`"),
        meant(name, &names),
    )
}

/// The nearest word, or all of them.
fn meant(word: &str, known: &[&str]) -> String {
    // One number is as near to another as any.
    let is_word = word.contains(char::is_alphabetic);
    let nearest = suggest::nearest(word, known).filter(|_| is_word);
    match nearest {
        Some(nearest) if known.len() > 1 => {
            format!("did you mean `{nearest}`? It takes {}", alternatives(known))
        }
        Some(_) | None => format!("it takes {}", alternatives(known)),
    }
}

pub(super) fn ambiguous(spelled: &str, names: &[&str]) -> Refusal {
    const MOST: usize = 12;
    let help = if names.len() > MOST {
        "write more of it; `m1c init --help` lists all options".to_owned()
    } else {
        format!("write one of them out: {}", alternatives(names))
    };
    wrong_use(
        format!("`{spelled}` is short for more than one option"),
        help,
    )
}

pub(super) fn takes_no_value(spelled: &str, value: &str) -> Refusal {
    wrong_use(
        format!("`{spelled}` takes no value, and `{value}` is attached to it"),
        format!("write `{spelled}` alone"),
    )
}

pub(super) fn needs_value(option: &CommandOption, spelled: &str, behind: Option<&str>) -> Refusal {
    let value = placeholder(option.takes);
    let attached = match behind {
        Some(next) => format!("; a value that begins with `-` is attached: `{spelled}={next}`"),
        None => String::new(),
    };
    let help = format!("write `{spelled} {value}`{attached}");
    wrong_use(format!("`{spelled}` needs a value"), help)
}

/// What stands for a value on the help page.
pub(in crate::tpa::configure) fn placeholder(takes: Takes) -> String {
    match takes {
        Takes::Nothing | Takes::Word(_) | Takes::Answer(_) | Takes::Help => String::new(),
        Takes::Text(word) | Takes::Each(word) => word.to_owned(),
        Takes::OneOf(words) => words.join("|"),
        Takes::System => "NAME".to_owned(),
        Takes::Major => "MAJOR".to_owned(),
        Takes::Integer => "NUMBER".to_owned(),
        Takes::Version(_) => "[VERSION]".to_owned(),
        Takes::Several(word) => format!("{word}…"),
    }
}

pub(super) fn unknown_value(spelled: &str, value: &str, known: &[&str]) -> Refusal {
    wrong_use(
        format!("`{spelled}` does not take `{value}`"),
        meant(value, known),
    )
}

pub(super) fn no_integer(spelled: &str, value: &str) -> Refusal {
    wrong_use(
        format!("`{spelled}` takes a whole number, and `{value}` is none"),
        "write digits alone, without a unit",
    )
}

pub(super) fn too_large(spelled: &str, value: &str) -> Refusal {
    refused(
        format!("`{spelled} {value}` is too large"),
        "m1c counts with 64 bits",
    )
}

pub(super) fn excluded(spelled: &str, other: &str) -> Refusal {
    wrong_use(
        format!("`{spelled}` and `{other}` exclude each other"),
        "leave one of them out",
    )
}

/// A word that nothing takes.
pub(super) fn surplus(word: &str, dialect: Dialect, directory: Option<&str>) -> Refusal {
    if !word.starts_with('-') {
        let folder = directory.unwrap_or_default();
        return wrong_use(
            format!("`{word}` is one argument too many"),
            format!("the folder is `{folder}` already; every other word belongs to an option"),
        );
    }
    let name = word.split('=').next().unwrap_or(word);
    let elsewhere = options::all().find(|option| {
        option
            .names
            .iter()
            .any(|known| *known == name || (name.len() > 4 && known.starts_with(name)))
    });
    if let Some(option) = elsewhere
        && let Availability::NotYet(since) = option.availability(dialect.tpa)
    {
        let tpa = dialect.tpa;
        return wrong_use(
            format!("`{name}` is an option of TPA {since} and later, and this is for {tpa}"),
            format!("leave `{name}` out, or write `--tpa {since}`"),
        );
    }
    if let Some(only) = elsewhere.and_then(|option| option.only) {
        let platform = dialect.platform;
        return wrong_use(
            format!("`{name}` is an option of platform {only}, and this cluster is on {platform}"),
            format!("add `--platform {only}`, or leave `{name}` out"),
        );
    }
    if word == "--" {
        return wrong_use(
            "`--` ends the options, and nothing may follow",
            "leave it out",
        );
    }
    let names: Vec<&str> = options::of(dialect)
        .flat_map(|option| option.names)
        .copied()
        .collect();
    let nearest = suggest::nearest(name, &names).filter(|_| name.starts_with("--"));
    let help = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`? `m1c init --help` lists all options"),
        None => "`m1c init --help` lists all options".to_owned(),
    };
    wrong_use(format!("there is no option `{name}`"), help)
}

pub(super) fn no_directory() -> Refusal {
    wrong_use(
        "no folder is named",
        "write `m1c init DIR`, for example `m1c init clusters/speedy`; the cluster is called like the folder",
    )
}

pub(super) fn no_architecture() -> Refusal {
    wrong_use(
        "the architecture is not named",
        "add `--architecture M1`, as for `tpaexec configure`; without any option m1c writes a starter file",
    )
}
