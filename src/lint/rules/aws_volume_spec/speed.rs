//! What a volume is to do in a second, against what its type and its size can.

use super::{Judged, origin_of};
use crate::diagnostic::Level;
use crate::facts::volumes::{self, Iops};
use crate::lint::finding::Of;
use crate::lint::{networks, words};
use crate::tpa::view::Subject;
use crate::tpa::view::{places, settings};

/// What a volume of this size is offered as an example.
const USUAL_IOPS: i64 = 3_000;

pub(super) fn iops(subject: &Subject, volume: &Judged<'_>, findings: &mut Of<'_>) {
    let Some(kind) = networks::text(volume.map, "volume_type").and_then(volumes::volume_type)
    else {
        return;
    };
    let (device, name) = (&volume.device, kind.name);
    let written = volume.map.get("iops");
    match (kind.iops, written) {
        (Some(iops), None) if iops.are_required => {
            let size = settings::number(volume.map.get("volume_size"));
            let most = size.map_or(iops.most, |size| iops.most_of(size.value));
            findings
                .at(
                    volume.entity.clone(),
                    origin_of(volume, "volume_type"),
                    format!("the volume `{device}` of type {name} needs `iops`"),
                )
                .key("volumes/iops")
                .label("without `iops`")
                .help(format!(
                    "add {}, or take type gp3",
                    words::setting(subject.written, "iops", &USUAL_IOPS.min(most).to_string())
                ));
        }
        (None, Some(iops)) => {
            let at = places::or(iops.origin, volume.at);
            let finding = findings
                .at(
                    volume.entity.clone(),
                    at,
                    format!("the volume `{device}` of type {name} does not take `iops`"),
                )
                .key("volumes/iops")
                .label(format!("not with the type {name}"));
            let kind = volume.map.get("volume_type");
            if let Some(kind) = kind.filter(|kind| kind.origin.is_written()) {
                finding.related(kind.origin, "this type");
            }
            let key = words::say(subject, "type", "volume_type");
            finding.help(format!(
                "write {} beside it, a type that takes `iops`",
                words::setting(subject.written, key, "gp3")
            ));
        }
        (Some(iops), Some(_)) => range(subject, volume, (name, iops), findings),
        (_, None) => {}
    }
}

/// How many a volume of this type may have at all, and at its size.
fn range(
    subject: &Subject,
    volume: &Judged<'_>,
    (name, iops): (&str, Iops),
    findings: &mut Of<'_>,
) {
    let Some(written) = settings::number(volume.map.get("iops")) else {
        return;
    };
    let (device, number) = (&volume.device, written.value);
    let size = settings::number(volume.map.get("volume_size"));
    let most = size
        .as_ref()
        .map_or(iops.most, |size| iops.most_of(size.value));
    let set = |number: i64| words::setting(subject.written, "iops", &number.to_string());
    let (message, help) = if number < iops.least {
        (
            format!(
                "a volume of type {name} has {} IOPS or more, and `{device}` has {number}",
                iops.least
            ),
            format!("write {}", set(iops.least)),
        )
    } else if number > iops.most {
        (
            format!(
                "a volume of type {name} has at most {} IOPS, and `{device}` has {number}",
                iops.most
            ),
            format!("write {} or less", set(most)),
        )
    } else if number > most {
        (
            format!(
                "a volume of type {name} with {} GB has at most {most} IOPS, and `{device}` has {number}",
                size.as_ref().map_or(0, |size| size.value)
            ),
            format!(
                "write {}, or a size of {} GB or more",
                set(most),
                iops.size_for(number)
            ),
        )
    } else {
        return;
    };
    let finding = findings
        .at(volume.entity.clone(), origin_of(volume, "iops"), message)
        .key("volumes/iops")
        .label(if number < iops.least {
            "too few"
        } else {
            "too many"
        })
        .help(help);
    if iops.least <= number && number <= iops.most {
        finding.related(origin_of(volume, "volume_size"), "for this size");
    }
}

/// TPA passes it on to nobody, Terraform does.
pub(super) fn throughput(volume: &Judged<'_>, findings: &mut Of<'_>) {
    let Some(value) = volume.map.get("throughput") else {
        return;
    };
    if let Some(written) = settings::number(Some(value))
        && let Some(refusal) = refused(volume, written.value)
    {
        let at = origin_of(volume, "throughput");
        findings
            .at(volume.entity.clone(), at, refusal)
            .key("volumes/throughput")
            .label("not possible")
            .level(Level::Warning)
            .consequence(
                "AWS refuses the volume where Terraform makes it; TPA ignores `throughput`",
            )
            .help("remove it here, and set it in AWS after `tpaexec provision`");
        return;
    }
    findings
        .at(
            volume.entity.clone(),
            places::of_key(volume.map, "throughput").unwrap_or(value.origin),
            format!("TPA ignores the `throughput` of `{}`", volume.device),
        )
        .key("volumes/throughput")
        .label("not passed on to AWS")
        .level(Level::Warning)
        .consequence(
            "the volume has the throughput of its type, 125 MB/s on gp3, and nothing says so",
        )
        .help("remove it here and set it in AWS after `tpaexec provision`, or raise `iops` on io2");
}

fn refused(volume: &Judged<'_>, throughput: i64) -> Option<String> {
    let (least, most) = (volumes::LEAST_THROUGHPUT, volumes::MOST_THROUGHPUT);
    let device = &volume.device;
    let name = networks::text(volume.map, "volume_type")?;
    let kind = volumes::volume_type(name)?;
    let iops = kind.iops.filter(|iops| !iops.are_required);
    let Some(iops) = iops else {
        return Some(format!(
            "the volume `{device}` of type {name} does not take `throughput`"
        ));
    };
    if !(least..=most).contains(&throughput) {
        return Some(format!(
            "a volume of type {name} has {least} to {most} MB/s, and `{device}` has {throughput}"
        ));
    }
    let written = settings::number(volume.map.get("iops"));
    let operations = written.map_or(iops.least, |iops| iops.value);
    let needed = throughput.saturating_mul(volumes::IOPS_FOR_THROUGHPUT);
    (needed > operations)
        .then(|| format!("{throughput} MB/s need {needed} IOPS, and `{device}` has {operations}"))
}
