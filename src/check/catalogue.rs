//! What is looked at: every check with its id, what it is about, and what to do where it fails.

use std::fmt;

use super::{backstage, client, configuration, content, drift, issuer, log, network, plugin, portal, token};

/// One thing that is looked at. Its id is stable for ever.
#[derive(Debug)]
#[non_exhaustive]
pub struct Check {
    /// In dotted lower case, its part first: `token.audience`.
    pub id: &'static str,
    /// The station of the way that it belongs to.
    pub part: Part,
    /// What holds where it passes, as a sentence without a full stop.
    pub title: &'static str,
    /// What it fails or warns of, as a sentence.
    pub fails_when: &'static str,
    /// What to do then, each for a case, as sentences. What a finding says is chosen by what came.
    pub remedies: &'static [&'static str],
    /// The ids of the checks without whose facts it can't be made.
    pub needs: &'static [&'static str],
}

impl Check {
    /// All checks, in the order in which they are made.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        Part::ALL.into_iter().flat_map(Part::checks).copied()
    }

    /// The check of this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().find(|check| check.id == id)
    }
}

/// A station of the way. Its name is what the ids of its checks begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The variables or Backstage's files.
    Configuration,
    /// DNS, TCP, TLS and proxies to the portal and the identity provider.
    Network,
    /// Discovery, keys, and whether they belong together.
    Issuer,
    /// Whether the identity provider gives the client a token.
    Client,
    /// What the token says.
    Token,
    /// Whether the portal lets the token in.
    Portal,
    /// What the portal shows, and what becomes of it in Backstage.
    Content,
    /// What the published plugin would do wrong with this portal.
    Plugin,
    /// How the portal has changed since it was recorded.
    Drift,
    /// The catalog of a running Backstage.
    Backstage,
    /// The log of a Backstage with the plugin.
    Log,
}

impl Part {
    /// All parts, in the order of the way.
    pub const ALL: [Self; 11] = [
        Self::Configuration,
        Self::Network,
        Self::Issuer,
        Self::Client,
        Self::Token,
        Self::Portal,
        Self::Content,
        Self::Plugin,
        Self::Drift,
        Self::Backstage,
        Self::Log,
    ];

    /// What ids begin with, and what `--only` and `--skip` take for all of them.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Network => "network",
            Self::Issuer => "issuer",
            Self::Client => "client",
            Self::Token => "token",
            Self::Portal => "portal",
            Self::Content => "content",
            Self::Plugin => "plugin",
            Self::Drift => "drift",
            Self::Backstage => "backstage",
            Self::Log => "log",
        }
    }

    /// What it is about, as a heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Configuration => "The configuration",
            Self::Network => "The way to the servers",
            Self::Issuer => "The issuer",
            Self::Client => "The client at the identity provider",
            Self::Token => "The access token",
            Self::Portal => "The portal's door",
            Self::Content => "What the portal shows",
            Self::Plugin => "The published plugin with this portal",
            Self::Drift => "The portal against its recording",
            Self::Backstage => "A running Backstage",
            Self::Log => "The log of a Backstage",
        }
    }

    /// Its checks, in the order in which they are made.
    #[must_use]
    pub fn checks(self) -> &'static [&'static Check] {
        match self {
            Self::Configuration => configuration::CHECKS,
            Self::Network => network::CHECKS,
            Self::Issuer => issuer::CHECKS,
            Self::Client => client::CHECKS,
            Self::Token => token::CHECKS,
            Self::Portal => portal::CHECKS,
            Self::Content => content::CHECKS,
            Self::Plugin => plugin::CHECKS,
            Self::Drift => drift::CHECKS,
            Self::Backstage => backstage::CHECKS,
            Self::Log => log::CHECKS,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_id_is_there_once_and_begins_with_its_part() {
        let mut seen = HashSet::new();
        for part in Part::ALL {
            for check in part.checks() {
                assert_eq!(check.part, part, "{}", check.id);
                assert_eq!(check.id.split('.').next(), Some(part.name()), "{}", check.id);
                assert!(seen.insert(check.id), "{} is there twice", check.id);
                let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
                assert!(check.id.chars().all(is_known), "{}", check.id);
            }
        }
    }

    #[test]
    fn a_check_needs_only_what_comes_before_it() {
        let mut before = HashSet::new();
        for check in Check::all() {
            for need in check.needs {
                assert!(before.contains(need), "{} needs {need}, which is not made before it", check.id);
            }
            before.insert(check.id);
        }
    }

    #[test]
    fn each_check_says_what_it_is_about_and_what_to_do() {
        for check in Check::all() {
            assert!(!check.title.is_empty() && !check.title.ends_with('.'), "{}", check.id);
            assert!(check.fails_when.ends_with('.'), "{}", check.id);
            assert!(!check.remedies.is_empty(), "{}", check.id);
            assert!(check.remedies.iter().all(|remedy| remedy.ends_with('.')), "{}", check.id);
        }
    }
}
