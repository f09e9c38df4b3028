//! The token that callers of the control API must have.

use std::fmt::Write as _;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use understudy_scenarios::Secret;

/// 128 bits from the system, as hexadecimal digits: unlike all else that a stage hands out it is not seeded, since it is
/// a real secret. None when the system has no random numbers.
pub(crate) fn draw() -> Option<Secret> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    let text = bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    Some(text.into())
}

/// Compares digests in constant time, so that not even the token's length can be told from how long it takes.
pub(super) fn is_equal(presented: &[u8], token: &Secret) -> bool {
    let token = digest(&SHA256, token.expose().as_bytes());
    verify_slices_are_equal(digest(&SHA256, presented).as_ref(), token.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tokens_are_alike_and_only_the_right_one_fits() {
        let (one, other) = (draw().unwrap(), draw().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.expose().len(), 32);
        assert!(is_equal(one.expose().as_bytes(), &one));
        assert!(!is_equal(&one.expose().as_bytes()[..31], &one));
    }
}
