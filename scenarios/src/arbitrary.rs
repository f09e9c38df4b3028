//! Strategies for property tests: any scenario file and step that the model can hold, and any sound world.
//!
//! They are here, behind the feature `proptest`, so that whatever works on worlds can be tested with all of them.

mod file;
mod spec;
mod step;
mod text;
mod world;

pub use file::scenario_file;
pub use spec::{inline_spec, spec};
pub use step::step;
pub use text::text;
pub use world::{scenario, scenario_with_steps, world};
