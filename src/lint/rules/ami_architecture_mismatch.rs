use crate::facts::instance_types;
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, networks, words};
use crate::tpa::view::{places, settings};

rule! {
    /// ## What it does
    ///
    /// Finds instance types whose processor cannot run the image: an arm64 image on an Intel or AMD type, or the other
    /// way round.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec configure` accepts the pair, and AWS refuses to start the machine.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     os Debian 12
    ///     instance = "m7g.large"
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     os Debian-arm 12
    ///     instance = "m7g.large"
    ///   }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static AMI_ARCHITECTURE_MISMATCH = {
        name: "ami-architecture-mismatch",
        level: Error,
        summary: "an image for another processor than that of the machine",
        consequence: "AWS refuses to start the machine: `tpaexec provision` fails",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    for instance in networks::on_aws(subject) {
        let (Some(image), Some(written)) = (
            settings::image(subject, instance),
            instance.entry.get("type"),
        ) else {
            continue;
        };
        let kind = written.as_text().unwrap_or_default();
        let Some(image_is_arm) = is_arm_image(&image.value) else {
            continue;
        };
        let Some(type_is_arm) = instance_types::is_arm(kind).filter(|arm| *arm != image_is_arm)
        else {
            continue;
        };
        let architecture = |arm: bool| if arm { "arm64" } else { "x86_64" };
        let at = places::or(written.origin, places::or(image.origin, subject.at));
        findings
            .at(
                instance.entity(),
                at,
                format!(
                    "`{kind}` has an {} processor, and the image `{}` is for {}",
                    architecture(type_is_arm),
                    image.value,
                    architecture(image_is_arm)
                ),
            )
            .key("type")
            .label(format!("{} only", architecture(type_is_arm)))
            .related(image.origin, format!("{} only", architecture(image_is_arm)))
            .help(if type_is_arm {
                words::say(
                    subject,
                    "write `os Debian-arm 12` or `os RedHat-arm 9`, or choose a type without `g` after its generation, for example \"m7i.large\"",
                    "take an arm64 image, or a type without `g` after its generation, for example `m7i.large`",
                )
            } else {
                "choose a Graviton type, for example \"m7g.large\", or an image for x86_64"
            });
    }
}

/// Whether an image is for arm64, where its name tells.
fn is_arm_image(name: &str) -> Option<bool> {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["arm64", "aarch64"]) {
        Some(true)
    } else if has(&["x86_64", "amd64", "x86-64"]) {
        Some(false)
    } else {
        None
    }
}
