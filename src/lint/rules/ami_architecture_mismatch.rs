use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, places};
use crate::origin::Sourced;
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds instance types whose processor does not run the image: an x86 type with an image for ARM, or a Graviton type
    /// (`t4g`, `m7g`, `r6gd`…) with an image for x86.
    ///
    /// ## Why is this bad?
    ///
    /// AWS refuses to start such a machine. `tpaexec configure` does not compare the two.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     instance = "m7g.large"
    ///     os Debian 12
    ///   }
    ///   tags { Owner = Ann }
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform aws {
    ///     instance = "m7g.large"
    ///     os Debian-arm 12
    ///   }
    ///   tags { Owner = Ann }
    ///   location main { data 2 }
    /// }
    /// ```
    pub(super) static AMI_ARCHITECTURE_MISMATCH = {
        name: "ami-architecture-mismatch",
        level: Error,
        summary: "an instance type that does not run the image",
        consequence: "AWS refuses to start the machine when TPA provisions",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let ami = subject.document.get("ec2_ami").and_then(Value::as_map);
    let Some(image) = ami
        .and_then(|ami| ami.get("Name"))
        .and_then(Value::sourced_text)
    else {
        return;
    };
    let Some(image_arm) = image_is_arm(image.value) else {
        return;
    };
    let mut said: Vec<Sourced<&str>> = Vec::new();
    for instance in subject
        .instances
        .iter()
        .filter(|instance| instance.platform.value == "aws")
    {
        let Some(kind) = instance.entry.get("type").and_then(Value::sourced_text) else {
            continue;
        };
        if instance.entry.get("image").is_some()
            || is_graviton(kind.value) == image_arm
            || said.contains(&kind)
        {
            continue;
        }
        said.push(kind);
        let (of_type, of_image) = if image_arm {
            ("x86", "ARM")
        } else {
            ("ARM", "x86")
        };
        findings
            .at(
                instance.entity(),
                places::or(kind.origin, image.origin),
                format!("`{}` is an {of_type} machine, and the image is for {of_image}", kind.value),
            )
            .key("type")
            .label(format!("{of_type} processors"))
            .related(image.origin, format!("for {of_image}"))
            .help(if image_arm {
                "choose a Graviton type such as `m7g.large`, or an image for x86"
            } else {
                "choose a type without `g` behind its number such as `m7i.large`, or an image for ARM: `os Debian-arm`"
            });
    }
}

/// Whether an image's name says that it is for ARM; nothing where it says nothing.
fn image_is_arm(name: &str) -> Option<bool> {
    if name.contains("arm64") || name.contains("aarch64") {
        Some(true)
    } else if name.contains("amd64") || name.contains("x86_64") {
        Some(false)
    } else {
        None
    }
}

/// Whether a type has a Graviton processor: `g` stands among the letters behind the generation.
fn is_graviton(kind: &str) -> bool {
    let family = kind.split('.').next().unwrap_or(kind);
    let behind = family.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = behind.trim_start_matches(|c: char| c.is_ascii_digit());
    family == "a1" || letters.contains('g')
}
