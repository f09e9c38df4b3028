//! The log of a Backstage with the plugin, and what its lines mean.

use super::catalogue::Check;
use super::examination::Examination;

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] = &[];

pub(super) async fn examine(_exam: &mut Examination) {}
