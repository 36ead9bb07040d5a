//! A diff for programs: one document, as `docs/diff.schema.json` describes it.

use serde_json::{Value, json};

use super::Run;
use crate::diff::{Change, Diff, State, Written};

/// Raised when a reader of the old form would misunderstand the new one.
const VERSION: u32 = 1;

pub(super) fn run(run: &Run) -> String {
    let clusters: Vec<Value> = run.diffs.iter().map(cluster).collect();
    let document = json!({
        "version": VERSION,
        "clusters": clusters,
        "same_sources": run.same_sources,
        "failures": run.failures,
    });
    format!("{document:#}\n")
}

fn cluster(diff: &Diff) -> Value {
    let machine = |(index, machine): (usize, &crate::diff::Machine)| {
        json!({
            "order": index + 1,
            "name": machine.name,
            "role": machine.role,
            "state": state(machine.state),
            "effect": machine.effect().name(),
            "changes": changes(&machine.changes),
        })
    };
    let measure = |measure: &crate::diff::Measure| json!({ "name": measure.name, "before": measure.before, "after": measure.after });
    let task = |task: &crate::diff::Task| json!({ "title": task.title, "steps": task.steps });
    let machines: Vec<Value> = diff.machines.iter().enumerate().map(machine).collect();
    let measures: Vec<Value> = diff.measures.iter().map(measure).collect();
    let in_order: Vec<Value> = diff.in_order.iter().map(task).collect();
    let by_hand: Vec<Value> = diff.by_hand.iter().map(task).collect();
    json!({
        "name": diff.cluster,
        "state": state(diff.state),
        "effect": diff.effect().name(),
        "sentence": diff.sentence(),
        "machines": machines,
        "changes": changes(&diff.common),
        "measures": measures,
        "in_order": in_order,
        "by_hand": by_hand,
    })
}

fn state(state: State) -> &'static str {
    match state {
        State::Kept => "kept",
        State::New => "new",
        State::Gone => "gone",
    }
}

fn changes(changes: &[Change]) -> Vec<Value> {
    let change = |change: &Change| {
        json!({
            "effect": change.effect.name(),
            "cause": change.cause,
            "old": written(change.old.as_ref()),
            "new": written(change.new.as_ref()),
            "says": change.says,
        })
    };
    changes.iter().map(change).collect()
}

fn written(written: Option<&Written>) -> Value {
    let Some(written) = written else {
        return Value::Null;
    };
    let place = written
        .place
        .as_ref()
        .map(|place| json!({ "file": place.file, "line": place.line, "column": place.column }));
    json!({ "value": written.text, "place": place })
}
