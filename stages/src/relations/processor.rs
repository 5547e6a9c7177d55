//! Which vector instructions the processor has.

use fearless_simd::Level;

/// What was found out when a model was loaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Processor(pub Level);

impl Default for Processor {
    fn default() -> Self {
        Self(Level::new())
    }
}
