//! Whether the portal lets the token in, and nobody without one.

use super::catalogue::Check;
use super::examination::Examination;

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] = &[];

pub(super) async fn examine(_exam: &mut Examination) {}
