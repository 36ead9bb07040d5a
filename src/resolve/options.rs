//! What holds for all sources of a run, whatever they say.

use super::Setting;
use crate::facts::tpa::Target;

/// What a run asks for beside its sources.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// Values of parameters.
    pub settings: &'o [Setting],
    /// The TPA that clusters are for.
    pub tpa: Target,
}
