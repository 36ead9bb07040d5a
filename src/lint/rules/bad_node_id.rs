use crate::diagnostic::{Applicability, Level};
use crate::lint::finding::Of;
use crate::lint::rule::rule;
use crate::lint::{Context, misspelt};
use crate::tpa::view::Instance;
use crate::tpa::view::places;
use crate::value::{Data, Value};

rule! {
    /// ## What it does
    ///
    /// Finds machines without a node number, and numbers that are not whole or not between 1 and 2147483647.
    ///
    /// ## Why is this bad?
    ///
    /// `tpaexec provision` refuses a machine without a number, but takes any other value. repmgr stores the number as a
    /// 32-bit integer above 0 and refuses the rest when the machine is registered.
    ///
    /// ## Example
    ///
    /// ```yaml fails
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 0, role: [primary] }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```yaml passes
    /// cluster_name: speedy
    /// cluster_vars: { failover_manager: repmgr }
    /// instances:
    /// - { Name: db1, node: 1, role: [primary] }
    /// ```
    pub(super) static BAD_NODE_ID = {
        name: "bad-node-id",
        level: Error,
        summary: "a node number that repmgr does not take",
        consequence: "`tpaexec deploy` fails when it registers the machine with repmgr",
    }
}

const HIGHEST: i64 = 2_147_483_647;

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    for instance in &context.subject.instances {
        let name = &instance.name.value;
        match instance
            .own
            .get("node")
            .filter(|node| node.data != Data::Null)
        {
            None if misspelt::has_of_instance(instance, &["node"]) => {}
            None => {
                let consequence = "`tpaexec provision` refuses the cluster";
                findings
                    .at(
                        instance.entity(),
                        places::of_entry(&instance.own, instance.at),
                        format!("the machine `{name}` has no node number"),
                    )
                    .key("node")
                    .label("no `node`")
                    .consequence(consequence)
                    .help("add `node` with a number that no other machine has");
            }
            Some(node) => number(instance, node, findings),
        }
    }
}

fn number(instance: &Instance, node: &Value, findings: &mut Of<'_>) {
    let (label, in_quotes) = match &node.data {
        Data::Integer(number) if (1..=HIGHEST).contains(number) => return,
        Data::Integer(number) if *number < 1 => ("below 1", None),
        Data::Integer(_) => ("above 2147483647", None),
        Data::Text(text) => ("a text", text.trim().parse::<i64>().ok()),
        Data::Decimal(_) => ("not whole", None),
        Data::Null | Data::Boolean(_) | Data::List(_) | Data::Map(_) => ("not a number", None),
    };
    let spelling = node.spelling().unwrap_or_default();
    let finding = findings
        .at(
            instance.entity(),
            node.origin,
            format!(
                "`{spelling}` is not a node number for `{}`",
                instance.name.value
            ),
        )
        .key("node")
        .label(label)
        .help("write a whole number from 1, and keep it once the cluster is deployed");
    if let Some(number) = in_quotes.filter(|number| (1..=HIGHEST).contains(number)) {
        // TPA compares numbers and texts as different, repmgr does not.
        finding
            .level(Level::Warning)
            .consequence("TPA sorts it apart from the numbers, and does not see that another machine has the same")
            .fix(Applicability::Safe, node.origin, number.to_string());
    }
}
