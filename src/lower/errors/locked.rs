//! The wording of errors about sources that contradict their lock.

use ipnet::Ipv4Net;

use super::pages::{HOST_NAMES, LOCKED_NETWORK, LOCKED_NUMBER, LOCKED_PLACE, RESERVED_NAME};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

pub(crate) fn locked_number(
    at: Span,
    name: &str,
    written: i64,
    (locked, line): (i64, Span),
    forget: &str,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        &LOCKED_NUMBER,
        at,
        format!("`{name}` has the number {locked}, and the source says {written}"),
    )
    .label("another number")
    .related(line, format!("number {locked}"))
    .help(format!(
        "write `id = {locked}`, or leave it out; if `{name}` does not run yet, or is to be deployed again, `{forget}` frees its number"
    ));
    diagnostic.consequence = Some(REGISTERED.into());
    diagnostic
}

const REGISTERED: &str = "failover managers and replication slots know a machine by its number: under another one it is a stranger to the cluster that runs";

pub(crate) fn reserved_number(
    at: Span,
    own: Option<&str>,
    number: i64,
    (other, line): (&str, Span),
    forget: &str,
) -> Diagnostic {
    let machine = own.map_or_else(|| "a new machine".to_owned(), |own| format!("`{own}`"));
    let mut diagnostic = Diagnostic::error(
        &LOCKED_NUMBER,
        at,
        format!("{machine} cannot have the number {number}, which is that of `{other}`"),
    )
    .label("another machine's number")
    .related(line, "the machine that has or had it")
    .help(format!(
        "take another number, or leave `id` out; if `{other}` is gone for good, `{forget}` frees its number"
    ));
    diagnostic.consequence = Some("what the cluster remembers about the old machine, such as its registration and its replication slot, would be taken for the new one's".into());
    diagnostic
}

pub(crate) fn reserved_name(
    at: Span,
    name: &str,
    is_own: bool,
    (other, has_line, line): (&str, bool, Span),
    forget: &str,
) -> Diagnostic {
    let first = if is_own {
        "take another name"
    } else {
        "write `{n}` into `hostnames`, so that names differ"
    };
    let help = format!("{first}; if `{other}` is gone for good, `{forget}` frees its name");
    let whose = if has_line {
        format!("`{other}` has this line of `hosts`")
    } else if other == name {
        "the machine that has or had it".to_owned()
    } else {
        format!("`{other}` was called so")
    };
    Diagnostic::error(
        &RESERVED_NAME,
        at,
        format!("a new machine cannot have the name `{name}`"),
    )
    .label("another machine has or had this name")
    .related(line, whose)
    .help(help)
}

pub(crate) fn reserved_location(at: Span, name: &str, (other, line): (&str, Span)) -> Diagnostic {
    Diagnostic::error(
        &RESERVED_NAME,
        at,
        format!("a new location cannot have the name `{name}`"),
    )
    .label("another location had this name")
    .related(line, format!("`{other}` was called so"))
    .help(format!(
        "if this is `{other}`, which gets its old name back, write `was = {other}` in it; else take another name"
    ))
}

pub(crate) fn locked_place(
    at: Span,
    location: &str,
    what: &str,
    written: &str,
    (locked, line): (&str, Span),
    forget: &str,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        &LOCKED_PLACE,
        at,
        format!("the {what} of `{location}` is `{locked}`, and the source says `{written}`"),
    )
    .label(format!("another {what}"))
    .related(line, format!("`{locked}`"))
    .help(format!(
        "write `{locked}`, and add a location for new machines; if nothing of `{location}` runs, `{forget}` frees it"
    ));
    diagnostic.consequence = Some(REPLACED.into());
    diagnostic
}

pub(crate) fn locked_machine(
    at: Span,
    name: &str,
    location: &str,
    is_renamed: bool,
    (locked, line): (&str, Span),
    forget: &str,
) -> Diagnostic {
    let renamed = if is_renamed {
        format!(
            "if `{location}` is what was called `{locked}`, write `was = {locked}` there; else "
        )
    } else {
        String::new()
    };
    let mut diagnostic = Diagnostic::error(
        &LOCKED_PLACE,
        at,
        format!("`{name}` is in the location `{locked}`, and the source has it in `{location}`"),
    )
    .label("in another location")
    .related(line, format!("in `{locked}`"))
    .help(format!(
        "{renamed}leave it in `{locked}`, and give a new machine another name; if `{name}` does not run, `{forget}` frees it"
    ));
    diagnostic.consequence = Some(
        "a machine cannot leave its subnet: Terraform would replace it, without the data on it"
            .into(),
    );
    diagnostic
}

const REPLACED: &str = "Terraform would replace the subnet, and with it the machines of the location and the data on them";

pub(crate) fn reserved_subnet(
    at: Span,
    written: &str,
    other: &str,
    locked: &str,
    line: Span,
    forget: &str,
) -> Diagnostic {
    Diagnostic::error(
        &LOCKED_PLACE,
        at,
        format!("the subnet `{written}` overlaps `{locked}`, which is that of the location `{other}`"),
    )
    .label("another location's subnet")
    .related(line, format!("of `{other}`"))
    .help(format!(
        "take another subnet, or leave it out; if nothing of `{other}` runs any more, `{forget}` frees it"
    ))
}

pub(crate) fn locked_network(
    at: Span,
    cluster: &str,
    network: Ipv4Net,
    subnet: Ipv4Net,
    line: Span,
    forget: &str,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        &LOCKED_NETWORK,
        at,
        format!("machines are in the subnet `{subnet}`, which is not in the network `{network}`"),
    )
    .label(format!("`{network}`"))
    .related(line, "the subnet that they are in")
    .help(format!(
        "leave the network as it was, and build another cluster in the new one; if nothing of `{cluster}` runs, `{forget}` frees all of it"
    ));
    diagnostic.consequence =
        Some("in another network everything is made again: networks, machines, and no data".into());
    diagnostic
}

pub(crate) fn locked_prefix(
    at: Span,
    prefix: u8,
    subnet: Ipv4Net,
    line: Span,
    forget: &str,
) -> Diagnostic {
    let locked = subnet.prefix_len();
    let mut diagnostic = Diagnostic::error(
        &LOCKED_NETWORK,
        at,
        format!("the containers are in `{subnet}`, and the source asks for a subnet of length /{prefix}"),
    )
    .label("another length")
    .related(line, "the subnet that they are in")
    .help(format!(
        "write `subnet_prefix = {locked}`, or leave it out; to make all containers again, remove them, and free the cluster: `{forget}`"
    ));
    diagnostic.consequence = Some(
        "a network of docker cannot change: all containers would be made again, without their data"
            .into(),
    );
    diagnostic
}

pub(crate) fn locked_subnet_full(
    at: Span,
    subnet: Ipv4Net,
    machines: usize,
    line: Span,
    (gone, forget): (Option<(&str, &str)>, &str),
) -> Diagnostic {
    let gone = gone.map(|(name, forget)| {
        format!("machines that went keep their addresses: if `{name}` is gone for good, `{forget}` frees its own; ")
    });
    let gone = gone.unwrap_or_default();
    let mut diagnostic = Diagnostic::error(
        &LOCKED_NETWORK,
        at,
        format!(
            "the containers are in `{subnet}`, which has no address left for {machines} machines"
        ),
    )
    .label("too many machines")
    .related(line, "the subnet that they are in")
    .help(format!(
        "{gone}to move to a larger subnet, remove all containers, and free the cluster: `{forget}`"
    ));
    diagnostic.consequence = Some(
        "a network of docker cannot grow: all containers would be made again, without their data"
            .into(),
    );
    diagnostic
}

pub(crate) fn lost_host(at: Span, name: &str, line: Span, forget: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        &HOST_NAMES,
        at,
        format!("`hosts` does not have the line of the machine that runs as `{name}` any more"),
    )
    .label(format!("no line for `{name}`"))
    .related(line, "the machine that runs")
    .help(format!(
        "write its line again; if `{name}` is gone for good, `{forget}` frees its place, and the next line is that of a new machine"
    ));
    diagnostic.consequence =
        Some("with the line of another machine it would get the address of that one".into());
    diagnostic
}

pub(crate) fn locked_address(
    at: Span,
    name: &str,
    written: &str,
    (locked, line): (&str, Span),
    forget: &str,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        &LOCKED_NETWORK,
        at,
        format!("`{name}` has the address {locked}, and the source says {written}"),
    )
    .label("another address")
    .related(line, format!("`{locked}`"))
    .help(format!(
        "write {locked}, or leave it out; if `{name}` does not run yet, or is to be made again, `{forget}` frees its address"
    ));
    diagnostic.consequence =
        Some("a container keeps its address: it would be made again, without its data".into());
    diagnostic
}

pub(crate) fn reserved_address(
    at: Span,
    name: &str,
    written: &str,
    (other, line): (&str, Span),
    forget: &str,
) -> Diagnostic {
    Diagnostic::error(
        &LOCKED_NETWORK,
        at,
        format!("`{name}` cannot have the address {written}, which is that of `{other}`"),
    )
    .label("another machine's address")
    .related(line, "the machine that has or had it")
    .help(format!(
        "take another address, or leave it out; if `{other}` is gone for good, `{forget}` frees its address"
    ))
}
