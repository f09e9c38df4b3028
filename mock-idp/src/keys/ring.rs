//! The few committed keys of a face, taken into use one after the other and round again, and the JWKS of any stretch of
//! them. What is parsed or rendered is so once, at the first use.

use std::sync::OnceLock;

use bytes::Bytes;
use understudy_scenarios::IssuerKeys;

/// How many keys a face has. An issuer's keys are counted from 0 without end, and each stands for the committed key of
/// its number modulo this.
pub(crate) const COMMITTED: usize = 4;

/// The keys of a face.
pub(crate) struct Ring<K> {
    parse: fn(usize) -> K,
    keys: [OnceLock<K>; COMMITTED],
    /// By the place of the first key, and then by how many there are.
    sets: [[OnceLock<Bytes>; COMMITTED]; COMMITTED],
}

impl<K> Ring<K> {
    /// Keys that `parse` reads, given a number below [`COMMITTED`].
    pub(crate) const fn new(parse: fn(usize) -> K) -> Self {
        Self {
            parse,
            keys: [const { OnceLock::new() }; COMMITTED],
            sets: [const { [const { OnceLock::new() }; COMMITTED] }; COMMITTED],
        }
    }

    /// The key that an issuer signs with.
    pub(crate) fn current(&self, keys: IssuerKeys) -> &K {
        self.key(keys.current as usize % COMMITTED)
    }

    /// What an issuer publishes, as `render` makes it of the keys, the oldest first; and how many keys those are.
    pub(crate) fn published(&self, keys: IssuerKeys, render: impl FnOnce(&[&K]) -> Bytes) -> (Bytes, usize) {
        let count = COMMITTED.min(keys.current.saturating_sub(keys.oldest) as usize + 1);
        let first = (keys.current as usize % COMMITTED + COMMITTED + 1 - count) % COMMITTED;
        let set = self.sets[first][count - 1].get_or_init(|| {
            let keys: Vec<&K> = (first..first + count).map(|number| self.key(number % COMMITTED)).collect();
            render(&keys)
        });
        (set.clone(), count)
    }

    fn key(&self, number: usize) -> &K {
        self.keys[number].get_or_init(|| (self.parse)(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(oldest: u32, current: u32) -> String {
        let ring = Ring::new(|number| number);
        let render = |keys: &[&usize]| keys.iter().map(ToString::to_string).collect::<String>().into();
        let (bytes, count) = ring.published(IssuerKeys { oldest, current }, render);
        assert_eq!(bytes.len(), count);
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn the_oldest_comes_first_and_the_current_last() {
        assert_eq!(published(0, 0), "0");
        assert_eq!(published(0, 2), "012");
        assert_eq!(published(3, 5), "301");
        assert_eq!(published(6, 6), "2");
    }

    #[test]
    fn no_key_is_published_twice_however_often_they_are_rotated() {
        assert_eq!(published(0, 9), "2301");
        assert_eq!(published(0, u32::MAX), "0123");
        assert_eq!(published(9, 3), "3");
    }

    #[test]
    fn the_current_key_is_the_last_that_is_published() {
        let ring = Ring::new(|number| number);
        for current in 0..9 {
            assert_eq!(*ring.current(IssuerKeys { oldest: 0, current }), current as usize % COMMITTED);
        }
    }
}
