//! What goes into `app-config.local.yaml` for Backstage to read what is served.

use std::fmt;

/// The block of a Backstage `app-config.local.yaml` by which it reads the catalog from here, as YAML to paste: see its
/// `Display`.
#[derive(Clone, Debug)]
pub struct LocationConfig {
    /// With the port, as the URL has it: Backstage compares it so.
    pub(super) host: String,
    pub(super) target: String,
}

impl fmt::Display for LocationConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, target } = self;
        // Quoted, since an IPv6 address begins with a bracket.
        write!(
            formatter,
            "\
backend:
  reading:
    allow:
      - host: '{host}'
catalog:
  # How often Backstage asks: without it, every 100 to 150 seconds.
  processingInterval: {{ seconds: 10 }}
  locations:
    - type: url
      target: {target}
      rules:
        - allow: [API, Group, User, System]
"
        )
    }
}
