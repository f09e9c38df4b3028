//! Paths with wildcards, as faults and expectations name requests.

/// A path in which `*` stands for one segment and a `**` at the end for all that follow, none included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern<'p>(&'p str);

impl<'p> Pattern<'p> {
    pub(crate) fn new(pattern: &'p str) -> Self {
        Self(pattern)
    }

    /// Whether `path` (without a query) fits.
    pub(crate) fn matches(self, path: &str) -> bool {
        let mut segments = path.split('/');
        for wanted in self.0.split('/') {
            if wanted == "**" {
                return true;
            }
            match segments.next() {
                Some(segment) if wanted == "*" || wanted == segment => {}
                _ => return false,
            }
        }
        segments.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_segment_and_two_for_the_rest() {
        let fits = |pattern, path| Pattern::new(pattern).matches(path);
        assert!(fits("/v1/apis", "/v1/apis"));
        assert!(!fits("/v1/apis", "/v1/apis/a"));
        assert!(fits("/v1/apis/*/schema", "/v1/apis/petstore-v1/schema"));
        assert!(!fits("/v1/apis/*/schema", "/v1/apis/a/b/schema"));
        assert!(fits("/v1/**", "/v1/apis/a/schema"));
        assert!(fits("**", "/anything"));
        assert!(!fits("/v1/**", "/v2/apis"));
    }
}
