use crate::lint::finding::Of;
use crate::lint::networks;
use crate::lint::rule::rule;
use crate::lint::{Context, words};
use crate::origin::Sourced;
use crate::tpa::view::{Entity, places};
use crate::value::Value;

rule! {
    /// ## What it does
    ///
    /// Finds clusters in several regions of AWS whose VPCs have the same addresses.
    ///
    /// ## Why is this bad?
    ///
    /// Machines in two VPCs reach each other only when the VPCs are peered, which TPA does not do, and AWS peers none
    /// whose networks overlap. `tpaexec configure` gives every region the same network, and so does a `cidr` in `network`.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { region = [eu-west-1, eu-central-1] }
    ///   network { cidr = 10.33.0.0/16 }
    ///   location ireland { data 2 }
    ///   location frankfurt { data 2 }
    /// }
    /// ```
    ///
    /// Use instead, where m1c gives each region a network of its own, `10.33.0.0/16`, `10.34.0.0/16` and so on:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws { region = [eu-west-1, eu-central-1] }
    ///   location ireland { data 2 }
    ///   location frankfurt { data 2 }
    /// }
    /// ```
    ///
    /// Or choose the networks:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 17
    ///   failover repmgr
    ///   platform aws {
    ///     region = [eu-west-1, eu-central-1]
    ///     vpc    = {
    ///       eu-west-1    = { Name = Ireland; cidr = 10.1.0.0/16 }
    ///       eu-central-1 = { Name = Frankfurt; cidr = 10.2.0.0/16 }
    ///     }
    ///   }
    ///   location ireland { data 2; subnet = 10.1.0.0/28 }
    ///   location frankfurt { data 2; subnet = 10.2.0.0/28 }
    /// }
    /// ```
    pub(super) static MULTI_REGION = {
        name: "multi-region",
        level: Warning,
        summary: "regions whose networks overlap",
        consequence: "machines do not reach those in the other region, and `tpaexec deploy` hangs when it makes the replicas",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let subject = context.subject;
    let mut regions: Vec<Sourced<&str>> = Vec::new();
    for instance in networks::on_aws(subject) {
        let region = instance.entry.get("region");
        let region = region.and_then(Value::sourced_text);
        let is_new = |region: &Sourced<&str>| {
            let mut known = regions.iter();
            known.all(|known| known.value != region.value)
        };
        // A region that TPA does not know is a mistake of its own.
        let is_known = |region: &Sourced<&str>| networks::zones(subject, region.value).is_some();
        if let Some(region) = region.filter(is_new).filter(is_known) {
            regions.push(region);
        }
    }
    for (
        index,
        Sourced {
            value: region,
            origin,
        },
    ) in regions.iter().enumerate()
    {
        let Some(own) = networks::vpc(subject, region) else {
            continue;
        };
        let other = regions.iter().take(index).find_map(|other| {
            let other = other.value;
            let vpc = networks::vpc(subject, other)?;
            networks::overlap(own.net, vpc.net).then_some((other, vpc))
        });
        let Some((other, vpc)) = other else { continue };
        // One `cidr` for all regions.
        let is_shared = vpc.at == own.at && vpc.at.is_written();
        findings
            .at(
                Entity::Cluster,
                places::or(own.at, places::or(*origin, subject.at)),
                format!(
                    "the networks of the VPCs in `{other}`, {}, and `{region}`, {}, overlap",
                    vpc.net, own.net
                ),
            )
            .key("ec2_vpc")
            .label("cannot be peered")
            .help(words::say(
                subject,
                if is_shared {
                    "remove `cidr` from `network`: each region then has a network of its own; peer the VPCs before `tpaexec deploy`"
                } else {
                    "give each region a network of its own in the `vpc` of the platform's block, with the `subnet` of each location inside of it, and peer the VPCs before `tpaexec deploy`"
                },
                "give each region a `cidr` of its own, and peer the VPCs before `tpaexec deploy`",
            ));
    }
}
