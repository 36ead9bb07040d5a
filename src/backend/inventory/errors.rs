//! The wording of what an inventory cannot say.

use crate::diagnostic::{Diagnostic, Level, codes};
use crate::facts::choices::Platform;
use crate::source::Span;

codes! {
    /// An inventory names a machine's address, and the machine has none.
    ///
    /// On `platform bare` nobody gives addresses to machines: the source has to. `tpaexec provision` refuses such a
    /// machine too. With Ansible Tower addresses may be there instead.
    ///
    /// Ansible cannot connect to a machine without an address.
    ///
    /// ```m1 fails for ansible
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { address = 10.0.0.1 }
    ///     replica merlin  { address = 10.0.0.2 }
    ///     barman  heron
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes for ansible
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { address = 10.0.0.1 }
    ///     replica merlin  { address = 10.0.0.2 }
    ///     barman  heron   { address = 10.0.0.9 }
    ///   }
    /// }
    /// ```
    ///
    /// See also `bare-needs-address` and `unusable-text`.
    MISSING_ADDRESS = "missing-address";

    /// A name, or another text, cannot be in the files of an inventory.
    ///
    /// Host names are parts of paths, of lines and of patterns there: they have labels of lower case letters, digits and
    /// `-`, of two characters at least, which begin and end with a letter or digit; there are dots between labels, but
    /// not on aws. TPA writes a name in lower case and `-` for `_` before it looks, but does not do so where a machine
    /// is named by another one.
    ///
    /// The name would be in a path, and in a line of the inventory that Ansible reads in another way.
    ///
    /// ```m1 fails for ansible
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary x      { address = 10.0.0.1 }
    ///     replica merlin { address = 10.0.0.2 }
    ///     barman  heron  { address = 10.0.0.9 }
    ///   }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes for ansible
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main {
    ///     primary kestrel { address = 10.0.0.1 }
    ///     replica merlin  { address = 10.0.0.2 }
    ///     barman  heron   { address = 10.0.0.9 }
    ///   }
    /// }
    /// ```
    ///
    /// See also `bad-hostname` and `same-name`.
    UNUSABLE_TEXT = "unusable-text";

    /// Two names mean one thing in an inventory.
    ///
    /// TPA knows machines by their names in lower case, with `-` for `_`. Groups of Ansible have letters, digits and `_`
    /// in their names, and `_` stands for everything else.
    ///
    /// Ansible would merge the two, and a play for one of them would run on both.
    ///
    /// ```m1 fails for ansible
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location a-b {
    ///     primary kestrel { address = 10.0.0.1 }
    ///     barman  heron   { address = 10.0.0.9 }
    ///   }
    ///
    ///   location a_b { replica merlin { address = 10.0.1.1 } }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes for ansible
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location a-b {
    ///     primary kestrel { address = 10.0.0.1 }
    ///     barman  heron   { address = 10.0.0.9 }
    ///   }
    ///
    ///   location c { replica merlin { address = 10.0.1.1 } }
    /// }
    /// ```
    ///
    /// See also `duplicate-machine` and `unusable-text`.
    SAME_NAME = "same-name";
}

pub(super) fn missing_address(at: Span, names: &[&str]) -> Diagnostic {
    let (message, label) = match names {
        [name] => (
            format!("`{name}` has no address, and an inventory needs one"),
            "where is this machine?",
        ),
        names => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            (
                format!(
                    "{} have no addresses, and an inventory needs them",
                    list(&names)
                ),
                "where are these machines?",
            )
        }
    };
    Diagnostic::error(&MISSING_ADDRESS, at, message)
        .label(label)
        .help("write `address = 10.0.0.1` in the machine, or `NAME 10.0.0.1` in `hosts`; a machine that a rule places can be written: `barman NAME { address = … }`")
}

fn list(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.join(", "),
    }
}

pub(super) fn host_name(at: Span, name: &str, platform: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &UNUSABLE_TEXT,
        at,
        format!("`{name}` cannot be the name of a host on {platform}"),
    );
    if platform == Platform::Aws.name() && name.contains('.') {
        return diagnostic
            .label("has a dot")
            .help("leave the domain out: on aws names have letters, digits and `-`");
    }
    diagnostic
        .label("no host name")
        .help("take letters, digits and `-`, two or more, of which `-` is neither the first nor the last; dots separate such names")
}

pub(super) fn other_spelling(at: Span, written: &str, known: &str, reference: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &UNUSABLE_TEXT,
        at,
        format!("`{written}` becomes the host `{known}`, and other machines call it `{written}`"),
    )
    .label(format!("TPA calls it `{known}`"))
    .help(format!("call it `{known}` everywhere"));
    if reference == at {
        diagnostic
    } else {
        diagnostic.related(reference, format!("refers to `{written}`"))
    }
}

pub(super) fn same_host(at: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(
        &SAME_NAME,
        at,
        format!("two machines become the host `{name}`"),
    )
    .label("the second")
    .related(first, "the first")
    .help("rename one of them: TPA writes names in lower case, with `-` for `_`")
}

pub(super) fn same_group(at: Span, group: &str, first: Span) -> Diagnostic {
    Diagnostic::error(
        &SAME_NAME,
        at,
        format!("two locations become the group `{group}`"),
    )
    .label("the second")
    .related(first, "the first")
    .help("rename one of them: in names of groups `_` stands for everything but letters and digits")
}

pub(super) fn host_like_group(at: Span, name: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        &SAME_NAME,
        at,
        format!("`{name}` is a host and a group of the inventory"),
    )
    .label("called as a group is")
    .help("rename the machine: Ansible warns of it in every run, and `hosts: NAME` means the group and the host");
    diagnostic.level = Level::Warning;
    diagnostic
}

pub(super) fn text(at: Span, what: &str, text: &str, form: &str) -> Diagnostic {
    Diagnostic::error(
        &UNUSABLE_TEXT,
        at,
        format!("`{}` cannot be {what}", text.escape_debug()),
    )
    .label("cannot be in the inventory")
    .help(format!("write {form}"))
}
