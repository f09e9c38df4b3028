//! What is known to differ between the Keycloak face and the real Keycloak, and why it may.

/// A difference: a line that only one of the two has.
#[derive(Debug)]
pub(super) struct Known {
    /// The request's name, or `*` for any.
    request: &'static str,
    /// The line: `- …` is Keycloak's, `+ …` the mock's.
    line: &'static str,
    /// Why it may be so; printed with a difference that no longer happens.
    #[expect(dead_code, reason = "it is for who reads the table, and for the message that prints it")]
    why: &'static str,
}

impl Known {
    /// Whether it is this line of the answer to this request.
    pub(super) fn is(&self, request: &str, line: &str) -> bool {
        (self.request == "*" || self.request == request) && self.line == line
    }
}

/// All of them.
pub(super) const KNOWN: [Known; 6] = [
    Known {
        request: "*",
        line: "- header strict-transport-security: max-age=31536000; includeSubDomains",
        why: "over TLS it would bind the browser's localhost, and all that is developed there, to TLS for a year",
    },
    Known { request: "*", line: "- body.keys[0].x5c[0]: {892 characters}", why: CERTIFICATES },
    Known { request: "*", line: "+ body.keys[0].x5c[0]: {1032 characters}", why: CERTIFICATES },
    Known { request: "*", line: "- body.keys[1].x5c[0]: {892 characters}", why: CERTIFICATES },
    Known { request: "*", line: "+ body.keys[1].x5c[0]: {1032 characters}", why: CERTIFICATES },
    Known {
        request: "*",
        line: "+ header content-length: {length}",
        why: "the answer to HEAD tells how long that to GET is, as RFC 9110 section 8.6 has it; Keycloak leaves it out",
    },
];

const CERTIFICATES: &str = "the mock's certificates are committed ones, whose names say that they are for development";
