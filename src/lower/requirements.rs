//! What must hold of a cluster, as its source says it.

use super::allows::whole;
use super::layout::Layout;
use super::{Lowering, errors};
use crate::model::Entry;
use crate::origin::Sourced;
use crate::schema::Type;
use crate::suggest;
use crate::topology::requirement::{Required, Requirement};

impl<'m> Lowering<'m, '_> {
    pub(super) fn requirements(&mut self, layout: &Layout<'m>) -> Vec<Requirement> {
        let block = self.block;
        let entries = block.entries("require").filter(|entry| !entry.broken);
        entries
            .filter_map(|entry| self.requirement(entry, layout))
            .collect()
    }

    fn requirement(&mut self, entry: &'m Entry, layout: &Layout<'m>) -> Option<Requirement> {
        let what = Required::parse(entry.label(0)?)?;
        let location = entry.name(1);
        if let Some(name) = location {
            let known: Vec<&str> = layout.sites.iter().map(|site| site.name.value).collect();
            if what != Required::SurvivesLocation {
                let is_location = known.contains(&name.value);
                self.report(name.origin, |at| {
                    errors::requirement_of_all(at, what, name.value, is_location)
                });
                return None;
            }
            if !known.contains(&name.value) {
                self.report(name.origin, |at| {
                    let error = errors::required_location(at, name.value);
                    suggest::among(error, name.value, &known)
                });
                return None;
            }
        }
        let is_set = |key: &str| entry.block.boolean(key);
        let within = entry.block.text("within").and_then(|written| {
            let seconds = Type::seconds(written.value)?;
            Some(Sourced::new(seconds, written.origin))
        });
        let automatically = is_set("automatically");
        if let (Some(within), Some(automatically)) = (within, automatically)
            && !automatically.value
        {
            self.report(automatically.origin, |at| {
                errors::within_by_hand(at, within.origin.place())
            });
            return None;
        }
        Some(Requirement {
            what,
            location: location.map(Sourced::to_owned),
            automatically: within.is_some() || automatically.is_some_and(|it| it.value),
            with_data: is_set("with_data").is_some_and(|it| it.value),
            within,
            on_return: is_set("on_return").is_none_or(|it| it.value),
            at: whole(entry),
        })
    }
}
