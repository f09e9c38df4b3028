//! The way to a place in a scenario file: `portal.products[1].versions[0].spec`.

use std::fmt;

use super::wording::shortened;

/// Keys and positions from the top of a file down to one place in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail(Vec<Step>);

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the value of a mapping's key.
    Key(String),
    /// To an item of a list, from 0.
    Item(usize),
}

/// The trail that the steps given lead along: `trail!["portal", "products", 1, "id"]`.
macro_rules! trail {
    ($($step:expr),* $(,)?) => {
        <$crate::load::trail::Trail as FromIterator<_>>::from_iter([$($crate::load::trail::Step::from($step)),*])
    };
}
pub(crate) use trail;

impl Trail {
    /// Goes one step further.
    pub(crate) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Goes one step back.
    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// This trail and one step further.
    #[must_use]
    pub(crate) fn then(&self, step: impl Into<Step>) -> Self {
        let mut trail = self.clone();
        trail.push(step.into());
        trail
    }

    /// This trail from what holds its beginning at `key`.
    #[must_use]
    pub(crate) fn under(&self, key: &str) -> Self {
        Self([Step::from(key)].into_iter().chain(self.0.iter().cloned()).collect())
    }

    /// This trail from what holds its beginning at an item of the list at `key`.
    #[must_use]
    pub(crate) fn under_item(&self, key: &str, position: usize) -> Self {
        Self([Step::from(key), Step::from(position)].into_iter().chain(self.0.iter().cloned()).collect())
    }

    /// The trail to what holds this place; the top's own is empty.
    #[must_use]
    pub(crate) fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// How many steps it has.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it leads to the top.
    pub(crate) fn is_top(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `self` leads to `other` or to something that holds it.
    pub(crate) fn leads_to(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The steps themselves.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The keys on the way.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(&**key),
            Step::Item(_) => None,
        })
    }

    /// The last key on the way.
    pub(crate) fn last_key(&self) -> Option<&str> {
        self.keys().last()
    }
}

impl FromIterator<Step> for Trail {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(position: usize) -> Self {
        Self::Item(position)
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) => {
                    formatter.write_str(if at == 0 { "" } else { "." })?;
                    formatter.write_str(&shortened(key))?;
                }
                Step::Item(position) => write!(formatter, "[{position}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_trail_reads_as_one_would_write_it() {
        let trail = trail!["portal", "products", 1, "versions", 0, "spec"];
        assert_eq!(trail.to_string(), "portal.products[1].versions[0].spec");
        assert!(trail!["portal", "products"].leads_to(&trail));
        assert_eq!(trail.parent().last_key(), Some("versions"));
    }
}
