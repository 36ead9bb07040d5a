use crate::diagnostic::{Applicability, Level};
use crate::facts::choices::Platform;
use crate::facts::systems::{self, BUILDABLE};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, scopes, words};
use crate::origin::Origin;
use crate::suggest;
use crate::tpa::view::places;
use crate::tpa::view::{Instance, Subject, Written};
use crate::value::{Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds containers without an image, and images whose name begins with `tpa/` that TPA cannot build. Images of your
    /// own are mentioned: TPA does not fetch them.
    ///
    /// ## Why is this bad?
    ///
    /// TPA builds the images that it starts containers from, and it knows a fixed list of systems and versions. For any
    /// other image without an entry in `docker_images` it has no instructions.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform docker { image = "tpa/rocky:11" }
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
    ///   platform docker { os Rocky 9 }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static DOCKER_IMAGE = {
        name: "docker-image",
        level: Error,
        summary: "a container image that TPA cannot build",
        consequence: "`tpaexec provision` stops: it has no instructions for the image",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let own = subject
        .document
        .get("docker_images")
        .and_then(Value::as_map);
    let mut seen: Vec<Origin> = Vec::new();
    for instance in &subject.instances {
        if !instance.is_on(Platform::Docker) {
            continue;
        }
        let Some(value) = instance.entry.get("image") else {
            missing(subject, instance, findings);
            continue;
        };
        let Some(image) = value.as_text().filter(|_| !scopes::is_template(value)) else {
            continue;
        };
        if seen.contains(&value.origin) || own.is_some_and(|own| own.get(image).is_some()) {
            continue;
        }
        seen.push(value.origin);
        judge(subject, instance, (image, value.origin), findings);
    }
}

fn missing(subject: &Subject, instance: &Instance, findings: &mut Of<'_>) {
    findings
        .at(
            instance.entity(),
            places::of_entry(&instance.own, instance.at),
            format!("the container `{}` has no image", instance.name.value),
        )
        .key("image")
        .label("no `image`")
        .consequence("`tpaexec provision` refuses the cluster")
        .help(words::say(
            subject,
            "write `os Rocky 9` in the platform's block",
            "for example, add `image: tpa/rocky:9` to `instance_defaults`",
        ));
}

fn judge(
    subject: &Subject,
    instance: &Instance,
    (image, at): (&str, Origin),
    findings: &mut Of<'_>,
) {
    let at = places::or(at, subject.at);
    let Some(name) = image.strip_prefix("tpa/") else {
        foreign(subject, instance, (image, at), findings);
        return;
    };
    let tpa = subject.tpa;
    if systems::base(image, tpa).is_some() || subject.own.has_container(image) {
        return;
    }
    let (system, tag) = name.split_once(':').unwrap_or((name, "latest"));
    let buildable = || {
        BUILDABLE
            .iter()
            .filter(|(image, _)| systems::base(&format!("tpa/{image}"), tpa).is_some())
            .filter_map(|(image, _)| image.split_once(':'))
    };
    let tags: Vec<&str> = buildable()
        .filter(|(known, _)| *known == system)
        .map(|(_, tag)| tag)
        .collect();
    let mut systems: Vec<&str> = buildable().map(|(known, _)| known).collect();
    systems.dedup();
    let finding = findings
        .at(
            instance.entity(),
            at,
            format!("TPA cannot build the image `{image}`"),
        )
        .key("image");
    match suggest::nearest(system, &systems) {
        _ if !tags.is_empty() => {
            finding.label("no such version").help(format!(
                "the versions of `tpa/{system}` are {}",
                tags.join(", ")
            ));
        }
        Some(nearest) => {
            let right = format!("tpa/{nearest}:{tag}");
            finding
                .label(format!("did you mean `tpa/{nearest}`?"))
                .help(format!("write `{right}`"));
            // A text of `.m1` has quotes, which are in its place too.
            if subject.written == Written::Config {
                finding.fix(Applicability::Suggested, at, right);
            }
        }
        None => {
            finding.label("no such system").help(format!(
                "the images are {}",
                words::list(
                    &systems
                        .iter()
                        .map(|system| format!("tpa/{system}"))
                        .collect::<Vec<_>>()
                )
            ));
        }
    }
    finding.by_table();
}

/// An image that may or may not be on the host.
fn foreign(
    subject: &Subject,
    instance: &Instance,
    (image, at): (&str, Origin),
    findings: &mut Of<'_>,
) {
    let shown = if subject
        .document
        .get("docker_images")
        .and_then(Value::as_map)
        .is_none_or(Map::is_empty)
    {
        "TPA has no instructions to build it"
    } else {
        "`docker_images` has no entry for it"
    };
    findings
        .at(
            instance.entity(),
            at,
            format!("the image `{image}` is none of TPA's, and {shown}"),
        )
        .key("image")
        .label("not fetched by TPA")
        .level(Level::Advice)
        .consequence("`tpaexec provision` stops unless the image is on the host already")
        .help(words::say(
            subject,
            "fetch it first with `docker pull`, or say how it is built in `settings { docker_images = … }`",
            "fetch it first with `docker pull`, or say how it is built in `docker_images`",
        ));
}
